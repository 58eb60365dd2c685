# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .common import CoopOrdersData


@tagged("post_install", "-at_install")
class TestMemberTour(CoopOrdersData, HttpCase):
    """The member's order in a real browser, as narrow as a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_member_orders_on_a_phone(self):
        self._create_coop(self.env)
        window = self._create_window(self.env, minimum_order_amount=5)
        window.action_open()
        self.start_tour("/my/coop", "coop_orders_member_order", login="coop_member_a")
        self.env.invalidate_all()
        order = window.order_ids
        self.assertEqual(order.partner_id, self.member)
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.collection_point_id, self.other_point)
        self.assertEqual(
            {line.product_id.name: line.product_uom_qty for line in order.order_line},
            {"Product 0": 1, "Product 3": 1},
        )
