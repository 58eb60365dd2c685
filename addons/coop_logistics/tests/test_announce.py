# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from .common import LogisticsCommon


@tagged("post_install", "-at_install")
class TestAnnounce(LogisticsCommon):
    """What a producer answers on the portal is what the reception expects."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receipt = cls._coop_close()
        cls.purchase = cls.window.purchase_order_ids
        cls.eggs_line = cls.purchase.order_line.filtered(
            lambda line: line.product_id == cls.eggs
        )

    def _announced(self, product):
        move = self.receipt.move_ids.filtered(lambda m: m.product_id == product)
        return move.quantity_announced

    def test_confirmed_is_announced_with_the_delivery_note(self):
        self.purchase._coop_confirm_quantities({self.eggs_line: 5.0})
        self.assertEqual(self._announced(self.eggs), 0.0)
        self.purchase._coop_announce_delivery("BL-77")
        self.assertEqual(self.receipt.delivery_note_ref, "BL-77")
        self.assertEqual(self.receipt.delivery_note_state, "announced")
        self.assertEqual(self._announced(self.eggs), 5.0)
        self.assertEqual(self._announced(self.carrots), 6.0)
        self.assertEqual(self.eggs_line.product_qty, 9.0)

    def test_none_at_all_is_announced_as_none(self):
        self.purchase._coop_confirm_quantities({self.eggs_line: 0.0})
        receipt = self.receipt.with_user(self.user_buyer)
        receipt.delivery_note_ref = "BL 12"
        self.assertEqual(self._announced(self.eggs), 0.0)
        receipt.action_coop_all_good()
        receipt.action_coop_receive()
        move = self.receipt.move_ids.filtered(lambda m: m.product_id == self.eggs)
        self.assertEqual(sum(move.mapped("quantity")), 0.0)
        self.assertEqual(self.receipt.delivery_note_state, "checked")

    def test_a_later_answer_corrects_what_is_announced(self):
        self.purchase._coop_announce_delivery("BL-77")
        self.assertEqual(self._announced(self.eggs), 9.0)
        self.purchase._coop_confirm_quantities({self.eggs_line: 4.0})
        self.assertEqual(self._announced(self.eggs), 4.0)

    def test_the_number_copied_at_reception_stays(self):
        self.receipt.delivery_note_ref = "BL on paper"
        self.purchase._coop_announce_delivery("BL-77")
        self.assertEqual(self.receipt.delivery_note_ref, "BL on paper")

    def test_without_an_answer_as_ordered(self):
        self.receipt.delivery_note_ref = "BL 12"
        self.assertEqual(self._announced(self.eggs), 9.0)

    def test_what_was_copied_from_the_paper_stays(self):
        self.purchase._coop_confirm_quantities({self.eggs_line: 5.0})
        self.receipt.delivery_note_ref = "BL 12"
        move = self.receipt.move_ids.filtered(lambda m: m.product_id == self.eggs)
        move.quantity_announced = 6.0
        self.receipt.delivery_note_ref = "BL 12 bis"
        self.assertEqual(move.quantity_announced, 6.0)
