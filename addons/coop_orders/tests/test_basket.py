# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestBasket(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls.offers = cls.window.offer_ids

    def test_first_tap_creates_the_basket_with_the_members_point(self):
        order, rejected = self._change(self.window, self.member, (self.offers[0], 2))
        self.assertFalse(rejected)
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.order_channel, "portal")
        self.assertEqual(order.collection_point_id, self.point)
        self.assertAlmostEqual(order.amount_total, 4.0)

    def test_quantities_are_absolute(self):
        for _repeat in range(3):
            order, _rejected = self._change(
                self.window, self.member, (self.offers[0], 2)
            )
        self.assertEqual(order.order_line.product_uom_qty, 2)

    def test_an_overtaken_message_changes_nothing(self):
        change = {"offer_id": self.offers[0].id, "device": "phone"}
        Order = self.env["sale.order"]
        for seq, quantity in ((10, 3), (9, 1), (10, 5)):
            order, _rejected = Order._coop_change_order(
                self.window,
                self.member,
                [{**change, "seq": seq, "quantity": quantity}],
            )
        self.assertEqual(order.order_line.product_uom_qty, 3)
        order, _rejected = Order._coop_change_order(
            self.window,
            self.member,
            [{**change, "device": "tablet", "seq": 1, "quantity": 7}],
        )
        self.assertEqual(order.order_line.product_uom_qty, 7)

    def test_zero_removes_the_line(self):
        self._change(self.window, self.member, (self.offers[0], 2))
        order, _rejected = self._change(self.window, self.member, (self.offers[0], 0))
        self.assertFalse(order.order_line)

    def test_nonsense_is_refused_line_by_line(self):
        order, rejected = self._change(
            self.window,
            self.member,
            (self.offers[0], -1),
            (self.offers[1], "two"),
            (self.offers[2], True),
            (self.offers[3], float("inf")),
            (self.offers[4], 2),
        )
        self.assertEqual(len(rejected), 4)
        self.assertEqual(order.order_line.offer_id, self.offers[4])

    def test_offer_of_another_window_is_refused(self):
        other = self._create_window(self.env)
        _order, rejected = self._change(
            self.window, self.member, (other.offer_ids[0], 1)
        )
        self.assertEqual(len(rejected), 1)
        self.assertFalse(other.order_ids)

    def test_limit_of_the_window(self):
        self.offers[0].quantity_max = 5
        self._order(self.window, self.member_b, {0: 3})
        _order, rejected = self._change(self.window, self.member, (self.offers[0], 3))
        self.assertIn("Only 2", rejected[0]["message"])
        order, rejected = self._change(self.window, self.member, (self.offers[0], 2))
        self.assertFalse(rejected)
        self.assertEqual(self.offers[0].quantity_remaining, 0)
        _order, rejected = self._change(
            self.window, self.outsider_in(), (self.offers[0], 1)
        )
        self.assertIn("No Product 0 is left", rejected[0]["message"])
        self._change(self.window, self.member, (self.offers[0], 1))
        self.assertEqual(self.offers[0].quantity_remaining, 1)

    def outsider_in(self):
        self.outsider.coop_group_id = self.group
        return self.outsider

    def test_limit_also_holds_for_lines_written_by_staff(self):
        self.offers[0].quantity_max = 5
        order = self._order(self.window, self.member, {0: 3})
        with self.assertRaisesRegex(UserError, "Only 5"):
            order.with_user(self.coordinator).order_line.product_uom_qty = 6

    def test_limit_per_member(self):
        self.offers[0].quantity_max_per_member = 2
        _order, rejected = self._change(self.window, self.member, (self.offers[0], 3))
        self.assertIn("At most 2", rejected[0]["message"])

    def test_taps_stop_at_the_limit(self):
        """Eight taps of a product limited to three: three, and it is said."""
        offer, other = self.offers[:2]
        offer.quantity_max_per_member, other.quantity_max = 3, 5
        self._order(self.window, self.member_b, {1: 3})
        order, rejected = self._change(self.window, self.member, (offer, 8), (other, 8))
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [3, 2])
        self.assertIn("At most 3", rejected[0]["message"])
        self.assertIn("Only 2", rejected[1]["message"])
        # Once there, more is refused and what there is stays.
        _order, rejected = self._change(
            self.window, self.member, (offer, 4), (other, 3)
        )
        self.assertEqual(len(rejected), 2)
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [3, 2])

    def test_lists_are_refused_at_the_limit(self):
        """Who types a list of paper is told of the row: nothing is changed for it."""
        self.offers[0].quantity_max_per_member = 3
        order, rejected = self.env["sale.order"]._coop_change_order(
            self.window,
            self.member,
            [{"offer_id": self.offers[0].id, "quantity": 8}],
            channel="paper",
        )
        self.assertIn("At most 3", rejected[0]["message"])
        self.assertFalse(order.order_line)

    def test_cancelled_orders_free_what_they_held(self):
        self.offers[0].quantity_max = 2
        order, _rejected = self._change(self.window, self.member, (self.offers[0], 2))
        order._coop_cancel()
        order_b, rejected = self._change(
            self.window, self.member_b, (self.offers[0], 2)
        )
        self.assertFalse(rejected)
        with self.assertRaisesRegex(UserError, "No Product 0 is left"):
            order._coop_restore()

    def test_minimum_is_asked_at_validation(self):
        self.window.minimum_order_amount = 10
        order, _rejected = self._change(self.window, self.member, (self.offers[0], 2))
        with self.assertRaisesRegex(UserError, "An order starts at"):
            order._coop_validate()
        self._change(self.window, self.member, (self.offers[0], 5))
        order._coop_validate()
        self.assertEqual(order.state, "sent")

    def test_below_the_minimum_it_is_a_basket_again(self):
        self.window.minimum_order_amount = 10
        order = self._order(self.window, self.member, {0: 5})
        self._change(self.window, self.member, (self.offers[0], 4))
        self.assertEqual(order.state, "draft")

    def test_validated_order_can_be_changed_until_the_deadline(self):
        order = self._order(self.window, self.member, {0: 5})
        self._change(self.window, self.member, (self.offers[1], 1))
        self.assertEqual(order.state, "sent")
        self.assertEqual(len(order.order_line), 2)

    def test_validate_needs_products_and_a_point(self):
        order, _rejected = self._change(self.window, self.member, (self.offers[0], 0))
        with self.assertRaisesRegex(UserError, "empty"):
            order._coop_validate()
        self._change(self.window, self.member, (self.offers[0], 1))
        order.distribution_id = False
        with self.assertRaisesRegex(UserError, "where you collect"):
            order._coop_validate()

    def test_slot_capacity(self):
        distribution = self.window.distribution_ids[0]
        slot = self.env["coop.distribution.slot"].create(
            {
                "distribution_id": distribution.id,
                "date_start": distribution.date_start,
                "date_end": distribution.date_start + timedelta(minutes=15),
                "capacity": 1,
            }
        )
        self._order(self.window, self.member_b, {0: 1})._coop_validate(
            distribution, slot
        )
        order = self._order(self.window, self.member, {0: 1})
        with self.assertRaisesRegex(UserError, "filled up"):
            order._coop_validate(distribution, slot)

    def test_after_the_deadline_nothing_changes(self):
        order = self._order(self.window, self.member, {0: 5})
        with freeze_time(self.window.closes_at):
            with self.assertRaisesRegex(UserError, "closed on"):
                self._change(self.window, self.member, (self.offers[0], 1))
            with self.assertRaisesRegex(UserError, "closed on"):
                order._coop_cancel()
        self.assertEqual(order.order_line.product_uom_qty, 5)
        self.assertEqual(order.state, "sent")

    def test_producer_with_an_earlier_deadline(self):
        row = self.window.supplier_ids.filtered(
            lambda r: r.partner_id == self.offers[0].supplier_id
        )
        row.closes_at = self.now + timedelta(hours=1)
        with freeze_time(self.now + timedelta(hours=2)):
            _order, rejected = self._change(
                self.window, self.member, (self.offers[0], 1), (self.offers[1], 1)
            )
        self.assertEqual([r["offer_id"] for r in rejected], self.offers[0].ids)

    def test_other_group_is_refused(self):
        with self.assertRaisesRegex(UserError, "another group"):
            self._change(self.window, self.outsider, (self.offers[0], 1))

    def test_pieces_paid_by_weight(self):
        kilogram = self.env.ref("uom.product_uom_kgm")
        cheese = self.env["product.product"].create(
            {"name": "Cheese", "uom_id": kilogram.id, "list_price": 20}
        )
        offer = self.env["coop.order.offer"].create(
            {
                "window_id": self.window.id,
                "product_id": cheese.id,
                "supplier_id": self.producers[0].id,
                "piece_weight": 0.25,
            }
        )
        order, _rejected = self._change(self.window, self.member, (offer, 0.74))
        self.assertAlmostEqual(order.order_line.product_uom_qty, 0.75)

    def test_line_of_another_product_is_refused(self):
        order = self._order(self.window, self.member, {0: 1})
        with self.assertRaises(ValidationError):
            order.order_line.product_id = self.products[1]

    def test_batch_of_orders(self):
        orders = self.env["sale.order"]._coop_create_orders(
            self.window,
            [
                {
                    "partner": partner,
                    "lines": [(self.offers[0], 1), (self.offers[1], 2, 1)],
                }
                for partner in (self.member, self.member_b)
            ],
        )
        self.assertEqual(len(set(orders.mapped("name"))), 2)
        self.assertEqual(orders.mapped("state"), ["sent", "sent"])
        self.assertEqual(self.offers[1].quantity_ordered, 4)
        self.assertEqual(self.offers[1].quantity_tolerance, 2)
