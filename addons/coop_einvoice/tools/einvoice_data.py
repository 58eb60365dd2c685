# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a UBL or CII invoice says, in one form. Plain Python.

``BT-…`` and ``BG-…`` are the business terms of the European norm EN 16931.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

ZERO = Decimal(0)

UBL_INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
UBL_CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"

# UNTDID 1001: credit notes. 384 is a corrective invoice: an invoice, or a credit note
# when its total is negative.
CREDIT_NOTE_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396"})
CREDIT_NOTE_CODES |= frozenset({"420", "458", "502", "503", "532"})
# UNTDID 7161: charges that are carriage.
FREIGHT_CODES = frozenset({"FC", "DL", "SH", "PC", "ABK", "LA", "TAC", "AA", "ADT"})


class Unreadable(ValueError):
    """The file is not an invoice that can be read.

    code: ``syntax`` (neither UBL nor CII), ``number`` (an amount or a date cannot be
    read), ``missing`` (something required is not there); detail: what. Of files that
    are no XML at all: ``empty``, ``doctype``, ``xml`` (see :func:`why_broken`); and
    ``currency``, of which the database decides.
    """

    def __init__(self, code, detail=""):
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass
class Charge:
    """An allowance (negative) or a charge, of the document or of a line."""

    amount: Decimal
    reason: str = ""
    code: str = ""
    rate: Decimal | None = None
    category: str = ""


@dataclass
class Vat:
    """One line of the VAT breakdown (BG-23)."""

    rate: Decimal
    category: str
    basis: Decimal
    tax: Decimal


@dataclass
class Line:
    """One invoice line (BG-25). price is per unit: BT-146 over its basis quantity."""

    number: str = ""
    name: str = ""
    description: str = ""
    sku: str = ""  # BT-155, the supplier's own code
    ean: str = ""  # BT-157
    buyer_code: str = ""  # BT-156, our code
    quantity: Decimal = Decimal(1)
    unit: str = ""
    price: Decimal = ZERO
    total: Decimal = ZERO  # BT-131
    rate: Decimal | None = None
    category: str = ""
    charges: list[Charge] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class EInvoice:
    """All amounts signed as in the file. references: ``[(kind, value), …]`` with kind
    in ``bt13, bt15, bt16, bt25`` (and ``bt132, despatch, order`` on lines)."""

    syntax: str
    number: str
    type_code: str
    currency: str
    date: datetime.date | None = None
    is_credit_note: bool = False
    lines: list[Line] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    vat: list[Vat] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    period: tuple[datetime.date, datetime.date] | None = None
    untaxed: Decimal = ZERO
    tax: Decimal = ZERO
    total: Decimal = ZERO
    prepaid: Decimal = ZERO
    rounding: Decimal = ZERO
    # (name, MIME type, base64) of what CII carries; Odoo itself reads UBL's.
    attachments: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def sign(self):
        """-1 where negative totals make an invoice a credit note."""
        return -1 if self.total < 0 and not self.is_credit_note else 1

    @property
    def tax_gap(self):
        """VAT that is not the rate's of its basis, beyond what rounding explains.

        >>> D = Decimal
        >>> invoice = EInvoice("UBL", "1", "380", "EUR")
        >>> invoice.vat = [Vat(D(20), "S", D("100.00"), D("20.01"))]
        >>> invoice.tax_gap
        Decimal('0')
        >>> invoice.vat.append(Vat(D("5.5"), "S", D("100.00"), D("20.00")))
        >>> invoice.tax_gap
        Decimal('14.50')
        """
        # Each line may have been rounded for itself.
        tolerance = Decimal("0.01") + Decimal("0.005") * len(self.lines)
        gaps = (vat.tax - vat.basis * vat.rate / 100 for vat in self.vat)
        gap = sum((gap for gap in gaps if abs(gap) > tolerance), ZERO)
        return gap.quantize(Decimal("0.01")) if gap else ZERO

    @property
    def is_refund(self):
        return self.is_credit_note or self.total < 0
