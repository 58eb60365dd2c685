# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""CII invoices: Factur-X, ZUGFeRD 2, XRechnung. Plain Python, lxml."""

from decimal import Decimal

from .einvoice_data import (
    CREDIT_NOTE_CODES,
    ZERO,
    Charge,
    EInvoice,
    Line,
    Vat,
)
from .einvoice_reader import Reader, implied_rate

LINE_TOTAL = (
    "SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/"
    "LineTotalAmount"
)


class Cii(Reader):
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
        currency = self.text(settlement, "InvoiceCurrencyCode")
        day = "BillingSpecifiedPeriod/{}DateTime/DateTimeString"
        invoice = EInvoice(
            syntax="CII",
            number=self.text(document, "ID"),
            type_code=type_code,
            currency=currency,
            date=self.date(self.text(document, "IssueDateTime/DateTimeString")),
            is_credit_note=type_code in CREDIT_NOTE_CODES,
            untaxed=self.total(totals, "BT-109", currency, "TaxBasisTotalAmount"),
            total=self.total(totals, "BT-112", currency, "GrandTotalAmount"),
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
        taxes = self.in_currency(self.all(totals, "TaxTotalAmount"), currency)
        invoice.tax = sum((self.number(node, ".") for node in taxes), ZERO)
        for node in self.all(settlement, "ApplicableTradeTax"):
            basis = self.number(node, "BasisAmount")
            tax = self.number(node, "CalculatedAmount")
            rate = self.number(node, "RateApplicablePercent", default=None)
            invoice.vat.append(
                Vat(
                    rate=implied_rate(basis, tax) if rate is None else rate,
                    category=self.text(node, "CategoryCode"),
                    basis=basis,
                    tax=tax,
                )
            )
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
        nodes = self.all(trade, "IncludedSupplyChainTradeLineItem")
        billed = self.number(totals, "LineTotalAmount", default=None)
        invoice.lines = [self.line(node) for node in self.billed_lines(nodes, billed)]
        invoice.attachments = [
            (
                binary.get("filename") or self.text(node, "IssuerAssignedID"),
                binary.get("mimeCode", ""),
                binary.text or "",
            )
            for node in self.all(agreement, "AdditionalReferencedDocument")
            for binary in self.all(node, "AttachmentBinaryObject")
        ]
        return invoice

    def billed_lines(self, nodes, billed):
        """EXTENDED: a line may hold others. A group repeats its details, or its details
        explain it: what is billed is what makes the total of the lines (BT-106)."""
        document = "AssociatedDocumentLineDocument/"
        status = {n: self.text(n, f"{document}LineStatusReasonCode") for n in nodes}
        parents = {n: self.text(n, f"{document}ParentLineID") for n in nodes}
        holders = set(parents.values()) - {""}
        details = [n for n in nodes if status[n] not in ("GROUP", "INFORMATION")]
        if billed is None or not holders:
            return details

        def is_detail(node):
            return self.text(node, f"{document}LineID") not in holders

        choices = (
            details,
            [n for n in nodes if is_detail(n) and status[n] != "INFORMATION"],
            [n for n in nodes if not parents[n]],
        )
        for chosen in choices:
            if sum((self.number(n, LINE_TOTAL) for n in chosen), ZERO) == billed:
                return chosen
        return details

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
            total=self.required(node, "BT-131", LINE_TOTAL),
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
