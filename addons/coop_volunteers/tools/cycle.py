# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Weeks with a letter, and the cycles in which volunteering is counted.

Everything is counted in days from an anchor: a formula on ISO week numbers breaks at
New Year, where a year may have 53 of them.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

WEEK = 7


@dataclass(frozen=True)
class Cycle:
    """A run of days, both included; ``key`` names it once and for all."""

    start: date
    end: date

    @property
    def key(self):
        return f"cycle:{self.start.isoformat()}"

    @property
    def starts_at(self):
        """Local datetime of its first second."""
        return datetime.combine(self.start, time.min)

    @property
    def ends_at(self):
        """Local datetime of its last second."""
        return datetime.combine(self.end, time(23, 59, 59))

    @property
    def days(self):
        return (self.end - self.start).days + 1


def monday(day):
    """The Monday of a day's week.

    >>> monday(date(2026, 11, 22))
    datetime.date(2026, 11, 16)
    """
    return day - timedelta(days=day.weekday())


def week_letter(day, anchor, letters="ABCD"):
    """The letter of a day's week; the anchor's week has the first one.

    Weeks before the anchor count too:

    >>> week_letter(date(2022, 3, 28), anchor=date(2022, 4, 11))
    'C'
    >>> week_letter(date(2022, 9, 19), anchor=date(2022, 4, 11))
    'D'

    and a year of 53 weeks changes nothing:

    >>> [week_letter(date(2026, 12, 21) + timedelta(weeks=n), date(2015, 12, 28))
    ...  for n in range(4)]
    ['B', 'C', 'D', 'A']

    :raise ValueError: without letters
    """
    if not letters:
        raise ValueError("A cycle needs at least one letter.")
    weeks = (monday(day) - monday(anchor)).days // WEEK
    return letters[weeks % len(letters)]


def anchored_cycle(day, anchor, weeks=4):
    """The cycle of ``weeks`` weeks around a day, the same for everybody.

    >>> anchored_cycle(date(2026, 12, 31), date(2015, 12, 28)).key
    'cycle:2026-12-14'
    >>> anchored_cycle(date(2015, 12, 27), date(2015, 12, 28))
    Cycle(start=datetime.date(2015, 11, 30), end=datetime.date(2015, 12, 27))
    """
    return _cycle(day, monday(anchor), weeks * WEEK)


def member_cycle(day, first_shift, days=28):
    """The cycle around a day, counted from a member's own first shift.

    56 days after the first shift a cycle starts that day, and ends 27 days later at the
    last second:

    >>> first = date(2026, 1, 7)
    >>> cycle = member_cycle(first + timedelta(days=56), first)
    >>> cycle.start == first + timedelta(days=56)
    True
    >>> cycle.ends_at - cycle.starts_at
    datetime.timedelta(days=27, seconds=86399)
    """
    return _cycle(day, first_shift, days)


def year_cycle(day, season_start):
    """The yearly season around a day; only month and day of ``season_start`` count.

    >>> year_cycle(date(2026, 3, 1), date(2020, 9, 1))
    Cycle(start=datetime.date(2025, 9, 1), end=datetime.date(2026, 8, 31))
    >>> year_cycle(date(2027, 3, 1), date(2024, 2, 29)).start
    datetime.date(2027, 2, 28)
    """
    start = _anniversary(day.year, season_start)
    if start > day:
        start = _anniversary(day.year - 1, season_start)
    following = _anniversary(start.year + 1, season_start)
    return Cycle(start, following - timedelta(days=1))


def cycles_between(first, last, around):
    """The cycles that start from ``first`` to ``last``, both included, in order.

    :param around: a function that gives the cycle of a day

    >>> anchor = date(2015, 12, 28)
    >>> found = cycles_between(
    ...     date(2026, 12, 1),
    ...     date(2027, 1, 31),
    ...     lambda day: anchored_cycle(day, anchor),
    ... )
    >>> [cycle.start.isoformat() for cycle in found]
    ['2026-12-14', '2027-01-11']
    """
    found = []
    cycle = around(first)
    if cycle.start < first:
        cycle = around(cycle.end + timedelta(days=1))
    while cycle.start <= last:
        found.append(cycle)
        cycle = around(cycle.end + timedelta(days=1))
    return found


def _cycle(day, anchor, days):
    if days < 1:
        raise ValueError("A cycle lasts at least one day.")
    start = anchor + timedelta(days=(day - anchor).days // days * days)
    return Cycle(start, start + timedelta(days=days - 1))


def _anniversary(year, day):
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 2, 28)
