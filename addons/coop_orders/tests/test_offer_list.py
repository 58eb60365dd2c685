# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestOfferList(CoopOrdersCommon):
    """The columns that help to set prices, and who may edit them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls._order(cls.window, cls.member, {0: 4, 1: 1})
        cls.next = cls._create_window(
            cls.env, closes_at=cls.now + timedelta(days=30), name="July order"
        )

    def test_last_times_price_and_quantity(self):
        offers = self.next.offer_ids.with_user(self.buyer)
        self.assertAlmostEqual(offers[0].last_price_unit, 2.0)
        self.assertAlmostEqual(offers[0].last_quantity, 4)
        self.assertAlmostEqual(offers[2].last_quantity, 0)
        self.assertAlmostEqual(self.window.offer_ids[0].last_price_unit, 0)

    def test_margin_is_of_the_price_without_vat(self):
        offer = self.next.offer_ids[0].with_user(self.coordinator)
        offer.write({"price_unit": 2.11, "purchase_price": 1.5})
        self.assertAlmostEqual(offer.margin_rate, 0.25)

    def test_price_per_kilogram_is_shown(self):
        self.products[0].write({"coop_net_quantity": 500, "coop_net_unit": "g"})
        text = self.next.offer_ids[0].unit_price_text
        self.assertIn("kg", text)

    def test_member_and_referent_do_not_read_margins(self):
        for user in (self.member_user, self.referent):
            with self.assertRaises(AccessError):
                self.window.offer_ids.with_user(user).read(["margin_rate"])
            with self.assertRaises(AccessError):
                self.window.offer_ids.with_user(user).read(["last_price_unit"])

    def test_several_are_edited_at_once_by_buyer_not_by_referent(self):
        offers = self.next.offer_ids[:3]
        offers.with_user(self.buyer).write({"quantity_max": 12})
        self.assertEqual(set(offers.mapped("quantity_max")), {12})
        with self.assertRaises(AccessError):
            offers.with_user(self.referent).write({"quantity_max": 5})

    def test_list_of_one_window_is_grouped_by_producer(self):
        action = self.next.with_user(self.buyer).action_edit_offers()
        offers = self.env["coop.order.offer"].search(action["domain"])
        self.assertEqual(offers, self.next.offer_ids)
        self.assertEqual(action["context"]["search_default_group_by_supplier"], 1)
        self.assertEqual(action["context"]["default_window_id"], self.next.id)

    def test_ordered_price_is_read_only_in_the_list(self):
        view = "coop_orders.coop_order_offer_view_list"
        ordered = self.window.offer_ids[0].with_user(self.buyer)
        form = Form(ordered, view)
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.price_unit = 9
        with Form(self.next.offer_ids[0].with_user(self.buyer), view) as form:
            form.price_unit = 9
        self.assertAlmostEqual(self.next.offer_ids[0].price_unit, 9)

    def test_queries_do_not_grow_with_the_offers(self):
        names = ["unit_price_text", "margin_rate", "last_price_unit", "last_quantity"]
        products = self.env["product.product"].create(
            [
                {
                    "name": f"Many {index}",
                    "weight": 0.5,
                    "taxes_id": [Command.set(self.sale_tax.ids)],
                    "seller_ids": [
                        Command.create({"partner_id": self.producers[0].id, "price": 1})
                    ],
                }
                for index in range(60)
            ]
        )
        self.next.offer_ids = [Command.create({"product_id": p.id}) for p in products]

        def cost(offers):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["coop.order.offer"].with_user(self.buyer).browse(offers.ids).read(
                names
            )
            return self.env.cr.sql_log_count - before

        cost(self.next.offer_ids)
        few, many = cost(self.next.offer_ids[:3]), cost(self.next.offer_ids)
        self.assertLessEqual(many, few + 2)
