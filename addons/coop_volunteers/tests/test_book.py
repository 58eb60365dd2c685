# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import ShiftCommon


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestBook(ShiftCommon):
    def test_book_and_who_did_it(self):
        shift = self._shift()
        mine = shift.with_user(self.user_member)._book(self.member)
        theirs = shift.with_user(self.user_volunteer)._book(self.member_paper)
        self.assertEqual(
            (mine.state, mine.kind, mine.came_from), ("booked", "extra", "member")
        )
        self.assertEqual(theirs.entered_by_id, self.user_volunteer)

    def test_the_last_seat_goes_once(self):
        shift = self._shift(seats=1)
        shift._book(self.member)
        with self.assertRaisesRegex(UserError, "No seat is left"):
            shift._book(self.member_2)
        self.assertEqual(shift._book(self.member_2, wait=True).state, "waiting")
        self.assertEqual((shift.booked_count, shift.free_count), (1, 0))

    def test_no_path_around_capacity(self):
        shift = self._shift(seats=1)
        shift._book(self.member)
        with self.assertRaises(ValidationError):
            self._register(shift, self.member_2)
        waiting = shift._book(self.member_2, wait=True)
        with self.assertRaises(ValidationError):
            waiting.with_user(self.user_volunteer).write({"state": "booked"})

    def test_a_freed_seat_is_offered_then_held(self):
        shift = self._shift(seats=1)
        first = shift._book(self.member)
        second = shift._book(self.member_2, wait=True)
        third = shift._book(self.member_paper, wait=True)
        first._cancel(rules=False)
        self.assertTrue(second.offered_until)
        self.assertFalse(third.offered_until)
        with self.assertRaisesRegex(UserError, "No seat is left"):
            shift._book(self.member)
        second._accept_offer()
        self.assertEqual(second.state, "booked")

    def test_an_unanswered_offer_goes_on(self):
        shift = self._shift(start=datetime(2026, 3, 6, 8), seats=1)
        first = shift._book(self.member)
        second = shift._book(self.member_2, wait=True)
        third = shift._book(self.member_paper, wait=True)
        first._cancel()
        with freeze_time(datetime(2026, 3, 3, 12)):
            self._run_cron("coop_shift_registration_cron_offers")
            self.assertFalse(second.offered_until)
            self.assertTrue(third.offered_until)
            with self.assertRaisesRegex(UserError, "no longer held"):
                second._accept_offer()
            third._decline_offer()
            self.assertTrue(second.offered_until)

    def test_why_not(self):
        far = self._shift(start=datetime(2026, 9, 1, 8))
        with self.assertRaisesRegex(UserError, "56 days ahead"):
            far._book(self.member)
        past = self._shift(start=datetime(2026, 3, 1, 8))
        with self.assertRaisesRegex(UserError, "already started"):
            past._book(self.member)
        shift = self._shift()
        shift._book(self.member)
        with self.assertRaisesRegex(UserError, "already have this shift"):
            shift._book(self.member)
        other = self._shift(start=datetime(2026, 3, 3, 10))
        with self.assertRaisesRegex(UserError, "At that time"):
            other._book(self.member)
        with self.assertRaisesRegex(UserError, "Only members"):
            shift._book(self.producer)

    def test_skills(self):
        shift = self._shift()
        shift.seat_ids = [Command.create({"role_id": self.till.id, "seats_max": 1})]
        with self.assertRaisesRegex(UserError, "those who have learnt"):
            shift._book(self.member, self.till)
        self.member.shift_role_ids = self.till
        self.assertEqual(shift._book(self.member, self.till).role_id, self.till)

    def test_beginners_are_not_alone(self):
        self.policy.beginner_needs_company = True
        shift = self._shift()
        with self.assertRaisesRegex(UserError, "experienced"):
            shift._book(self.member)
        past = self._shift(start=datetime(2026, 2, 3, 8))
        self._register(past, self.member_2, "extra", "present")
        shift._book(self.member_2)
        self.assertTrue(shift._book(self.member))

    def test_cancel_in_time_and_too_late(self):
        shift = self._shift(start=datetime(2026, 3, 3, 10))
        late = self._shift(start=datetime(2026, 3, 3, 15))
        booked = late._book(self.member)
        booked._cancel()
        self.assertEqual(booked.state, "cancelled")
        again = late._book(self.member)
        self.assertEqual((again, again.state), (booked, "booked"))
        with self.assertRaisesRegex(UserError, "possible to cancel until"):
            shift._book(self.member_2)._cancel()

    def test_cancelling_a_fixed_shift_is_an_excused_absence(self):
        shift = self._shift(start=datetime(2026, 3, 10, 8))
        registration = self._register(shift, self.member)
        terms = registration._get_cancel_terms()
        self.assertEqual((terms["allowed"], terms["points"]), (True, -1.0))
        registration._cancel("grippe")
        self.assertEqual(registration.state, "excused")
        self.assertEqual(self._balances(), (-1.0, 0.0))

    def test_move_keeps_the_kind(self):
        old = self._register(
            self._shift(start=datetime(2026, 3, 10, 8)), self.member, "make_up"
        )
        shift = self._shift(start=datetime(2026, 3, 11, 8), seats=1)
        new = old._move(shift)
        self.assertEqual((old.state, new.state), ("cancelled", "booked"))
        self.assertEqual((new.kind, new.moved_from_id), ("make_up", old))
        self.assertEqual(self._balances(), (0.0, 0.0))
        full = self._register(
            self._shift(start=datetime(2026, 3, 12, 8)), self.member_2
        )
        with self.assertRaises(UserError), self.cr.savepoint():
            full._move(shift)
        self.assertEqual(full.state, "booked", "A move that fails moves nothing.")

    def test_swap_keeps_each_kind(self):
        one = self._register(
            self._shift(start=datetime(2026, 3, 10, 8), seats=1), self.member, "make_up"
        )
        two = self._register(
            self._shift(start=datetime(2026, 3, 11, 8), seats=1), self.member_2
        )
        swap = self.env["coop.shift.swap"]._offer(one)
        taken = swap._accept(self.member_2, two)
        self.assertEqual((taken.shift_id, taken.kind), (one.shift_id, "fixed"))
        back = two.shift_id.registration_ids - two
        self.assertEqual((back.member_id, back.kind), (self.member, "make_up"))
        self.assertEqual(swap.state, "accepted")
        with self.assertRaisesRegex(UserError, "just taken"):
            swap._accept(self.member_paper)

    def test_swap_past_the_waiting_list(self):
        shift = self._shift(start=datetime(2026, 3, 10, 8), seats=1)
        mine = self._register(shift, self.member)
        waiting = shift._book(self.member_paper, wait=True)
        swap = self.env["coop.shift.swap"]._offer(mine)
        swap._accept(self.member_2)
        self.assertEqual(waiting.state, "waiting")
        self.assertFalse(waiting.offered_until)
        self.assertEqual(shift.booked_count, 1)

    def test_no_client_sends_the_mark_of_a_gift(self):
        shift = self._shift(start=datetime(2026, 3, 10, 8), seats=1)
        mine = self._register(shift, self.member)
        waiting = shift._book(self.member_paper, wait=True)
        mine.with_context(coop_gift=True).write({"state": "cancelled"})
        self.assertTrue(waiting.offered_until, "Who waits is served all the same.")

    def test_bookings_do_not_query_more_with_more_people(self):
        shift = self._shift(seats=40)
        members = self.env["res.partner"].create(
            [
                {
                    "name": f"M {n}",
                    **self._coop_member_values(self.group_toul, self.point_1),
                }
                for n in range(30)
            ]
        )
        for member in members:
            self._register(shift, member, "extra")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(45):
            shift._book(self.member)
            self.env.flush_all()

    def test_co_shifters_are_for_those_of_the_shift(self):
        shift = self._shift()
        shift._book(self.member)
        shift._book(self.member_paper)
        names = shift.with_user(self.user_member)._get_co_shifters(self.member)
        self.assertEqual([person["name"] for person in names], ["Paulette Papier"])
        self.assertEqual(
            shift.with_user(self.user_member_2)._get_co_shifters(self.member_2), []
        )

    def test_understaffed(self):
        shift = self._shift(start=datetime(2026, 3, 3, 8) + timedelta(days=1))
        self.assertEqual(shift.missing_count, 1)
        found = self.env["coop.shift"].search([("missing_count", ">", 0)])
        self.assertIn(shift, found)
        shift._book(self.member)
        self.assertNotIn(
            shift, self.env["coop.shift"].search([("missing_count", ">", 0)])
        )

    def test_understaffed_role_by_role(self):
        """Two at the reception do not make up for nobody at the till."""
        self.till.needs_skill = False
        shift = self._shift(
            seats=3,
            seat_ids=[
                Command.create({"seats_min": 1, "seats_max": 3}),
                Command.create(
                    {"role_id": self.till.id, "seats_min": 1, "seats_max": 1}
                ),
            ],
        )
        missing = [("missing_count", ">", 0), ("id", "=", shift.id)]
        shift._book(self.member)
        shift._book(self.member_2)
        self.assertEqual((shift.booked_count, shift.missing_count), (2, 1))
        self.assertTrue(self.env["coop.shift"].search(missing))
        shift._book(self.member_paper, self.till)
        self.assertEqual((shift.booked_count, shift.missing_count), (3, 0))
        self.assertFalse(self.env["coop.shift"].search(missing))
        self.assertTrue(
            self.env["coop.shift"].search(
                [("missing_count", "=", 0), ("id", "=", shift.id)]
            )
        )
