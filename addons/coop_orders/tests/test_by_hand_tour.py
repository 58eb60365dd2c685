# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .common import CoopOrdersData


@tagged("post_install", "-at_install")
class TestByHandTour(CoopOrdersData, HttpCase):
    """Made by hand in a real browser: what a window makes otherwise."""

    browser_size = "1400x1000"

    def setUp(self):
        super().setUp()
        self._create_coop(self.env)
        (self.buyer | self.coordinator).lang = "en_US"

    def test_buyer_makes_a_purchase_order(self):
        self.start_tour(
            "/odoo/action-purchase.purchase_form_action",
            "coop_orders_purchase_by_hand",
            login="coop_buyer",
        )
        order = self.env["purchase.order"].search([], order="id desc", limit=1)
        self.assertEqual(order.partner_id, self.producers[0])
        self.assertEqual(order.order_line.product_id, self.products[0])
        self.assertEqual(order.order_line.product_qty, 7)
        self.assertFalse(order.invoice_ids)

    def test_coordinator_makes_a_distribution(self):
        window = self._create_window(self.env)
        third = self.env["coop.collection.point"].create({"name": "Third point"})
        self.start_tour(
            "/odoo/action-coop_orders.coop_distribution_action",
            "coop_orders_distribution_by_hand",
            login="coop_coordinator",
        )
        made = window.distribution_ids.filtered(
            lambda day: day.collection_point_id == third
        )
        self.assertEqual(str(made.date_start.date()), "2030-06-11")
        self.assertEqual(str(made.date_end.date()), "2030-06-12")
