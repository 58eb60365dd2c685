# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""UBL invoices and credit notes. Plain Python, lxml."""

from decimal import Decimal

from .einvoice_data import CREDIT_NOTE_CODES, ZERO, Charge, EInvoice, Line, Vat
from .einvoice_reader import Reader, implied_rate


class Ubl(Reader):
    def build(self):
        tree = self.tree
        credit = tree.tag.endswith("}CreditNote")
        totals = self.find(tree, "LegalMonetaryTotal")
        currency = self.text(tree, "DocumentCurrencyCode")
        invoice = EInvoice(
            syntax="UBL",
            number=self.text(tree, "ID"),
            type_code=self.text(tree, "InvoiceTypeCode", "CreditNoteTypeCode"),
            currency=currency,
            date=self.date(self.text(tree, "IssueDate")),
            is_credit_note=credit,
            untaxed=self.total(totals, "BT-109", currency, "TaxExclusiveAmount"),
            total=self.total(
                totals, "BT-112", currency, "TaxInclusiveAmount", "PayableAmount"
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
        taxes = self.in_currency(self.all(tree, "TaxTotal/TaxAmount"), currency)
        invoice.tax = sum((self.number(node, ".") for node in taxes), ZERO)
        for node in taxes:
            for subtotal in self.all(node.getparent(), "TaxSubtotal"):
                basis = self.number(subtotal, "TaxableAmount")
                tax = self.number(subtotal, "TaxAmount")
                rate = self.rate(subtotal)
                invoice.vat.append(
                    Vat(
                        rate=implied_rate(basis, tax) if rate is None else rate,
                        category=self.text(subtotal, "TaxCategory/ID"),
                        basis=basis,
                        tax=tax,
                    )
                )
        invoice.charges = self.charges(tree)
        tag = "CreditNoteLine" if credit else "InvoiceLine"
        invoice.lines = [self.line(node) for node in self.all(tree, tag)]
        return invoice

    def rate(self, subtotal):
        """Before UBL 2.1 the rate was beside its category."""
        return self.number(subtotal, "TaxCategory/Percent", "Percent", default=None)

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
            rate=self.number(
                node,
                "Item/ClassifiedTaxCategory/Percent",
                "TaxTotal/TaxSubtotal/TaxCategory/Percent",
                "TaxTotal/TaxSubtotal/Percent",
                default=None,
            ),
            category=self.text(
                node,
                "Item/ClassifiedTaxCategory/ID",
                "TaxTotal/TaxSubtotal/TaxCategory/ID",
            ),
            charges=self.charges(node),
            references=self.references(
                node,
                bt132=["OrderLineReference/LineID"],
                order=["OrderLineReference/OrderReference/ID"],
                despatch=["DespatchLineReference/DocumentReference/ID"],
            ),
        )
