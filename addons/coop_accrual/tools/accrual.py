# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Share what is not billed among the receipts of an order line. Plain Python."""

from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)


def share(unbilled, receipts):
    """``{receipt: quantity not billed}``; their sum is `unbilled`.

    :param unbilled: quantity of the order line, received - returned - billed
    :param receipts: ``[(key, quantity left once its own bills are taken off)]``, oldest
        first. What bills took without naming a receipt is taken from the oldest.

    >>> D = Decimal
    >>> share(D(8), [("a", D(5)), ("b", D(3))])
    {'a': Decimal('5'), 'b': Decimal('3')}
    >>> share(D(4), [("a", D(5)), ("b", D(3))])
    {'a': Decimal('1'), 'b': Decimal('3')}
    >>> share(D(-2), [("a", D(5))])
    {}

    A price difference was credited: the quantities of the links win.

    >>> share(D(9), [("a", D(5)), ("b", D(3))])
    {'a': Decimal('5'), 'b': Decimal('4')}
    """
    left = [[key, max(quantity, ZERO)] for key, quantity in receipts]
    excess = sum((quantity for __, quantity in left), ZERO) - unbilled
    for entry in left:
        taken = min(entry[1], max(excess, ZERO))
        entry[1] -= taken
        excess -= taken
    if left and excess < 0 < unbilled:
        left[-1][1] -= excess
    return {key: quantity for key, quantity in left if quantity > 0}


def part(amount, quantity, whole, done=ZERO, is_last=False):
    """Part of an amount for a quantity; the last part takes what is left, so that the
    parts add up to the cent.

    >>> D = Decimal
    >>> part(D("10.00"), D(1), D(3))
    Decimal('3.33')
    >>> part(D("10.00"), D(1), D(3), done=D("6.66"), is_last=True)
    Decimal('3.34')
    """
    if is_last:
        return amount - done
    return (amount * quantity / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
