# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io

import xlsxwriter

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReconciliationCommon

UBL = """<?xml version="1.0" encoding="UTF-8"?>
<DespatchAdvice xmlns="urn:oasis:names:specification:ubl:schema:xsd:DespatchAdvice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:ID>BL-2026/05/12</cbc:ID><cbc:IssueDate>2026-05-12</cbc:IssueDate>
  <cac:OrderReference><cbc:ID>{order}</cbc:ID></cac:OrderReference>
  <cac:DespatchLine><cbc:ID>1</cbc:ID>
    <cbc:DeliveredQuantity unitCode="{unit}">18</cbc:DeliveredQuantity>
    <cac:Item><cbc:Name>Nougat tendre</cbc:Name>
      <cac:SellersItemIdentification><cbc:ID>NOUGATCUBES</cbc:ID>
      </cac:SellersItemIdentification></cac:Item>
  </cac:DespatchLine>
  <cac:DespatchLine><cbc:ID>2</cbc:ID>
    <cbc:DeliveredQuantity unitCode="C62">10</cbc:DeliveredQuantity>
    <cac:Item><cbc:Name>Huile</cbc:Name>
      <cac:StandardItemIdentification><cbc:ID>3518370400049</cbc:ID>
      </cac:StandardItemIdentification></cac:Item>
  </cac:DespatchLine>
</DespatchAdvice>"""


