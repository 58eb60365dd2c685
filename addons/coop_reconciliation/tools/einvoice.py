"""Read a UBL or CII (Factur-X) invoice without losing anything. Plain Python, lxml.

How to use
    ``parse(tree)`` takes the root element and returns an :class:`EInvoice` whose
    amounts are those of the file, as Decimals, or raises :class:`Unreadable` whose
    ``code`` says which sentence to show. ``BT-…`` are the business terms of the
    European norm EN 16931.

>>> from lxml import etree
>>> try:
...     parse(etree.fromstring("<html/>"))
... except Unreadable as unreadable:
...     unreadable.code
'syntax'
"""

import datetime
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

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


def has_entities(content):
    """Whether a file defines entities: a way to read others, or to grow without end.

    >>> has_entities(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///x">]><a>&b;</a>')
    True
    """
    return b"<!ENTITY" in (content or b"")


def why_broken(content):
    """The code of a file that is no invoice: which sentence to show.

    >>> why_broken(b"<?xml version='1.0'?> "), why_broken(b"<a><b></a>")
    ('empty', 'xml')
    """
    if has_entities(content):
        return "doctype"
    rest = re.sub(rb"<\?.*?\?>|<!--.*?-->", b"", content or b"", flags=re.DOTALL)
    return "xml" if rest.strip() else "empty"


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

    @property
    def sign(self):
        """-1 where negative totals make an invoice a credit note."""
        return -1 if self.total < 0 and not self.is_credit_note else 1

    @property
    def is_refund(self):
        return self.is_credit_note or self.total < 0


def parse(tree):
    """Root element → :class:`EInvoice`; raises :class:`Unreadable`."""
    namespace, __, name = tree.tag.rpartition("}")
    namespace = namespace.lstrip("{")
    if namespace == CII:
        invoice = _Cii(tree).build()
    elif (namespace, name) in (
        (UBL_INVOICE, "Invoice"),
        (UBL_CREDIT_NOTE, "CreditNote"),
    ):
        invoice = _Ubl(tree).build()
    else:
        raise Unreadable("syntax", name)
    if not invoice.number:
        raise Unreadable("missing", "BT-1")
    return invoice


class _Reader:
    def __init__(self, tree):
        self.tree = tree

    @staticmethod
    def path(path):
        return "/".join(
            step if step in (".", "") or step.startswith("*") else f"{{*}}{step}"
            for step in path.split("/")
        )

    def find(self, node, path):
        return node.find(self.path(path)) if node is not None else None

    def all(self, node, path):
        return node.findall(self.path(path)) if node is not None else []

    def text(self, node, *paths):
        for path in paths:
            for found in self.all(node, path):
                if found.text and found.text.strip():
                    return found.text.strip()
        return ""

    def number(self, node, *paths, default=ZERO):
        text = self.text(node, *paths)
        if not text:
            return default
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = None
        if value is None or not value.is_finite():
            raise Unreadable("number", text)
        return value

    def required(self, node, term, *paths):
        value = self.number(node, *paths, default=None)
        if value is None:
            raise Unreadable("missing", term)
        return value

    def date(self, text):
        if not text:
            return None
        text = text[:10] if "-" in text else text[:8]
        for pattern in ("%Y-%m-%d", "%Y%m%d"):
            try:
                return datetime.datetime.strptime(text, pattern).date()
            except ValueError:
                continue
        raise Unreadable("number", text)

    def references(self, node, **paths):
        """Every value once, in the file's order."""
        found = []
        for kind, options in paths.items():
            for path in options:
                for element in self.all(node, path):
                    text = (element.text or "").strip()
                    if text and (kind, text) not in found:
                        found.append((kind, text))
        return found

    def period(self, node, start, end):
        first, last = self.date(self.text(node, start)), self.date(self.text(node, end))
        return (first, last) if first and last else None

    def check_currency(self, invoice, amounts):
        """Totals in a second currency (VAT accounting) are not the invoice's."""
        same = [
            node
            for node in amounts
            if node.get("currencyID") in (None, invoice.currency)
        ]
        return same or amounts


