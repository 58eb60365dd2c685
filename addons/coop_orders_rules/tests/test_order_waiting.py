# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon, CoopOrdersData


class WaitingData(CoopOrdersData):
    @classmethod
    def _create_waiting(cls, env):
        cls.window = cls._create_window(env, offers={0: {"quantity_max": 3}})
        cls.window.distribution_ids[1:].unlink()
        cls.window.action_open()
        cls.offer = cls.window.offer_ids[0]
        # Sold out by a third member.
        cls.holder = cls.paper_member
        cls.held = env["sale.order"]._coop_change_order(
            cls.window, cls.holder, [{"offer_id": cls.offer.id, "quantity": 3}]
        )[0]

    def _serve(self):
        served = self.env["coop.order.waiting"]._serve_window(self.window)
        self.env.invalidate_all()
        return served

    def _has(self, member):
        order = self.env["sale.order"]._coop_get_order(self.window, member)
        return sum(order.order_line.mapped("product_uom_qty"))

    def _set(self, member, quantity):
        return self.env["sale.order"]._coop_change_order(
            self.window, member, [{"offer_id": self.offer.id, "quantity": quantity}]
        )[1]


@tagged("post_install", "-at_install")
class TestWaiting(WaitingData, CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_waiting(cls.env)

    def _join(self, member, quantity=1, offer=None):
        return self.env["coop.order.waiting"]._join(
            offer or self.offer, member, quantity
        )

    def test_served_in_the_order_of_asking(self):
        self._join(self.member, 2)
        self._join(self.member_b, 1)
        self.assertFalse(self._serve())
        self._set(self.holder, 1)
        # Nobody overtakes: not even with a tap before the job ran.
        self.assertIn("wait", self._set(self.member_b, 1)[0]["message"])
        self._serve()
        self.assertEqual((self._has(self.member), self._has(self.member_b)), (2, 0))
        self._set(self.holder, 0)
        self._serve()
        self.assertEqual((self._has(self.member), self._has(self.member_b)), (2, 1))
        self.assertEqual(self.offer.quantity_ordered, 3)

    def test_part_now_and_the_rest_still_waited_for(self):
        place = self._join(self.member, 2)
        self._set(self.holder, 2)
        self._serve()
        self.assertEqual(
            (place.state, place.quantity, place.quantity_served), ("waiting", 1, 1)
        )
        self._set(self.holder, 1)
        self._serve()
        self.assertEqual((place.state, place.quantity_served), ("served", 2))
        self.assertEqual(self._has(self.member), 2)

    def test_told_and_confirmed(self):
        self._join(self.member, 1)
        self.held._coop_cancel()
        self._serve()
        order = self.env["sale.order"]._coop_get_order(self.window, self.member)
        self.assertEqual(order.state, "sent")
        mail = self.env["mail.mail"].search([("res_id", "=", order.id)], limit=1)
        self.assertEqual(mail.recipient_ids, self.member)
        self.assertIn("1 Product 0", mail.body_html)
        self.assertNotIn("not confirmed yet", mail.body_html)

    def test_a_basket_stays_a_basket(self):
        other = self.window.offer_ids[1]
        self._change(self.window, self.member, (other, 1))
        self._join(self.member, 1)
        self._set(self.holder, 2)
        self._serve()
        order = self.env["sale.order"]._coop_get_order(self.window, self.member)
        self.assertEqual((order.state, len(order.order_line)), ("draft", 2))
        mail = self.env["mail.mail"].search([("res_id", "=", order.id)], limit=1)
        self.assertIn("not confirmed yet", mail.body_html)

    def test_who_may_no_longer_order_is_passed_over(self):
        place = self._join(self.member, 1)
        self._join(self.member_b, 1)
        self.member.coop_order_blocked = True
        self._set(self.holder, 2)
        self._serve()
        self.assertEqual(place.state, "refused")
        self.assertEqual((self._has(self.member), self._has(self.member_b)), (0, 1))

    def test_a_raised_limit_wakes_the_job(self):
        self._join(self.member, 1)
        cron = self.env.ref("coop_orders_rules.coop_order_waiting_cron")
        triggers = self.env["ir.cron.trigger"]
        domain = [("cron_id", "=", cron.id)]
        for action in (
            lambda: setattr(self.offer, "quantity_max", 4),
            lambda: self._set(self.holder, 2),
            lambda: self.held._coop_cancel(),
        ):
            before = triggers.search_count(domain)
            action()
            self.assertGreater(triggers.search_count(domain), before)

    def test_cron(self):
        self._join(self.member, 1)
        self.offer.quantity_max = 4
        cron = self.env.ref("coop_orders_rules.coop_order_waiting_cron")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self._has(self.member), 1)

    def test_nothing_to_wait_for(self):
        with self.assertRaisesRegex(UserError, "order it with"):
            self._join(self.member, 1, self.window.offer_ids[1])
        self._set(self.holder, 2)
        with self.assertRaisesRegex(UserError, "order it with"):
            self._join(self.member, 1)
        for bad in (0, -1, "2", None, True, 1e9, 0.2):
            with self.assertRaisesRegex(UserError, "Give a quantity"):
                self._join(self.member, bad)

    def test_one_place_whose_quantity_changes(self):
        self._join(self.member, 1)
        self._join(self.member, 2)
        self.assertEqual(self.offer.waiting_ids.quantity, 2)

    def test_only_while_the_window_is_open(self):
        place = self._join(self.member, 1)
        self.window.action_close()
        self.assertEqual(place.state, "expired")
        with self.assertRaisesRegex(UserError, "closed on"):
            self._join(self.member_b, 1)
        self.window.action_reopen()
        self.assertEqual(place.state, "waiting")

    def test_room_in_a_full_window(self):
        window = self._create_window(self.env, name="Full", quota_orders=1)
        window.distribution_ids[1:].unlink()
        window.quota_policy = "wait"
        window.action_open()
        offer, other = window.offer_ids[:2]
        order = self._change(window, self.member, (offer, 1))[0]
        self._join(self.member_b, 1, offer)
        order._coop_cancel()
        rejected = self._change(window, self.paper_member, (other, 1))[1]
        self.assertIn("wait", rejected[0]["message"])
        self.env["coop.order.waiting"]._serve_window(window)
        served = self.env["sale.order"]._coop_get_order(window, self.member_b)
        self.assertEqual(served.state, "sent")

    def test_limit_per_member(self):
        self.offer.quantity_max_per_member = 1
        with self.assertRaisesRegex(UserError, "At most 1"):
            self._join(self.member, 2)

    def test_roles(self):
        place = self._join(self.member, 1)
        Waiting = self.env["coop.order.waiting"]
        own = [("id", "=", place.id)]
        self.assertTrue(Waiting.with_user(self.member_user).search(own))
        self.assertFalse(Waiting.with_user(self.member_b_user).search(own))
        self.assertTrue(Waiting.with_user(self.referent).search(own))
        self.assertFalse(Waiting.with_user(self.other_referent).search(own))
        with self.assertRaises(AccessError):
            place.with_user(self.member_user).write({"quantity": 9})
        with self.assertRaises(AccessError):
            place.with_user(self.referent).action_leave()
        place.with_user(self.coordinator).action_leave()
        self.assertEqual(place.state, "left")