@tagged("post_install", "-at_install")
class TestDeliveryNoteImport(ReconciliationCommon):
    """What the supplier's file announces is what the receipt awaits."""

    def setUp(self):
        super().setUp()
        self.oil.barcode = "3518370400049"
        self.order = self._order([(self.oil, 10, 13.5), (self.nougat, 20, 6.9)])
        self.picking = self.order.picking_ids

    def _wizard(self, content, name="bl.csv", picking=True, user=None):
        if isinstance(content, str):
            content = content.encode()
        return (
            self.env["coop.delivery.note.import"]
            .with_user(user or self.warehouse)
            .create(
                {
                    "file": base64.b64encode(content),
                    "filename": name,
                    "picking_id": self.picking.id if picking else False,
                }
            )
        )

    def _announced(self):
        return {m.product_id: m.quantity_announced for m in self.picking.move_ids}

    def _ubl(self, unit="C62", order=None):
        return UBL.format(unit=unit, order=order or self.order.name)

    def test_despatch_advice(self):
        wizard = self._wizard(self._ubl(), "despatch.xml")
        wizard.action_read()
        self.assertEqual(wizard.line_ids.product_id, self.oil + self.nougat)
        self.assertEqual(sorted(wizard.line_ids.mapped("ordered")), [10.0, 20.0])
        self.assertFalse(wizard.missing_words)
        # Read, not written.
        self.assertFalse(self.picking.delivery_note_ref)
        wizard.action_confirm()
        self.assertEqual(self.picking.delivery_note_ref, "BL-2026/05/12")
        self.assertEqual(str(self.picking.delivery_note_date), "2026-05-12")
        self.assertEqual(self.picking.delivery_note_state, "announced")
        self.assertEqual(self._announced(), {self.oil: 10.0, self.nougat: 18.0})
        self.assertIn("18", self.picking.message_ids[0].body)

    def test_receipt_found_by_its_order(self):
        wizard = self._wizard(self._ubl(), "despatch.xml", picking=False)
        wizard.action_read()
        self.assertEqual(wizard.picking_id, self.picking)

    def test_sheet_as_people_keep_it(self):
        sheet = (
            f"Bon de livraison;BL 77;;\nDate;17/06/2026\nCommande;{self.order.name}\n\n"
            "Désignation;Référence;Qté livrée\n"
            "Nougats;nougat-cubes;18\nHuile d'olive Joio 50cl;;9,5\n;;\nTotal;;;9,5\n"
        )
        wizard = self._wizard(sheet.encode("cp1252"))
        wizard.action_read()
        self.assertEqual((wizard.number, str(wizard.date)), ("BL 77", "2026-06-17"))
        lines = wizard.line_ids
        self.assertEqual(lines.mapped("product_id"), self.oil)
        self.assertEqual(lines.mapped("quantity"), [18.0, 9.5])
        # The supplier writes it otherwise: a person says which article it is.
        lines[0].product_id = self.nougat
        wizard.action_confirm()
        self.assertEqual(self._announced(), {self.oil: 9.5, self.nougat: 18.0})

    def test_xlsx(self):
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["BL", "BL 78"])
            sheet.write_row(2, 0, ["EAN", "Quantité"])
            sheet.write_row(3, 0, [3518370400049, 7.5])
        wizard = self._wizard(buffer.getvalue(), "bl.xlsx")
        wizard.action_read()
        wizard.action_confirm()
        self.assertEqual(self._announced(), {self.oil: 7.5, self.nougat: 0.0})

    def test_part_of_a_delivery(self):
        wizard = self._wizard("BL;1\nEAN;Quantité\n3518370400049;4\n")
        wizard.action_read()
        self.assertIn(self.nougat.name, wizard.missing_words)
        wizard.is_complete = False
        wizard.action_confirm()
        self.assertEqual(self._announced(), {self.oil: 4.0, self.nougat: 20.0})

    def test_what_does_not_come_stays_so_under_another_number(self):
        wizard = self._wizard("BL;1\nEAN;Quantité\n3518370400049;10\n")
        wizard.action_read()
        wizard.action_confirm()
        self.picking.with_user(self.warehouse).delivery_note_ref = "BL-1 bis"
        self.assertEqual(self._announced(), {self.oil: 10.0, self.nougat: 0.0})

    def test_unit_is_converted(self):
        wizard = self._wizard(self._ubl(unit="DZN"), "despatch.xml")
        wizard.action_read()
        line = wizard.line_ids.filtered(lambda x: x.product_id == self.nougat)
        self.assertAlmostEqual(line.quantity, 216.0)

    def test_compared_with_ordered_and_counted(self):
        wizard = self._wizard(self._ubl(), "despatch.xml")
        wizard.action_read()
        wizard.action_confirm()
        self._receive(self.order, {self.oil: 10, self.nougat: 17})
        move = self.picking.move_ids.filtered(lambda m: m.product_id == self.nougat)
        self.assertEqual(
            (move.quantity_announced, move.quantity, move.discrepancy_quantity),
            (18.0, 17.0, -1.0),
        )
        self.assertEqual(self.picking.delivery_note_state, "disputed")

    def test_the_buyer_may_too(self):
        wizard = self._wizard(self._ubl(), "despatch.xml", user=self.buyer)
        wizard.action_read()
        wizard.action_confirm()
        self.assertEqual(self.picking.delivery_note_state, "announced")

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_not_the_accountant(self):
        with self.assertRaises(AccessError):
            self._wizard(self._ubl(), user=self.accountant)

    # -------------------------------------------------------------------------
    # One sentence each, and nothing half written
    # -------------------------------------------------------------------------

    def _refused(self, content, name="bl.csv", picking=True):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self._wizard(content, name, picking).action_read()
        self.env.invalidate_all()
        self.assertFalse(self.picking.delivery_note_ref)
        return str(caught.exception)

    def test_malformed_files(self):
        good = self._ubl()
        line = "<cbc:DeliveredQuantity unitCode"
        invoice = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
        files = {
            "empty": b"",
            "pdf": b"%PDF-1.4 x",
            "no headings": b"Nougat 18\nHuile 10\n",
            "no line": b"EAN;Quantite\n\n",
            "words": b"EAN;Quantite\n3518370400049;douze\n",
            "below zero": b"EAN;Quantite\n3518370400049;-3\n",
            "date": b"Date;hier\nEAN;Quantite\n3518370400049;3\n",
            "cut": good[: len(good) // 2],
            "an invoice": f'<Invoice xmlns="{invoice}"/>',
            "another xml": "<html/>",
            "no number": good.replace("<cbc:ID>BL-2026/05/12</cbc:ID>", ""),
            "no quantity": good.replace(f"{line}=", f"<cbc:Other {line[-8:]}=").replace(
                "</cbc:DeliveredQuantity>", "</cbc:Other>"
            ),
            "another order": self._ubl(order="PO-X"),
            "kilograms": self._ubl(unit="KGM"),
        }
        sentences = {}
        for label, content in files.items():
            with self.subTest(label):
                sentences[label] = self._refused(content, f"{label}.csv")
        self.assertEqual(len(set(sentences.values())), len(files), sentences)
        for label, sentence in sentences.items():
            self.assertGreater(len(sentence), 20, label)

    def test_receipt_unknown(self):
        self._refused(self._ubl(order="PO-X"), "despatch.xml", picking=False)
        self._refused("EAN;Quantité\n3518370400049;3\n", picking=False)

    def test_received_meanwhile(self):
        wizard = self._wizard(self._ubl(), "despatch.xml")
        wizard.action_read()
        self._receive(self.order)
        with self.assertRaisesRegex(UserError, self.picking.name):
            wizard.action_confirm()

    def test_without_a_number(self):
        wizard = self._wizard("EAN;Quantité\n3518370400049;4\n")
        wizard.action_read()
        with self.assertRaises(UserError):
            wizard.action_confirm()
        self.assertEqual(self.picking.delivery_note_state, "expected")

    def test_form_to_print(self):
        """In the supplier's language, with its own codes; for order and receipt."""
        report = self.env["ir.actions.report"]
        for xmlid, record in (
            ("report_delivery_note_form", self.picking),
            ("report_purchase_delivery_note_form", self.order),
        ):
            html, __ = report.with_user(self.buyer)._render_qweb_html(
                f"coop_reconciliation.{xmlid}", record.ids
            )
            text = html.decode()
            self.assertIn("NOUGATCUBES", text)
            self.assertIn(self.order.name, text)
            if self._has_french():
                self.assertIn("Bon de livraison", text)