class _Ubl(_Reader):
    def build(self):
        tree = self.tree
        credit = tree.tag.endswith("}CreditNote")
        totals = self.find(tree, "LegalMonetaryTotal")
        invoice = EInvoice(
            syntax="UBL",
            number=self.text(tree, "ID"),
            type_code=self.text(tree, "InvoiceTypeCode", "CreditNoteTypeCode"),
            currency=self.text(tree, "DocumentCurrencyCode"),
            date=self.date(self.text(tree, "IssueDate")),
            is_credit_note=credit,
            untaxed=self.required(totals, "BT-109", "TaxExclusiveAmount"),
            total=self.required(
                totals, "BT-112", "TaxInclusiveAmount", "PayableAmount"
            ),
            prepaid=self.number(totals, "PrepaidAmount"),
            rounding=self.number(totals, "PayableRoundingAmount"),
            period=self.period(
                tree, "InvoicePeriod/StartDate", "InvoicePeriod/EndDate"
            ),
            references=self.references(
                tree,
                bt13=["OrderReference/ID"],
                bt15=["ReceiptDocumentReference/ID"],
                bt16=["DespatchDocumentReference/ID"],
                bt25=["BillingReference/InvoiceDocumentReference/ID"],
            ),
        )
        if invoice.type_code in CREDIT_NOTE_CODES:
            invoice.is_credit_note = True
        taxes = self.check_currency(invoice, self.all(tree, "TaxTotal/TaxAmount"))
        invoice.tax = sum(
            (self.number(node.getparent(), "TaxAmount") for node in taxes), ZERO
        )
        for subtotal in self.all(tree, "TaxTotal/TaxSubtotal"):
            category = self.find(subtotal, "TaxCategory")
            invoice.vat.append(
                Vat(
                    rate=self.number(category, "Percent"),
                    category=self.text(category, "ID"),
                    basis=self.number(subtotal, "TaxableAmount"),
                    tax=self.number(subtotal, "TaxAmount"),
                )
            )
        invoice.charges = self.charges(tree)
        tag = "CreditNoteLine" if credit else "InvoiceLine"
        invoice.lines = [self.line(node) for node in self.all(tree, tag)]
        return invoice

    def charges(self, node):
        found = []
        for charge in self.all(node, "AllowanceCharge"):
            is_charge = self.text(charge, "ChargeIndicator").lower() == "true"
            amount = self.number(charge, "Amount")
            found.append(
                Charge(
                    amount=amount if is_charge else -amount,
                    reason=self.text(charge, "AllowanceChargeReason"),
                    code=self.text(charge, "AllowanceChargeReasonCode"),
                    rate=self.number(charge, "TaxCategory/Percent", default=None),
                    category=self.text(charge, "TaxCategory/ID"),
                )
            )
        return found

    def line(self, node):
        quantity_paths = "InvoicedQuantity", "CreditedQuantity"
        quantity_node = self.find(node, quantity_paths[0])
        if quantity_node is None:
            quantity_node = self.find(node, quantity_paths[1])
        item = self.find(node, "Item")
        basis = self.number(node, "Price/BaseQuantity") or Decimal(1)
        return Line(
            number=self.text(node, "ID"),
            name=self.text(item, "Name", "Description"),
            description=self.text(item, "Description"),
            sku=self.text(item, "SellersItemIdentification/ID"),
            ean=self.text(item, "StandardItemIdentification/ID"),
            buyer_code=self.text(item, "BuyersItemIdentification/ID"),
            quantity=self.number(node, *quantity_paths, default=Decimal(1)),
            unit=quantity_node.get("unitCode", "") if quantity_node is not None else "",
            price=self.number(node, "Price/PriceAmount") / basis,
            total=self.required(node, "BT-131", "LineExtensionAmount"),
            rate=self.number(item, "ClassifiedTaxCategory/Percent", default=None),
            category=self.text(item, "ClassifiedTaxCategory/ID"),
            charges=self.charges(node),
            references=self.references(
                node,
                bt132=["OrderLineReference/LineID"],
                order=["OrderLineReference/OrderReference/ID"],
                despatch=["DespatchLineReference/DocumentReference/ID"],
            ),
        )


