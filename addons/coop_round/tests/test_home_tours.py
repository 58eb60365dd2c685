# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.coop_logistics.tests.common import LogisticsCommon


class HomeScreens:
    """Baskets brought home, at the till, whatever the size of the screen."""

    touch_enabled = False
    allow_inherited_tests_method = True

    def _get_url(self, action):
        return f"/odoo/action-{self.env.ref(action).id}"

    def _open_till(self):
        self._coop_receive()
        self.distribution.action_prepare()
        own = self.distribution.with_user(self.user_referent)
        own.coop_till_open(50.0)
        return own

    def test_weighed_for_the_driver_whose_purse_is_counted(self):
        self.company.coop_home_cash = True
        (self.order + self.order_paper).coop_home_delivery = True
        self._open_till()
        trip = self.env["coop.round"].create(
            {
                "driver_id": self.member_2.id,
                "stop_ids": [
                    Command.create({"kind": "home", "order_id": order.id})
                    for order in self.order + self.order_paper
                ],
            }
        )
        paid = trip.stop_ids.filtered(lambda s: s.order_id == self.order_paper)
        paid.with_user(self.user_member_2)._set_done(
            {
                "state": "done",
                "counted": "1",
                "signed_by": "Paulette",
                "payment": {"kind": "cash", "amount": 15.7},
            }
        )
        self.start_tour(
            self._get_url("coop_till.coop_till_action"),
            "coop_round_home_ready",
            login="coop_referent",
        )
        self.assertTrue(self.order.home_ready_at)
        cheese = self._line(self.order, self.cheese)
        self.assertAlmostEqual(cheese._coop_get_quantity_in_basket(), 0.437)
        purse = self.env["coop.cash.session"].search([("is_purse", "=", True)])
        self.assertEqual(purse.state, "closed")
        self.assertAlmostEqual(purse.counted_cash, 15.7)


@tagged("post_install", "-at_install")
class TestHomeOnAPhone(HomeScreens, LogisticsCommon, HttpCase):
    browser_size = "390x844"


@tagged("post_install", "-at_install")
class TestHomeOnATablet(HomeScreens, LogisticsCommon, HttpCase):
    browser_size = "820x1180"
