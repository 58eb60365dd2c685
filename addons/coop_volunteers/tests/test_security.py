# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import ShiftCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 11:00:00")
class TestSecurity(ShiftCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shift = cls._shift(referent_id=cls.user_referent.partner_id.id)
        cls.own = cls._register(cls.shift, cls.member, state="absent")
        cls.other = cls._register(cls.shift, cls.member_2, state="absent")
        cls.leave = cls.env["coop.member.leave"].create(
            {
                "member_id": cls.member_2.id,
                "type_id": cls.env.ref(
                    "coop_volunteers.coop_member_leave_type_parental"
                ).id,
                "date_from": "2026-04-01",
                "date_to": "2026-05-01",
                "reason": "secret",
            }
        )

    def test_member_sees_only_their_own(self):
        env = self.env(user=self.user_member)
        self.assertEqual(env["coop.shift.registration"].search([]), self.own)
        self.assertEqual(env["coop.shift.ledger"].search([]).member_id, self.member)
        self.assertFalse(env["coop.member.leave"].search([]))
        self.assertTrue(env["coop.shift"].search([("id", "=", self.shift.id)]))
        for record in (self.other, self.other.ledger_ids, self.leave):
            with self.assertRaises(AccessError):
                record.with_user(self.user_member).read(["member_id"])

    def test_member_writes_nothing(self):
        for record, vals in (
            (self.own, {"state": "present"}),
            (self.shift, {"name": "x"}),
            (self.policy, {"alert_days": 99}),
        ):
            with self.assertRaises(AccessError):
                record.with_user(self.user_member).write(vals)
        with self.assertRaises(AccessError):
            self.own.with_user(self.user_member).action_present()
        with self.assertRaises(AccessError):
            self.env["coop.shift.ledger"].with_user(self.user_member).create(
                {"member_id": self.member.id, "points": 5, "note": "x"}
            )

    def test_status_and_reasons_by_no_route(self):
        for user in (self.user_member, self.user_referent, self.user_buyer):
            member = self.member_2.with_user(user)
            with self.assertRaises(AccessError):
                member.read(["volunteer_status"])
            with self.assertRaises(AccessError):
                self.env["res.partner"].with_user(user).search(
                    [("volunteer_status", "=", "alert")]
                )
            with self.assertRaises(AccessError):
                self.other.with_user(user).read(["reason"])
        for user in (self.user_referent, self.user_buyer, self.user_coordinator):
            with self.assertRaises(AccessError):
                self.leave.with_user(user).read(["reason"])
            with self.assertRaises(AccessError):
                self.other.ledger_ids.with_user(user).read(["points"])
        self.assertEqual(self.leave.with_user(self.user_volunteer).reason, "secret")

    def test_referent_fills_in_own_sheets_only(self):
        self.own.with_user(self.user_referent).action_present()
        self.assertEqual(self.own.state, "present")
        elsewhere = self._shift(start=datetime(2026, 3, 3, 14))
        registration = self._register(elsewhere, self.member)
        with self.assertRaises(AccessError):
            registration.with_user(self.user_referent).action_present()
        with self.assertRaises(AccessError):
            elsewhere.with_user(self.user_referent).action_close()
        with self.assertRaises(AccessError):
            registration.with_user(self.user_referent).read(["state"])

    def test_other_cooperative(self):
        company = self.env["res.company"].create({"name": "Autre coop"})
        theirs = self.env["coop.shift"].create(
            {
                "name": "Ailleurs",
                "company_id": company.id,
                "start_at": datetime(2026, 3, 5, 8),
                "end_at": datetime(2026, 3, 5, 11),
            }
        )
        found = self.env["coop.shift"].with_user(self.user_volunteer).search([])
        self.assertNotIn(theirs, found)
        self.assertIn("Only members", theirs._why_not_book(self.member))
