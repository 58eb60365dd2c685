# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CoopCommon


@tagged("post_install", "-at_install")
class TestMembership(CoopCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.member + cls.member_2 + cls.member_paper).free_member = False
        cls.fee = cls.env.ref("coop_base.product_membership_fee")

    def _register(self, members, user=None, **values):
        env = self.env(user=user or self.user_manager)
        members = members.with_env(env)
        action = members.action_coop_register_fee()
        with Form(
            env["coop.membership.register"].with_context(**action["context"])
        ) as form:
            for name, value in values.items():
                setattr(form, name, value)
        form.save().action_register()

    @freeze_time("2026-05-03 10:00:00")
    def test_paid_fee_makes_a_member(self):
        self.assertEqual(self.member.coop_state, "candidate")
        self._register(self.member)
        self.assertEqual(self.member.coop_state, "active")
        self.assertEqual(self.member.membership_stop, date(2026, 12, 31))
        move = self.member.member_line_ids.account_invoice_id
        self.assertEqual((move.state, move.amount_total), ("posted", 10.0))

    @freeze_time("2026-05-03 10:00:00")
    def test_unpaid_fee_is_due(self):
        self._register(self.member, paid=False)
        self.assertEqual(self.member.coop_state, "due")

    @freeze_time("2026-05-03 10:00:00")
    def test_due_fee_is_paid_not_asked_twice(self):
        self._register(self.member, paid=False)
        with self.assertRaisesRegex(UserError, "Alice"):
            self._register(self.member, paid=False)
        self._register(self.member)
        self.assertEqual(self.member.coop_state, "active")
        self.assertEqual(len(self.member.member_line_ids), 1)

    @freeze_time("2026-05-03 10:00:00")
    def test_several_members_and_a_free_amount(self):
        self._register(self.member + self.member_paper, amount=15.0)
        for member in self.member + self.member_paper:
            self.assertEqual(member.coop_state, "active")
            self.assertEqual(
                member.member_line_ids.account_invoice_id.amount_total, 15.0
            )

    def test_renewed_early_continues(self):
        with freeze_time("2026-05-03 10:00:00"):
            self._register(self.member)
        with freeze_time("2026-12-10 10:00:00"):
            self._register(self.member)
            self.assertEqual(
                sorted(self.member.member_line_ids.mapped("date_from")),
                [date(2026, 1, 1), date(2027, 1, 1)],
            )
        with freeze_time("2027-01-02 10:00:00"):
            self.env["res.partner"].check_membership_expiry()
            self.assertEqual(self.member.coop_state, "active")

    def test_expires_and_comes_back(self):
        with freeze_time("2026-05-03 10:00:00"):
            self._register(self.member)
        with freeze_time("2027-01-02 10:00:00"):
            self.env["res.partner"].check_membership_expiry()
            self.assertEqual(self.member.coop_state, "expired")
            self._register(self.member)
            self.assertEqual(self.member.coop_state, "active")
            self.assertEqual(self.member.membership_stop, date(2027, 12, 31))

    @freeze_time("2026-12-10 10:00:00")
    def test_paid_ahead_starts_on_its_day(self):
        """A newcomer's fee for next year alone."""
        self.env["membership.membership_line"].create(
            {
                "partner_id": self.member.id,
                "membership_id": self.fee.id,
                "date": "2026-12-10",
                "member_price": 10.0,
                "date_from": "2027-01-01",
                "date_to": "2027-12-31",
                "state": "paid",
            }
        )
        with freeze_time("2027-01-02 10:00:00"):
            self.env["res.partner"].check_membership_expiry()
            self.assertEqual(self.member.coop_state, "active")

    def test_leaving_and_returning(self):
        member = self.member.with_user(self.user_coordinator)
        member.action_coop_leave()
        self.assertEqual(self.member.coop_state, "left")
        member.action_coop_return()
        self.assertEqual(self.member.coop_state, "candidate")

    def test_free_members_are_named(self):
        self.member.free_member = True
        with self.assertRaisesRegex(UserError, "Alice"):
            self._register(self.member)

    def test_only_managers_register_fees(self):
        for user in (self.user_coordinator, self.user_referent, self.user_member):
            with self.assertRaises(AccessError):
                self.env["coop.membership.register"].with_user(user).create(
                    {"partner_ids": self.member.ids, "product_id": self.fee.id}
                )
