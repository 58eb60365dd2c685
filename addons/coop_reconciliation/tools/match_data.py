# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the matcher reads and answers. Plain Python, no ORM."""

import datetime
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from odoo.addons.coop_einvoice.tools.reference import normalise

# Tiers, strongest first: cases/reconciliation, "Lines by reference tier".
LINE, DESPATCH, RECEIVING, ORDER, PERIOD, NONE = 5, 4, 3, 2, 1, 0
TIER_SCORE = {LINE: 60, DESPATCH: 50, RECEIVING: 45, ORDER: 40, PERIOD: 25, NONE: 0}
TIER_NAME = {
    LINE: "line",
    DESPATCH: "despatch",
    RECEIVING: "receiving",
    ORDER: "order",
    PERIOD: "period",
    NONE: "none",
}
SCORE_PRODUCT = 25
SCORE_PRICE = 10
SCORE_QUANTITY = 5
# Reached by product + order reference, or product + period + same price and quantity.
SCORE_AUTO = 65
# Two candidates closer than this are equally good.
MARGIN = 5

ZERO = Decimal(0)
CENT = Decimal("0.01")


def refs(line=(), despatch=(), receiving=(), order=()):
    """Set of ``(tier, normalised reference)`` from texts or lists of texts.

    >>> sorted(refs(order="PO 1242", despatch=["BL-1"]))
    [(2, 'PO1242'), (4, 'BL1')]
    """

    def values(given):
        given = (given,) if isinstance(given, str) else given
        return [normalised for text in given if (normalised := normalise(text))]

    return frozenset(
        [(LINE, v) for v in values(line)]
        + [(DESPATCH, v) for v in values(despatch)]
        + [(RECEIVING, v) for v in values(receiving)]
        + [(ORDER, v) for v in values(order)]
    )


@dataclass(frozen=True)
class BillLine:
    """One line of a bill.

    quantity, price: in the product's own unit; price net of discount, without VAT.
    amount: what the line costs without VAT (defaults to quantity x price).
    kind: ``goods``, or what the line says it is: freight, deposit, discount, charge,
    rounding, tax, adjustment.
    order_line: set when the bill was made from an order: then only that line matches.
    unit: what the quantity is measured in; two different units are never compared.
    """

    key: Any
    product: Any
    quantity: Decimal
    price: Decimal
    refs: frozenset = frozenset()
    amount: Decimal | None = None
    kind: str = "goods"
    name: str = ""
    unit: Any = "unit"
    order_line: Any = None
    period: tuple[datetime.date, datetime.date] | None = None

    @property
    def total(self):
        if self.amount is not None:
            return self.amount
        return cents(self.quantity * self.price)


@dataclass(frozen=True)
class ReceiptLine:
    """What was received and is not billed yet (returns and other bills taken off).

    key: the receipt, or None for an order line of which nothing came.
    weighed: the goods are weighed, so that quantities differ a little by nature.
    to_come: what of the order line is still expected (None: not known).
    """

    key: Any
    product: Any
    quantity: Decimal
    price: Decimal
    order_line: Any
    order: Any = None
    refs: frozenset = frozenset()
    name: str = ""
    unit: Any = "unit"
    date: datetime.date | None = None
    weighed: bool = False
    to_come: Decimal | None = None

    @property
    def waits(self):
        return self.to_come is None or bool(self.to_come)


@dataclass(frozen=True)
class Policy:
    """What may pass by itself. Percentages are 0–100; amounts in the bill's currency.

    A price is tolerated when it is within *both* the percentage and the amount a line.
    Stricter for what is billed too much: ``*_over``; what is billed too little is in
    our favour and has its own limits.
    """

    price_percent_over: Decimal = ZERO
    price_amount_over: Decimal = ZERO
    price_percent_under: Decimal = Decimal(100)
    weighed_percent: Decimal = Decimal(3)
    quantity_percent: Decimal = ZERO
    bill_amount: Decimal = Decimal("0.05")
    freight_amount: Decimal = Decimal(15)
    deposit_amount: Decimal = ZERO


@dataclass(frozen=True)
class Link:
    bill: Any
    receipt: Any
    order_line: Any
    quantity: Decimal
    amount: Decimal
    score: int
    tier: int
    state: str  # auto | suggested
    components: tuple = ()


@dataclass(frozen=True)
class Issue:
    kind: str
    bill: Any
    quantity: Decimal = ZERO
    amount: Decimal = ZERO
    accepted: bool = False
    receipt: Any = None
    order_line: Any = None
    expected: Decimal = ZERO


@dataclass
class MatchResult:
    links: list[Link] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    @property
    def touchless(self):
        """True when nobody has to look at the bill."""
        return all(issue.accepted for issue in self.issues)

    def billed(self, receipt):
        """Quantity that the automatic links take from a receipt."""
        return sum(
            (
                link.quantity
                for link in self.links
                if link.receipt == receipt and link.state == "auto"
            ),
            ZERO,
        )


def cents(amount):
    """Round half away from zero to the cent, as people do.

    >>> cents(Decimal("31.744")), cents(Decimal("0.005"))
    (Decimal('31.74'), Decimal('0.01'))
    """
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
