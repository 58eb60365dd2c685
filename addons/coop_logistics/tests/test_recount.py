# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LogisticsCommon


@tagged("post_install", "-at_install")
class TestRecount(LogisticsCommon):
    """A wrong count is corrected until the distribution, with what follows from it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.eggs_offer = cls.window.offer_ids.filtered(
            lambda offer: offer.product_id == cls.eggs
        )
        ordered = sum(cls.eggs_offer.line_ids.mapped("product_uom_qty"))
        cls.ordered = ordered
        cls.receipt = cls._coop_receive(counted={cls.eggs: ordered - 2})
        cls.receipt.action_draft_claim()
        cls.move = cls.receipt.move_ids.filtered(lambda m: m.product_id == cls.eggs)

    def _recount(self, user, quantity):
        action = self.receipt.with_user(user).action_coop_recount()
        wizard = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        line = wizard.line_ids.filtered(lambda line: line.move_id == self.move)
        line.quantity = quantity
        return wizard

    def _in_stock(self):
        return self.eggs.with_context(
            location=self.receipt.location_dest_id.id
        ).qty_available

    def test_what_was_there_after_all(self):
        before = self._in_stock()
        self.assertEqual(self.receipt.claim_ids.line_ids.stock_move_id, self.move)
        wizard = self._recount(self.user_buyer, self.ordered)
        self.assertIn(self.eggs.display_name, wizard.effect)
        self.assertIn("claim", wizard.effect)
        wizard.action_apply()
        self.assertEqual(self.move.quantity, self.ordered)
        self.assertEqual(self._in_stock(), before + 2)
        self.assertEqual(
            self.eggs_offer.line_ids.mapped("quantity_allocated"),
            self.eggs_offer.line_ids.mapped("product_uom_qty"),
        )
        self.assertFalse(self.receipt.claim_ids)
        self.assertEqual(self.move.purchase_line_id.qty_received, self.ordered)
        self.assertTrue(
            any(
                row["kind"] == "share"
                for order in self.window.order_ids
                for row in order._coop_read_history()
            )
        )

    def test_less_than_counted(self):
        self._recount(self.user_buyer, self.ordered - 3).action_apply()
        self.assertEqual(
            sum(self.eggs_offer.line_ids.mapped("quantity_allocated")),
            self.ordered - 3,
        )
        self.assertEqual(self.receipt.claim_ids.line_ids.quantity, 3)

    def test_a_sent_claim_is_a_task(self):
        claim = self.receipt.claim_ids
        claim.action_mark_sent()
        wizard = self._recount(self.user_buyer, self.ordered)
        self.assertIn(claim.name, wizard.effect)
        wizard.action_apply()
        self.assertEqual(claim.state, "sent")
        self.assertTrue(claim.activity_ids)

    def test_not_once_the_baskets_are_handed_over(self):
        distribution = self.window.distribution_ids[0]
        distribution.action_prepare()
        distribution.action_open()
        with self.assertRaises(UserError):
            self._recount(self.user_buyer, self.ordered)

    def test_nobody_else(self):
        for user in (self.user_member, self.user_internal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.receipt.with_user(user).action_coop_recount()

    def test_absurd_counts_are_refused(self):
        with self.assertRaises(UserError):
            self._recount(self.user_buyer, self.ordered * 1000).action_apply()
        self.assertEqual(self.move.quantity, self.ordered - 2)

    def test_the_same_count_changes_nothing(self):
        messages = len(self.receipt.message_ids)
        self._recount(self.user_buyer, self.ordered - 2).action_apply()
        self.assertEqual(len(self.receipt.message_ids), messages)
