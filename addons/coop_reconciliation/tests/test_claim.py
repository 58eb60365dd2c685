# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from ast import literal_eval

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DATA, ReconciliationCommon


@tagged("post_install", "-at_install")
class TestClaim(ReconciliationCommon):
    """From the difference to the credit note that closes it."""

    def setUp(self):
        super().setUp()
        self.order = self._order(
            [(self.oil, 10, 13.5), (self.nougat, 20, 6.9)], name="PO1242"
        )
        self.picking = self._receive(
            self.order, {self.nougat: 18}, note="BL-2026/05/12"
        )
        self.bill = self._upload("ubl-fr-en16931.xml")
        self.claim = self.order.claim_ids.with_user(self.buyer)

    def _credit_xml(self, amount="13.80", cites="F124212", number="AV-1", note=""):
        """A credit note in UBL: nougats at 20 %."""
        tax = f"{float(amount) * 0.2:.2f}"
        total = f"{float(amount) * 1.2:.2f}"
        good = (DATA / "ubl-peppol-creditnote.xml").read_text()
        party = (DATA / "ubl-fr-en16931.xml").read_text()
        start = party.index("<cac:AccountingSupplierParty>")
        end = party.index("<cac:AccountingCustomerParty>")
        head = good[: good.index("<cbc:CustomizationID>")]
        reference = (
            "<cac:BillingReference><cac:InvoiceDocumentReference>"
            f"<cbc:ID>{cites}</cbc:ID></cac:InvoiceDocumentReference>"
            "</cac:BillingReference>"
            if cites
            else ""
        )
        category = (
            "<cbc:ID>S</cbc:ID><cbc:Percent>20</cbc:Percent>"
            "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
        )
        return (
            f"""{head}
            <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
            <cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-06-25</cbc:IssueDate>
            <cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>
            <cbc:Note>{note}</cbc:Note>
            <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
            {reference}{party[start:end]}
            <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>
              <cac:TaxSubtotal>
                <cbc:TaxableAmount currencyID="EUR">{amount}</cbc:TaxableAmount>
                <cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>
                <cac:TaxCategory>{category}</cac:TaxCategory>
              </cac:TaxSubtotal></cac:TaxTotal>
            <cac:LegalMonetaryTotal>
              <cbc:TaxExclusiveAmount currencyID="EUR">{amount}</cbc:TaxExclusiveAmount>
              <cbc:TaxInclusiveAmount currencyID="EUR">{total}</cbc:TaxInclusiveAmount>
              <cbc:PayableAmount currencyID="EUR">{total}</cbc:PayableAmount>
            </cac:LegalMonetaryTotal>
            <cac:CreditNoteLine><cbc:ID>1</cbc:ID>
              <cbc:CreditedQuantity unitCode="C62">2</cbc:CreditedQuantity>
              <cbc:LineExtensionAmount>{amount}</cbc:LineExtensionAmount>
              <cac:Item><cbc:Name>Nougats en cubes</cbc:Name>
                <cac:SellersItemIdentification><cbc:ID>NOUGATCUBES</cbc:ID>
                </cac:SellersItemIdentification>
                <cac:ClassifiedTaxCategory>{category}</cac:ClassifiedTaxCategory>
              </cac:Item>
              <cac:Price><cbc:PriceAmount currencyID="EUR">{float(amount) / 2}"""
            """</cbc:PriceAmount></cac:Price>
            </cac:CreditNoteLine></CreditNote>"""
        ).encode()

    # -------------------------------------------------------------------------

    def test_drafted_once(self):
        self.assertEqual(len(self.claim), 1)
        self.assertEqual(self.claim.state, "draft")
        self.assertEqual(self.claim.bill_id, self.bill)
        self.assertEqual(self.claim.picking_id, self.picking)
        self.assertAlmostEqual(self.claim.line_ids.quantity, 2.0)
        self.bill.action_coop_match()
        self.assertEqual(self.order.claim_ids, self.claim)
        self.assertEqual(len(self.claim.line_ids), 1)

    def test_sent_from_the_order(self):
        with self.mock_mail():
            self.order.with_user(self.buyer).action_send_claims()
        self.assertEqual(self.claim.state, "sent")
        mail = self.env["mail.mail"].search(
            [("model", "=", "coop.supplier.claim"), ("res_id", "=", self.claim.id)]
        )
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.supplier)
        self.assertIn(self.claim.name, mail.subject)
        if self._has_french():
            self.assertIn("Réclamation", mail.subject)
        pdf = mail.attachment_ids.filtered(lambda a: a.name.endswith(".pdf"))
        self.assertEqual(len(pdf), 1)
        self.assertTrue(base64.b64decode(pdf.datas).startswith(b"%PDF"))
        # The difference is decided: the bill may be posted.
        self.assertEqual(self.bill.match_state, "accepted")
        with self.assertRaises(UserError):
            self.order.with_user(self.buyer).action_send_claims()

    def mock_mail(self):
        from unittest.mock import patch

        report = type(self.env["ir.actions.report"])
        return patch.object(
            report, "_render_qweb_pdf", lambda *a, **k: (b"%PDF-1.4 claim", "pdf")
        )

    def test_photo_goes_with_the_mail(self):
        # A white pixel.
        self.claim.line_ids.photo = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI"
            "7wAAAABJRU5ErkJggg=="
        )
        with self.mock_mail():
            self.claim.action_send()
        mail = self.env["mail.mail"].search(
            [("model", "=", "coop.supplier.claim"), ("res_id", "=", self.claim.id)]
        )
        self.assertEqual(len(mail.attachment_ids), 2)

    def test_supplier_without_address(self):
        self.supplier.email = False
        with self.assertRaisesRegex(UserError, self.supplier.name):
            self.claim.action_send()
        self.assertEqual(self.claim.state, "draft")
        self.claim.action_mark_sent()
        self.assertEqual(self.claim.state, "sent")

    def test_credit_note_closes_it(self):
        self.policy.auto_post = True
        self.claim.action_mark_sent()
        credit = self._upload("avoir.xml", self._credit_xml())
        self.assertEqual(credit.move_type, "in_refund")
        self.assertAlmostEqual(credit.amount_total, 16.56, 2)
        self.assertEqual(credit.reversed_entry_id, self.bill)
        self.assertEqual(credit.credited_claim_ids, self.claim)
        self.assertFalse(self._kinds(credit))
        self.assertEqual(credit.state, "posted")
        self.assertEqual(self.claim.state, "closed")
        line = self.order.order_line.filtered(lambda x: x.product_id == self.nougat)
        self.assertAlmostEqual(line.qty_invoiced, 18.0)
        self.assertEqual(self.picking.delivery_note_state, "checked")

    def test_credit_note_found_by_the_claim_number(self):
        self.claim.action_mark_sent()
        note = f"Avoir suite à {self.claim.name}"
        credit = self._upload("a.xml", self._credit_xml(cites="", note=note))
        self.assertEqual(credit.credited_claim_ids, self.claim)

    def test_credit_note_found_by_its_amount(self):
        self.claim.action_mark_sent()
        credit = self._upload("a.xml", self._credit_xml(cites=""))
        self.assertEqual(credit.credited_claim_ids, self.claim)

    def _second_claim(self, number="F2", order_name=None):
        """Two more nougats billed and not received, on another bill."""
        order = self._order([(self.nougat, 20, 6.9)], name=order_name)
        self._receive(order, {self.nougat: 18})
        bill = self._bill([(self.nougat, 20, 6.9)], ref=number, order=order)
        bill.action_coop_match()
        order.claim_ids.action_mark_sent()
        return order.claim_ids

    def test_amount_of_two_claims_is_only_suggested(self):
        self.claim.action_mark_sent()
        other = self._second_claim()
        credit = self._upload("a.xml", self._credit_xml(cites=""))
        self.assertFalse(credit.credited_claim_ids)
        self.assertEqual(credit.possible_claim_ids, self.claim + other)
        self.assertEqual(self._kinds(credit), ["no_order"])
        # The accountant chooses; the credit note then is as if it had cited it.
        other.with_user(self.accountant).with_context(
            credit_note_id=credit.id
        ).action_credited_by()
        self.assertEqual(credit.credited_claim_ids, other)
        self.assertFalse(credit.possible_claim_ids)
        self.assertFalse(self._kinds(credit))
        self.assertEqual(credit.reversed_entry_id, other.bill_id)
        self.assertEqual(other.state, "credited")
        self.assertEqual(self.claim.state, "sent")

    def test_two_claims_on_the_cited_bill_are_only_suggested(self):
        """Neither the amount of one of them nor of both."""
        self.claim.action_mark_sent()
        other = self._second_claim()
        other.bill_id = self.bill
        credit = self._upload("a.xml", self._credit_xml(amount="6.90"))
        self.assertFalse(credit.credited_claim_ids)
        self.assertEqual(credit.possible_claim_ids, self.claim + other)

    def test_two_claims_on_the_cited_bill_credited_together(self):
        self.claim.action_mark_sent()
        other = self._second_claim()
        other.bill_id = self.bill
        credit = self._upload("a.xml", self._credit_xml(amount="27.60"))
        self.assertEqual(credit.credited_claim_ids, self.claim + other)

    def test_credited_in_two_parts(self):
        self.claim.action_mark_sent()
        self._upload("a.xml", self._credit_xml(amount="6.90"))
        self.assertEqual(self.claim.state, "sent")
        second = self._credit_xml(amount="6.90", cites="", number="AV-2")
        note = f"<cbc:Note>{self.claim.name}</cbc:Note>".encode()
        second = second.replace(b"<cbc:Note></cbc:Note>", note)
        credit = self._upload("b.xml", second)
        self.assertEqual(credit.credited_claim_ids, self.claim)
        self.assertEqual(self.claim.state, "credited")
        self.assertEqual(len(self.claim.credit_note_ids), 2)

    def test_credit_note_of_another_supplier_is_refused(self):
        self.claim.action_mark_sent()
        stranger = self.env["res.partner"].create({"name": "Autre"})
        credit = self._bill([(self.nougat, 2, 6.9)], "AV-9", move_type="in_refund")
        credit.partner_id = stranger
        with self.assertRaisesRegex(UserError, self.claim.name):
            self.claim.with_context(credit_note_id=credit.id).action_credited_by()

    def test_credit_note_about_another_invoice(self):
        self.claim.action_mark_sent()
        other = self._bill([(self.nougat, 2, 6.9)], ref="F999")
        credit = self._upload("a.xml", self._credit_xml(cites="F999"))
        self.assertFalse(credit.credited_claim_ids)
        self.assertEqual(credit.reversed_entry_id, other)
        self.assertEqual(self.claim.state, "sent")

    def test_credit_note_too_small(self):
        self.claim.action_mark_sent()
        credit = self._upload("a.xml", self._credit_xml(amount="6.90"))
        self.assertEqual(self._kinds(credit), ["credit_pending"])
        self.assertAlmostEqual(credit.bill_exception_ids.amount, 6.90)
        self.assertEqual(self.claim.state, "sent")

    def test_credit_note_matched_again_changes_nothing(self):
        self.claim.action_mark_sent()
        credit = self._upload("a.xml", self._credit_xml())
        before = self._snapshot(credit), self.claim.credit_note_ids
        credit.action_coop_match()
        self.assertEqual((self._snapshot(credit), self.claim.credit_note_ids), before)

    def test_price_is_claimed_on_the_same_claim(self):
        """Two differences of one order make one claim."""
        order = self._order([(self.oil, 10, 13.5), (self.nougat, 20, 6.9)])
        self._receive(order, {self.nougat: 18})
        bill = self._bill(
            [(self.oil, 10, 14.0), (self.nougat, 20, 6.9)], ref="F2", order=order
        )
        bill.action_coop_match()
        self.assertEqual(len(order.claim_ids), 1)
        self.assertAlmostEqual(order.claim_ids.expected_credit, 18.80)

    def test_claimed_at_reception_is_not_claimed_twice(self):
        order = self._order([(self.nougat, 20, 6.9)])
        picking = self._receive(order, {self.nougat: 18}, note="BL-77")
        picking.with_user(self.buyer).action_draft_claim()
        self.assertAlmostEqual(order.claim_ids.expected_credit, 13.80)
        bill = self._bill([(self.nougat, 20, 6.9)], ref="F3", order=order)
        bill.action_coop_match()
        self.assertEqual(len(order.claim_ids.line_ids), 1)
        self.assertEqual(order.claim_ids.bill_id, bill)
        self.assertAlmostEqual(order.claim_ids.expected_credit, 13.80)

    def test_accepting_needs_no_claim(self):
        self.policy.auto_post = True
        self.bill.action_coop_accept()
        self.assertEqual(self.bill.match_state, "accepted")
        self.assertEqual(self.bill.state, "posted")
        self.assertAlmostEqual(self.bill.amount_total, 308.03, 2)

    def test_claim_key(self):
        action = self.bill.action_coop_claim()
        self.assertEqual(action["res_id"], self.claim.id)

    def test_sent_claim_is_kept(self):
        self.claim.action_mark_sent()
        with self.assertRaises(UserError):
            self.claim.unlink()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_warehouse_may_draft_but_not_delete(self):
        claim = self.claim.with_user(self.warehouse)
        self.assertTrue(claim.read(["name"]))
        with self.assertRaises(AccessError):
            claim.unlink()

    def test_names_are_numbered_in_one_go(self):
        vals = {
            "partner_id": self.supplier.id,
            "line_ids": [Command.create({"product_id": self.oil.id})],
        }
        claims = self.env["coop.supplier.claim"].create([dict(vals), dict(vals)])
        self.assertEqual(len(set(claims.mapped("name"))), 2)

    def test_expected_credits(self):
        """Sent and not credited yet: in the report of the buyer; closed: no more."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_reconciliation.coop_expected_credit_action"
        )
        claims = self.env["coop.supplier.claim"].with_user(self.buyer)
        domain = literal_eval(action["domain"])
        claim = claims.create({"partner_id": self.supplier.id})
        self.assertNotIn(claim, claims.search(domain))
        claim.action_mark_sent()
        self.assertIn(claim, claims.search(domain))
        claim.action_close()
        self.assertNotIn(claim, claims.search(domain))
