# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How much to order, and how to share what arrived: plain Python, no ORM.

How to use
==========

Demands are listed **in the order in which members asked**:

>>> demands = [Demand("Ana", 3, 2), Demand("Bob", 1, 3), Demand("Cléo", 1)]
>>> quantity_to_order(demands, pack_size=3)
Decimal('6')
>>> shares, left_over = allocate(demands, 6)
>>> [str(shares[key]) for key in ("Ana", "Bob", "Cléo")], str(left_over)
(['4', '1', '1'], '0')

How it works
============

Everything is computed in whole *steps* (1 piece, 10 g…) with :class:`~decimal.Decimal`
amounts, so that the shares and the left-over add up exactly to what arrived.
Each rule shares the firm quantities first, and then the tolerances with what is left.

``first_come``
    in the order in which members asked.
``equal``
    round by round: each round gives one step to everybody still waiting.
``pro_rata``
    in proportion to what each one asked, by the largest remainder. The plain method of
    the largest remainder takes a piece back from somebody when one more piece arrives
    (the "Alabama paradox": requests of 5, 3 and 1 share 4 pieces as 2, 1, 1 and 5
    pieces as 3, 2, 0). Nobody would understand that, so the steps are ranked by the
    share of the whole at which each one rounds up to be served (Webster's method): the
    same result in ordinary cases, and no share ever falls when more arrives.
"""

import heapq
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

ZERO = Decimal(0)
RULES = ("first_come", "pro_rata", "equal")


class Demand(NamedTuple):
    """What somebody asks.

    ``key``: hashable, whatever names the request. ``quantity``: firm. ``tolerance``:
    "up to so much more, so that a pack fills". Both in the same unit, never negative;
    int, str, float or Decimal (a float counts for what it prints: 0.1 is one tenth).
    """

    key: Any
    quantity: Any
    tolerance: Any = 0


def to_decimal(value):
    """Exact Decimal of a quantity.

    >>> to_decimal(0.1), to_decimal("2.50"), to_decimal(3)
    (Decimal('0.1'), Decimal('2.50'), Decimal('3'))

    :raises ValueError: for what is not a finite number.
    """
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except ArithmeticError as error:
        raise ValueError(f"not a quantity: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a quantity: {value!r}")
    return number


def _clean(value, what):
    number = to_decimal(value)
    if number < 0:
        raise ValueError(f"{what} cannot be negative: {value!r}")
    return number


def _plain(number):
    """The number without useless zeros, never in scientific notation."""
    number = number.normalize()
    return number if number.as_tuple().exponent <= 0 else number.quantize(Decimal(1))


def quantity_to_order(demands, pack_size=1, minimum=0):
    """Quantity to order from the supplier, a whole number of packs.

    The most packs that demand fills: firm quantities are rounded up to a pack where
    tolerances cover what is missing, down otherwise. Tolerances never order a pack by
    themselves, but they may complete the minimum. 0 if the minimum cannot be reached.

    >>> str(quantity_to_order([Demand(1, 5, 3)], 4))     # tolerance completes a pack
    '8'
    >>> str(quantity_to_order([Demand(1, 0, 5)], 4))     # but never orders alone
    '0'
    >>> str(quantity_to_order([Demand(1, 9, 1)], 1, minimum=10))
    '10'
    >>> str(quantity_to_order([Demand(1, 12, 1)], 5, minimum=10))
    '10'

    :param demands: iterable of :class:`Demand` (order does not matter here)
    :param pack_size: units in a pack, more than 0
    :param minimum: supplier's minimum, in units
    :rtype: Decimal
    :raises ValueError: negative or unreadable amounts, pack of 0
    """
    pack = _clean(pack_size, "pack size")
    if not pack:
        raise ValueError("a pack cannot be empty")
    minimum = _clean(minimum, "minimum")
    firm = optional = ZERO
    for demand in demands:
        firm += _clean(demand.quantity, "quantity")
        optional += _clean(demand.tolerance, "tolerance")
    if not firm:
        return ZERO
    wanted = max(firm, minimum)
    packs, opened = divmod(wanted, pack)
    completed = (packs + bool(opened)) * pack
    if completed <= firm + optional:
        return _plain(completed)
    filled = firm // pack * pack
    return _plain(filled) if filled and filled >= minimum else ZERO


def allocate(demands, available, rule="first_come", *, step=None):
    """Share what is available.

    >>> asked = [Demand("a", 2), Demand("b", 3, 2)]
    >>> def show(result):
    ...     return {k: str(v) for k, v in result[0].items()}, str(result[1])
    >>> show(allocate(asked, 9))
    ({'a': '2', 'b': '5'}, '2')
    >>> show(allocate(asked, 3))
    ({'a': '2', 'b': '1'}, '0')
    >>> show(allocate([Demand("a", 10), Demand("b", 2)], 6, "pro_rata"))
    ({'a': '5', 'b': '1'}, '0')
    >>> show(allocate([Demand("a", 10), Demand("b", 2)], 6, "equal"))
    ({'a': '4', 'b': '2'}, '0')

    :param demands: iterable of :class:`Demand`, in the order in which members asked;
        a key met twice gets the sum of its shares
    :param available: what arrived, in the same unit
    :param rule: ``first_come``, ``pro_rata`` or ``equal``
    :param step: smallest amount handed over (1 piece, 0.01 kg); by default the finest
        decimal place used by the demands and by what arrived, 1 at most
    :returns: ``(shares, left_over)``: dict key → Decimal for every key, and what nobody
        asked for. They add up exactly to ``available``; no share exceeds quantity +
        tolerance; no share falls when more arrives.
    :raises ValueError: unknown rule, negative or unreadable amounts
    """
    if rule not in RULES:
        raise ValueError(f"unknown rule: {rule!r}")
    available = _clean(available, "available quantity")
    rows = [
        (
            demand.key,
            _clean(demand.quantity, "quantity"),
            _clean(demand.tolerance, "tolerance"),
        )
        for demand in demands
    ]
    step = _step(rows, available) if step is None else _clean(step, "step")
    if not step:
        raise ValueError("the step cannot be 0")
    share = _SHARERS[rule]
    stock = int((available / step).to_integral_value(ROUND_FLOOR))
    firm = share([int(row[1] // step) for row in rows], stock)
    optional = share([int(row[2] // step) for row in rows], stock - sum(firm))
    shares = {}
    for (key, _quantity, _tolerance), first, second in zip(
        rows, firm, optional, strict=True
    ):
        shares[key] = shares.get(key, ZERO) + (first + second) * step
    shares = {key: _plain(value) for key, value in shares.items()}
    return shares, _plain(available - sum(shares.values(), ZERO))


def _step(rows, available):
    """Finest decimal place in use, 1 at most."""
    exponents = [available.normalize().as_tuple().exponent]
    for _key, quantity, tolerance in rows:
        exponents.append(quantity.normalize().as_tuple().exponent)
        exponents.append(tolerance.normalize().as_tuple().exponent)
    return Decimal(1).scaleb(min(0, *exponents))


def _first_come(asked, stock):
    shares = []
    for wanted in asked:
        given = min(wanted, stock)
        stock -= given
        shares.append(given)
    return shares


def _equal(asked, stock):
    if stock >= sum(asked):
        return list(asked)
    # Fill up the smallest requests first: after each of them everybody still waiting
    # has had the same number of rounds.
    rounds, waiting = 0, len(asked)
    for wanted in sorted(asked):
        cost = (wanted - rounds) * waiting
        if cost > stock:
            break
        stock -= cost
        rounds, waiting = wanted, waiting - 1
    rounds += stock // waiting
    last_round = stock % waiting
    shares = []
    for wanted in asked:
        given = min(wanted, rounds)
        if wanted > rounds and last_round:
            given, last_round = given + 1, last_round - 1
        shares.append(given)
    return shares


def _pro_rata(asked, stock):
    total = sum(asked)
    if stock >= total:
        return list(asked)
    # Start within one step of the exact share, then give or take back single steps in
    # the order of their rank: step k of a request of n is due at (k - 1/2) / n of all.
    shares = [wanted * stock // total for wanted in asked]
    missing = stock - sum(shares)

    def due(index, rank):
        return Fraction(2 * rank - 1, 2 * asked[index])

    waiting = [
        (due(index, shares[index] + 1), index)
        for index, wanted in enumerate(asked)
        if shares[index] < wanted
    ]
    heapq.heapify(waiting)
    while missing:
        _due, index = heapq.heappop(waiting)
        shares[index] += 1
        missing -= 1
        if shares[index] < asked[index]:
            heapq.heappush(waiting, (due(index, shares[index] + 1), index))
    # The exact share may have started a request above its rank: put that right.
    served = [
        (-due(index, shares[index]), -index)
        for index in range(len(asked))
        if shares[index]
    ]
    heapq.heapify(served)
    while waiting and served:
        last_due, last = -served[0][0], -served[0][1]
        first_due, first = waiting[0]
        if (first_due, first) >= (last_due, last):
            break
        heapq.heappop(served)
        heapq.heappop(waiting)
        shares[last] -= 1
        shares[first] += 1
        heapq.heappush(waiting, (last_due, last))
        heapq.heappush(served, (-first_due, -first))
        if shares[last]:
            heapq.heappush(served, (-due(last, shares[last]), -last))
        if shares[first] < asked[first]:
            heapq.heappush(waiting, (due(first, shares[first] + 1), first))
    return shares


_SHARERS = {"first_come": _first_come, "pro_rata": _pro_rata, "equal": _equal}
