# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from odoo.addons.coop_logistics.tests.common import LogisticsCommon

from .till_common import TILL_TOUR, play_till


class TillScreens:
    """The till and its returns, whatever the size of the screen."""

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

    def test_till(self):
        """Open the till, weigh, be paid, count: the box is right."""
        self._coop_receive()
        self.distribution.action_prepare()
        plan = [
            ("open_till", {"float": "20"}),
            (
                "serve",
                {
                    "name": self.member.name,
                    "cheese": "437",
                    "amount": "16,37",
                    "payments": [{"kind": "cash", "given": "20"}],
                },
            ),
            (
                "cash_up",
                {
                    "counts": {"20": "1", "10": "1", "5": "1", "1": "1", "0.2": "1"}
                    | {"0.1": "1", "0.05": "1", "0.02": "1"},
                    "card": "",
                    "left": "20",
                    "envelope": "E-9",
                },
            ),
        ]
        self.start_tour(
            self._get_url("coop_till.coop_till_action"),
            TILL_TOUR,
            login="coop_referent",
            ready="odoo.startTour && true",
            code=play_till(plan),
        )
        till = self.env["coop.cash.session"].search(
            [("distribution_id", "=", self.distribution.id)]
        )
        self.assertEqual(till.state, "closed")
        self.assertAlmostEqual(till.counted_cash, 36.37)
        self.assertAlmostEqual(till.deposit_cash, 16.37)
        self.assertEqual(self.order.invoice_ids.payment_state, "paid")

    def test_brought_back_undone_and_kept_as_a_credit(self):
        own = self._open_till()
        order = self.order.with_user(self.user_referent)
        order.coop_till_serve({"payments": [{"kind": "cash", "amount": 15.7}]})
        self.start_tour(
            self._get_url("coop_till.coop_till_action"),
            "coop_till_return",
            login="coop_referent",
        )
        credits = self.order.invoice_ids.filtered(
            lambda m: m.move_type == "out_refund"
        ).sorted("id")
        self.assertEqual(
            credits.mapped("coop_undo_reason"), ["Pas le bon membre", False]
        )
        self.assertAlmostEqual(self._line(self.order, self.eggs).qty_delivered, 2.0)
        self.assertAlmostEqual(self.order.coop_amount_due, -1.5)
        session = self.env["coop.cash.session"].search(
            [("distribution_id", "=", own.id)]
        )
        self.assertAlmostEqual(session.amount_cash, 15.7)


@tagged("post_install", "-at_install")
class TestTillOnAPhone(TillScreens, LogisticsCommon, HttpCase):
    browser_size = "390x844"


@tagged("post_install", "-at_install")
class TestTillOnATablet(TillScreens, LogisticsCommon, HttpCase):
    browser_size = "820x1180"
