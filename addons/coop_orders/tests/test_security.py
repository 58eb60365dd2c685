# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from urllib.parse import urlsplit

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import CoopOrdersCommon, CoopOrdersData


@tagged("post_install", "-at_install")
class TestRecordRules(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls.order = cls._order(cls.window, cls.member, {0: 2})
        cls.outside_window = cls._create_window(
            cls.env, name="South order", group_ids=[(6, 0, cls.other_group.ids)]
        )
        cls.outside_window.action_open()
        cls.outside_order = cls._order(cls.outside_window, cls.outsider, {0: 1})

    def _visible(self, user, model):
        return self.env[model].with_user(user).search([])

    def test_member_sees_the_windows_of_the_own_group(self):
        self.assertEqual(
            self._visible(self.member_user, "coop.order.window"), self.window
        )
        self.assertEqual(
            self._visible(self.member_user, "coop.order.offer").window_id, self.window
        )
        self.assertEqual(
            self._visible(self.member_user, "coop.distribution").window_id, self.window
        )

    def test_member_does_not_see_a_prepared_window(self):
        draft = self._create_window(self.env)
        self.assertNotIn(draft, self._visible(self.member_user, "coop.order.window"))

    def test_member_sees_only_the_own_order(self):
        self.assertEqual(self._visible(self.member_user, "sale.order"), self.order)
        self.assertFalse(self._visible(self.member_b_user, "sale.order"))
        self.assertFalse(self._visible(self.member_b_user, "sale.order.line"))

    def test_members_of_one_household_do_not_see_each_other(self):
        self.member_b.parent_id = self.member
        self.assertFalse(self._visible(self.member_b_user, "sale.order"))

    def test_member_writes_nothing_by_rpc(self):
        order = self.order.with_user(self.member_user)
        for record, values in (
            (order, {"state": "sale"}),
            (order.order_line, {"product_uom_qty": 9, "price_unit": 0}),
            (self.window.with_user(self.member_user), {"state": "closed"}),
            (self.window.offer_ids.with_user(self.member_user), {"price_unit": 0}),
        ):
            with self.assertRaises(AccessError):
                record.write(values)
            with self.assertRaises(AccessError):
                record.unlink()

    def test_member_does_not_read_producers_prices(self):
        offer = self.window.offer_ids[0].with_user(self.member_user)
        self.assertTrue(offer.price_unit)
        with self.assertRaises(AccessError):
            offer.read(["purchase_price"])
        with self.assertRaises(AccessError):
            self._visible(self.member_user, "coop.order.window.supplier")

    def test_member_runs_no_action(self):
        window = self.window.with_user(self.member_user)
        for method in (
            "action_allocate",
            "action_close",
            "action_close_and_send",
            "action_create_purchase_orders",
            "action_send_purchase_orders",
            "action_cancel",
        ):
            with self.assertRaises(AccessError):
                getattr(window, method)()
        self.assertEqual(self.window.state, "open")

    def test_producer_sees_nothing_of_the_members(self):
        for model in ("coop.order.window", "coop.order.offer", "coop.distribution"):
            with self.assertRaises(AccessError):
                self._visible(self.producer_user, model)
        self.assertFalse(self._visible(self.producer_user, "sale.order"))

    def test_referent_sees_the_own_groups_orders(self):
        self.assertEqual(self._visible(self.referent, "sale.order"), self.order)
        self.assertEqual(
            self._visible(self.other_referent, "sale.order"), self.outside_order
        )
        with self.assertRaises(AccessError):
            self.order.with_user(self.referent).write({"note": "x"})

    def test_coordinator_sees_all_orders(self):
        orders = self._visible(self.coordinator, "sale.order")
        self.assertLessEqual(self.order | self.outside_order, orders)

    def test_buyer_works_on_totals(self):
        window = self.window.with_user(self.buyer)
        self.assertEqual(window.order_count, 1)
        self.assertEqual(window.offer_ids[0].quantity_ordered, 2)


@tagged("post_install", "-at_install")
class TestUrlsAndRpc(CoopOrdersData, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_coop(cls.env)
        cls.window = cls._create_window(cls.env)
        cls.window.action_open()
        cls.offer = cls.window.offer_ids[0]
        cls.order = cls.env["sale.order"]._coop_create_orders(
            cls.window, [{"partner": cls.member, "lines": [(cls.offer, 2)]}]
        )

    def _call(self, model, method, *args, **kwargs):
        response = self.url_open(
            "/web/dataset/call_kw",
            json={
                "params": {
                    "model": model,
                    "method": method,
                    "args": args,
                    "kwargs": kwargs,
                }
            },
        )
        return response.json()

    @mute_logger("odoo.http")
    def test_another_member_by_call_kw(self):
        self.authenticate("coop_member_b", "coop_member_b")
        for method, args in (
            ("read", [self.order.ids, ["amount_total"]]),
            ("write", [self.order.ids, {"note": "mine"}]),
            ("action_cancel", [self.order.ids]),
            ("action_confirm", [self.order.ids]),
            ("unlink", [self.order.ids]),
        ):
            answer = self._call("sale.order", method, *args)
            self.assertIn("AccessError", answer["error"]["data"]["name"], method)
        answer = self._call("sale.order", "search_read", [], ["amount_total"])
        self.assertEqual(answer["result"], [])
        for method in ("_coop_change_order", "_coop_cancel", "_coop_validate"):
            answer = self._call("sale.order", method, self.order.ids)
            self.assertIn("error", answer)
        self.order.invalidate_recordset()
        self.assertEqual(self.order.state, "sent")

    @mute_logger("odoo.http")
    def test_own_order_by_call_kw_is_read_only(self):
        self.authenticate("coop_member_a", "coop_member_a")
        answer = self._call("sale.order", "read", self.order.ids, ["amount_total"])
        self.assertEqual(answer["result"][0]["amount_total"], 4)
        line = self.order.order_line
        for model, method, args in (
            ("sale.order", "write", [self.order.ids, {"state": "sale"}]),
            ("sale.order.line", "write", [line.ids, {"price_unit": 0.01}]),
            ("sale.order", "action_confirm", [self.order.ids]),
            ("sale.order", "action_draft", [self.order.ids]),
        ):
            answer = self._call(model, method, *args)
            self.assertIn("AccessError", answer["error"]["data"]["name"], method)

    @mute_logger("odoo.http")
    def test_grid_by_call_kw(self):
        self.authenticate("coop_member_b", "coop_member_b")
        answer = self._call(
            "coop.order.window",
            "set_entry_quantity",
            self.window.ids,
            self.member.id,
            self.offer.id,
            9,
        )
        self.assertIn("AccessError", answer["error"]["data"]["name"])

    def test_pages_of_another_member(self):
        self.authenticate("coop_member_b", "coop_member_b")
        for url in (
            f"/my/coop/orders/{self.order.id}",
            f"/my/orders/{self.order.id}",
        ):
            response = self.url_open(url)
            self.assertNotIn("Product 0", response.text, url)
            path = urlsplit(response.url).path
            self.assertNotIn(f"/orders/{self.order.id}", path)
        calendar = self.url_open(f"/my/coop/orders/{self.order.id}/collection.ics")
        self.assertEqual(calendar.status_code, 404)

    def test_forms_of_another_member(self):
        self.authenticate("coop_member_b", "coop_member_b")
        for action in ("validate", "cancel", "restore"):
            self.url_open(
                f"/my/coop/orders/{self.order.id}/{action}",
                data={"csrf_token": http.Request.csrf_token(self)},
            )
        self.order.invalidate_recordset()
        self.assertEqual(self.order.state, "sent")

    @mute_logger("odoo.http")
    def test_forms_need_the_csrf_token(self):
        self.authenticate("coop_member_a", "coop_member_a")
        response = self.url_open(
            f"/my/coop/orders/{self.order.id}/cancel", data={"x": "1"}
        )
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.order.state, "sent")

    def test_change_of_another_members_order(self):
        """A change only ever reaches the order of who is connected."""
        self.authenticate("coop_member_b", "coop_member_b")
        self.make_jsonrpc_request(
            f"/my/coop/window/{self.window.id}/change",
            {
                "changes": [
                    {
                        "offer_id": self.offer.id,
                        "quantity": 9,
                        "order_id": self.order.id,
                        "partner_id": self.member.id,
                    }
                ]
            },
        )
        self.order.invalidate_recordset()
        self.assertEqual(self.order.order_line.product_uom_qty, 2)
        own = self.window.order_ids - self.order
        self.assertEqual(own.partner_id, self.member_b)

    def test_window_of_another_group(self):
        self.authenticate("coop_outsider", "coop_outsider")
        response = self.url_open(f"/my/coop/window/{self.window.id}")
        self.assertNotIn("o_coop_window", response.text)
        answer = self.make_jsonrpc_request(
            f"/my/coop/window/{self.window.id}/change",
            {"changes": [{"offer_id": self.offer.id, "quantity": 1}]},
        )
        self.assertTrue(answer["error"])
        image = self.url_open(f"/my/coop/offer/{self.offer.id}/image")
        self.assertEqual(image.status_code, 404)

    def test_odoo_s_quotation_pages_do_not_show_it(self):
        self.authenticate("coop_member_a", "coop_member_a")
        for url in ("/my/quotes", "/my/orders"):
            self.assertNotIn(self.order.name, self.url_open(url).text)
        response = self.url_open(f"/my/orders/{self.order.id}")
        self.assertTrue(response.url.endswith(f"/my/coop/orders/{self.order.id}"))

    @mute_logger("odoo.http")
    def test_odoo_s_acceptance_is_closed(self):
        self.authenticate("coop_member_a", "coop_member_a")
        token = self.order._portal_ensure_token()
        self.make_jsonrpc_request(
            f"/my/orders/{self.order.id}/accept",
            {"access_token": token, "name": "A", "signature": "R0lGOD"},
        )
        self.url_open(
            f"/my/orders/{self.order.id}/decline",
            data={
                "access_token": token,
                "decline_message": "no",
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.order.invalidate_recordset()
        self.assertEqual(self.order.state, "sent")
