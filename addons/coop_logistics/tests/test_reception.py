# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LogisticsCommon


@tagged("post_install", "-at_install")
class TestReception(LogisticsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receipt = cls._coop_close()

    def _as_buyer(self):
        return self.receipt.with_user(self.user_buyer)

    def test_all_good_counts_as_ordered(self):
        receipt = self._as_buyer()
        receipt.delivery_note_ref = "BL 12"
        receipt.action_coop_all_good()
        self.assertEqual(receipt.coop_counted_count, 3)
        receipt.action_coop_receive()
        self.assertEqual(receipt.state, "done")
        self.assertEqual(receipt.delivery_note_state, "checked")
        self.assertEqual(self._line(self.order, self.eggs).quantity_allocated, 3.0)

    def test_all_good_keeps_what_was_corrected(self):
        receipt = self._as_buyer()
        receipt.delivery_note_ref = "BL 12"
        move = receipt.move_ids.filtered(lambda m: m.product_id == self.eggs)
        move.quantity = 5.0
        move.picked = True
        move.discrepancy_reason_id = self.env["coop.discrepancy.reason"].search(
            [], limit=1
        )
        receipt.action_coop_all_good()
        self.assertEqual(move.quantity, 5.0)
        receipt.action_coop_receive()
        self.assertEqual(move.discrepancy_quantity, -4.0)
        self.assertEqual(receipt.delivery_note_state, "disputed")
        self.assertFalse(receipt.backorder_ids)
        allocated = self.window.order_ids.order_line.filtered(
            lambda line: line.product_id == self.eggs
        ).mapped("quantity_allocated")
        self.assertEqual(sum(allocated), 5.0)

    def test_the_rest_comes_later(self):
        receipt = self._as_buyer()
        receipt.delivery_note_ref = "BL 12"
        for move in receipt.move_ids:
            move.quantity = 1.0
            move.picked = True
        receipt.action_coop_receive_partly()
        self.assertEqual(receipt.state, "done")
        self.assertTrue(receipt.backorder_ids)

    def test_delivery_note_number_is_asked(self):
        receipt = self._as_buyer()
        receipt.action_coop_all_good()
        with self.assertRaises(UserError):
            receipt.action_coop_receive()
        self.assertNotEqual(receipt.state, "done")

    def test_uncounted_lines_are_named(self):
        receipt = self._as_buyer()
        receipt.delivery_note_ref = "BL 12"
        with self.assertRaisesRegex(UserError, "Carottes"):
            receipt.action_coop_receive()
