# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersData


@tagged("post_install", "-at_install")
class TestPurchasePlanTour(CoopOrdersData, HttpCase):
    """The buyer's plan in a real browser, from the reason to the order."""

    browser_size = "1300x900"

    def test_buyer_reads_changes_and_orders(self):
        self._create_coop(self.env)
        self.buyer.lang = "en_US"
        supplier, bread = self.producers[0], self.products[0]
        self._sell_each_day(bread, 10)
        today = fields.Date.today()
        plan = (
            self.env["coop.purchase.plan"]
            .with_user(self.buyer)
            .create(
                {
                    "partner_id": supplier.id,
                    # The day before is not over: what it sells counts too.
                    "delivery_date": today + timedelta(1),
                    "next_delivery_date": today + timedelta(8),
                    "safety_days": 0,
                }
            )
        )
        self.start_tour(
            "/odoo/action-coop_purchase_planner.coop_purchase_plan_action",
            "coop_orders_purchase_plan",
            login="coop_buyer",
        )
        self.env.invalidate_all()
        order = plan.sudo().purchase_order_id
        self.assertEqual(order.state, "purchase")
        self.assertTrue(order.coop_sent_at)
        self.assertEqual(order.order_line.product_id, bread)
        self.assertEqual(order.order_line.product_qty, 7)

    def _sell_each_day(self, product, quantity, weeks=6):
        """Done deliveries from the shelf, one each weekday but Sunday."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        moments = [
            fields.Datetime.now().replace(hour=11) - timedelta(ago)
            for ago in range(1, 7 * weeks + 1)
        ]
        moments = [moment for moment in moments if moment.weekday() != 6]
        moves = self.env["stock.move"].create(
            [
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "location_id": warehouse.lot_stock_id.id,
                    "location_dest_id": self.env.ref(
                        "stock.stock_location_customers"
                    ).id,
                }
                for _moment in moments
            ]
        )
        moves._action_confirm(merge=False)
        for move in moves:
            move.quantity = quantity
            move.picked = True
        moves._action_done()
        for move, moment in zip(moves, moments, strict=True):
            move.date = moment
            move.move_line_ids.date = moment
        self.env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, quantity * len(moves)
        )
