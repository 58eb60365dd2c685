# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import ShiftCommon


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestLeave(ShiftCommon):
    def _kind(self, name):
        return self.env.ref(f"coop_volunteers.coop_member_leave_type_{name}")

    def _ask(self, kind, start, end=False, user=None):
        leaves = self.env["coop.member.leave"].with_user(user or self.user_member)
        return leaves._ask(self.member, self._kind(kind), start, end, "raison privée")

    def test_granted_at_once_frees_the_seats_to_the_last_day(self):
        inside = self._register(
            self._shift(start=datetime(2026, 3, 20, 8)), self.member
        )
        after = self._register(self._shift(start=datetime(2026, 3, 21, 8)), self.member)
        leave = self._ask("temporary", date(2026, 3, 10), date(2026, 3, 20))
        self.assertEqual(leave.state, "granted")
        self.assertIn("56 days", leave.answer)
        self.assertEqual((inside.state, after.state), ("cancelled", "booked"))
        self.assertEqual(self._balances(), (0.0, 0.0))
        with freeze_time("2026-03-20 12:00:00"):
            self.member._update_volunteer_status()
            self.assertEqual(self._status(), "leave")

    def test_refused_says_why(self):
        leave = self._ask("incapacity", date(2026, 3, 10), date(2026, 3, 15))
        self.assertEqual(leave.state, "refused")
        self.assertIn("at least 15 days", leave.answer)
        leave = self._ask("parental", date(2026, 3, 10), date(2029, 3, 15))
        self.assertIn("at most 730 days", leave.answer)
        with self.assertRaisesRegex(UserError, "before it starts"):
            self._ask("temporary", date(2026, 3, 10), date(2026, 3, 1))

    def test_two_leaves_are_kept_but_do_not_overlap(self):
        self._ask("temporary", date(2026, 3, 10), date(2026, 3, 20))
        second = self._ask("temporary", date(2026, 5, 1), date(2026, 5, 20))
        self.assertEqual(second.state, "granted")
        third = self._ask("temporary", date(2026, 5, 20), date(2026, 6, 20))
        self.assertEqual(third.state, "refused")

    def test_a_person_decides(self):
        leave = self._ask("incapacity", date(2026, 3, 10), date(2026, 4, 10))
        self.assertEqual(
            (leave.state, leave.decide_before), ("asked", date(2026, 3, 9))
        )
        with self.assertRaises(AccessError):
            leave.with_user(self.user_member).action_grant()
        leave.with_user(self.user_volunteer).action_grant()
        self.assertEqual(
            (leave.state, leave.decided_by_id), ("granted", self.user_volunteer)
        )

    def test_coming_back_early_gives_the_seats_back(self):
        self.env["coop.shift.template.fixed"].create(
            {
                "template_id": self.template.id,
                "member_id": self.member.id,
                "date_from": "2026-03-02",
            }
        )
        shifts = self.template._generate(date(2026, 3, 31))
        leave = self._ask("temporary", date(2026, 3, 8), date(2026, 3, 31))
        later = self.template._generate(date(2026, 4, 7))
        states = shifts.registration_ids.mapped("state")
        self.assertEqual(states, ["booked"] + ["cancelled"] * 4)
        with freeze_time("2026-03-12 12:00:00"):
            leave.with_user(self.user_volunteer).action_cancel()
        self.assertEqual(leave.date_to, date(2026, 3, 11))
        states = shifts.registration_ids.mapped("state")
        self.assertEqual(states, ["booked", "cancelled"] + ["booked"] * 3)
        self.assertEqual(later.registration_ids.state, "booked")

    def test_no_booking_on_leave(self):
        self._ask("temporary", date(2026, 3, 1), date(2026, 3, 20))
        with self.assertRaisesRegex(UserError, "on leave"):
            self._shift()._book(self.member)

    def test_extension(self):
        Extension = self.env["coop.shift.extension"].with_user(self.user_member)
        with self.assertRaisesRegex(UserError, "owe nothing"):
            Extension._ask(self.member)
        past = self._register(self._shift(start=datetime(2026, 3, 1, 8)), self.member)
        past.state = "absent"
        extension = Extension._ask(self.member)
        self.assertEqual(extension.state, "granted")
        self.assertEqual(extension.date_to, date(2026, 3, 29))
        self.assertEqual(self._status(), "extension")
        with freeze_time("2026-04-20 12:00:00"):
            second = Extension._ask(self.member)
            self.assertEqual(second.state, "asked")
            self.assertIn("coordinator decides", second.answer)