class _Cii(_Reader):
    def build(self):
        document = self.find(self.tree, "ExchangedDocument")
        trade = self.find(self.tree, "SupplyChainTradeTransaction")
        agreement = self.find(trade, "ApplicableHeaderTradeAgreement")
        delivery = self.find(trade, "ApplicableHeaderTradeDelivery")
        settlement = self.find(trade, "ApplicableHeaderTradeSettlement")
        totals = self.find(
            settlement, "SpecifiedTradeSettlementHeaderMonetarySummation"
        )
        type_code = self.text(document, "TypeCode")
        day = "BillingSpecifiedPeriod/{}DateTime/DateTimeString"
        invoice = EInvoice(
            syntax="CII",
            number=self.text(document, "ID"),
            type_code=type_code,
            currency=self.text(settlement, "InvoiceCurrencyCode"),
            date=self.date(self.text(document, "IssueDateTime/DateTimeString")),
            is_credit_note=type_code in CREDIT_NOTE_CODES,
            untaxed=self.required(totals, "BT-109", "TaxBasisTotalAmount"),
            total=self.required(totals, "BT-112", "GrandTotalAmount"),
            prepaid=self.number(totals, "TotalPrepaidAmount"),
            rounding=self.number(totals, "RoundingAmount"),
            period=self.period(settlement, day.format("Start"), day.format("End")),
            references=[
                *self.references(
                    agreement, bt13=["BuyerOrderReferencedDocument/IssuerAssignedID"]
                ),
                *self.references(
                    delivery,
                    bt15=["ReceivingAdviceReferencedDocument/IssuerAssignedID"],
                    bt16=[
                        "DespatchAdviceReferencedDocument/IssuerAssignedID",
                        "DeliveryNoteReferencedDocument/IssuerAssignedID",
                    ],
                ),
                *self.references(
                    settlement, bt25=["InvoiceReferencedDocument/IssuerAssignedID"]
                ),
            ],
        )
        taxes = self.check_currency(invoice, self.all(totals, "TaxTotalAmount"))
        try:
            invoice.tax = sum((Decimal((n.text or "0").strip()) for n in taxes), ZERO)
        except InvalidOperation as error:
            raise Unreadable("number", "BT-110") from error
        invoice.vat = [
            Vat(
                rate=self.number(node, "RateApplicablePercent"),
                category=self.text(node, "CategoryCode"),
                basis=self.number(node, "BasisAmount"),
                tax=self.number(node, "CalculatedAmount"),
            )
            for node in self.all(settlement, "ApplicableTradeTax")
        ]
        invoice.charges = self.charges(settlement)
        for service in self.all(settlement, "SpecifiedLogisticsServiceCharge"):
            invoice.charges.append(
                Charge(
                    amount=self.number(service, "AppliedAmount"),
                    reason=self.text(service, "Description"),
                    code="FC",
                    rate=self.number(
                        service, "AppliedTradeTax/RateApplicablePercent", default=None
                    ),
                    category=self.text(service, "AppliedTradeTax/CategoryCode"),
                )
            )
        for node in self.all(trade, "IncludedSupplyChainTradeLineItem"):
            # EXTENDED: a group repeats its details, an information costs nothing.
            status = self.text(
                node, "AssociatedDocumentLineDocument/LineStatusReasonCode"
            )
            if status not in ("GROUP", "INFORMATION"):
                invoice.lines.append(self.line(node))
        return invoice

    def charges(self, node):
        found = []
        for charge in self.all(node, "SpecifiedTradeAllowanceCharge"):
            indicator = self.text(charge, "ChargeIndicator/Indicator").lower()
            amount = self.number(charge, "ActualAmount")
            found.append(
                Charge(
                    amount=amount if indicator == "true" else -amount,
                    reason=self.text(charge, "Reason"),
                    code=self.text(charge, "ReasonCode"),
                    rate=self.number(
                        charge, "CategoryTradeTax/RateApplicablePercent", default=None
                    ),
                    category=self.text(charge, "CategoryTradeTax/CategoryCode"),
                )
            )
        return found

    def line(self, node):
        product = self.find(node, "SpecifiedTradeProduct")
        agreement = self.find(node, "SpecifiedLineTradeAgreement")
        delivery = self.find(node, "SpecifiedLineTradeDelivery")
        settlement = self.find(node, "SpecifiedLineTradeSettlement")
        quantity_node = self.find(delivery, "BilledQuantity")
        net = self.find(agreement, "NetPriceProductTradePrice")
        gross = self.find(agreement, "GrossPriceProductTradePrice")
        basis = (
            self.number(net, "BasisQuantity")
            or self.number(gross, "BasisQuantity")
            or Decimal(1)
        )
        return Line(
            number=self.text(node, "AssociatedDocumentLineDocument/LineID"),
            name=self.text(product, "Name", "Description"),
            description=self.text(product, "Description"),
            sku=self.text(product, "SellerAssignedID"),
            ean=self.text(product, "GlobalID"),
            buyer_code=self.text(product, "BuyerAssignedID"),
            quantity=self.number(delivery, "BilledQuantity", default=Decimal(1)),
            unit=quantity_node.get("unitCode", "") if quantity_node is not None else "",
            price=self.number(net, "ChargeAmount") / basis,
            total=self.required(
                settlement,
                "BT-131",
                "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
            ),
            rate=self.number(
                settlement, "ApplicableTradeTax/RateApplicablePercent", default=None
            ),
            category=self.text(settlement, "ApplicableTradeTax/CategoryCode"),
            charges=self.charges(settlement),
            references=[
                *self.references(
                    agreement,
                    bt132=["BuyerOrderReferencedDocument/LineID"],
                    order=["BuyerOrderReferencedDocument/IssuerAssignedID"],
                ),
                *self.references(
                    delivery,
                    despatch=[
                        "DespatchAdviceReferencedDocument/IssuerAssignedID",
                        "DeliveryNoteReferencedDocument/IssuerAssignedID",
                    ],
                ),
            ],
        )
