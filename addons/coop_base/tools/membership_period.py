# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which days a membership fee pays for."""

from datetime import date, timedelta  # noqa: F401 (doctests)

from dateutil.relativedelta import relativedelta


def next_period(kind, start, end, today, paid_until=None):
    """First and last day that a fee paid today covers.

    :param kind: ``calendar``: the product's period (say 1 January to 31 December),
        moved to the year of today; ``rolling``: as many months as the product's
        period has, from today
    :param start, end: the product's period
    :param paid_until: last day already paid for; a fee paid early continues it

    >>> jan, dec = date(2024, 1, 1), date(2024, 12, 31)
    >>> next_period("calendar", jan, dec, date(2026, 5, 3))
    (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))

    Renewing before the end pays for the next year:

    >>> next_period("calendar", jan, dec, date(2026, 12, 3), date(2026, 12, 31))
    (datetime.date(2027, 1, 1), datetime.date(2027, 12, 31))

    A season over two years:

    >>> next_period("calendar", date(2024, 9, 1), date(2025, 8, 31), date(2026, 5, 3))
    (datetime.date(2025, 9, 1), datetime.date(2026, 8, 31))

    >>> next_period("rolling", jan, dec, date(2026, 5, 3))
    (datetime.date(2026, 5, 3), datetime.date(2027, 5, 2))
    >>> next_period("rolling", jan, dec, date(2026, 5, 3), date(2026, 5, 31))
    (datetime.date(2026, 6, 1), datetime.date(2027, 5, 31))
    """
    if kind == "rolling":
        first = today
        if paid_until and paid_until >= today:
            first = paid_until + timedelta(days=1)
        months = max(
            1,
            (end.year - start.year) * 12
            + end.month
            - start.month
            + (1 if end.day >= start.day - 1 else 0),
        )
        return first, first + relativedelta(months=months) - timedelta(days=1)
    target = today
    if paid_until and paid_until >= today:
        target = paid_until + timedelta(days=1)
    years = target.year - start.year
    while start + relativedelta(years=years) > target:
        years -= 1
    while end + relativedelta(years=years) < target:
        years += 1
    return start + relativedelta(years=years), end + relativedelta(years=years)
