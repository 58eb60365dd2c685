# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a product's days on the shelf tell: plain Python, no ORM.

Days are ordinals, quantities in the product's unit.

>>> evenings({1: -5, 2: 10, 3: -10}, stock=0, days=range(1, 4))
{1: 0.0, 2: 10.0, 3: 0.0}
"""

from typing import NamedTuple

WEEK = 7
NOTHING = 0.0005  # below, a rest is float noise
LONG = 28  # open days: emptier for longer, the product is not sold any more
SAME_WEEKDAYS = 4


class Week(NamedTuple):
    """Seven days from a Monday: ``open_days`` of the shop since the product is sold,
    ``days_out`` of them sold out, ``sold``, ``lost_sales`` (estimated), ``lost``."""

    start: int
    open_days: int
    days_out: int
    sold: float
    lost_sales: float
    lost: float


def evenings(net, stock, days):
    """What was on the shelf each evening, from what there is now.

    :param dict net: came in less went out, by day
    :param stock: what there is after the last day
    :param days: consecutive days
    """
    result, left = {}, float(stock)
    for day in reversed(days):
        result[day] = left
        left -= net.get(day, 0.0)
    return dict(reversed(result.items()))


def find_sold_out(stock, sold, lost, open_days):
    """Open days that ended with an empty shelf though the product is still sold.

    Below zero nobody knows what was there. A baker who throws away what is left in the
    evening was not sold out. What has been missing for :data:`LONG` is not sold any
    more.

    >>> sorted(find_sold_out({1: 4, 2: 0, 3: 0, 4: -1}, {1: 5, 2: 4}, {}, [1, 2, 3, 4]))
    [2, 3]
    >>> sorted(find_sold_out({1: 4, 2: 0}, {1: 5, 2: 3}, {2: 1}, [1, 2]))
    []

    :param dict stock: of the evening, by day
    :param dict sold: by day
    :param dict lost: scrapped or missing, by day
    :param open_days: days on which the shop sold something, in order
    """
    first = min((day for day, quantity in sold.items() if quantity > 0), default=None)
    result, run = set(), []
    for day in open_days:
        if first is None or day < first or day not in stock:
            continue
        if abs(stock[day]) <= NOTHING and lost.get(day, 0.0) <= NOTHING:
            run.append(day)
            continue
        if len(run) <= LONG:
            result.update(run)
        run = []
    if len(run) <= LONG:
        result.update(run)
    return result


def estimate_lost_sales(sold, sold_out, open_days):
    """``{sold-out day: what more would have been sold}``.

    Beside the mean of the last same weekdays on which there was enough.

    >>> sold = {1: 10, 8: 10, 15: 4}
    >>> estimate_lost_sales(sold, {15}, [1, 8, 15])
    {15: 6.0}
    """
    known = set(open_days) - set(sold_out)
    result = {}
    for day in sorted(sold_out):
        same = [
            max(sold.get(past, 0.0), 0.0)
            for past in range(day - WEEK, day - 12 * WEEK, -WEEK)
            if past in known
        ][:SAME_WEEKDAYS]
        if same:
            result[day] = max(sum(same) / len(same) - max(sold.get(day, 0), 0), 0.0)
    return result


def summarise(sold, lost, sold_out, open_days, first_day, today):
    """The weeks from that of ``first_day`` to yesterday's: list of :class:`Week`.

    Weeks in which nothing was sold, lost or missing are left out.
    """
    missing = estimate_lost_sales(sold, sold_out, open_days)
    is_open = set(open_days)
    begin = min((day for day, quantity in sold.items() if quantity > 0), default=today)
    weeks = []
    # Ordinal 1 is a Monday.
    for start in range(first_day - (first_day - 1) % WEEK, today, WEEK):
        days = [day for day in range(start, start + WEEK) if day < today]
        week = Week(
            start=start,
            open_days=sum(1 for day in days if day in is_open and day >= begin),
            days_out=sum(1 for day in days if day in sold_out),
            sold=sum(sold.get(day, 0.0) for day in days),
            lost_sales=sum(missing.get(day, 0.0) for day in days),
            lost=sum(lost.get(day, 0.0) for day in days),
        )
        if week.days_out or week.sold or week.lost:
            weeks.append(week)
    return weeks
