# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import CoopOrdersCommon, CoopOrdersData


@tagged("post_install", "-at_install")
class TestOrderChange(CoopOrdersCommon):
    """Every change of an order, as its member reads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls.offers = cls.window.offer_ids
        cls.env = cls.env(user=cls.member_user)
        cls.window = cls.window.with_env(cls.env)

    def _history(self, order):
        return [(row["what"], row["is_own"]) for row in order._coop_read_history()]

    def test_what_who_and_how(self):
        order, _rejected = self._change(
            self.window, self.member, (self.offers[0], 2), (self.offers[1], 1)
        )
        referent = self.env["sale.order"].with_user(self.referent)
        referent._coop_change_order(
            self.window,
            self.member,
            [{"offer_id": self.offers[0].id, "quantity": 5}],
            channel="phone",
            entered_by=self.referent,
        )
        history = order._coop_read_history()
        self.assertEqual(history[0]["what"], "Product 0: 2 → 5")
        self.assertFalse(history[0]["is_own"])
        self.assertEqual(history[0]["who"], self.referent.name)
        self.assertEqual(history[0]["channel"], "By telephone")
        self.assertEqual(
            {(row["what"], row["is_own"]) for row in history[1:]},
            {("Product 0: 0 → 2", True), ("Product 1: 0 → 1", True)},
        )

    def test_taps_in_a_row_are_one_change(self):
        for quantity in (1, 2, 3):
            order, _rejected = self._change(
                self.window, self.member, (self.offers[0], quantity)
            )
        self.assertEqual(self._history(order), [("Product 0: 0 → 3", True)])
        with freeze_time(self.now + timedelta(minutes=20)):
            self._change(self.window, self.member, (self.offers[0], 1))
        self.assertEqual(
            self._history(order),
            [("Product 0: 3 → 1", True), ("Product 0: 0 → 3", True)],
        )

    def test_what_was_undone_at_once_is_not_shown(self):
        order, _rejected = self._change(self.window, self.member, (self.offers[0], 1))
        self._change(self.window, self.member, (self.offers[0], 0))
        self.assertEqual(self._history(order), [])

    def test_what_is_refused_is_no_change(self):
        self.offers[0].sudo().quantity_max = 1
        self._change(self.window, self.member_b, (self.offers[0], 1))
        order, rejected = self._change(
            self.window, self.member, (self.offers[0], 5), (self.offers[1], 1)
        )
        self.assertTrue(rejected)
        self.assertEqual(self._history(order), [("Product 1: 0 → 1", True)])

    def test_confirm_cancel_and_take_back(self):
        order, _rejected = self._change(self.window, self.member, (self.offers[0], 1))
        order._coop_validate(self.window.sudo().distribution_ids[0])
        order._coop_validate(self.window.sudo().distribution_ids[0])
        self._change(self.window, self.member, (self.offers[0], 3))
        order._coop_cancel()
        order._coop_restore()
        self.assertEqual(
            [what for what, _own in self._history(order)],
            [
                "Basket taken back",
                "Order cancelled",
                "Product 0: 1 → 3",
                "Order confirmed",
                "Product 0: 0 → 1",
            ],
        )

    def test_one_query_a_change(self):
        order, _rejected = self._change(self.window, self.member, (self.offers[0], 1))
        entries = [
            {"kind": "quantity", "offer": offer, "before": (0, 0), "after": (1, 0)}
            for offer in self.offers
        ]
        self.offers.sudo().mapped("product_id")
        with self.assertQueryCount(1):
            order._coop_log_changes(entries)

    def test_it_is_never_rewritten(self):
        order, _rejected = self._change(self.window, self.member, (self.offers[0], 1))
        change = order.sudo().coop_change_ids
        with self.assertRaisesRegex(UserError, "never rewritten"):
            change.quantity_after = 9
        with self.assertRaisesRegex(UserError, "never rewritten"):
            change.unlink()
        with self.assertRaisesRegex(UserError, "never rewritten"):
            change.create({"order_id": order.id, "kind": "note"})

    def test_who_reads_it(self):
        order, _rejected = self._change(self.window, self.member, (self.offers[0], 1))
        change = order.sudo().coop_change_ids
        self.assertTrue(change.with_user(self.referent).words)
        self.assertTrue(change.with_user(self.coordinator).words)
        for user in (self.other_referent, self.member_b_user, self.buyer):
            with self.assertRaises(AccessError):
                change.with_user(user).read(["kind"])

    def test_export_and_erasure(self):
        order, _rejected = self._change(self.window, self.member, (self.offers[0], 1))
        order._coop_set_extras(note="Ring twice")
        self.member._coop_set_favourite(
            self.offers[0].sudo().product_id.product_tmpl_id, True
        )
        person = self.member.sudo()
        sections = {s["key"]: s["rows"] for s in person._coop_privacy_export()}
        self.assertEqual(sections["commandes"][0]["coop_note"], "Ring twice")
        self.assertIn(
            "Product 0: 0 → 1",
            [row["what"] for row in sections["historique_des_commandes"]],
        )
        self.assertEqual(sections["favoris"][0]["name"], "Product 0")
        counted = person._coop_privacy_erase(dry_run=True)
        self.assertTrue(order.sudo().coop_change_ids)
        self.assertEqual(counted, person._coop_privacy_erase())
        self.assertFalse(order.sudo().coop_change_ids)
        self.assertFalse(order.sudo().coop_note)
        self.assertFalse(order.sudo().coop_taps)
        self.assertFalse(person.coop_favourite_ids)


@tagged("post_install", "-at_install")
class TestOrderChangePage(CoopOrdersData, HttpCase):
    def test_the_member_reads_it_and_nobody_else(self):
        self._create_coop(self.env)
        window = self._create_window(self.env)
        window.action_open()
        order, _rejected = self.env["sale.order"]._coop_change_order(
            window,
            self.member,
            [{"offer_id": window.offer_ids[0].id, "quantity": 2}],
            "phone",
            self.referent,
        )
        url = f"/my/coop/orders/{order.id}"
        self.authenticate("coop_member_a", "coop_member_a")
        page = " ".join(self.url_open(url).text.split())
        self.assertIn("Product 0: 0 → 2", page)
        self.assertIn(self.referent.name, page)
        self.assertIn("By telephone", page)
        self.authenticate("coop_member_b", "coop_member_b")
        self.assertNotIn("Product 0: 0 → 2", self.url_open(url).text)
        response = self.url_open(
            f"{url}/extras",
            data={"csrf_token": http.Request.csrf_token(self), "note": "mine"},
        )
        self.assertTrue(response.url.endswith("/my/coop"))
        self.assertFalse(order.coop_note)
