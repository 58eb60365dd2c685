# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import http
from odoo.tests import HttpCase, tagged

from .common import CoopOrdersData


@tagged("post_install", "-at_install")
class TestPortal(CoopOrdersData, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_coop(cls.env)
        cls.window = cls._create_window(cls.env, minimum_order_amount=5)
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

    def test_home_card(self):
        self.assertIn("You have not ordered yet", self.url_open("/my/coop").text)
        self._change((self.offers[0], 3))
        page = self.url_open("/my/coop").text
        self.assertIn("Your basket is not confirmed yet", page)
        self.assertIn(self.url, page)

    def test_order_confirm_change_cancel(self):
        page = self.url_open(self.url).text
        self.assertIn("Product 0", page)
        self.assertNotIn("Quotation", page)
        answer = self._change((self.offers[0], 3), (self.offers[1], 1))
        self.assertEqual(answer["state"]["count"], 2)
        self.assertEqual(answer["state"]["state"], "draft")
        other = self.window.distribution_ids[1]
        page = self._post("validate", distribution_id=str(other.id)).text
        self.assertIn("Thank you, your order is confirmed", page)
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.order.distribution_id, other)
        answer = self._change((self.offers[1], 2))
        self.assertEqual(answer["state"]["state"], "sent")
        page = self._post("cancel").text
        self.assertIn("This order is cancelled", page)
        self.assertFalse(self.order)

    def test_cancelled_basket_can_be_taken_back(self):
        self._change((self.offers[0], 3))
        order = self.order
        self._post("cancel")
        self.url_open(
            f"/my/coop/orders/{order.id}/restore",
            data={"csrf_token": http.Request.csrf_token(self)},
        )
        self.assertEqual(self.order, order)
        self.assertEqual(order.state, "draft")

    def test_minimum_is_said_and_nothing_changes(self):
        answer = self._change((self.offers[0], 1))
        self.assertIn("An order starts at", answer["state"]["minimum"])
        page = self._post("validate").text
        self.assertIn("An order starts at", page)
        self.assertEqual(self.order.state, "draft")

    def test_limit_is_said_on_the_row(self):
        self.offers[0].quantity_max = 2
        answer = self._change((self.offers[0], 3), (self.offers[1], 1))
        self.assertEqual(
            [(r["offer_id"], r["message"]) for r in answer["rejected"]],
            [(self.offers[0].id, "Only 2 of Product 0 left for you.")],
        )
        # As much as there is, and what the page shows.
        self.assertEqual(answer["state"]["count"], 2)
        quantities = answer["state"]["quantities"]
        self.assertEqual(quantities[str(self.offers[0].id)][0], 2)

    def test_closed_window_says_so_and_changes_nothing(self):
        self._change((self.offers[0], 3))
        self.window.closes_at = self.now - timedelta(minutes=1)
        page = self.url_open(self.url).text
        self.assertIn("nothing can be changed any more", page)
        self.assertNotIn("o_coop_plus", page)
        answer = self._change((self.offers[0], 9))
        self.assertIn("nothing can be changed any more", answer["error"])
        page = self._post("validate").text
        self.assertIn("nothing can be changed any more", page)
        self.assertEqual(self.order.order_line.product_uom_qty, 3)
        self.assertEqual(self.order.state, "draft")

    def test_nonsense_changes_nothing(self):
        for changes in (None, [], "x", [{}], [{"offer_id": "a"}]):
            self.make_jsonrpc_request(f"{self.url}/change", {"changes": changes})
        self.assertFalse(self.order.order_line)

    def test_history_shows_every_quantity_and_the_reason(self):
        self._change((self.offers[0], 3))
        order = self.order
        self._post("validate")
        self.window.action_close_and_send()
        pickings = self.window.purchase_order_ids.picking_ids
        pickings.move_ids.write({"quantity": 2, "picked": True})
        pickings.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=pickings.ids
        ).button_validate()
        page = " ".join(self.url_open(f"/my/coop/orders/{order.id}").text.split())
        self.assertIn("Ordered: <strong>3</strong>", page)
        self.assertIn("Allocated: <strong>2</strong>", page)
        self.assertIn("first come, first served", page)
        self.assertIn("June order", self.url_open("/my/coop/orders").text)

    def test_calendar_file(self):
        self._change((self.offers[0], 3))
        response = self.url_open(f"/my/coop/orders/{self.order.id}/collection.ics")
        start = self.window.distribution_ids[0].date_start
        self.assertIn(f"DTSTART:{start:%Y%m%dT%H%M%SZ}", response.text)
        self.assertIn("Town hall", response.text)

    def test_photo(self):
        response = self.url_open(f"/my/coop/offer/{self.offers[0].id}/image")
        self.assertEqual(response.status_code, 200)
        self.assertIn("image/", response.headers["Content-Type"])
