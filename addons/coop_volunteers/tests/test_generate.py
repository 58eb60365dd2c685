# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common import ShiftCommon


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestGenerate(ShiftCommon):
    def _generate(self, until=date(2026, 4, 30)):
        return self.template._generate(until)

    def _fix(self, member, **values):
        return self.env["coop.shift.template.fixed"].create(
            {
                "template_id": self.template.id,
                "member_id": member.id,
                "date_from": "2026-03-02",
                **values,
            }
        )

    def test_local_hours_recur_across_summer_time(self):
        self.template.weekday = "0"
        shifts = self._generate()
        by_day = {shift.template_day: shift.start_at for shift in shifts}
        self.assertEqual(by_day[date(2026, 3, 2)], datetime(2026, 3, 2, 8))
        self.assertEqual(by_day[date(2026, 3, 30)], datetime(2026, 3, 30, 7))
        self.assertEqual(set(shifts.mapped("hours")), {3.0})

    def test_again_makes_nothing(self):
        self._fix(self.member)
        shifts = self._generate()
        self.assertEqual(len(shifts), 9)
        self.assertEqual(len(shifts.registration_ids), 9)
        self.assertFalse(self._generate())
        self.assertEqual(len(self.template.shift_ids.registration_ids), 9)

    def test_letters(self):
        self.template.write({"recurrence": "letters", "letters": "BD"})
        shifts = self._generate()
        self.assertEqual(set(shifts.mapped("week_letter")), {"B", "D"})
        with self.assertRaises(ValidationError):
            self.template.letters = "E"

    def test_every_three_weeks(self):
        self.template.write({"recurrence": "interval", "interval": 3})
        shown = [shift.date for shift in self._generate()]
        self.assertEqual(
            shown, [date(2026, 3, 3), date(2026, 3, 24), date(2026, 4, 14)]
        )

    def test_a_leave_and_who_cancelled_are_left_out(self):
        self.env["coop.member.leave"].create(
            {
                "member_id": self.member.id,
                "type_id": self.env.ref(
                    "coop_volunteers.coop_member_leave_type_parental"
                ).id,
                "date_from": "2026-03-09",
                "date_to": "2026-03-17",
            }
        ).action_grant()
        self._fix(self.member)
        shifts = self._generate(date(2026, 3, 24))
        self.assertEqual(
            shifts.registration_ids.mapped("shift_id.date"),
            [date(2026, 3, 3), date(2026, 3, 24)],
        )
        shifts[-1].registration_ids._cancel(rules=False)
        shifts._make_fixed_registrations()
        self.assertEqual(shifts[-1].registration_ids.state, "excused")

    def test_no_more_fixed_members_than_seats(self):
        self._fix(self.member)
        self._fix(self.member_2, date_to="2026-03-31")
        with self.assertRaises(ValidationError):
            self._fix(self.member_paper)
        self._fix(self.member_paper, date_from="2026-04-01")

    def test_a_taken_seat_is_not_given_twice(self):
        shifts = self._generate(date(2026, 3, 10))
        first = shifts[0]
        first._book(self.member_2)
        first._book(self.member_paper)
        self._fix(self.member)
        self.assertEqual(first.booked_count, 2)
        self.assertNotIn(self.member, first.registration_ids.member_id)
        self.assertEqual(shifts[1].registration_ids.member_id, self.member)

    def test_the_end_of_a_fixed_place_frees_seats(self):
        line = self._fix(self.member)
        shifts = self._generate(date(2026, 3, 31))
        line.date_to = "2026-03-15"
        states = shifts.registration_ids.mapped("state")
        self.assertEqual(states, ["booked"] * 2 + ["cancelled"] * 3)

    def test_changes_to_all_following_keep_people_and_exceptions(self):
        self._fix(self.member)
        shifts = self._generate(date(2026, 3, 31))
        shifts[3].name = "Réception spéciale"
        shifts[1].with_user(self.user_volunteer).write(
            {"start_at": datetime(2026, 3, 10, 9), "end_at": datetime(2026, 3, 10, 13)}
        )
        shifts[1].with_user(self.user_volunteer).action_apply_following()
        self.assertEqual(self.template.start_hour, 10.0)
        self.assertEqual(
            shifts.mapped("start_at"),
            [
                datetime(2026, 3, 3, 8),
                datetime(2026, 3, 10, 9),
                datetime(2026, 3, 17, 9),
                datetime(2026, 3, 24, 8),  # changed by hand before
                datetime(2026, 3, 31, 8),  # 10:00 in summer time
            ],
        )
        self.assertEqual(set(shifts.registration_ids.mapped("state")), {"booked"})
        self.assertEqual(shifts[2].registration_ids.start_at, shifts[2].start_at)

    def test_closed_days_owe_what_they_say_and_come_back(self):
        self.company.coop_volunteer_policy_id.points_closure = -1
        self._fix(self.member)
        shifts = self._generate(date(2026, 3, 10))
        closure = (
            self.env["coop.closed.day"]
            .with_user(self.user_volunteer)
            .create(
                {
                    "name": "Fermeture",
                    "date_from": "2026-03-10",
                    "date_to": "2026-03-24",
                    "owed": "points",
                }
            )
        )
        later = self._generate(date(2026, 3, 17)) - shifts
        self.assertEqual(set((shifts[1] | later).mapped("state")), {"cancelled"})
        self.assertEqual(shifts[0].state, "planned")
        self.assertEqual(self._balances(), (-2.0, 0.0))
        closure.unlink()
        self.assertEqual(set((shifts | later).mapped("state")), {"planned"})
        self.assertEqual(
            set((shifts | later).registration_ids.mapped("state")), {"booked"}
        )
        self.assertEqual(self._balances(), (0.0, 0.0))

    def test_a_closed_day_of_something_else_leaves_the_shifts(self):
        self._fix(self.member)
        shifts = self._generate(date(2026, 3, 10))
        closed = (
            self.env["coop.closed.day"]
            .with_user(self.user_coordinator)
            .create({"name": "Inventaire", "date_from": "2026-03-10"})
        )
        self.assertEqual(shifts[1].state, "cancelled")
        self.assertEqual(shifts[1].closure_id, closed)
        closed.no_shift = False
        self.assertEqual(shifts[1].state, "planned")
        self.assertEqual(shifts[1].registration_ids.state, "booked")
        other = closed.create({"name": "Grippe", "date_from": "2026-03-10"})
        closed.no_shift = True
        closed.unlink()
        self.assertEqual(shifts[1].state, "cancelled", "The other one closes it.")
        closed = other
        # Elsewhere only.
        closed.write({"no_shift": True, "collection_point_ids": self.point_2.ids})
        self.assertEqual(shifts[1].state, "planned")
        self.assertFalse(closed.with_user(self.user_referent).has_access("write"))
        self.assertFalse(closed.with_user(self.user_member).has_access("write"))

    def test_queries_do_not_grow_with_members(self):
        members = self.env["res.partner"].create(
            [
                {
                    "name": f"Fixe {n}",
                    **self._coop_member_values(self.group_toul, self.point_1),
                }
                for n in range(60)
            ]
        )
        self.template.seat_ids.seats_max = 80
        self.template.fixed_ids = [
            Command.create({"member_id": member.id, "date_from": "2026-03-02"})
            for member in members
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            shifts = self._generate(date(2026, 3, 2) + timedelta(weeks=20))
        self.assertEqual(len(shifts.registration_ids), 20 * 60)
