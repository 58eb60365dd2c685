# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A run of many deliveries at once, as Odoo's own methods find it in the context.

They have no argument for it. The value is an object that only server code can make:
what a client sends under this key is not looked at.
"""

KEY = "stock_bulk_run"


class BulkRun:
    """What is known of a run.

    :param book: the ``QuantBook`` whose quants are locked, None where only questions
        are asked once
    :param reserved: list that takes the values of the lines to make, None to have
        core make them
    :param has_reserved: the quants of the lines that are made now are reserved already
    """

    __slots__ = ("book", "has_reserved", "reserved")

    def __init__(self, book=None, reserved=None, has_reserved=False):
        self.book, self.reserved, self.has_reserved = book, reserved, has_reserved

    def get_context(self):
        """What to give to ``with_context``; ``quants_cache`` is core's own."""
        context = {KEY: self}
        if self.book is not None:
            context["quants_cache"] = self.book.cache
        return context


def get_run(env):
    """The run that is on, or None."""
    run = env.context.get(KEY)
    return run if isinstance(run, BulkRun) else None


def get_book(env):
    """The book of the run that is on, or None."""
    run = get_run(env)
    return run.book if run else None
