# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import ShiftCommon


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestShiftChanged(ShiftCommon):
    """Who counts on a shift is told when it is moved or cancelled, by whatever door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(cls.NOW):
            cls.shift = cls._shift()
            cls.registration = cls._register(cls.shift, cls.member)
            cls._register(cls.shift, cls.member_paper)
        cls.coordinator = cls.user_volunteer

    def _told(self, kind):
        return self.env["coop.shift.notice"].search(
            [("kind", "=", kind), ("shift_id", "=", self.shift.id)]
        )

    def test_cancelled_by_any_door(self):
        doors = {
            "button": lambda shift: shift.action_cancel(),
            "write": lambda shift: shift.write({"state": "cancelled"}),
            "import": lambda shift: shift.load(
                [".id", "state"], [[f"{shift.id}", "cancelled"]]
            ),
        }
        for name, door in doors.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                door(self.shift.with_user(self.coordinator))
                self.assertEqual(self.shift.state, "cancelled")
                self.assertEqual(self.registration.state, "cancelled")
                told = self._told("cancelled")
                self.assertEqual(
                    {notice.partner_id: notice.channel for notice in told},
                    {self.member: "mail", self.member_paper: "call"},
                )
                self.assertTrue(self.member_paper.activity_ids)
                # Again changes nothing, and tells nobody twice.
                self.shift.write({"state": "cancelled"})
                self.assertEqual(len(self._told("cancelled")), 2)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_moved(self):
        shift = self.shift.with_user(self.coordinator)
        shift.write(
            {
                "start_at": datetime(2026, 3, 4, 8),
                "end_at": datetime(2026, 3, 4, 11),
            }
        )
        told = self._told("moved")
        self.assertEqual(told.partner_id, self.member | self.member_paper)
        (mail,) = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.member.id)], limit=1
        )
        self.assertIn(self.shift.name, mail.subject)
        # What does not change where or when tells nobody.
        before = len(told)
        shift.write({"note": "Bring boxes", "name": "Vente"})
        shift.write({"start_at": self.shift.start_at})
        self.assertEqual(len(self._told("moved")), before)

    def test_another_place(self):
        self.shift.with_user(self.coordinator).collection_point_id = self.point_2
        self.assertEqual(
            self._told("moved").partner_id, self.member | self.member_paper
        )

    def test_what_is_over_tells_nobody(self):
        past = self._shift(datetime(2026, 2, 24, 8))
        self._register(past, self.member, state="present")
        past.with_user(self.coordinator).end_at = past.end_at + timedelta(hours=1)
        self.assertFalse(
            self.env["coop.shift.notice"].search([("shift_id", "=", past.id)])
        )

    def test_a_recurring_shift_that_ends(self):
        for values in ({"active": False}, {"date_to": "2026-03-05"}):
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                starts = [datetime(2026, 3, day, 8) for day in (3, 10)]
                first, later = [
                    self._shift(start, template_id=self.template.id, template_day=start)
                    for start in starts
                ]
                registration = self._register(later, self.member)
                self.template.with_user(self.coordinator).write(values)
                self.assertEqual(later.state, "cancelled")
                self.assertEqual(registration.state, "cancelled")
                expected = "planned" if "date_to" in values else "cancelled"
                self.assertEqual(first.state, expected)
                savepoint.rollback()
            self.env.invalidate_all()
