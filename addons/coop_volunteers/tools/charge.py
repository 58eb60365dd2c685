# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What cycles cost a member, and on which day: dates and numbers only.

The answer depends on the day it is asked for no cycle that is over: a job that runs
late, or twice, counts the same points on the same days.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .cycle import anchored_cycle, cycles_between  # noqa: F401 (doctests)
from .quota import prorated


@dataclass(frozen=True)
class Charge:
    """The rules of a member's cycles.

    :param points: what a cycle costs (0 or below)
    :param unpaid: what it costs when the balance would go below zero
    :param due: ``start``: on the first day; ``end``: on the last one, once it is over
    :param share: who joins or leaves during a cycle owes the days that remain
    :param step: what a share is rounded to
    """

    points: float = -1.0
    unpaid: float = -1.0
    due: str = "start"
    share: bool = False
    step: str = "1"


@dataclass(frozen=True)
class Member:
    """Days on which a member's cycles depend.

    :param since: first day of volunteering
    :param left: first day on which the member is gone
    :param free: ``[(first, last or None)]``: cycles within cost nothing
    :param counted: last day of the cycles that are counted already, by whatever rules
    :param opening: the day of a balance taken over: what was before is in it
    """

    since: date
    left: date | None = None
    free: tuple = ()
    counted: date | None = None
    opening: date | None = None


def due_cycles(around, charge, member, today):
    """``[(Cycle, day on which it counts)]``, the oldest first.

    Four weeks from a Monday that is week A; who joins on a Wednesday owes nothing for
    the weeks under way:

    >>> anchor = date(2015, 12, 28)
    >>> def around(day):
    ...     return anchored_cycle(day, anchor)
    >>> joined = Member(since=date(2026, 11, 18))
    >>> [day.isoformat() for _cycle, day in
    ...  due_cycles(around, Charge(), joined, date(2027, 1, 31))]
    ['2026-12-14', '2027-01-11']

    What was counted before rules changed is not counted again:

    >>> counted = Member(since=date(2026, 11, 18), counted=date(2026, 12, 31))
    >>> [day.isoformat() for _cycle, day in
    ...  due_cycles(around, Charge(), counted, date(2027, 1, 31))]
    ['2027-01-11']

    Counted at the end, a cycle counts once it is over:

    >>> [len(due_cycles(around, Charge(due="end"), joined, day))
    ...  for day in (date(2026, 12, 13), date(2026, 12, 14))]
    [0, 1]

    :param around: a function that gives the cycle of a day
    """
    first = member.since
    if charge.share or charge.due == "end":
        # The cycle in which one joins is owed too, in part or at its end.
        first = around(first).start
    found = []
    for cycle in cycles_between(first, today, around):
        if charge.due == "start":
            day = max(cycle.start, member.since)
        elif cycle.end < today:
            day = cycle.end
        else:
            continue
        if member.counted and cycle.start <= member.counted:
            continue
        if member.opening and day <= member.opening:
            continue
        found.append((cycle, day))
    return found


def cycle_points(cycle, charge, member, balance):
    """What a cycle costs.

    >>> cycle = anchored_cycle(date(2026, 12, 14), date(2015, 12, 28))
    >>> member, charge = Member(since=date(2026, 1, 1)), Charge(points=-1, unpaid=-2)
    >>> [cycle_points(cycle, charge, member, balance) for balance in (2, 1, 0)]
    [-1.0, -1.0, -2.0]
    >>> free = Member(since=date(2026, 1, 1), free=((date(2026, 12, 1), None),))
    >>> cycle_points(cycle, charge, free, 0)
    0.0

    Two leaves in a row are one:

    >>> days = date(2026, 12, 1), date(2026, 12, 20), date(2026, 12, 21), None
    >>> free = Member(since=date(2026, 1, 1), free=(days[2:], days[:2]))
    >>> cycle_points(cycle, charge, free, 0)
    0.0

    :param balance: the points of the days before the one on which it counts
    """
    if member.left and member.left <= cycle.start:
        return 0.0
    if any(
        start <= cycle.start and (end is None or cycle.end <= end)
        for start, end in _joined(member.free)
    ):
        return 0.0
    points = charge.points if balance + charge.points >= 0 else charge.unpaid
    if charge.share:
        share = prorated(
            abs(Decimal(str(points))),
            cycle.start,
            cycle.end,
            joined=member.since,
            left=member.left and member.left - timedelta(days=1),
            step=charge.step,
        )
        points = float(share) * (-1 if points < 0 else 1)
    return float(points) or 0.0


def _joined(spells):
    """Days off, those in a row or that overlap as one, in order."""
    joined = []
    for start, end in sorted(spells, key=lambda spell: spell[0]):
        last = joined[-1] if joined else None
        if last and (last[1] is None or start <= last[1] + timedelta(days=1)):
            if last[1] is not None and (end is None or end > last[1]):
                joined[-1] = (last[0], end)
        else:
            joined.append((start, end))
    return joined
