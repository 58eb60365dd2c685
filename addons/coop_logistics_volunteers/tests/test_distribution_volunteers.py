# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.coop_logistics.tests.common import LogisticsCommon


@tagged("post_install", "-at_install")
class TestDistributionVolunteers(LogisticsCommon):
    """Who helps at a distribution is read from the shifts of its point."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.till = cls.env["coop.shift.role"].create({"name": "Caisse"})
        cls.shift = cls._shift(cls.point_1)
        cls.own = cls.distribution.with_user(cls.user_referent)

    @classmethod
    def _shift(cls, point, before=1, hours=3):
        start = cls.distribution.date_start - timedelta(hours=before)
        return cls.env["coop.shift"].create(
            {
                "name": "Distribution",
                "collection_point_id": point.id,
                "start_at": start,
                "end_at": start + timedelta(hours=hours),
                "seat_ids": [
                    Command.create({"seats_min": 1, "seats_max": 5}),
                    Command.create(
                        {"role_id": cls.till.id, "seats_min": 1, "seats_max": 2}
                    ),
                ],
            }
        )

    def _register(self, shift, member, state, role=None):
        return self.env["coop.shift.registration"].create(
            {
                "shift_id": shift.id,
                "member_id": member.id,
                "state": state,
                "role_id": role.id if role else False,
            }
        )

    def test_present_and_late_are_counted_absent_are_not(self):
        self._register(self.shift, self.member, "present")
        self._register(self.shift, self.member_2, "late")
        self._register(self.shift, self.member_paper, "absent")
        self.assertEqual(self.own.tracking_volunteer_count, 2)
        self.assertEqual(self.own.volunteer_text, "2 / 3")

    def test_a_distribution_in_a_form(self):
        """New, its hours are not known yet; edited, it has its volunteers."""
        self._register(self.shift, self.member, "present")
        edited = self.own.new(origin=self.own)
        self.assertEqual(edited.volunteer_text, "1 / 1")
        edited.date_end = False
        new = self.own.new({"collection_point_id": self.point_1.id})
        self.assertFalse((new | edited)._get_volunteers()[new.id])
        self.assertFalse(new.volunteer_text)

    def test_two_shifts_in_a_row_are_one_person(self):
        self._register(self.shift, self.member, "present")
        setting_up = self._shift(self.point_1, before=3, hours=2)
        self._register(setting_up, self.member, "present")
        self.assertEqual(self.own.tracking_volunteer_count, 1)

    def test_not_another_point_nor_another_time(self):
        self._register(self._shift(self.point_2), self.member, "present")
        other_day = self._shift(self.point_1, before=48)
        self._register(other_day, self.member_2, "present")
        self.assertEqual(self.own.tracking_volunteer_count, 0)

    def test_a_cancelled_shift_has_nobody(self):
        self._register(self.shift, self.member, "present")
        self.shift.state = "cancelled"
        self.assertEqual(self.own.tracking_volunteer_count, 0)

    def test_the_check_list_names_who_holds_the_role(self):
        self._register(self.shift, self.member, "booked", self.till)
        step = self.env.ref("coop_logistics.preparation_step_till")
        step.with_user(self.user_coordinator).role_id = self.till
        action = self.own.action_view_steps()
        steps = self.env["coop.distribution.step"].with_user(self.user_referent)
        named = steps.search(action["domain"]).filtered("volunteer_names")
        self.assertEqual(named.step_id, step)
        self.assertEqual(named.volunteer_names, "Alice Adhérente")

    def test_shifts_of_ones_own_distribution_only(self):
        action = self.own.action_view_shifts()
        self.assertEqual(action["domain"], [("id", "in", self.shift.ids)])
        with self.assertRaises(AccessError):
            self.distribution_2.with_user(self.user_referent).action_view_shifts()
