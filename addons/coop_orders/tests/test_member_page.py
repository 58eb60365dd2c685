# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import http
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import CoopOrdersData


@tagged("post_install", "-at_install")
class TestMemberPage(CoopOrdersData, HttpCase):
    """Habits, favourites, last basket, donations, note, slots and PDF."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_coop(cls.env)
        cls.window = cls._create_window(cls.env)
        cls.window.action_open()
        cls.offers = cls.window.offer_ids
        cls.url = f"/my/coop/window/{cls.window.id}"

    def setUp(self):
        super().setUp()
        self.authenticate("coop_member_a", "coop_member_a")

    @property
    def order(self):
        self.env.invalidate_all()
        return self.window.order_ids.filtered(
            lambda o: o.partner_id == self.member and o.state != "cancel"
        )

    def _past_order(self, days, quantities, member=None):
        window = self._create_window(
            self.env, closes_at=self.now + timedelta(days=1), name=f"-{days} days"
        )
        window.action_open()
        order = self.env["sale.order"]._coop_create_orders(
            window,
            [
                {
                    "partner": member or self.member,
                    "lines": [
                        (window.offer_ids[index], quantity)
                        for index, quantity in quantities.items()
                    ],
                }
            ],
        )
        window.write({"closes_at": self.now - timedelta(days=days), "state": "closed"})
        return order

    def _change(self, *changes):
        return self.make_jsonrpc_request(
            f"{self.url}/change",
            {
                "changes": [
                    {"offer_id": offer.id, "quantity": quantity}
                    for offer, quantity in changes
                ]
            },
        )

    def _post(self, action, **data):
        return self.url_open(
            f"/my/coop/orders/{self.order.id}/{action}",
            data={"csrf_token": http.Request.csrf_token(self), **data},
        )

    def _row(self, index):
        page = self.url_open(self.url).text
        start = page.index(f'data-offer="{self.offers[index].id}"')
        return page[start : page.index("</li>", start)]

    # ------------------------------------------------------------------
    # Habits and favourites
    # ------------------------------------------------------------------

    def test_usual_is_what_comes_back(self):
        self._past_order(30, {0: 1, 1: 1})
        self._past_order(60, {0: 1, 2: 1})
        self._past_order(60, {3: 1}, self.member_b)
        self.assertIn('data-usual="1"', self._row(0))
        for index in (1, 2, 3):
            self.assertNotIn("data-usual", self._row(index))

    def test_a_heart_stays_and_is_ones_own(self):
        url = f"/my/coop/offer/{self.offers[0].id}/favourite"
        for _twice in range(2):
            self.make_jsonrpc_request(url, {"favourite": True})
        self.assertIn('data-favourite="1"', self._row(0))
        self.authenticate("coop_member_b", "coop_member_b")
        self.assertNotIn("data-favourite", self._row(0))
        self.authenticate("coop_member_a", "coop_member_a")
        self.make_jsonrpc_request(url, {"favourite": False})
        self.assertNotIn("data-favourite", self._row(0))

    def test_no_heart_for_another_groups_offer(self):
        self.authenticate("coop_outsider", "coop_outsider")
        url = f"/my/coop/offer/{self.offers[0].id}/favourite"
        answer = self.make_jsonrpc_request(url, {"favourite": True})
        self.assertIn("no longer offered", answer["error"])
        self.assertFalse(self.outsider.coop_favourite_ids)

    # ------------------------------------------------------------------
    # The last basket once more
    # ------------------------------------------------------------------

    def test_last_basket_within_limits_and_says_what_is_missing(self):
        self._past_order(60, {4: 7})
        self._past_order(30, {0: 3, 1: 4, 2: 2, 3: 5})
        self.offers[1].quantity_max = 2
        self.offers[2].active = False
        self.offers[3].quantity_max_per_member = 1
        self._change((self.offers[0], 1), (self.offers[5], 9))
        answer = self.make_jsonrpc_request(f"{self.url}/again", {})
        self.assertEqual(answer["taken"], 3)
        self.assertEqual(
            {
                int(offer): quantity[0]
                for offer, quantity in answer["state"]["quantities"].items()
            },
            {
                self.offers[0].id: 3,
                self.offers[1].id: 2,
                self.offers[3].id: 1,
                self.offers[5].id: 9,
            },
        )
        self.assertEqual(
            sorted(answer["missing"]),
            [
                "Not offered this time: Product 2",
                "Product 1: 2 instead of 4",
                "Product 3: 1 instead of 5",
            ],
        )
        again = self.make_jsonrpc_request(f"{self.url}/again", {})
        self.assertEqual(again["taken"], 0)
        self.assertEqual(again["state"]["quantities"], answer["state"]["quantities"])

    def test_last_basket_of_a_closed_window_changes_nothing(self):
        self._past_order(30, {0: 3})
        self.window.closes_at = self.now - timedelta(minutes=1)
        answer = self.make_jsonrpc_request(f"{self.url}/again", {})
        self.assertIn("nothing can be changed any more", answer["error"])
        self.assertFalse(self.order.order_line)

    def test_last_basket_is_not_anothers(self):
        self._past_order(30, {0: 3}, self.member_b)
        answer = self.make_jsonrpc_request(f"{self.url}/again", {})
        self.assertEqual(answer["taken"], 0)
        self.authenticate("coop_outsider", "coop_outsider")
        answer = self.make_jsonrpc_request(f"{self.url}/again", {})
        self.assertIn("not for you", answer["error"])

    # ------------------------------------------------------------------
    # State
    # ------------------------------------------------------------------

    def test_state_for_another_device(self):
        self.offers[0].quantity_max = 10
        self._change((self.offers[0], 9))
        answer = self.make_jsonrpc_request(f"{self.url}/state", {})
        self.assertEqual(answer["left"][str(self.offers[0].id)], "1 left")
        self.assertEqual(
            answer["state"]["quantities"][str(self.offers[0].id)], [9.0, 0.0]
        )
        self.window.closes_at = self.now - timedelta(minutes=1)
        self.assertTrue(self.make_jsonrpc_request(f"{self.url}/state", {})["fatal"])

    # ------------------------------------------------------------------
    # Donations and note
    # ------------------------------------------------------------------

    def test_donation_and_round_up_until_the_invoice(self):
        self._change((self.offers[0], 3))
        goods = self.order.amount_total
        page = self._post(
            "validate", donation="other", donation_other="3,30", round_up="1"
        ).text
        self.assertIn("your order is confirmed", page)
        order = self.order
        whole = -(-(goods + 3.3) // 1)
        self.assertAlmostEqual(order.amount_total, whole)
        self.assertAlmostEqual(order._coop_get_donation_amount("person"), 3.3)
        donations = order.order_line.filtered("coop_donation")
        self.assertFalse(donations.tax_ids)
        self.assertFalse(donations.offer_id)
        # The rounding follows the goods.
        self._change((self.offers[1], 2))
        order = self.order
        self.assertAlmostEqual(order.amount_total % 1, 0.0)
        self.assertGreater(order.amount_total, whole)
        # And it can be changed, until the deadline.
        self._post("extras", donation="0")
        order = self.order
        self.assertFalse(order.order_line.filtered("coop_donation"))
        self._post("extras", donation="5")
        self.window.action_close()
        self._post("extras", donation="2")
        self.assertAlmostEqual(self.order._coop_get_donation_amount(), 5.0)
        self.assertEqual(self.order.state, "sale")
        invoice = self.order._create_invoices(final=True)
        line = invoice.invoice_line_ids.filtered(lambda x: x.price_total == 5)
        self.assertEqual(line.product_id.name, "Donation: for the person behind me")
        self.assertFalse(line.tax_ids)

    def test_a_donation_does_not_reach_the_minimum(self):
        self.window.minimum_order_amount = 50
        self._change((self.offers[0], 3))
        page = self._post("validate", donation="other", donation_other="100").text
        self.assertIn("An order starts at", page)
        self.assertEqual(self.order.state, "draft")

    def test_bad_amounts_are_said(self):
        self._change((self.offers[0], 3))
        for text in ("abc", "-5", "1e9", "٣"):
            page = self._post("extras", donation="other", donation_other=text).text
            self.assertIn("Write an amount", page)
        page = self._post("extras", donation="other", donation_other="99999").text
        self.assertIn("A donation goes from", page)
        self.assertFalse(self.order.order_line.filtered("coop_donation"))

    def test_donations_can_be_switched_off(self):
        self._change((self.offers[0], 3))
        page = self.url_open(f"/my/coop/orders/{self.order.id}").text
        self.assertIn('name="donation"', page)
        self.window.takes_donations = False
        page = self.url_open(f"/my/coop/orders/{self.order.id}").text
        self.assertNotIn('name="donation"', page)
        self.assertIn("not taken", self._post("extras", donation="2").text)
        self.window.takes_donations = True
        self.company.coop_takes_donations = False
        self.assertIn("not taken", self._post("extras", donation="2").text)
        self.assertFalse(self.order.order_line.filtered("coop_donation"))

    def test_note_is_plain_text(self):
        self._change((self.offers[0], 3))
        self._post("extras", note="<script>alert(1)</script> " + "x" * 900)
        self.assertEqual(len(self.order.coop_note), 500)
        page = self.url_open(f"/my/coop/orders/{self.order.id}").text
        self.assertNotIn("<script>alert(1)", page)
        self.assertIn("&lt;script&gt;alert(1)", page)

    # ------------------------------------------------------------------
    # Confirming, slots, PDF
    # ------------------------------------------------------------------

    def test_confirming_twice_is_once(self):
        self._change((self.offers[0], 3))
        for _twice in range(2):
            page = self._post("validate").text
            self.assertIn("your order is confirmed", page)
        confirmed = self.order.coop_change_ids.filtered(lambda c: c.kind == "confirm")
        self.assertEqual(len(confirmed), 1)
        self.assertEqual(len(self.window.order_ids), 1)

    def test_a_full_slot_is_said_and_not_given(self):
        distribution = self.window.distribution_ids[0]
        start = distribution.date_start
        distribution.slot_ids = [
            Command.create(
                {
                    "date_start": start + timedelta(hours=hour),
                    "date_end": start + timedelta(hours=hour + 1),
                    "capacity": 1,
                }
            )
            for hour in range(2)
        ]
        slot, other = distribution.slot_ids
        self.env["sale.order"]._coop_create_orders(
            self.window, [{"partner": self.member_b, "lines": [(self.offers[0], 1)]}]
        ).write({"slot_id": slot.id})
        self._change((self.offers[0], 3))
        page = self.url_open(f"/my/coop/orders/{self.order.id}").text
        self.assertIn("full", page)
        choice = {"distribution_id": str(distribution.id)}
        page = self._post("validate", slot_id=str(slot.id), **choice).text
        self.assertIn("This slot has just filled up", page)
        self.assertEqual(self.order.state, "draft")
        self._post("validate", slot_id=str(other.id), **choice)
        self.assertEqual(self.order.slot_id, other)
        # Given up, taken by somebody else, taken back: not twice.
        order = self.order
        self._post("cancel")
        self.window.order_ids.filtered(
            lambda o: o.partner_id == self.member_b
        ).slot_id = other
        self.url_open(
            f"/my/coop/orders/{order.id}/restore",
            data={"csrf_token": http.Request.csrf_token(self)},
        )
        self.assertEqual(self.order, order)
        self.assertFalse(self.order.slot_id)

    def test_pdf_is_the_members_own(self):
        self._change((self.offers[0], 3))
        url = f"/my/coop/orders/{self.order.id}/order.pdf"
        response = self.url_open(url)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "coop_orders.report_member_order", self.order.ids
        )[0]
        self.assertIn(b"Product 0", html)
        self.assertIn(b"Town hall", html)
        self.authenticate("coop_member_b", "coop_member_b")
        self.assertTrue(self.url_open(url).url.endswith("/my/coop"))
