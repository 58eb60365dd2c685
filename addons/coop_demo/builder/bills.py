"""Bills, claims, credit notes, payments and lettering of the finished month."""


def settle(env, calendar, users, window, chance):
    pass