@tagged("post_install", "-at_install")
class TestWaitingPortal(WaitingData, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_coop(cls.env)
        cls._create_waiting(cls.env)
        cls.url = f"/my/coop/window/{cls.window.id}"

    def _call(self, action, **values):
        return self.make_jsonrpc_request(f"{self.url}/{action}", values)

    def test_join_see_get_and_take_away(self):
        self.authenticate("coop_member_a", "coop_member_a")
        page = self.url_open(self.url).text
        self.assertIn("Sold out", page)
        self.assertIn("Join the waiting list of Product 0", page)
        answer = self._call("wait", offer_id=self.offer.id, quantity=1)
        self.assertIn("You wait for 1: you are the first.", answer["text"])
        self.assertIn("You wait for 1", self.url_open(self.url).text)
        self._set(self.holder, 2)
        self._serve()
        self.assertIn("1 came free and is in your order", self.url_open(self.url).text)
        self._call("leave", place_id=answer["id"])
        self.env.invalidate_all()
        self.assertEqual(self._has(self.member), 0)
        self.assertNotIn("My waiting list", self.url_open(self.url).text)

    def test_anothers_place(self):
        place = self.env["coop.order.waiting"]._join(self.offer, self.member, 1)
        self.authenticate("coop_member_b", "coop_member_b")
        for bad in (place.id, 999999, "1", None):
            self.assertTrue(self._call("leave", place_id=bad)["error"])
        self.assertEqual(place.state, "waiting")
        self.assertIn(
            "1 before you",
            self._call("wait", offer_id=self.offer.id, quantity=1)["text"],
        )

    def test_bad_input(self):
        self.authenticate("coop_member_a", "coop_member_a")
        other = self._create_window(self.env, name="Other")
        for offer_id in (other.offer_ids[0].id, "x", None, 10**12):
            answer = self._call("wait", offer_id=offer_id, quantity=1)
            self.assertIn("no longer offered", answer["error"])
        self.authenticate("coop_outsider", "coop_outsider")
        answer = self._call("wait", offer_id=self.offer.id, quantity=1)
        self.assertIn("not for you", answer["error"])
        self.assertFalse(self.offer.waiting_ids)

    def test_needs_a_token_free_post(self):
        self.authenticate("coop_member_a", "coop_member_a")
        response = self.url_open(
            f"{self.url}/wait", data={"csrf_token": http.Request.csrf_token(self)}
        )
        self.assertGreaterEqual(response.status_code, 400)
        self.assertFalse(self.offer.waiting_ids)
