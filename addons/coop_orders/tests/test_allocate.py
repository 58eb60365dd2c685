# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo.tests import tagged

from .common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestAllocate(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls.offers = cls.window.offer_ids
        cls.first = cls._order(cls.window, cls.member, {0: 6, 1: 2})
        cls.second = cls._order(cls.window, cls.paper_member, {0: 2, 1: 1})
        cls.window.action_close_and_send()

    def _share(self, offer):
        return {
            line.order_id: line.quantity_allocated
            for line in offer.line_ids
            if line.state == "sale"
        }

    def _shortage_mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "in", self.window.order_ids.ids)]
        )

    def test_everything_arrived(self):
        self._receive(self.window, {})
        self.assertEqual(self._share(self.offers[0]), {self.first: 6, self.second: 2})
        self.assertFalse(self._shortage_mails())

    def test_first_come_when_short(self):
        self._receive(self.window, {self.products[0]: 7})
        self.assertEqual(self._share(self.offers[0]), {self.first: 6, self.second: 1})
        self.assertEqual(self._share(self.offers[1]), {self.first: 2, self.second: 1})

    def test_what_is_added_later_ranks_later(self):
        """The rank of what was asked first stays, whatever is added or taken away."""
        window = self._create_window(self.env)
        window.action_open()
        offer = window.offer_ids[0]
        order = self._order(window, self.member, {0: 2})
        order.order_line.asked_at = self.now - timedelta(hours=3)
        second = self._order(window, self.paper_member, {0: 2})
        second.order_line.asked_at = self.now - timedelta(hours=2)
        self._change(window, self.member, (offer, 6))
        self.assertEqual([row[0] for row in order.order_line.asked_more], [4])
        lines = order.order_line | second.order_line
        for arrived, shares in ((2, [2, 0]), (3, [2, 1]), (5, [3, 2]), (9, [6, 2])):
            self.assertEqual(list(offer._share_out(lines, arrived).values()), shares)
        # What came last goes first.
        self._change(window, self.member, (offer, 3))
        self.assertEqual([row[0] for row in order.order_line.asked_more], [1])
        self._change(window, self.member, (offer, 1))
        self.assertFalse(order.order_line.asked_more)
        self.assertEqual(list(offer._share_out(lines, 2).values()), [1, 1])
        window.allocation_rule = "equal"
        self._change(window, self.member, (offer, 6))
        self.assertEqual(list(offer._share_out(lines, 4).values()), [2, 2])

    def test_taps_of_a_moment_are_one_asking(self):
        window = self._create_window(self.env)
        window.action_open()
        order = self._order(window, self.member, {0: 1})
        for quantity in (2, 3, 4):
            self._change(window, self.member, (window.offer_ids[0], quantity))
        self.assertFalse(order.order_line.asked_more)

    def test_pro_rata_when_short(self):
        self.window.allocation_rule = "pro_rata"
        self._receive(self.window, {self.products[0]: 4})
        self.assertEqual(self._share(self.offers[0]), {self.first: 3, self.second: 1})

    def test_pieces_are_never_cut(self):
        self.window.allocation_rule = "pro_rata"
        self._receive(self.window, {self.products[0]: 5})
        self.assertEqual(self._share(self.offers[0]), {self.first: 4, self.second: 1})

    def test_equal_when_short(self):
        self.window.allocation_rule = "equal"
        self._receive(self.window, {self.products[0]: 5})
        self.assertEqual(self._share(self.offers[0]), {self.first: 3, self.second: 2})

    def test_each_step_keeps_its_own_quantity(self):
        self._receive(self.window, {self.products[0]: 4})
        line = self.first.order_line[0]
        self.assertEqual((line.product_uom_qty, line.quantity_allocated), (6, 4))
        offer = self.offers[0]
        self.assertEqual(
            (
                offer.quantity_ordered,
                offer.quantity_to_order,
                offer.quantity_received,
                offer.quantity_allocated,
            ),
            (8, 8, 4, 4),
        )

    def test_members_concerned_are_told_once(self):
        self._receive(self.window, {self.products[0]: 3})
        mails = self._shortage_mails()
        self.assertEqual(mails.recipient_ids, self.member)
        self.assertIn("Product 0", mails.body_html)
        self.assertNotIn("Product 1", mails.body_html)
        # The member without an e-mail is called by the referent.
        self.assertEqual(self.paper_member.activity_ids.user_id, self.referent)
        self.window.with_user(self.coordinator).action_allocate()
        self.assertEqual(self._shortage_mails(), mails)
        self.assertEqual(len(self.paper_member.activity_ids), 1)

    def test_nobody_is_told_while_a_back_order_is_awaited(self):
        pickings = self.window.purchase_order_ids.picking_ids
        for move in pickings.move_ids:
            move.quantity = move.product_uom_qty - 1
            move.picked = True
        pickings.with_context(skip_backorder=True).button_validate()
        self.assertTrue(self.offers[0].allocated_at)
        self.assertFalse(self.paper_member.activity_ids)
        backorders = self.window.purchase_order_ids.picking_ids - pickings
        self.assertTrue(backorders)
        backorders.action_cancel()
        # The last who asked is the one who gets less, and has no e-mail.
        self.assertTrue(self.paper_member.activity_ids)

    def test_line_set_by_hand_is_locked(self):
        self._receive(self.window, {self.products[0]: 4})
        line = self.second.order_line[0]
        line.with_user(self.coordinator).quantity_allocated = 2
        self.assertTrue(line.allocation_locked)
        self.window.with_user(self.coordinator).action_allocate()
        self.assertEqual(self._share(self.offers[0]), {self.first: 2, self.second: 2})

    def test_who_asked_first_is_served_first(self):
        line = self.first.order_line[0]
        line.asked_at = self.second.order_line[0].asked_at.replace(year=2035)
        self._receive(self.window, {self.products[0]: 3})
        self.assertEqual(self._share(self.offers[0]), {self.first: 1, self.second: 2})

    def test_nothing_is_delivered_before_it_is_shared(self):
        line = self.first.order_line[0]
        self.assertEqual(line._coop_get_quantity_to_deliver()[line], 0)
        self._receive(self.window, {self.products[0]: 4})
        self.assertEqual(line._coop_get_quantity_to_deliver()[line], 4)
        stock = self.env.ref("stock.stock_location_stock")
        customers = self.env.ref("stock.stock_location_customers")
        (vals,) = line._coop_prepare_delivery_move_vals(stock, customers)
        self.assertEqual(vals["product_uom_qty"], 4)
        self.assertEqual(vals["sale_line_id"], line.id)

    def test_window_from_stock(self):
        product = self.products[0]
        self.env["stock.quant"]._update_available_quantity(
            product, self.env.ref("stock.stock_location_stock"), 5
        )
        window = self._create_window(self.env, flow="stock")
        window.action_open()
        order = self._order(window, self.member, {0: 9})
        window.action_close()
        self.assertFalse(window.action_create_purchase_orders())
        window.action_allocate()
        self.assertEqual(order.order_line.quantity_allocated, 5)
