# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Dates of recurring windows: plain dates in the cooperative's own calendar."""

import calendar
from datetime import date, timedelta


def next_weekday(day, weekday, *, strictly=False):
    """First ``weekday`` (0 is Monday) from ``day`` on, or after it if ``strictly``.

    >>> next_weekday(date(2022, 8, 26), 5).isoformat()
    '2022-08-27'
    >>> next_weekday(date(2022, 8, 27), 5, strictly=True).isoformat()
    '2022-09-03'
    """
    start = day + timedelta(days=1) if strictly else day
    return start + timedelta(days=(weekday - start.weekday()) % 7)


def weekly_delivery(ordered_on, deadline_weekday, delivery_weekday):
    """Delivery day of what is ordered on a day of a weekly window.

    The window closes when the deadline's day begins: who orders on that day is in the
    next one.

    >>> weekly_delivery(date(2022, 8, 26), 5, 2).isoformat()
    '2022-08-31'
    >>> weekly_delivery(date(2022, 8, 27), 5, 2).isoformat()
    '2022-09-07'
    """
    deadline = next_weekday(ordered_on, deadline_weekday, strictly=True)
    return next_weekday(deadline, delivery_weekday)


def weekday_of_month(year, month, weekday, rank):
    """The ``rank``-th ``weekday`` of a month; ``rank`` -1 is the last one.

    >>> weekday_of_month(2018, 10, 1, -1).isoformat()
    '2018-10-30'

    :raises ValueError: for a rank that the month does not have.
    """
    last = calendar.monthrange(year, month)[1]
    days = [
        day for day in range(1, last + 1) if date(year, month, day).weekday() == weekday
    ]
    if rank == 0 or not -len(days) <= rank <= len(days):
        raise ValueError(f"no such day in {year}-{month:02d}: rank {rank}")
    return date(year, month, days[rank - 1] if rank > 0 else days[rank])


def next_occurrence(day, recurrence, *, weekday=0, rank=-1, interval=1):
    """Next date after ``day``.

    :param recurrence: ``weekly`` (every ``interval`` weeks from ``day``, moved to
        ``weekday``) or ``monthly`` (the ``rank``-th ``weekday``, every ``interval``
        months)

    >>> found, day = [], date(2018, 10, 30)
    >>> for _ in range(5):
    ...     day = next_occurrence(day, "monthly", weekday=1, rank=-1)
    ...     found.append(f"{day:%d/%m}")
    >>> found
    ['27/11', '25/12', '29/01', '26/02', '26/03']
    """
    if interval < 1:
        raise ValueError("the interval is 1 or more")
    if recurrence == "weekly":
        first = next_weekday(day, weekday, strictly=True)
        return first + timedelta(weeks=interval - 1)
    if recurrence == "monthly":
        this_month = weekday_of_month(day.year, day.month, weekday, rank)
        if this_month > day:
            return this_month
        months = day.year * 12 + day.month - 1 + interval
        return weekday_of_month(months // 12, months % 12 + 1, weekday, rank)
    raise ValueError(f"unknown recurrence: {recurrence!r}")


def occurrences(first, recurrence, *, weekday=0, rank=-1, interval=1):
    """All dates of a series, from its first day on, without end.

    The rhythm is counted from ``first``: every second week stays every second week,
    whatever was skipped, moved or made late.

    >>> from itertools import islice
    >>> days = occurrences(date(2026, 3, 18), "weekly", weekday=5, interval=2)
    >>> [f"{day:%d/%m}" for day in islice(days, 3)]
    ['21/03', '04/04', '18/04']
    >>> days = occurrences(date(2018, 10, 31), "monthly", weekday=1, rank=-1)
    >>> [f"{day:%d/%m}" for day in islice(days, 2)]
    ['27/11', '25/12']
    """
    if interval < 1:
        raise ValueError("the interval is 1 or more")
    if recurrence == "weekly":
        day = next_weekday(first, weekday)
        while True:
            yield day
            day += timedelta(weeks=interval)
    if recurrence != "monthly":
        raise ValueError(f"unknown recurrence: {recurrence!r}")
    months = first.year * 12 + first.month - 1
    if weekday_of_month(first.year, first.month, weekday, rank) < first:
        months += 1
    while True:
        yield weekday_of_month(months // 12, months % 12 + 1, weekday, rank)
        months += interval
