# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestOrderQuota(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offers = cls.window.offer_ids
        cls.window.distribution_ids[1:].unlink()

    def _open(self, **values):
        self.window.write(values)
        self.window.with_user(self.coordinator).action_open()

    def _closing_cron(self):
        cron = self.env.ref("coop_orders.coop_order_window_cron")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def test_amount_is_never_exceeded(self):
        self._open(quota_amount=10)
        self.assertFalse(self._change(self.window, self.member, (self.offers[0], 3))[1])
        rejected = self._change(
            self.window, self.member_b, (self.offers[0], 3), (self.offers[1], 1)
        )[1]
        self.assertEqual(len(rejected), 1)
        self.assertIn("nearly full", rejected[0]["message"])
        self.assertEqual(sum(self.window.order_ids.mapped("amount_total")), 9)
        # Giving back makes room in the same message.
        rejected = self._change(
            self.window, self.member, (self.offers[0], 1), (self.offers[2], 1)
        )[1]
        self.assertFalse(rejected)

    def test_whoever_writes_the_line(self):
        self._open(quota_amount=10)
        order = self._change(self.window, self.member, (self.offers[0], 3))[0]
        with self.assertRaisesRegex(UserError, "nearly full"):
            order.with_user(self.coordinator).order_line.product_uom_qty = 6

    def test_weight(self):
        self.products[0].weight = 2
        self._open(quota_weight=5)
        self.assertFalse(self._change(self.window, self.member, (self.offers[0], 2))[1])
        self.assertTrue(
            self._change(self.window, self.member_b, (self.offers[0], 1))[1]
        )
        # What weighs nothing does not count.
        self.assertFalse(
            self._change(self.window, self.member_b, (self.offers[1], 9))[1]
        )

    def test_number_of_orders_closes_the_window_and_tells(self):
        self._open(quota_orders=2)
        orders = self.env["sale.order"]
        for member in (self.member, self.member_b):
            orders += self._change(self.window, member, (self.offers[0], 1))[0]
        rejected = self._change(self.window, self.paper_member, (self.offers[0], 1))[1]
        self.assertIn("no place is left", rejected[0]["message"])
        orders[0]._coop_validate()
        self.assertEqual(self.window.state, "open", "a basket may still be given up")
        orders[1].with_user(self.member_b_user).sudo()._coop_validate()
        self.assertEqual(self.window.state, "closed")
        self.assertIn("is full", self.window._get_closed_sentence())
        activity = self.window.activity_ids
        self.assertEqual(activity.user_id, self.coordinator)
        self.assertIn("is full and closed by itself", activity.summary)
        self._closing_cron()
        self.assertEqual(set(orders.mapped("state")), {"sale"})

    def test_stays_open_with_a_waiting_list(self):
        self._open(quota_orders=1, quota_policy="wait")
        self._change(self.window, self.member, (self.offers[0], 1))[0]._coop_validate()
        self.assertEqual(self.window.state, "open")
        self.assertIn("waiting list", self.window.activity_ids.summary)
        self._change(self.window, self.member, (self.offers[0], 2))
        self.assertEqual(len(self.window.activity_ids), 1, "told once")

    def test_a_cancelled_order_comes_back_only_where_it_fits(self):
        self._open(quota_orders=1)
        order = self._change(self.window, self.member, (self.offers[0], 1))[0]
        order._coop_cancel()
        self._change(self.window, self.member_b, (self.offers[0], 1))
        with self.assertRaisesRegex(UserError, "full"):
            order._coop_restore()
