# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestWorkScreen(ReconciliationCommon):
    """What the accountant reads and does, the smart buttons, the receipt form."""

    def setUp(self):
        super().setUp()
        self.order = self._order(
            [(self.oil, 10, 13.5), (self.nougat, 20, 6.9)], name="PO1242"
        )
        self.picking = self._receive(
            self.order, {self.nougat: 18}, note="BL-2026/05/12"
        )
        self.bill = self._upload("ubl-fr-en16931.xml")

    def test_words(self):
        lang = "fr_FR" if self._has_french() else "en_US"
        summary = self.bill.with_context(lang=lang).match_summary
        self.assertIn("Nougats en cubes", summary)
        self.assertRegex(summary, r"13[.,]80")
        if lang == "fr_FR":
            self.assertIn("facturé", summary)

    def test_three_columns(self):
        table = self.bill.match_table
        for text in ("PO1242", "BL-2026/05/12", "Nougats en cubes", "Consigne"):
            self.assertIn(text, table)

    def test_work_list(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_reconciliation.account_move_match_action"
        )
        bills = (
            self.env["account.move"]
            .with_user(self.accountant)
            .search([("match_state", "=", "exception")])
        )
        self.assertIn(self.bill, bills)
        self.assertEqual(action["res_model"], "account.move")
        opened = self.bill.action_coop_open_match()
        self.assertEqual(opened["res_id"], self.bill.id)

    def test_wait_and_resume(self):
        self.bill.action_coop_wait()
        self.assertEqual(self.bill.match_state, "waiting")
        self.bill.action_coop_unwait()
        self.assertEqual(self.bill.match_state, "exception")

    def test_accept_and_reopen(self):
        self.bill.action_coop_accept()
        self.assertEqual(self.bill.match_state, "accepted")
        self.bill.bill_exception_ids.filtered(
            lambda e: e.kind == "quantity_over"
        ).action_reopen()
        self.assertEqual(self.bill.match_state, "exception")

    def test_what_cannot_be_claimed_says_so(self):
        bill = self._bill([(self._product("Sel", 1.0), 1, 1.0)], ref="X1")
        bill.action_coop_match()
        with self.assertRaises(UserError):
            bill.action_coop_claim()

    def test_smart_buttons_go_up_and_down(self):
        self.assertEqual(self.bill.matched_picking_ids, self.picking)
        self.assertEqual(self.picking.matched_bill_ids, self.bill)
        self.assertEqual(self.order.claim_count, 1)
        self.assertEqual(self.bill.claim_count, 1)
        self.assertEqual(self.picking.claim_count, 1)
        self.assertEqual(self.bill.purchase_order_count, 1)
        claim = self.order.claim_ids
        for action in (
            claim.action_view_bill(),
            claim.action_view_picking(),
            claim.action_view_purchase_order(),
            self.picking.action_view_matched_bills(),
            self.bill.action_view_matched_pickings(),
            self.order.action_view_claims(),
        ):
            self.assertTrue(action["res_id"])

    def test_receipt_form(self):
        order = self._order([(self.oil, 10, 13.5)])
        picking = order.picking_ids
        self.assertEqual(picking.delivery_note_state, "expected")
        with Form(picking.with_user(self.warehouse)) as form:
            form.delivery_note_ref = "BL-9"
            form.delivery_note_date = "2026-06-14"
        self.assertEqual(picking.delivery_note_state, "announced")
        self.assertAlmostEqual(picking.move_ids.quantity_announced, 10.0)
        with (
            Form(picking.with_user(self.warehouse)) as form,
            form.move_ids.edit(0) as move,
        ):
            move.quantity_announced = 9
        picking.move_ids.write({"quantity": 9, "picked": True})
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_create_backorder=picking.ids
        ).button_validate()
        self.assertEqual(picking.delivery_note_state, "checked")
        self.assertAlmostEqual(picking.move_ids[0].discrepancy_quantity, 0.0)

    def test_claim_form(self):
        with Form(self.order.claim_ids.with_user(self.buyer)) as form:
            form.note = "Merci"
        self.assertEqual(self.order.claim_ids.note, "Merci")
