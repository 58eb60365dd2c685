from odoo.tests import HttpCase, tagged

from .common import LogisticsCommon


@tagged("post_install", "-at_install")
class TestTours(LogisticsCommon, HttpCase):
    browser_size = "820x1180"
    touch_enabled = False

    def test_referent_serves_and_is_paid_on_a_tablet(self):
        self._coop_receive()
        self.distribution.action_prepare()
        self.distribution.action_open()
        self.env.ref("coop_logistics.coop_basket_action").write(
            {
                "domain": [("distribution_id", "=", self.distribution.id)],
                "context": {},
            }
        )
        action = self.env.ref("coop_logistics.coop_basket_action").id
        self.start_tour(
            f"/odoo/action-{action}", "coop_logistics_serve", login="coop_referent"
        )
        self.assertEqual(self.order.serve_state, "served")
        self.assertAlmostEqual(self.order.invoice_ids.amount_total, 16.37)
        self.assertEqual(self.order.invoice_ids.payment_state, "paid")
        self.assertEqual(self.order_paper.serve_state, "expected")
