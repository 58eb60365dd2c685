# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What to order now, and why: plain Python, no ORM.

How to use
==========

Ten loaves are sold a day, the truck comes in two days and again a week later:

>>> suggestion = plan(Need([10.0] * 9, lead=2, stock=30, pack_size=12, minimum=24))
>>> suggestion.packs, suggestion.quantity
(5, 60.0)
>>> [reason.code for reason in suggestion.reasons]
['sales', 'stock', 'packs']

How it works
============

1. What is on the shelf and on its way is sold until the delivery; what would go off
   before it is sold does not count. What misses before the delivery is a lost sale, not
   a debt: it is shown and not ordered.
2. The delivery has to last until the next one: forecast, what is usually lost, and
   safety days, less what will be left.
3. Packs are whole. The last one is rounded up, unless what it brings would go off
   before it is sold.
4. A product's minimum is reached or nothing is ordered.

More stock never makes the suggestion grow, and the suggestion is never negative.
"""

from math import ceil, floor, isfinite
from typing import Any, NamedTuple

PRECISION = 6  # decimals of a quantity: below, a rest is float noise
MAX_LOSS_RATE = 0.5


class Need(NamedTuple):
    """One product, quantities in its own unit.

    ``forecast``: expected sales of each day from today on, to the day before the next
    delivery. ``lead``: days until the delivery. ``stock`` (negative counts as none),
    ``incoming``: arrives before the delivery. ``committed``: promised to customers
    until the next delivery; part of the forecast, or more than it. ``loss_rate``: lost
    over sold and lost, 0 to 1. ``safety_days``: days of mean sales to have left.
    ``pack_size`` and ``minimum``: of an order. ``shelf_life``: days that it can be sold
    after the delivery; None: it keeps. ``expiring``: ``(days from today, quantity)``
    of the stock that cannot be sold from that day on.
    """

    forecast: Any
    lead: int = 0
    stock: float = 0.0
    incoming: float = 0.0
    committed: float = 0.0
    loss_rate: float = 0.0
    safety_days: float = 0.0
    pack_size: float = 1.0
    minimum: float = 0.0
    shelf_life: Any = None
    expiring: Any = ()


class Reason(NamedTuple):
    """One step of the calculation: a code and its numbers, for a sentence."""

    code: str
    values: dict


class Suggestion(NamedTuple):
    """``packs`` (int) of ``pack_size``, in all ``quantity``; ``short``: missing before
    the delivery whatever is ordered; ``reasons``: list of :class:`Reason`."""

    packs: int
    quantity: float
    short: float
    reasons: list


def find_expired(stock, expiring, forecast):
    """``[(day, quantity)]`` of the stock that goes off before it is sold.

    The oldest is sold first.

    >>> find_expired(20, [(1, 15)], [5, 5, 5, 5])  # only 5 of 15 are sold in a day
    [(1, 10.0)]
    """
    stock = max(stock, 0.0)
    sold = listed = 0.0
    found = []
    for day, quantity in sorted(expiring):
        # Never more than there is, whatever the lots say.
        quantity = min(max(quantity, 0.0), stock - listed)
        listed += quantity
        taken = min(quantity, max(sum(forecast[: max(day, 0)]) - sold, 0.0))
        sold += taken
        if round(quantity - taken, PRECISION) > 0:
            found.append((day, quantity - taken))
    return found


def usable_stock(stock, expiring, forecast):
    """What of the stock will be sold before it goes off, the oldest first.

    >>> usable_stock(20, [(1, 15)], [5, 5, 5, 5])
    10.0
    """
    lost = sum(quantity for _day, quantity in find_expired(stock, expiring, forecast))
    return float(max(max(stock, 0.0) - lost, 0.0))


def _check(need):
    numbers = (
        *need.forecast,
        *need[2:9],
        *(quantity for _day, quantity in need.expiring),
    )
    if not all(isfinite(number) for number in numbers):
        raise ValueError("quantities have to be finite numbers")
    if need.pack_size <= 0:
        raise ValueError(f"a pack cannot hold {need.pack_size}")
    if any(sold < 0 for sold in need.forecast) or need.lead < 0:
        raise ValueError("forecasts and delays cannot be negative")
    if min(need.incoming, need.committed, need.minimum, need.safety_days) < 0:
        raise ValueError("quantities cannot be negative")
    if not 0 <= need.loss_rate <= 1:
        raise ValueError(f"not a rate of loss: {need.loss_rate}")


def plan(need):
    """How much to order of one product.

    :rtype: Suggestion
    :raises ValueError: for numbers that mean nothing (negative, not finite)
    """
    _check(need)
    reasons = []

    def why(code, **values):
        reasons.append(Reason(code, values))

    days = len(need.forecast)
    lead = min(need.lead, days)
    expected = sum(need.forecast)
    forecast = list(need.forecast)
    if need.committed > expected:
        # Promises beyond the forecast: the same days, more.
        if expected:
            forecast = [sold * need.committed / expected for sold in forecast]
        elif days:
            forecast[-1] = need.committed
        why("committed", quantity=need.committed)
    before, after = sum(forecast[:lead]), sum(forecast[lead:])
    why("sales", before=before, after=after, lead=lead, cover=days - lead)
    loss_rate = min(need.loss_rate, MAX_LOSS_RATE)
    lost = after * loss_rate / (1 - loss_rate)
    if lost:
        why("losses", quantity=lost, rate=loss_rate)
    safety = need.safety_days * after / (days - lead) if days > lead else 0.0
    if safety:
        why("safety", quantity=safety, days=need.safety_days)
    usable = usable_stock(need.stock, need.expiring, forecast)
    expired = find_expired(need.stock, need.expiring, forecast)
    if expired:
        why(
            "expiring",
            quantity=sum(quantity for _day, quantity in expired),
            expired=sum(quantity for day, quantity in expired if day <= 0),
            before=sum(quantity for day, quantity in expired if 0 < day <= lead),
        )
    why("stock", stock=usable, incoming=need.incoming)
    available = usable + need.incoming
    short = max(before - available, 0.0)
    if round(short, PRECISION) > 0:
        why("short", quantity=short)
    left = max(available - before, 0.0)
    wanted = after + lost + safety - left
    packs = max(ceil(round(wanted / need.pack_size, PRECISION)), 0)
    keep = None
    if need.shelf_life is not None:
        keep = _packs_that_keep(need, forecast[lead:], lost, left)
    if keep is not None and keep < packs:
        why("shelf_life", days=need.shelf_life, packs=packs - keep)
        packs = keep
    if packs:
        at_least = ceil(round(need.minimum / need.pack_size, PRECISION))
        if at_least > packs:
            why("minimum", quantity=need.minimum)
            packs = at_least
    quantity = packs * need.pack_size
    if not packs:
        why("enough")
    elif need.pack_size != 1:
        why("packs", packs=packs, size=need.pack_size, quantity=quantity)
    return Suggestion(packs, float(quantity), short, reasons)


def _packs_that_keep(need, cover, lost, left):
    """The most packs that are sold within the shelf life, at least what is needed.

    The pack that is begun counts while more than half of it is sold in time.
    """
    life = max(need.shelf_life, 0)
    sold = sum(cover[:life])
    if life > len(cover) and cover:
        sold += (life - len(cover)) * sum(cover) / len(cover)
    sold += lost if life >= len(cover) else 0.0
    return max(floor(round((sold - left) / need.pack_size, PRECISION) + 0.5), 0)
