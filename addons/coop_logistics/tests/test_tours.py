# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
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


class TouchScreens:
    """The reception, whatever the size of the screen."""

    touch_enabled = False
    allow_inherited_tests_method = True

    def _get_url(self, action):
        return f"/odoo/action-{self.env.ref(action).id}"

    def test_reception(self):
        """A camera, a scanner that types, grams, a reason, cheese too warm."""
        self.eggs.barcode = "3017620422003"
        self.cheese.write({"barcode": "2000000000015", "coop_storage": "chilled"})
        receipt = self._coop_close()
        self.start_tour(
            self._get_url("coop_logistics.coop_reception_count_action"),
            "coop_logistics_reception",
            login="coop_referent",
        )
        self.assertEqual(receipt.state, "done")
        self.assertEqual(receipt.delivery_note_ref, "BL-2026-77")
        counted = {move.product_id: move.quantity for move in receipt.move_ids}
        self.assertAlmostEqual(counted[self.carrots], 6.0)
        self.assertAlmostEqual(counted[self.eggs], 7.0)
        self.assertAlmostEqual(counted[self.cheese], 1.15)
        warm = receipt.move_ids.filtered("coop_is_too_warm")
        self.assertEqual(warm.product_id, self.cheese)
        claimed = {
            line.product_id: line.quantity for line in receipt.claim_ids.line_ids
        }
        self.assertAlmostEqual(claimed[self.eggs], 2.0)
        self.assertAlmostEqual(claimed[self.cheese], 0.05)

    def test_wheels_on_the_scale(self):
        self.cheese.coop_block_weight = 0.7
        receipt = self._coop_close()
        self.start_tour(
            self._get_url("coop_logistics.coop_reception_count_action"),
            "coop_logistics_blocks",
            login="coop_referent",
        )
        self.assertEqual(receipt.state, "done")
        move = receipt.move_ids.filtered(lambda m: m.product_id == self.cheese)
        self.assertEqual(
            [weight for weight, _lot in move._coop_get_blocks()], [710, 650]
        )


@tagged("post_install", "-at_install")
class TestPhone(TouchScreens, LogisticsCommon, HttpCase):
    browser_size = "390x844"


@tagged("post_install", "-at_install")
class TestTablet(TouchScreens, LogisticsCommon, HttpCase):
    browser_size = "820x1180"
