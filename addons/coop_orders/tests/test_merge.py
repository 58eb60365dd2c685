# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestMerge(CoopOrdersCommon):
    """Odoo's *Merge* of contacts, on producers and members with orders."""

    def _merge(self, cards, kept):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(cards.ids, kept)

    def test_two_cards_of_one_producer(self):
        kept, other = self.producers[0], self.producers[1]
        # The second window has the other card only.
        alone = self._create_window(self.env, name="Alone")
        alone.offer_ids.filtered(lambda o: o.supplier_id != other).unlink()
        alone.supplier_ids.filtered(lambda row: row.partner_id != other).unlink()
        for window in self.window | alone:
            window.action_open()
        both = self.window.supplier_ids
        row = both.filtered(lambda r: r.partner_id == other)
        row.minimum_amount = 40
        deadline = self.window.closes_at.replace(microsecond=0)
        row.closes_at = deadline
        orders = self._order(self.window, self.member, {0: 2, 1: 1})
        orders |= self._order(alone, self.member, {0: 3})
        self._merge(kept | other, kept)
        self.assertFalse(other.exists())
        rows = self.window.supplier_ids.filtered(lambda r: r.partner_id == kept)
        self.assertEqual(len(rows), 1)
        self.assertEqual(rows.minimum_amount, 40)
        self.assertEqual(rows.closes_at, deadline)
        self.assertEqual(alone.supplier_ids.partner_id, kept)
        self.assertIn(kept, alone.offer_ids.supplier_id)
        # Its window closes with its order to the producer.
        alone.action_close()
        alone.action_create_purchase_orders()
        self.assertEqual(alone.purchase_order_ids.partner_id, kept)
        self.assertEqual(alone.purchase_order_ids.order_line.product_qty, 3)

    def test_two_cards_of_one_member_with_two_orders(self):
        card = self.paper_member
        self.window.action_open()
        order = self._order(self.window, self.member, {0: 2})
        other = self._order(self.window, card, {1: 1})
        with self.assertRaisesRegex(UserError, "Both cards have"):
            self._merge(self.member | card, self.member)
        self.assertTrue(card.exists())
        self.assertEqual(other.partner_id, card)
        other._coop_cancel()
        self._merge(self.member | card, self.member)
        self.assertEqual((order | other).partner_id, self.member)
        self.assertEqual(len(order.order_line), 1)

    def test_one_order_follows_its_member(self):
        card = self.paper_member
        self.window.action_open()
        order = self._order(self.window, card, {1: 1})
        self._merge(self.member | card, self.member)
        self.assertEqual(order.partner_id, self.member)
