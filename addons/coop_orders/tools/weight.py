# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is ordered by the piece and paid by weight: amounts, and slips of the hand."""

from collections import namedtuple
from decimal import ROUND_HALF_UP, Decimal

from .allocation import to_decimal

CENT = Decimal("0.01")
# More than ten times what is expected: grams keyed in as kilograms, a digit too many.
TOO_MUCH = 10
# Less than a hundredth: kilograms keyed in as grams. A basket may well be short of most
# of what was ordered, so that less is accepted.
TOO_LITTLE = 100

Amounts = namedtuple("Amounts", "unit total untaxed")


def _cents(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


def weighed_amounts(weight, price, price_weight=1, pieces=1, vat=0):
    """Price of a piece, total with VAT and total without, to the cent.

    :param weight: of all pieces together, in the unit of ``price_weight``
    :param price: with VAT, of ``price_weight``
    :param vat: in percent; rounded on each piece, as labels on pieces show it. An
        invoice is Odoo's own and rounds as the company is set.

    Five pieces of 10.00 a kilogram, each weighed at 2 kg:

    >>> weighed_amounts(10000, 10, 1000, pieces=5)
    Amounts(unit=Decimal('20.00'), total=Decimal('100.00'), untaxed=Decimal('100.00'))

    Two trout at 1.50 for 100 g, VAT 10 %:

    >>> weighed_amounts(700, "1.5", 100, pieces=2, vat=10)[1:]
    (Decimal('10.50'), Decimal('9.54'))
    >>> weighed_amounts("800.584", "1.5", 100, pieces=2, vat=10)[1:]
    (Decimal('12.01'), Decimal('10.91'))
    """
    exact = to_decimal(weight) * to_decimal(price) / to_decimal(price_weight)
    piece, vat = exact / pieces, to_decimal(vat)
    total = _cents(exact)
    tax = _cents(piece * vat / (100 + vat)) * pieces
    return Amounts(_cents(piece), total, total - tax)


def reweighed_total(total, weight, new_weight, price, price_weight=1):
    """The total after a piece is weighed again: one set by hand stays if nothing moved.

    >>> reweighed_total("11.5", 700, 700, "1.5", 100)
    Decimal('11.5')
    >>> reweighed_total("11.5", 700, 800, "1.5", 100)
    Decimal('12.00')
    """
    if to_decimal(new_weight) == to_decimal(weight):
        return to_decimal(total)
    return weighed_amounts(new_weight, price, price_weight).total


def question_weight(weight, expected):
    """``much`` or ``little`` where a weight is rather a slip of the hand, or nothing.

    Nothing at all (0) is an answer; so is anything where nothing was expected.

    >>> question_weight("0.7", 700), question_weight(800000, 700)
    ('little', 'much')
    >>> [question_weight(w, 700) for w in (700, "800.584", 2000, 70, 0)]
    ['', '', '', '', '']
    """
    weight, expected = to_decimal(weight), to_decimal(expected)
    if weight <= 0 or expected <= 0:
        return ""
    if weight > TOO_MUCH * expected:
        return "much"
    if weight * TOO_LITTLE < expected:
        return "little"
    return ""
