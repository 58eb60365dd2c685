# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon, CoopOrdersData


class RulesData(CoopOrdersData):
    @classmethod
    def _create_rules(cls, env):
        cls.referent.partner_id.write(
            {
                "name": "Camille Roy",
                "phone": "06 12 34 56 78",
                "coop_contact_shared": True,
            }
        )
        cls.window.action_open()
        cls.offers = cls.window.offer_ids

    @classmethod
    def _owe(cls, env, partner, amount, days=-10):
        move = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": cls.now.date() + timedelta(days=min(days, 0) - 1),
                "invoice_date_due": cls.now.date() + timedelta(days=days),
                "invoice_line_ids": [
                    (0, 0, {"name": "Last order", "price_unit": amount, "tax_ids": []})
                ],
            }
        )
        move.action_post()
        return move


@tagged("post_install", "-at_install")
class TestOrderRules(RulesData, CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_rules(cls.env)

    def _refusal(self):
        return self.window._get_refusal(self.member)

    def test_nothing_asked_nothing_refused(self):
        self._owe(self.env, self.member, 500)
        self.assertEqual(self._refusal(), "")

    def test_fee(self):
        self.company.coop_order_fee_required = True
        self.assertIn("fee is not up to date", self._refusal())
        self.member.free_member = True
        self.assertEqual(self.member.coop_state, "active")
        self.assertEqual(self._refusal(), "")

    def test_a_window_says_otherwise(self):
        self.company.coop_order_fee_required = True
        self.window.fee_rule = "no"
        self.assertEqual(self._refusal(), "")
        self.window.charter_rule = "yes"
        self.assertIn("charter", self._refusal())
        self.member.charter_signed_on = self.now.date()
        self.assertEqual(self._refusal(), "")

    def test_blocked_with_the_reason(self):
        self.member.write(
            {"coop_order_blocked": True, "coop_order_blocked_reason": "two no-shows"}
        )
        self.assertIn("suspended: two no-shows.", self._refusal())

    def test_whom_to_ask(self):
        self.window.charter_rule = "yes"
        self.assertIn("Ask Camille Roy (06 12 34 56 78", self._refusal())
        self.referent.partner_id.coop_contact_shared = False
        self.assertIn("Ask Camille Roy.", self._refusal())
        self.group.referent_ids = False
        self.point.referent_ids = self.other_referent.partner_id
        self.assertIn(f"Ask {self.other_referent.name}", self._refusal())
        self.point.referent_ids = False
        self.assertIn(f"Ask {self.company.name}", self._refusal())

    def test_debt_counts_what_is_due_and_what_was_paid(self):
        self.window.write({"debt_rule": "due", "debt_max": 20})
        self._owe(self.env, self.member, 30, days=5)
        self.assertEqual(self._refusal(), "", "not due yet")
        self._owe(self.env, self.member, 20)
        self.assertEqual(self._refusal(), "", "the limit itself is accepted")
        self._owe(self.env, self.member, 1)
        self.assertRegex(self._refusal(), "21[.,]00")
        self.env["account.payment"].create(
            {"partner_id": self.member.id, "payment_type": "inbound", "amount": 10}
        ).action_post()
        # A payment counts though nobody lettered it.
        self.assertEqual(self._refusal(), "")

    def test_a_refused_member_changes_and_confirms_nothing(self):
        order = self._change(self.window, self.member, (self.offers[0], 1))[0]
        self.window.write({"debt_rule": "due", "debt_max": 0})
        self._owe(self.env, self.member, 1)
        with self.assertRaisesRegex(UserError, "still owe"):
            self._change(self.window, self.member, (self.offers[0], 2))
        with self.assertRaisesRegex(UserError, "still owe"):
            order._coop_validate()
        self.assertEqual(order.order_line.product_uom_qty, 1)
        # Giving up is always possible.
        order._coop_cancel()
        self.assertEqual(order.state, "cancel")

    def test_archived(self):
        self.paper_member.active = False
        self.assertIn("Only members", self.window._get_refusal(self.paper_member))

    def test_credit_counts_the_orders_under_way(self):
        """Foodsoft #1040: the sum of all baskets, not each one."""
        self.window.write({"debt_rule": "orders", "debt_max": 10})
        other = self._create_window(
            self.env, name="Other", debt_rule="orders", debt_max=10
        )
        other.action_open()
        self.assertFalse(self._change(self.window, self.member, (self.offers[0], 3))[1])
        order, rejected = self._change(other, self.member, (other.offer_ids[0], 3))
        self.assertRegex(rejected[0]["message"], "12[.,]00")
        self.assertFalse(order, "nothing half written")
        self.assertFalse(self._change(other, self.member, (other.offer_ids[0], 2))[1])
        # Less is always accepted, also from beyond the limit.
        self.window.debt_max = 1
        self.assertFalse(self._change(self.window, self.member, (self.offers[0], 2))[1])
        order = self.env["sale.order"]._coop_get_order(self.window, self.member)
        with self.assertRaisesRegex(UserError, "is the most"):
            order._coop_validate()

    def test_exception_with_its_reason(self):
        self.window.charter_rule = "yes"
        as_referent = self.window.with_user(self.referent)
        grid = as_referent.get_entry_grid(self.group.id)
        row = next(r for r in grid["members"] if r["id"] == self.paper_member.id)
        self.assertEqual(row["refusal"], "Charter not signed")
        self.assertFalse(grid["may_permit"])
        row = as_referent.set_entry_quantity(
            self.paper_member.id, self.offers[0].id, 2, "paper"
        )
        self.assertIn("nothing was saved", row["message"])
        self.assertFalse(row["quantities"])
        with self.assertRaises(AccessError):
            as_referent.permit_member(self.paper_member.id, "Signs on Thursday")
        as_coordinator = self.window.with_user(self.coordinator)
        with self.assertRaisesRegex(UserError, "Write why"):
            as_coordinator.permit_member(self.paper_member.id, "  ")
        as_coordinator.permit_member(self.paper_member.id, "Signs on Thursday")
        row = as_referent.set_entry_quantity(
            self.paper_member.id, self.offers[0].id, 2, "paper"
        )
        self.assertEqual((row["message"], row["state"]), ("", "sent"))
        permission = self.window.permission_ids
        self.assertEqual(permission.user_id, self.coordinator)
        self.assertEqual(permission.reason, "Signs on Thursday")

    def test_refused_cells_say_so(self):
        """As the screen calls it: by point, and several cells at once."""
        self.window.charter_rule = "yes"
        as_referent = self.window.with_user(self.referent)
        grid = as_referent.get_entry_grid(False, self.point.id)
        row = next(r for r in grid["members"] if r["id"] == self.paper_member.id)
        self.assertEqual(row["refusal"], "Charter not signed")
        changes = [{"offer_id": offer.id, "quantity": 1} for offer in self.offers[:2]]
        row = as_referent.set_entry_quantities(self.paper_member.id, changes, "paper")
        self.assertEqual(set(row["refused"]), set(self.offers[:2].ids))
        self.assertFalse(row["quantities"])
        self.assertTrue(row["can_permit"])
        with self.assertRaisesRegex(AccessError, "your own groups"):
            as_referent.set_entry_quantities(self.outsider.id, changes, "paper")

    def test_one_query_for_a_change(self):
        offer = self.offers[0]
        change = [{"offer_id": offer.id, "quantity": 2}]
        counts = {}
        for rule in ("none", "due"):
            self.window.debt_rule = rule
            self._change(self.window, self.member, (offer, 1))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["sale.order"]._coop_change_order(self.window, self.member, change)
            self.env.flush_all()
            counts[rule] = self.env.cr.sql_log_count - before
        self.assertLessEqual(counts["due"], counts["none"] + 1)

    def test_many_members_in_one_query(self):
        self.window.write({"debt_rule": "due", "charter_rule": "yes"})
        members = self.env["res.partner"].create(
            [
                {"name": f"M{i}", "is_coop_member": True, "coop_group_id": group.id}
                for i, group in enumerate([self.group, self.other_group] * 10)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        refusals = self.window._get_refusals(members)
        self.assertLessEqual(self.env.cr.sql_log_count - before, 25)
        codes = {code for code, _amount in refusals.values()}
        self.assertEqual(codes, {"group", "charter"})


@tagged("post_install", "-at_install")
class TestOrderRulesPortal(RulesData, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_coop(cls.env)
        cls.window = cls._create_window(cls.env)
        cls._create_rules(cls.env)
        cls.url = f"/my/coop/window/{cls.window.id}"

    def test_refused_member_reads_the_page_and_why(self):
        self.authenticate("coop_member_a", "coop_member_a")
        self.window.charter_rule = "yes"
        for url in ("/my/coop", self.url):
            page = self.url_open(url).text
            self.assertIn("Sign the charter", page)
            self.assertIn("Ask Camille Roy (06 12 34 56 78", page)
        self.assertIn("Product 0", page)
        self.assertNotIn("o_coop_plus", page)
        answer = self.make_jsonrpc_request(
            f"{self.url}/change",
            {"changes": [{"offer_id": self.offers[0].id, "quantity": 1}]},
        )
        self.assertIn("Sign the charter", answer["error"])
        self.assertFalse(self.window.order_ids)

    def test_two_tabs(self):
        """The limit came between the page and the confirmation."""
        self.authenticate("coop_member_a", "coop_member_a")
        answer = self.make_jsonrpc_request(
            f"{self.url}/change",
            {"changes": [{"offer_id": self.offers[0].id, "quantity": 1}]},
        )
        self.window.write({"debt_rule": "due", "debt_max": 0})
        self._owe(self.env, self.member, 12)
        page = self.url_open(
            f"/my/coop/orders/{answer['state']['order_id']}/validate",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "distribution_id": str(self.window.distribution_ids[0].id),
            },
        ).text
        self.assertIn("You still owe", page)
        self.assertEqual(self.window.order_ids.state, "draft")

    def test_another_groups_window_and_none_look_the_same(self):
        self.authenticate("coop_outsider", "coop_outsider")
        texts = []
        for window_id in (self.window.id, 999999999):
            response = self.url_open(f"/my/coop/window/{window_id}")
            self.assertEqual(response.status_code, 403)
            self.assertIn("for another group of members", response.text)
            self.assertNotIn("June order", response.text)
            texts.append(response.text.count("<a "))
        self.assertEqual(texts[0], texts[1])
