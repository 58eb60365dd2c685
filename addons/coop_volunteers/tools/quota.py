# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A number of shifts for a season, and the share of who joins or leaves during it."""

from datetime import date  # noqa: F401 (doctests)
from decimal import ROUND_HALF_UP, Decimal


def prorated(quota, start, end, joined=None, left=None, step="1"):
    """The part of a season's quota that a member owes, by days of membership.

    A season of four months, ten shifts; who joins for the second half owes half:

    >>> season = date(2026, 5, 1), date(2026, 8, 31)
    >>> prorated(10, *season), prorated(10, *season, joined=date(2026, 7, 1))
    (Decimal('10'), Decimal('5'))

    Who joins before it owes it all, who left before it nothing:

    >>> season = date(2026, 9, 1), date(2026, 12, 31)
    >>> prorated(10, *season, joined=date(2026, 7, 1))
    Decimal('10')
    >>> prorated(10, *season, left=date(2026, 8, 31))
    Decimal('0')

    :param start, end: first and last day of the season
    :param joined, left: first and last day of the membership, if known
    :param step: what a quota is rounded to, halves up
    :raise ValueError: if the season ends before it starts
    """
    days = (end - start).days + 1
    if days < 1:
        raise ValueError("A season must end after it starts.")
    first = max(start, joined) if joined else start
    last = min(end, left) if left else end
    share = max((last - first).days + 1, 0)
    step = Decimal(step)
    exact = Decimal(str(quota)) * share / days / step
    return exact.quantize(Decimal(1), ROUND_HALF_UP) * step
