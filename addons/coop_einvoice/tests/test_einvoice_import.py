# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
import re

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DATA, EInvoiceCommon

IMPORT_LOGGER = "odoo.addons.account.models.account_document_import_mixin"


@tagged("post_install", "-at_install")
class TestEInvoiceImport(EInvoiceCommon):
    """Totals equal the file's to the cent; nothing that the file says is lost."""

    def test_every_file_keeps_its_totals(self):
        expected = json.loads((DATA / "expected.json").read_text())
        self.assertEqual(len(expected), 28)
        for name, wanted in expected.items():
            with self.subTest(name):
                bill = self._upload(name)
                sign = -1 if wanted["total"] < 0 else 1
                refund = wanted["type_code"] == "381" or sign < 0
                self.assertFalse(bill.einvoice_error)
                self.assertEqual(
                    bill.move_type, "in_refund" if refund else "in_invoice"
                )
                self.assertEqual(bill.ref, wanted["number"])
                self.assertAlmostEqual(bill.amount_total, sign * wanted["total"], 2)
                # A missing rate is booked apart: only the total must then agree.
                if "tax" not in bill.invoice_line_ids.mapped("bill_line_kind"):
                    self.assertAlmostEqual(
                        bill.amount_untaxed, sign * wanted["untaxed"], 2
                    )
                    self.assertAlmostEqual(bill.amount_tax, sign * wanted["tax"], 2)
                self.assertAlmostEqual(
                    bill.einvoice_prepaid, wanted.get("prepaid", 0.0), 2
                )

    def test_every_file_keeps_its_lines(self):
        expected = json.loads((DATA / "expected.json").read_text())
        for name, wanted in expected.items():
            with self.subTest(name):
                bill = self._upload(name)
                sign = -1 if wanted["total"] < 0 else 1
                lines = bill.invoice_line_ids.filtered(
                    lambda x: x.display_type == "product"
                )
                for line in wanted["lines"]:
                    same = lines.filtered(
                        lambda x, line=line, sign=sign: (
                            (x.name or "").startswith(line["name"])
                            and abs(x.quantity - sign * line["quantity"]) < 0.001
                        )
                    )
                    self.assertTrue(same, line["name"])

    def test_every_file_keeps_its_references(self):
        expected = json.loads((DATA / "expected.json").read_text())
        kinds = {
            "order_reference_bt13": "bt13",
            "receiving_advice_bt15": "bt15",
            "despatch_advice_bt16": "bt16",
            "preceding_invoice_bt25": "bt25",
            "delivery_note": "bt16",
        }
        for name, wanted in expected.items():
            with self.subTest(name):
                references = self._upload(name).bill_reference_ids
                found = {(r.kind, r.value) for r in references}
                for key, kind in kinds.items():
                    if wanted.get(key):
                        self.assertIn((kind, wanted[key]), found)
                line_references = {
                    r.value for r in references if r.kind == "bt132" and r.bill_line_id
                }
                for line in wanted["lines"]:
                    if line.get("order_line_bt132"):
                        self.assertIn(line["order_line_bt132"], line_references)

    def test_french_example(self):
        bill = self._upload("ubl-fr-en16931.xml")
        self.assertEqual(bill.commercial_partner_id, self.supplier)
        self.assertAlmostEqual(bill.amount_untaxed, 273.0, 2)
        self.assertAlmostEqual(bill.amount_tax, 35.03, 2)
        self.assertAlmostEqual(bill.amount_total, 308.03, 2)
        goods = bill.invoice_line_ids.filtered("product_id")
        self.assertEqual(goods.product_id, self.oil + self.nougat)
        self.assertEqual(goods.mapped("quantity"), [10.0, 20.0])
        self.assertEqual(goods.mapped("price_unit"), [13.5, 6.9])
        self.assertEqual(goods.mapped("tax_ids.amount"), [5.5, 20.0])
        self.assertEqual(
            sorted((bill.invoice_line_ids - goods).mapped("bill_line_kind")),
            ["deposit", "discount", "freight"],
        )

    def test_missing_rate_keeps_the_total(self):
        bill = self._upload("cii-partial-invoice-2.xml")
        self.assertAlmostEqual(bill.amount_total, 23.54, 2)
        line = bill.invoice_line_ids.filtered(lambda x: x.bill_line_kind == "tax")
        self.assertAlmostEqual(line.price_subtotal, 1.54, 2)

    def test_supplier_code_before_ean(self):
        """The supplier's article code wins over an EAN that another article bears."""
        other = self._product("Autre nougat", 5.0, "AUTRE", barcode="3518370400049")
        bill = self._upload("ubl-fr-en16931.xml")
        self.assertNotIn(other, bill.invoice_line_ids.product_id)
        self.env["product.supplierinfo"].search(
            [("product_code", "=", "NOUGATCUBES")]
        ).product_code = False
        content = (DATA / "ubl-fr-en16931.xml").read_bytes()
        bill = self._upload("x.xml", content.replace(b"F124212", b"F124213"))
        self.assertIn(other, bill.invoice_line_ids.product_id)

    def test_a_name_is_never_enough(self):
        self.env["product.supplierinfo"].search(
            [("partner_id", "=", self.supplier.id)]
        ).product_code = False
        bill = self._upload("ubl-fr-en16931.xml")
        self.assertFalse(bill.invoice_line_ids.product_id)

    def test_clerk_without_right_on_contacts(self):
        """The bill is read all the same; the supplier is chosen by hand."""
        name = "ubl-xrechnung-01.01a.xml"
        supplier = self._upload(name).commercial_partner_id
        supplier.sudo().bank_ids.unlink()
        self.env.cr.execute(
            "UPDATE res_partner SET active = false WHERE id = %s", supplier.ids
        )
        self.env.invalidate_all()
        bill = self._upload(name, user=self.clerk)
        self.assertFalse(bill.einvoice_error)
        self.assertFalse(bill.partner_id)
        self.assertAlmostEqual(bill.amount_total, 336.90, 2)

    def test_several_files_at_once(self):
        env = self.env(user=self.accountant)
        attachments = env["ir.attachment"].create(
            [
                {"name": name, "raw": (DATA / name).read_bytes()}
                for name in ("ubl-peppol-base.xml", "ubl-xrechnung-01.01a.xml")
            ]
        )
        action = (
            env["account.journal"]
            .with_context(default_move_type="in_invoice")
            .create_document_from_attachment(attachments.ids)
        )
        bills = env["account.move"].search(action["domain"])
        self.assertEqual(sorted(bills.mapped("amount_total")), [336.9, 1656.25])

    # -------------------------------------------------------------------------
    # Files that cannot be read
    # -------------------------------------------------------------------------

    @mute_logger(IMPORT_LOGGER)
    def _refused(self, content, name="facture.xml"):
        bill = self._upload(name, content)
        self.assertFalse(bill.invoice_line_ids)
        self.assertFalse(bill.bill_reference_ids)
        self.assertFalse(bill.ref)
        self.assertFalse(bill.partner_id)
        self.assertEqual(len(bill.attachment_ids), 1)
        self.assertTrue(bill.einvoice_error)
        self.assertIn(name, bill.einvoice_error)
        # It is told in the thread too, once.
        bodies = bill.message_ids.mapped("body")
        self.assertEqual(
            sum(re.sub("<.*?>", "", b).count(name) > 0 for b in bodies), 1, bodies
        )
        return bill.einvoice_error

    def test_malformed_files(self):
        good = (DATA / "ubl-fr-en16931.xml").read_bytes()
        broken = {
            "truncated": good[: len(good) // 2],
            "not an invoice": b"<?xml version='1.0'?><html><body/></html>",
            "empty": b"<?xml version='1.0'?>",
            "amount": good.replace(b">308.03<", b">trois cents<", 1),
            "infinite": good.replace(b">308.03<", b">Infinity<", 1),
            "no total": good.replace(b"TaxInclusiveAmount", b"Something").replace(
                b"PayableAmount", b"Else"
            ),
            "date": good.replace(
                b"2026-06-17</cbc:IssueDate", b"17/06/26</cbc:IssueDate"
            ),
            "no number": good.replace(b"<cbc:ID>F124212</cbc:ID>", b"", 1),
            "line": good.replace(
                b">138.00</cbc:LineExtensionAmount", b"></cbc:LineExtensionAmount"
            ),
            "entity": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///x">]>'
            b"<a>&b;</a>",
        }
        sentences = {}
        for label, content in broken.items():
            with self.subTest(label):
                sentences[label] = self._refused(content)
        # Each says what is wrong with it, and no other.
        self.assertEqual(len(broken), 10)
        self.assertEqual(len(set(sentences.values())), 10, sentences)

    def test_wrong_currency(self):
        """A currency that the company does not use: the total is kept, in it."""
        dollar = self.env.ref("base.USD")
        dollar.active = False
        content = (DATA / "ubl-fr-en16931.xml").read_bytes()
        content = content.replace(b'"EUR"', b'"USD"')
        content = content.replace(b">EUR</cbc:Doc", b">USD</cbc:Doc")
        bill = self._upload("dollars.xml", content)
        self.assertAlmostEqual(bill.amount_total, 308.03, 2)
        self.assertEqual(bill.currency_id.name, "USD")
        self.assertFalse(bill.einvoice_error)

    def test_unknown_currency(self):
        content = (DATA / "ubl-fr-en16931.xml").read_bytes()
        content = content.replace(b'"EUR"', b'"XQX"')
        content = content.replace(b">EUR</cbc:Doc", b">XQX</cbc:Doc")
        self.assertIn("XQX", self._refused(content))

    def test_sentence_says_what_to_do(self):
        good = (DATA / "ubl-fr-en16931.xml").read_bytes()
        sentence = self._refused(good.replace(b">308.03<", b">x<", 1))
        self.assertIn("“x”", sentence)
