# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestClaimReception(ReconciliationCommon):
    """What the warehouse finds wrong is claimed, also where nothing is missing."""

    def setUp(self):
        super().setUp()
        self.order = self._order([(self.oil, 10, 13.5), (self.nougat, 20, 6.9)])
        self.picking = self.order.picking_ids
        self.move = self.picking.move_ids.filtered(
            lambda move: move.product_id == self.nougat
        )

    def _say(self, code):
        reason = self.env.ref(f"coop_reconciliation.coop_discrepancy_reason_{code}")
        self.move.with_user(self.warehouse).discrepancy_reason_id = reason

    def test_damaged_is_claimed_by_itself(self):
        """Twenty came, as announced, and they are crushed: no bill would show it."""
        self._say("damaged")
        self._receive(self.order, note="BL-1")
        claim = self.order.claim_ids
        self.assertEqual((claim.state, claim.reason), ("draft", "damaged"))
        self.assertEqual(claim.line_ids.stock_move_id, self.move)
        self.assertAlmostEqual(claim.line_ids.quantity, 20.0)
        self.assertAlmostEqual(claim.expected_credit, 138.0)
        self.assertEqual(claim.user_id, self.buyer)
        self.assertEqual(self.picking.delivery_note_state, "disputed")

    def test_the_mail_speaks_of_a_bill_only_where_there_is_one(self):
        template = self.env.ref("coop_reconciliation.coop_supplier_claim_mail_template")
        self._say("damaged")
        self._receive(self.order, note="BL-1")
        claim = self.order.claim_ids

        def body():
            return template.with_context(lang="en_US")._render_field(
                "body_html", claim.ids, set_lang="en_US"
            )[claim.id]

        self.assertIn("Something is wrong with your delivery (our order", body())
        self.assertNotIn("invoice", body())
        claim.bill_id = self._bill([(self.oil, 10, 13.5)], ref="F-77")
        self.assertRegex(body(), r"and your invoice <strong>F-77</strong> \(our order")

    def test_some_are_damaged(self):
        """Those counted are the good ones: the others are claimed."""
        self._say("quality")
        self._receive(self.order, {self.nougat: 17}, note="BL-1")
        claim = self.order.claim_ids
        self.assertEqual(claim.reason, "quality")
        self.assertAlmostEqual(claim.line_ids.quantity, 3.0)

    def test_by_hand_where_the_policy_says_so(self):
        """The receipt stays in dispute, which shows the button."""
        self.policy.auto_claim = False
        self._say("wrong")
        self._receive(self.order, note="BL-1")
        self.assertFalse(self.order.claim_ids)
        self.assertEqual(self.picking.delivery_note_state, "disputed")
        self.picking.with_user(self.warehouse).action_draft_claim()
        self.assertEqual(self.order.claim_ids.reason, "wrong_item")

    def test_weight_as_weighed_is_not_claimed(self):
        self._say("weight")
        self._receive(self.order, {self.nougat: 19.5}, note="BL-1")
        self.assertFalse(self.order.claim_ids)

    def test_shortage_is_claimed_once_with_its_bill(self):
        self._say("missing")
        self._receive(self.order, {self.nougat: 18}, note="BL-1")
        claim = self.order.claim_ids
        self.assertEqual(claim.reason, "shortage")
        bill = self._bill(
            [(self.oil, 10, 13.5), (self.nougat, 20, 6.9)], order=self.order
        )
        self._match(bill)
        self.assertEqual(self.order.claim_ids, claim)
        self.assertEqual(claim.bill_id, bill)
        self.assertAlmostEqual(claim.line_ids.quantity, 2.0)
