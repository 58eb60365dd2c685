# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From the lines of an e-invoice to the lines of a bill, to the cent. Plain Python.

Odoo computes an amount as quantity x price x (1 - discount); the norm lets a line carry
allowances and charges of its own and a price rounded as the supplier likes. Here each
file line becomes one bill line with the file's quantity, whose amount is exact, and one
more for each allowance or charge that is not a round percentage.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from .einvoice import FREIGHT_CODES

ZERO = Decimal(0)
CENT = Decimal("0.01")
HALF_CENT = CENT / 2
FREIGHT_WORDS = re.compile(
    r"\b(frais de (port|transport|livraison|exp[ée]dition)|port|transport|livraison|"
    r"carriage|freight|shipping|delivery|postage|porto|versand\w*|lieferkosten|"
    r"surtaxe carburant)\b",
    re.IGNORECASE,
)
DEPOSIT_WORDS = re.compile(r"\b(consignes?|d[ée]consignes?|deposit|pfand)\b", re.I)


@dataclass
class BillLine:
    name: str
    quantity: Decimal
    price: Decimal
    discount: Decimal = ZERO
    rate: Decimal | None = None
    category: str = ""
    kind: str = "goods"
    unit: str = ""
    number: str = ""
    references: list = field(default_factory=list)

    @property
    def raw(self):
        """The amount before rounding."""
        return self.quantity * self.price * (1 - self.discount / 100)


def cents(amount):
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def line_kind(name, amount, code="", is_charge=False):
    """What a line that may not be goods is about.

    >>> line_kind("Frais de port", Decimal("9.50"), is_charge=True)
    'freight'
    >>> line_kind("Consigne", Decimal("-3")), line_kind("Nougat", Decimal(7))
    ('deposit', 'goods')
    >>> line_kind("Réduc fidélité", Decimal("-2.50"), is_charge=True)
    'discount'
    """
    if DEPOSIT_WORDS.search(name or ""):
        return "deposit"
    if code in FREIGHT_CODES or FREIGHT_WORDS.search(name or ""):
        return "freight"
    if is_charge:
        return "discount" if amount < 0 else "charge"
    return "goods"


def bill_lines(document, digits=6):
    """``[(file line or None, BillLine)]`` in the file's order.

    :param digits: of the quantities that are kept; the amounts are the file's all the
        same

    >>> from .einvoice import Charge, EInvoice, Line
    >>> document = EInvoice("UBL", "1", "380", "EUR", lines=[Line(
    ...     name="Paper", quantity=Decimal(10), price=Decimal(410),
    ...     total=Decimal(4000), charges=[Charge(Decimal(-100), "Rebate")])])
    >>> [(b.name, b.quantity, b.price, b.kind) for __, b in bill_lines(document)]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('Paper', Decimal('10'), Decimal('410'), 'goods'),
     ('Rebate', Decimal('1'), Decimal('-100'), 'discount')]

    Three decimals where two are kept: 5.99 it remains.

    >>> document.lines = [Line(name="Tomme", quantity=Decimal("0.333"),
    ...                        price=Decimal("17.99"), total=Decimal("5.99"))]
    >>> [(b.quantity, cents(b.raw)) for __, b in bill_lines(document, 2)]
    [(Decimal('0.33'), Decimal('5.99'))]
    """
    found = []
    for line in document.lines:
        found += _from_line(line, digits)
    found += [(None, _from_charge(charge)) for charge in document.charges]
    if not document.lines:
        found += [(None, summary) for summary in _without_lines(document)]
    _keep_each_cent([line for __, line in found])
    return found


def _keep_each_cent(lines):
    """Odoo may round the sum of a rate's amounts rather than each of them. Where that
    makes a cent, the prices are those that give the file's amounts exactly.

    >>> D = Decimal
    >>> lines = [BillLine(n, D("10.24"), D("3.10"), rate=D(20)) for n in "ab"]
    >>> _keep_each_cent(lines[:1])
    >>> lines[0].price
    Decimal('3.10')
    >>> _keep_each_cent(lines)
    >>> [cents(line.price * line.quantity) for line in lines]
    [Decimal('31.74'), Decimal('31.74')]
    >>> cents(sum(line.price * line.quantity for line in lines))
    Decimal('63.48')
    """
    rests = defaultdict(Decimal)
    for line in lines:
        rest = line.raw - cents(line.raw)
        rests[line.rate] += rest
        rests["all"] += rest
    if any(abs(rest) >= HALF_CENT for rest in rests.values()):
        for line in lines:
            if line.raw and line.raw != cents(line.raw):
                line.price *= cents(line.raw) / line.raw


def _from_line(line, digits):
    charges = sum((charge.amount for charge in line.charges), ZERO)
    gross = cents(line.quantity * line.price)
    discount, extras = ZERO, line.charges
    if not charges:
        extras = []
    elif charges < 0 and gross and gross + charges == line.total:
        percent = -charges * 100 / gross
        rounded = percent.quantize(CENT)
        if cents(gross * (1 - rounded / 100)) == line.total:
            discount, extras = rounded, []
    own = line.total - sum((charge.amount for charge in extras), ZERO)
    quantity, price = line.quantity, line.price
    if quantity != round(quantity, digits):
        quantity = round(quantity, digits)
        price = gross / quantity if discount and quantity else price
    if not quantity:
        quantity, price, discount = Decimal(1), own, ZERO
    elif not discount and cents(quantity * price) != own:
        # The supplier's price is rounded, or its line is: the amount is what counts.
        price = own / quantity
    name = line.name
    if line.description and line.description != line.name:
        name = f"{line.name}\n{line.description}"
    code = next((charge.code for charge in line.charges), "")
    kind = line_kind(line.name, own, code) if not (line.sku or line.ean) else "goods"
    yield (
        line,
        BillLine(
            name=name,
            quantity=quantity,
            price=price,
            discount=discount,
            rate=line.rate,
            category=line.category,
            kind=kind,
            unit=line.unit,
            number=line.number,
            references=line.references,
        ),
    )
    for charge in extras:
        charge.rate = line.rate if charge.rate is None else charge.rate
        yield None, _from_charge(charge)


def _from_charge(charge):
    return BillLine(
        name=charge.reason or charge.code or ("-" if charge.amount < 0 else "+"),
        quantity=Decimal(1),
        price=charge.amount,
        rate=charge.rate,
        category=charge.category,
        kind=line_kind(charge.reason, charge.amount, charge.code, is_charge=True),
    )


def _without_lines(document):
    """Profiles MINIMUM and BASIC WL: one line per VAT rate, or one for all."""
    charged = sum((charge.amount for charge in document.charges), ZERO)
    if not document.vat:
        yield BillLine(document.number, Decimal(1), document.untaxed - charged)
        return
    by_rate = {charge.rate: ZERO for charge in document.charges}
    for charge in document.charges:
        by_rate[charge.rate] += charge.amount
    for vat in document.vat:
        amount = vat.basis - by_rate.get(vat.rate, ZERO)
        if amount:
            yield BillLine(
                document.number,
                Decimal(1),
                amount,
                rate=vat.rate,
                category=vat.category,
            )
