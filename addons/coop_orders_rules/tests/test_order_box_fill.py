# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.coop_orders.tests.common import CoopOrdersData


@tagged("post_install", "-at_install")
class TestBoxFill(CoopOrdersData, HttpCase):
    """The worked cases, through the members' own route."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_coop(cls.env)
        cls.window = cls._create_window(cls.env, offers={0: {"pack_size": 6}})
        cls.window.action_open()
        cls.offer, cls.single = cls.window.offer_ids[:2]
        cls.url = f"/my/coop/window/{cls.window.id}"

    def _start(self, others, own):
        """Others and this member ordered, then packs begin to fill."""
        Order = self.env["sale.order"]
        for member, quantity in ((self.member_b, others), (self.member, own)):
            if quantity:
                Order._coop_change_order(
                    self.window,
                    member,
                    [{"offer_id": self.offer.id, "quantity": quantity}],
                )
        self.window.box_fill_at = self.now - timedelta(minutes=5)
        self.authenticate("coop_member_a", "coop_member_a")

    def _ask(self, quantity, offer=None, **values):
        offer = offer or self.offer
        answer = self.make_jsonrpc_request(
            f"{self.url}/change",
            {"changes": [{"offer_id": offer.id, "quantity": quantity, **values}]},
        )
        return "".join(r["message"] for r in answer["rejected"])

    def test_three_to_two_is_refused(self):
        self._start(0, 3)
        self.assertIn("leave one unfilled", self._ask(2))
        self.assertEqual(self.offer.quantity_ordered, 3)

    def test_seven_to_six_is_accepted(self):
        self._start(4, 3)
        self.assertEqual(self._ask(2), "")

    def test_seven_to_one_is_refused(self):
        self._start(0, 7)
        self.assertIn("leave one unfilled", self._ask(1))

    def test_completing_is_accepted_opening_another_is_not(self):
        self._start(4, 0)
        self.assertEqual(self._ask(2), "")
        self.assertIn("too late to open another one of 6", self._ask(3))
        self.assertEqual(self._ask(8), "", "a whole pack more")

    def test_a_wider_tolerance_is_accepted(self):
        self._start(3, 1)
        self.assertEqual(self._ask(1, tolerance=2), "")
        self.assertIn("unfilled", self._ask(1, tolerance=0))

    def test_what_is_sold_by_the_unit_is_free(self):
        self._start(3, 1)
        self.assertEqual(self._ask(4, self.single), "")
        self.assertEqual(self._ask(1, self.single), "")

    def test_before_the_phase_everything_is_free(self):
        self._start(0, 3)
        self.window.box_fill_at = self.now + timedelta(hours=1)
        self.assertEqual(self._ask(2), "")

    def test_giving_the_order_up_breaks_packs_too(self):
        self._start(4, 2)
        order = self.window.order_ids.filtered(lambda o: o.partner_id == self.member)
        with self.assertRaisesRegex(UserError, "unfilled"):
            order._coop_cancel()
        page = self.url_open(
            f"/my/coop/orders/{order.id}/cancel",
            data={"csrf_token": http.Request.csrf_token(self)},
        ).text
        self.assertIn("unfilled", page)
        self.assertEqual(order.state, "draft")

    def test_the_page_says_what_is_missing(self):
        self._start(3, 1)
        page = self.url_open(self.url).text
        self.assertIn("let us fill the packs", page)
        self.assertIn("2 more to fill a pack of 6", page)
        self._ask(3)
        self.assertIn("Packs are full, thank you!", self.url_open(self.url).text)

    def test_the_phase_begins_before_the_closing(self):
        with (
            self.assertRaisesRegex(IntegrityError, "box_fill_before_closing"),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.window.box_fill_at = self.window.closes_at + timedelta(hours=1)
            self.env.flush_all()
