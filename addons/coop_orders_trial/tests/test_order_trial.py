# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from odoo import http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersData

TABLES = (
    "sale_order",
    "sale_order_line",
    "mail_mail",
    "mail_message",
    "mail_notification",
    "mail_activity",
    "mail_followers",
    "mail_tracking_value",
    "ir_cron_trigger",
    "purchase_order",
    "purchase_order_line",
    "stock_picking",
    "stock_move",
    "account_move",
    "account_move_line",
    "coop_order_waiting",
    "coop_order_offer",
    "coop_order_window",
    "coop_distribution",
    "coop_distribution_slot",
    "bus_bus",
)


@tagged("post_install", "-at_install")
class TestTrial(CoopOrdersData, HttpCase):
    """A coordinator orders as a member before the opening, and nothing is left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_coop(cls.env)
        cls.window = cls._create_window(
            cls.env, offers={0: {"quantity_max": 5}}, minimum_order_amount=5
        )
        cls.offer = cls.window.offer_ids[0]
        cls.url = f"/my/coop/window/{cls.window.id}"

    def _traces(self):
        """What a trial could leave: rows, the next numbers, the window itself."""
        self.env.flush_all()
        cr = self.env.cr
        result = {}
        for table in TABLES:
            cr.execute(f"SELECT count(*) FROM {table}")  # pylint: disable=sql-injection
            result[table] = cr.fetchone()[0]
        sequence = self.env["ir.sequence"].search([("code", "=", "sale.order")])
        for each in sequence:
            each.invalidate_recordset()
            result[f"sequence {each.id}"] = each.number_next_actual
        for table in ("coop_order_window", "coop_order_offer"):
            cr.execute(
                f"SELECT to_jsonb(t) FROM {table} t ORDER BY id"  # pylint: disable=sql-injection
            )
            result[f"content of {table}"] = json.dumps(cr.fetchall(), default=str)
        return result

    def _begin(self, login="coop_coordinator", member=None):
        self.authenticate(login, login)
        member = member or self.member
        return self.url_open(f"{self.url}/try/{member.id}")

    def _change(self, quantity):
        return self.make_jsonrpc_request(
            f"{self.url}/change",
            {"changes": [{"offer_id": self.offer.id, "quantity": quantity}]},
        )

    def _post(self, order_id, action, **data):
        return self.url_open(
            f"/my/coop/orders/{order_id}/{action}",
            data={"csrf_token": http.Request.csrf_token(self), **data},
        ).text

    def test_order_and_confirm_without_a_trace(self):
        self.authenticate("coop_coordinator", "coop_coordinator")
        before = self._traces()
        page = self._begin().text
        self.assertIn("This is a trial", page)
        self.assertIn("Product 0", page)
        self.assertIn("o_coop_plus", page)
        # The controls are the real ones.
        self.assertIn("Only 5", self._change(6)["rejected"][0]["message"])
        self.assertIn("starts at", self._change(1)["state"]["minimum"])
        answer = self._change(3)["state"]
        self.assertEqual((answer["count"], answer["minimum"]), (1, ""))
        self.assertIn('data-quantity="3.0"', self.url_open(self.url).text)
        order_id = answer["order_id"]
        page = self.url_open(f"/my/coop/orders/{order_id}").text
        self.assertIn("This is a trial", page)
        self.assertIn("Confirm my order", page)
        page = self._post(
            order_id, "validate", distribution_id=self.window.distribution_ids[0].id
        )
        self.assertIn("Thank you, your order is confirmed.", page)
        self.assertIn("Where and when to collect", page)
        page = self._post(order_id, "cancel")
        self.assertIn("Your order is cancelled.", page)
        self._post(order_id, "restore")
        # Not the page it leads to: Odoo greets who opens the back office first.
        self.url_open(
            f"{self.url}/try/end",
            data={"csrf_token": http.Request.csrf_token(self)},
            allow_redirects=False,
        )
        self.env.invalidate_all()
        after = self._traces()
        self.assertEqual({key for key in after if after[key] != before[key]}, set())
        self.assertEqual(self.window.state, "draft")
        self.assertFalse(self.window.order_ids)

    def test_the_trial_ends_with_the_opening(self):
        self._begin()
        order_id = self._change(3)["state"]["order_id"]
        self.window.action_open()
        self.assertFalse(self.window.order_ids)
        self.assertNotIn("This is a trial", self.url_open(self.url).text)
        self.assertNotIn("trial", self._post(order_id, "validate"))
        self.assertFalse(self.window.order_ids)

    def test_the_rules_refuse_in_a_trial_too(self):
        self.window.charter_rule = "yes"
        self.assertIn("Sign the charter", self._begin().text)
        self.assertIn("Sign the charter", self._change(3)["error"])

    def test_only_coordinators(self):
        for login in ("coop_member_a", "coop_referent", "coop_producer"):
            page = self._begin(login).text
            self.assertNotIn("This is a trial", page)
            self.assertNotIn("o_coop_plus", page)

    def test_a_member_without_an_account(self):
        self.assertIn("as Odile on paper", self._begin(member=self.paper_member).text)
        self.assertEqual(self._change(3)["state"]["count"], 1)

    def test_other_pages_are_not_in_the_trial(self):
        self._begin()
        other = self._create_window(self.env, name="Other")
        self.assertNotIn(
            "This is a trial", self.url_open(f"/my/coop/window/{other.id}").text
        )

    def test_wizard(self):
        window = self.window.with_user(self.coordinator)
        action = window.action_try()
        trial = (
            self.env["coop.order.trial"]
            .with_user(self.coordinator)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(trial.member_id.coop_group_id, self.group)
        self.assertEqual(
            trial.action_start()["url"], f"{self.url}/try/{trial.member_id.id}"
        )
        self.window.action_open()
        with self.assertRaisesRegex(UserError, "not open yet"):
            window.action_try()
