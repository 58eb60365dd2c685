"""Reception, baskets and the distribution day of the finished month."""


def receive(calendar, users, window, chance):
    pass


def distribute(env, calendar, users, window, chance):
    pass
