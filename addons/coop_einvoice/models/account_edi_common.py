# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.fields import Command, Domain

from odoo.addons.account_edi_ubl_cii.models.account_edi_common import (
    UOM_TO_UNECE_CODE,
)

from ..tools import einvoice
from ..tools.bill_lines import bill_lines
from ..tools.fault import UNREADABLE, is_of_the_file

_logger = logging.getLogger(__name__)

# UN/ECE Recommendation 20/21 codes that core does not know and that mean "one piece".
PIECE_CODES = frozenset({"H87", "EA", "PCE", "XPP", "XBX", "XPK", "NAR", "XUN", "LS"})


class AccountEdiCommon(models.AbstractModel):
    """Vendor bills are read by :mod:`..tools.einvoice`, so that their lines and totals
    are the file's to the cent. Sales documents and orders keep core's reading."""

    _name = "account.edi.common"
    _inherit = [
        "account.edi.common",
        "coop.edi.attachments",
        "coop.edi.supplier",
    ]

    def _import_invoice_ubl_cii(self, invoice, file_data, new=False):
        if invoice.journal_id.type != "purchase":
            return super()._import_invoice_ubl_cii(invoice, file_data, new)
        tree = file_data["xml_tree"]
        try:
            if einvoice.has_entities(file_data["raw"]):
                raise einvoice.Unreadable("doctype")
            document = einvoice.parse(tree)
            einvoice.tidy_dates(tree)
            self._coop_check_currency(document)
        except einvoice.Unreadable as error:
            return invoice._coop_refuse_file(file_data["name"], error)
        if invoice.invoice_line_ids:
            return self.env._("The bill already has lines: nothing was changed.")
        try:
            # Anything that breaks half-way leaves the bill as it was.
            with self.env.cr.savepoint():
                vendor = self.with_context(coop_vendor_bill=document)
                reason = super(AccountEdiCommon, vendor)._import_invoice_ubl_cii(
                    invoice, file_data, new
                )
                if not reason:
                    with invoice._get_edi_creation() as bill:
                        self._coop_correct_tax(document, bill)
                    invoice._coop_complete_einvoice(document)
        except UNREADABLE as error:
            if not is_of_the_file(error):
                raise
            _logger.info("E-invoice %s refused: %s", file_data["name"], error)
            invoice.invalidate_recordset()
            return invoice._coop_refuse_file(file_data["name"], error)
        return reason

    def _coop_vendor_bill(self):
        """What the vendor bill says that is being read, None for other documents.

        Core hands no record to half of its steps. The context holds the document
        itself, which only this server can make: no client says how a file is read.
        """
        document = self.env.context.get("coop_vendor_bill")
        return document if isinstance(document, einvoice.EInvoice) else None

    def _coop_amount_sign(self):
        """``(type, sign)`` of a vendor bill, None for what is not one.

        A credit note may be an invoice that says so by its type, or whose total is
        negative, as corrective invoices (384) are.
        """
        document = self._coop_vendor_bill()
        if not document:
            return None
        return ("refund" if document.is_refund else "invoice"), document.sign

    def _coop_check_currency(self, document):
        """A currency that does not exist: core would fail without a word."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        if not currencies.search_count([("name", "=", document.currency)], limit=1):
            raise einvoice.Unreadable("currency", document.currency or "–")

    # -------------------------------------------------------------------------
    # Documents and supplier
    # -------------------------------------------------------------------------

    def _import_attachments(self, invoice, tree):
        if self._coop_vendor_bill():
            self._coop_tidy_attachments(invoice, tree)
        return super()._import_attachments(invoice, tree)

    def _import_partner(self, company_id, name, phone, email, vat, **kwargs):
        registry = kwargs.pop("registry", "")
        if not self._coop_vendor_bill():
            return super()._import_partner(
                company_id, name, phone, email, vat, **kwargs
            )
        return self._coop_import_supplier(
            company_id, name, phone, email, vat, registry, kwargs
        )

    def _import_partner_bank(self, invoice, bank_details):
        if not self.env["res.partner.bank"].has_access("create"):
            # A new bank account is for someone who may check it.
            return None
        if not invoice.partner_id:
            return None
        return super()._import_partner_bank(
            invoice, [account for account in bank_details if account]
        )

    # -------------------------------------------------------------------------
    # Lines
    # -------------------------------------------------------------------------

    def _is_vendor_bill(self, record):
        return record._name == "account.move" and record.journal_id.type == "purchase"

    def _import_document_allowance_charges(self, tree, record, tax_type, qty_factor=1):
        if not self._is_vendor_bill(record):
            return super()._import_document_allowance_charges(
                tree, record, tax_type, qty_factor
            )
        # They come with the lines, where their taxes are known.
        return [], []

    def _import_rounding_amount(
        self, invoice, tree, xpath, document_type=False, qty_factor=1
    ):
        if not self._is_vendor_bill(invoice):
            return super()._import_rounding_amount(
                invoice, tree, xpath, document_type, qty_factor
            )
        return [], []

    def _import_lines(
        self, record, tree, xpath, document_type=False, tax_type=False, qty_factor=1
    ):
        if not self._is_vendor_bill(record):
            return super()._import_lines(
                record, tree, xpath, document_type, tax_type, qty_factor
            )
        document = einvoice.parse(tree)
        logs = []
        products = self._coop_find_products(record, document)
        taxes = self._coop_find_taxes(record, document, products)
        suspense = record._coop_suspense_account()
        values = []
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for position, (source, line) in enumerate(bill_lines(document, digits)):
            product = products.get(id(source), self.env["product.product"])
            rate = Decimal(0) if line.rate is None else line.rate
            tax = taxes.get((product.id, rate)) or taxes.get((False, rate))
            vals = {
                "sequence": 10 + position,
                "name": line.name or self.env._("Line %s", line.number or position),
                # Negative totals: a credit note, with its quantities reversed.
                "quantity": float(line.quantity * qty_factor),
                "price_unit": float(line.price),
                "discount": float(line.discount),
                "tax_ids": [Command.set(tax.ids if tax else [])],
                "bill_line_kind": line.kind,
                "bill_reference_ids": [
                    Command.create({"kind": kind, "value": value})
                    for kind, value in line.references
                ],
            }
            if product:
                vals["product_id"] = product.id
            if uom := self._coop_find_uom(line.unit):
                vals["product_uom_id"] = uom.id
            values.append(vals)
        for vat in document.vat:
            if not vat.tax or (vat.rate and taxes.get((False, vat.rate))):
                continue
            label = self.env._("VAT %s %% (rate unknown here)", f"{vat.rate:f}")
            logs.append(label)
            values.append(
                self._coop_extra_line(label, vat.tax * qty_factor, "tax", suspense)
            )
        if not document.vat and document.tax:
            label = self.env._("VAT (rates not given by the file)")
            values.append(
                self._coop_extra_line(label, document.tax * qty_factor, "tax", suspense)
            )
        if document.rounding:
            values.append(
                self._coop_extra_line(
                    self.env._("Rounding"),
                    document.rounding * qty_factor,
                    "rounding",
                    suspense,
                )
            )
        return values, logs

    def _coop_extra_line(self, name, amount, kind, account):
        vals = {
            "sequence": 900,
            "name": name,
            "quantity": 1.0,
            "price_unit": float(amount),
            "tax_ids": [Command.clear()],
            "bill_line_kind": kind,
        }
        if account:
            vals["account_id"] = account.id
        return vals

    def _coop_find_uom(self, code):
        """The unit of the file; none where it is unknown, then the product's."""
        if code in PIECE_CODES:
            code = "C62"
        for xmlid, unece in UOM_TO_UNECE_CODE.items():
            if unece == code:
                return self.env.ref(xmlid, raise_if_not_found=False)
        return None

    # -------------------------------------------------------------------------
    # Products
    # -------------------------------------------------------------------------

    def _coop_find_products(self, invoice, document):
        """``{id(file line): product}``: the supplier's price list first, then the EAN,
        then our own code where it is one of this supplier's articles. A name is never
        enough: it only suggests, at matching. Four queries, however many lines."""
        lines = document.lines
        company = invoice.company_id
        supplier = invoice.partner_id.commercial_partner_id
        skus = {line.sku for line in lines if line.sku}
        eans = {line.ean for line in lines if line.ean}
        codes = skus | {line.buyer_code for line in lines if line.buyer_code}
        mine = Domain("company_id", "in", [False, company.id])
        by_sku = defaultdict(set)
        sellers = self.env["product.supplierinfo"]
        if supplier:
            sellers = sellers.search(
                mine & Domain("partner_id", "child_of", supplier.ids)
            )
            for seller in sellers.filtered(lambda s: s.product_code in skus):
                product = seller.product_id or seller.product_tmpl_id.product_variant_id
                if len(seller.product_tmpl_id.product_variant_ids) == 1:
                    product = seller.product_tmpl_id.product_variant_id
                if product:
                    by_sku[seller.product_code].add(product)
        by_ean, by_code = defaultdict(set), defaultdict(set)
        found = self.env["product.product"].search(
            mine
            & (
                Domain("barcode", "in", list(eans))
                | Domain("default_code", "in", list(codes))
            )
        )
        for product in found:
            by_ean[product.barcode].add(product)
            if product.product_tmpl_id in sellers.product_tmpl_id:
                by_code[product.default_code].add(product)
        result = {}
        for line in lines:
            for index, key in (
                (by_sku, line.sku),
                (by_ean, line.ean),
                (by_code, line.buyer_code),
                (by_code, line.sku),
            ):
                # Two articles under one code: nobody knows which.
                if key and len(index.get(key, ())) == 1:
                    result[id(line)] = next(iter(index[key]))
                    break
        return result

    # -------------------------------------------------------------------------
    # Taxes
    # -------------------------------------------------------------------------

    def _coop_find_taxes(self, invoice, document, products):
        """``{(product id or False, rate): tax}``, tax excluded, in two queries.

        The product's own purchase tax where it has the file's rate; else the company's
        default; else the first domestic one of that rate. A reverse-charge tax would
        add to the tax accounts what the file does not bill: never chosen by its rate
        alone.
        """
        company = invoice.company_id
        candidates = self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(company),
                ("type_tax_use", "=", "purchase"),
                ("amount_type", "=", "percent"),
                ("price_include", "=", False),
            ]
        )
        plain = candidates.filtered(
            lambda tax: all(
                line.factor_percent >= 0
                for line in tax.invoice_repartition_line_ids
                if line.repartition_type == "tax"
            )
        )
        by_rate = {}
        default = company.account_purchase_tax_id
        preferred = [default] if default in plain else []
        for tax in [*preferred, *plain]:
            by_rate.setdefault(Decimal(str(tax.amount)), tax)
        result = {(False, rate): tax for rate, tax in by_rate.items()}
        for product in self.env["product.product"].union(*products.values()):
            for tax in product.supplier_taxes_id & plain:
                result[product.id, Decimal(str(tax.amount))] = tax
        # 20 and 20.00 are one key for Decimals; what the file does not use is harmless.
        return result

    def _coop_correct_tax(self, document, invoice):
        """The file's VAT by rate, whatever rounding the supplier's software uses."""
        currency = invoice.currency_id
        by_rate = defaultdict(Decimal)
        for vat in document.vat:
            by_rate[vat.rate] += vat.tax * document.sign
        sign = -1 if invoice.is_inbound(include_receipts=True) else 1
        for rate, tax in by_rate.items():
            tax_lines = invoice.line_ids.filtered(
                lambda line, rate=rate: (
                    line.tax_line_id.amount_type == "percent"
                    and Decimal(str(line.tax_line_id.amount)) == rate
                )
            )
            if not tax_lines:
                continue
            gap = float(tax) - sign * sum(tax_lines.mapped("amount_currency"))
            gap = currency.round(gap)
            if not currency.is_zero(gap):
                tax_lines[0].amount_currency += sign * gap
