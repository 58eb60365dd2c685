# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How much a bill line and a receipt line belong together. Plain Python, no ORM."""

from decimal import Decimal

from .match_data import (
    LINE,
    NONE,
    PERIOD,
    SCORE_PRICE,
    SCORE_PRODUCT,
    SCORE_QUANTITY,
    TIER_NAME,
    TIER_SCORE,
    ZERO,
    cents,
)

# With what a division leaves behind the last digit.
HALF_CENT = Decimal("0.005000001")


def percent(part, whole):
    return abs(part) * 100 / abs(whole) if whole else Decimal("Infinity")


def price_gap(bill_price, order_price, quantity):
    """What a price costs more than ordered; half a cent is the line's own rounding.

    >>> D = Decimal
    >>> price_gap(D("7.53") / D("2.5"), D("3.01"), D("2.5")), D("2.5") * D("3.01")
    (Decimal('0'), Decimal('7.525'))
    >>> price_gap(D("2.10"), D("2.00"), D(10))
    Decimal('1.00')
    """
    gap = (bill_price - order_price) * quantity
    return ZERO if abs(gap) <= HALF_CENT else cents(gap)


def price_ok(bill_price, order_price, quantity, policy):
    """Is the price on the bill tolerated?

    >>> from .match_data import Policy
    >>> D = Decimal
    >>> price_ok(D("2.10"), D(2), D(10), Policy())
    False
    >>> price_ok(D("1.90"), D(2), D(10), Policy())
    True
    >>> generous = Policy(price_percent_over=D(5), price_amount_over=D(1))
    >>> price_ok(D("2.10"), D(2), D(10), generous)
    True
    """
    gap = price_gap(bill_price, order_price, quantity)
    if gap == 0:
        return True
    ratio = percent(bill_price - order_price, order_price)
    if gap < 0:
        return ratio <= policy.price_percent_under
    return ratio <= policy.price_percent_over and gap <= policy.price_amount_over


def tier_of(bill, receipt):
    """The strongest tier that speaks for a pair.

    >>> from .match_data import BillLine, ReceiptLine, refs
    >>> one = Decimal(1)
    >>> b = BillLine("b", "p", one, one, refs(order="PO1", despatch="BL1"))
    >>> def got(**references):
    ...     return ReceiptLine("m", "p", one, one, "l", refs=refs(**references))
    >>> [tier_of(b, got(**r)) for r in ({"order": "PO1"}, {"despatch": "bl 1"}, {})]
    [2, 4, 0]
    """
    if bill.order_line is not None and bill.order_line == receipt.order_line:
        return LINE
    common = bill.refs & receipt.refs
    if common:
        return max(tier for tier, __ in common)
    if bill.period and receipt.date:
        start, end = bill.period
        if start <= receipt.date <= end:
            return PERIOD
    return NONE


def score_of(bill, receipt, tier, policy):
    """Components of the score of a pair, as ``((name, points), ...)``."""
    price_fits = price_ok(bill.price, receipt.price, bill.quantity, policy)
    return (
        (f"reference:{TIER_NAME[tier]}", TIER_SCORE[tier]),
        ("product", SCORE_PRODUCT),
        ("price", SCORE_PRICE if price_fits else 0),
        ("quantity", SCORE_QUANTITY if bill.quantity == receipt.quantity else 0),
    )
