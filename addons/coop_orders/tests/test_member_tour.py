# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .common import CoopOrdersData


@tagged("post_install", "-at_install")
class TestMemberTours(CoopOrdersData, HttpCase):
    """The member's pages in a real browser, as narrow as a phone."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_coop(cls.env)
        cls.window = cls._create_window(cls.env)
        cls.window.action_open()
        cls.url = f"/my/coop/window/{cls.window.id}"

    def _quantities(self):
        self.env.invalidate_all()
        order = self.window.order_ids.filtered(lambda o: o.partner_id == self.member)
        return {
            line.product_id.name: line.product_uom_qty
            for line in order.order_line
            if line.offer_id
        }

    def test_no_tap_is_lost_nor_counted_twice(self):
        self.start_tour(self.url, "coop_orders_member_offline", login="coop_member_a")
        self.assertEqual(
            self._quantities(), {"Product 0": 2, "Product 1": 1, "Product 2": 1}
        )

    def test_keyboard_only(self):
        self.start_tour(self.url, "coop_orders_member_keyboard", login="coop_member_a")
        self.assertEqual(self._quantities(), {"Product 3": 7})
        self.assertEqual(self.window.order_ids.state, "sent")

    def test_no_serious_violation_of_accessibility(self):
        offers = self.window.offer_ids
        offers[0].quantity_max = 10
        offers[1].write({"pack_size": 6, "piece_weight": 0.5})
        offers[2].product_id.write(
            {
                "coop_origin": "Toul (54)",
                "coop_label_ids": [
                    (6, 0, self.env["coop.product.label"].search([], limit=2).ids)
                ],
                "coop_storage": "dry",
            }
        )
        offers[3].product_id.coop_storage = "frozen"
        distribution = self.window.distribution_ids[0]
        self.env["coop.distribution.slot"].create(
            {
                "distribution_id": distribution.id,
                "date_start": distribution.date_start,
                "date_end": distribution.date_start + timedelta(hours=1),
                "capacity": 5,
            }
        )
        self.env["sale.order"]._coop_change_order(
            self.window,
            self.member,
            [{"offer_id": offer.id, "quantity": 2} for offer in offers[:3]],
        )
        self.start_tour("/my/coop", "coop_orders_member_axe", login="coop_member_a")


@tagged("post_install", "-at_install")
class TestPageOf300Offers(CoopOrdersData, HttpCase):
    def test_queries(self):
        self._create_coop(self.env)
        categories = self.env["product.category"].create(
            [{"name": f"Category {index}"} for index in range(10)]
        )
        labels = self.env["coop.product.label"].search([], limit=3)
        type(self).products = self.env["product.product"].create(
            [
                {
                    "name": f"Product {index}",
                    "list_price": 1 + index / 100,
                    "weight": 0.5,
                    "categ_id": categories[index % 10].id,
                    "coop_label_ids": [(6, 0, labels[: index % 4].ids)],
                    "coop_origin": f"Village {index % 20}",
                    "coop_storage": ("dry", "chilled", "frozen")[index % 3],
                    "seller_ids": [
                        (0, 0, {"partner_id": self.producers[index % 3].id, "price": 1})
                    ],
                }
                for index in range(300)
            ]
        )
        window = self._create_window(self.env)
        window.offer_ids[:40].quantity_max = 10
        window.action_open()
        self.env["sale.order"]._coop_change_order(
            window,
            self.member,
            [{"offer_id": offer.id, "quantity": 1} for offer in window.offer_ids[:20]],
        )
        self.authenticate("coop_member_a", "coop_member_a")
        url = f"/my/coop/window/{window.id}"
        self.url_open("/my/coop")
        counts = []
        for _visit in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            page = self.url_open(url).text
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(page.count("o_coop_plus"), 300)
        first, second = counts
        self.assertLessEqual(first, 40)
        self.assertLessEqual(second, 25)
