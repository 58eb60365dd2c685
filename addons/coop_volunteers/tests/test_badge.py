# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from odoo.tests import freeze_time, tagged

from .common import ShiftCommon

START = datetime(2026, 3, 3, 8)


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestBadge(ShiftCommon):
    def _badge(self, minutes, member=None):
        return self.env["coop.shift.registration"]._badge(
            member or self.member, START + timedelta(minutes=minutes)
        )

    def test_window(self):
        registration = self._register(self._shift(), self.member)
        answer = self._badge(-16)
        self.assertEqual(answer["result"], "too_early")
        self.assertIn("08:45", answer["message"])
        self.assertEqual(self._badge(61)["result"], "refused")
        self.assertEqual(registration.state, "booked")
        self.assertEqual(self._badge(15)["result"], "present")
        self.assertEqual(registration.state, "present")

    def test_late(self):
        registration = self._register(self._shift(), self.member)
        self.assertEqual(self._badge(16)["result"], "late")
        self.assertEqual(registration.state, "late")

    def test_again_changes_nothing(self):
        self._register(self._shift(), self.member, "extra")
        self._badge(0)
        ledger = self.member.volunteer_ledger_ids
        self.assertEqual(self._badge(1)["result"], "already")
        self.assertEqual(self._badge(30)["result"], "already")
        self.assertEqual(self.member.volunteer_ledger_ids, ledger)
        self.assertEqual(self._balances(), (1.0, 0.0))

    def test_sheet_of_the_unexpected(self):
        """Three expected and a free seat: one is added, once."""
        shift = self._shift(seats=4)
        others = (
            self.member_2
            | self.member_paper
            | self.member.copy({"is_coop_member": True, "coop_number": False})
        )
        for other in others:
            self._register(shift, other)
        answer = self._badge(0)
        self.assertEqual(answer["result"], "present")
        self.assertEqual(len(shift.registration_ids), 4)
        added = shift.registration_ids.filtered(lambda r: r.member_id == self.member)
        self.assertEqual((added.kind, added.came_from), ("extra", "badge"))
        self.assertEqual(self._badge(1)["result"], "already")
        self.assertEqual(len(shift.registration_ids), 4)
        unexpected = self.member.copy({"coop_number": False})
        self.assertEqual(self._badge(2, unexpected)["result"], "not_expected")

    def test_unknown_number(self):
        Registration = self.env["coop.shift.registration"]
        answer = Registration._badge_number("nobody", START)
        self.assertEqual(answer["result"], "unknown")
        self.assertIn("not known", answer["message"])
        self.assertEqual(Registration._badge_number("", START)["result"], "unknown")
        self._register(self._shift(), self.member)
        answer = Registration._badge_number(f" {self.member.coop_number} ", START)
        self.assertEqual(answer["result"], "present")

    def test_second_of_two_shifts_in_a_row(self):
        self._register(self._shift(), self.member)
        second = self._register(
            self._shift(start=START + timedelta(hours=3)), self.member, "extra"
        )
        self._badge(0)
        self.assertEqual(self._badge(175)["result"], "present")
        self.assertEqual(second.state, "present")
