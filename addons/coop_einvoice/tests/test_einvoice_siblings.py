# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo.tests import tagged

from .common import EInvoiceCommon
from .einvoice_files import File, Row


@tagged("post_install", "-at_install")
class TestEInvoiceSiblings(EInvoiceCommon):
    """What the public examples do not show, in both syntaxes: the same amounts to the
    cent, and no line that says that something is missing."""

    def _both(self, file):
        """``[(syntax, bill)]``: read in UBL, then in CII under another number."""
        found = []
        number = file.number
        for syntax in ("ubl", "cii"):
            file.number = f"{number}-{syntax}"
            bill = self._upload(f"{syntax}.xml", getattr(file, syntax)())
            self.assertFalse(bill.einvoice_error, syntax)
            found.append((syntax, bill))
        file.number = number
        return found

    def _check(self, file, sign=1, kind="in_invoice"):
        __, untaxed, tax, total, __ = (sign * float(part) for part in file.totals)
        rounding, prepaid = sign * float(file.rounding), sign * float(file.prepaid)
        bills = []
        for syntax, bill in self._both(file):
            self.assertEqual(bill.move_type, kind, syntax)
            self.assertAlmostEqual(bill.amount_total, total + rounding, 2, syntax)
            self.assertAlmostEqual(bill.amount_untaxed, untaxed + rounding, 2, syntax)
            self.assertAlmostEqual(bill.amount_tax, tax, 2, syntax)
            self.assertAlmostEqual(bill.einvoice_prepaid, prepaid, 2, syntax)
            kinds = bill.invoice_line_ids.mapped("bill_line_kind")
            self.assertNotIn("adjustment", kinds)
            self.assertNotIn("tax", kinds)
            self.assertEqual(bill.currency_id.name, file.currency)
            bills.append(bill)
        self.assertEqual(len(bills), 2)
        return bills

    # -------------------------------------------------------------------------
    # Lines
    # -------------------------------------------------------------------------

    def test_weighed_goods_keep_each_cent(self):
        """Two amounts of 31.744: 63.48 as the supplier writes it, and not 63.49."""
        row = Row("Comté", "10.24", "3.10", "5.5", unit="KGM")
        bills = self._check(File([row, row, Row("Tomme", "0.333", "17.99", "5.5")]))
        self.assertEqual(bills[0].invoice_line_ids[0].price_subtotal, 31.74)

    def test_price_of_a_hundred(self):
        bills = self._check(File([Row("Œufs", "250", "25.00", "5.5", basis="100")]))
        for bill in bills:
            self.assertEqual(bill.invoice_line_ids.quantity, 250.0)
            self.assertAlmostEqual(bill.invoice_line_ids.price_unit, 0.25)

    def test_prices_of_four_decimals(self):
        rows = [Row(f"Article {n}", "7", "0.4567", "20") for n in range(9)]
        self._check(File(rows))

    def test_return_and_charges_of_several_rates(self):
        rows = [
            Row("Farine", "10", "2.00", "5.5"),
            Row("Retour de farine", "-2", "2.00", "5.5"),
            Row("Savon", "3", "4.10", "20"),
            Row("Offert", "1", "0.00", "20"),
        ]
        charges = (("-1.00", "Remise", "5.5"), ("9.50", "Frais de port", "20"))
        bills = self._check(File(rows, charges=charges))
        for bill in bills:
            lines = bill.invoice_line_ids
            self.assertEqual(lines.mapped("quantity"), [10.0, -2.0, 3.0, 1.0, 1.0, 1.0])
            self.assertEqual(
                lines.mapped("bill_line_kind")[-2:], ["discount", "freight"]
            )

    def test_allowance_of_a_line_by_amount(self):
        row = Row("Huile", "7", "3.33", charges=(("-1.11", "Remise"), ("0.40", "Tri")))
        bills = self._check(File([row]))
        for bill in bills:
            self.assertEqual(bill.invoice_line_ids.mapped("price_unit")[0], 3.33)

    def test_prepaid_and_rounding(self):
        for rounding in ("0.02", "-0.03"):
            file = File(
                [Row("Vin", "6", "7.77")],
                number=f"FA{rounding}",
                prepaid="20.00",
                rounding=rounding,
            )
            for bill in self._check(file):
                self.assertIn(
                    "rounding", bill.invoice_line_ids.mapped("bill_line_kind")
                )

    # -------------------------------------------------------------------------
    # VAT
    # -------------------------------------------------------------------------

    def test_categories_without_vat(self):
        for category in ("Z", "E", "AE", "K", "G", "O"):
            rate = None if category == "O" else "0"
            rows = [Row("Sans taxe", "3", "5.00", rate, category)]
            self._check(File(rows, number=f"FA-{category}"))

    def test_rate_of_the_category(self):
        """Lines and charges that name a category only have its rate."""
        row = Row("Pain", "3", "4.00", None)
        breakdown = (("5.5", "S", "11.00", "0.61"),)
        file = File([row], charges=(("-1.00", "Remise", None),), breakdown=breakdown)
        for bill in self._check(file):
            self.assertEqual(set(bill.invoice_line_ids.tax_ids.mapped("amount")), {5.5})

    def test_breakdown_without_its_rate(self):
        row = Row("Pain", "3", "4.00", None)
        self._check(File([row], breakdown=((None, "S", "12.00", "2.40"),)))

    def test_rate_beside_its_category(self):
        """UBL 2.0, and what still writes it: the rate is not in the category."""
        content = File([Row("Pain", "3", "4.00", "5.5")]).ubl()
        content = content.replace(b"<cac:ClassifiedTaxCategory>", b"<cac:Nothing>")
        content = content.replace(b"</cac:ClassifiedTaxCategory>", b"</cac:Nothing>")
        content = content.replace(
            b"<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>5.5</cbc:Percent>"
            b"</cac:TaxCategory>",
            b"<cbc:Percent>5.5</cbc:Percent>",
        )
        bill = self._upload("ubl20.xml", content)
        self.assertEqual(bill.invoice_line_ids.tax_ids.amount, 5.5)
        self.assertAlmostEqual(bill.amount_tax, 0.66)

    def test_vat_in_two_currencies(self):
        """The VAT is told in the accounting currency too: it is not the bill's."""
        self.env.ref("base.USD").active = True
        rows = [Row("Café", "10", "12.34"), Row("Thé", "2", "8.10", "5.5")]
        self._check(File(rows, currency="USD", tax_currency="EUR"))

    def test_rounded_vat_of_the_supplier(self):
        """The supplier rounds its VAT line by line: one cent more than ours."""
        rows = [Row(f"Article {n}", "1", "0.13") for n in range(3)]
        self._check(File(rows, breakdown=(("20", "S", "0.39", "0.09"),)))

    # -------------------------------------------------------------------------
    # Types
    # -------------------------------------------------------------------------

    def test_types_of_invoices(self):
        for code in ("380", "384", "386", "389", "326", "393"):
            self._check(File([Row("Miel", "2", "9.00")], code, code))

    def test_types_of_credit_notes(self):
        row = Row("Miel", "2", "9.00")
        for code in ("381", "261", "396"):
            self._check(File([row], f"A{code}", code), kind="in_refund")
        file = File([row], "A-root", "381", root="CreditNote")
        bill = self._upload("avoir.xml", file.ubl())
        self.assertEqual(bill.move_type, "in_refund")
        self.assertAlmostEqual(bill.amount_total, 21.60)

    def test_negative_invoice_is_a_credit_note(self):
        for code in ("380", "384"):
            rows = [Row("Miel", "-2", "9.00"), Row("Pot", "-1", "0.50")]
            file = File(rows, f"N{code}", code, charges=(("1.00", "Retenue", "20"),))
            bills = self._check(file, sign=-1, kind="in_refund")
            self.assertEqual(bills[0].invoice_line_ids.mapped("quantity")[0], 2.0)

    # -------------------------------------------------------------------------
    # Profiles without lines, lines within lines
    # -------------------------------------------------------------------------

    def test_no_lines_of_several_rates(self):
        file = File(
            breakdown=(
                ("5.5", "S", "100.00", "5.50"),
                ("20", "S", "50.00", "10.00"),
                ("0", "E", "7.00", "0.00"),
            ),
            charges=(("-10.00", "Remise", "5.5"), ("9.00", "Transport", "20")),
        )
        for bill in self._check(file):
            self.assertEqual(len(bill.invoice_line_ids), 5)

    def test_lines_within_lines(self):
        """A group repeats its details; details may only explain what is billed."""
        rows = [
            Row("Panier", "1", "30.00", number="1"),
            Row("Pommes", "2", "5.00", number="1.1", parent="1"),
            Row("Poires", "4", "5.00", number="1.2", parent="1"),
            Row("Miel", "1", "9.00", number="2"),
        ]
        cases = {
            # What is repeated, the status of the first, of the details; names billed.
            "groups": (("1",), "GROUP", "DETAIL", "Pommes Poires Miel"),
            "information": (("1.1", "1.2"), "DETAIL", "INFORMATION", "Panier Miel"),
            "details": (("1",), "", "", "Pommes Poires Miel"),
        }
        for number, (groups, parent, detail, names) in cases.items():
            rows[0].status = parent
            rows[1].status = rows[2].status = detail
            file = File(rows, number, groups=groups)
            with self.subTest(number):
                bill = self._upload(f"{number}.xml", file.cii())
                self.assertEqual(bill.invoice_line_ids.mapped("name"), names.split(" "))
                self.assertAlmostEqual(bill.amount_total, 46.80)
        # Details that do not make the price of what they explain.
        rows[1].price = "1.00"
        bill = self._upload(
            "explained.xml", File(rows, "E", groups=("1.1", "1.2")).cii()
        )
        self.assertEqual(bill.invoice_line_ids.mapped("name"), ["Panier", "Miel"])

    # -------------------------------------------------------------------------
    # What a file carries
    # -------------------------------------------------------------------------

    def test_documents_inside(self):
        pdf = base64.b64encode(b"%PDF-1.4 bon de livraison").decode()
        ubl = (
            "<cac:AdditionalDocumentReference><cbc:ID>{0}</cbc:ID><cac:Attachment>"
            '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf">{1}'
            "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
            "</cac:AdditionalDocumentReference>"
        )
        cii = (
            "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>{0}"
            "</ram:IssuerAssignedID><ram:AttachmentBinaryObject "
            'mimeCode="application/pdf" filename="C:\\doc\\{0}.pdf">{1}'
            "</ram:AttachmentBinaryObject></ram:AdditionalReferencedDocument>"
        )
        file = File([Row("Miel", "2", "9.00")])
        for syntax, template in (("ubl", ubl), ("cii", cii)):
            with self.subTest(syntax):
                file.number = syntax
                file.extra = (
                    template.format("BL1", f" {pdf}\n")
                    + template.format("BL2", "*** no base64 ***")
                    + template.format("BL3", "")
                )
                bill = self._upload(f"{syntax}.xml", getattr(file, syntax)())
                self.assertFalse(bill.einvoice_error)
                self.assertAlmostEqual(bill.amount_total, 21.60)
                found = bill.attachment_ids.filtered(lambda a: a.name == "BL1.pdf")
                self.assertEqual(found.raw, b"%PDF-1.4 bon de livraison")
                self.assertIn("BL2", "".join(bill.message_ids.mapped("body")))

    def test_dates_as_people_write_them(self):
        file = File([Row("Miel")], due="2026-07-17")
        ubl = file.ubl().replace(b">2026-06-17<", b"> 2026-06-17+02:00 <")
        file.number = "CII"
        cii = file.cii().replace(b">20260617<", b"> 2026-06-17 <")
        for content in (ubl, cii.replace(b">20260717<", b">20260717120000<")):
            bill = self._upload("x.xml", content)
            self.assertFalse(bill.einvoice_error)
            self.assertEqual(str(bill.invoice_date), "2026-06-17")
            self.assertEqual(str(bill.invoice_date_due), "2026-07-17")

    # -------------------------------------------------------------------------
    # Whose bill it is
    # -------------------------------------------------------------------------

    def test_name_within_a_name_is_another(self):
        """Core gives the bill of “Bio” to the only supplier named “Biocoop Nord”."""
        self.env["res.partner"].create({"name": "Biocoop Nord", "is_company": True})
        file = File([Row("Miel")], seller="Bio", vat="")
        for __, bill in self._both(file):
            self.assertFalse(bill.partner_id)
            self.assertIn("Bio", "".join(bill.message_ids.mapped("body")))

    def test_shared_email_is_no_identity(self):
        other = self.env["res.partner"].create(
            {
                "name": "Ferme A",
                "email": "compta@groupe.example",
                "vat": "FR23334175221",
            }
        )
        file = File(
            [Row("Miel")],
            seller="Ferme B",
            vat="FR83404833048",
            email="compta@groupe.example",
        )
        for __, bill in self._both(file):
            self.assertEqual(bill.partner_id.name, "Ferme B")
            self.assertNotEqual(bill.partner_id, other)

    def test_small_producer_without_vat(self):
        """No VAT number: the SIRET or the SIREN tells who it is."""
        producer = self.env["res.partner"].create(
            {"name": "Earl du Vallon", "company_registry": "40483304800022"}
        )
        file = File([Row("Miel")], seller="EARL DU VALLON (Luc)", vat="")
        for registry in ("40483304800022", "404 833 048 00022"):
            file.registry = registry
            file.number = registry
            for __, bill in self._both(file):
                self.assertEqual(bill.partner_id, producer)
        file.registry, file.number, file.seller = "552081317", "new", "Nouvelle ferme"
        bills = [bill for __, bill in self._both(file)]
        self.assertEqual(bills[0].partner_id.name, "Nouvelle ferme")
        self.assertEqual(bills[0].partner_id, bills[1].partner_id)

    def test_same_name_in_other_letters(self):
        self.supplier.vat = False
        file = File([Row("Miel")], seller="AU BON MOULIN", vat="")
        for __, bill in self._both(file):
            self.assertEqual(bill.partner_id, self.supplier)
