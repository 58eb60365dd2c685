# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import CallCommon


@tagged("post_install", "-at_install")
class TestCall(CallCommon):
    """A call for a distribution day: opened, asked, answered, ticked, counted."""

    def test_prepared_by_the_referent_with_the_roles_of_the_check_list(self):
        other = self._coop_make_window("Autre commande").distribution_ids.filtered(
            lambda d: d.collection_point_id == self.point_1
        )
        self.call.line_ids.unlink()
        call = self.call.with_user(self.user_referent).create(
            {"distribution_id": other.id}
        )
        self.assertEqual(call.line_ids.role_id, self.reception)
        self.assertEqual(call.line_ids.step_ids, self.receive)
        self.assertEqual(call.line_ids.start_at, other.date_start - timedelta(hours=1))
        with self.assertRaises(AccessError):
            self.distribution_2.with_user(self.user_referent).action_call()
        with self.assertRaises(AccessError):
            call.with_user(self.user_member).read(["message"])

    def test_the_next_one_starts_from_the_last(self):
        window = self._coop_make_window("Commande de juillet", days=28)
        following = window.distribution_ids.filtered(
            lambda d: d.collection_point_id == self.point_1
        )
        call = self.call.create({"distribution_id": following.id})
        self.assertEqual(
            call.line_ids.mapped(lambda line: (line.role_id, line.seats_max)),
            self.call.line_ids.mapped(lambda line: (line.role_id, line.seats_max)),
        )
        for line, former in zip(call.line_ids, self.call.line_ids, strict=True):
            self.assertEqual(
                line.start_at - following.date_start, former.start_at - self.start
            )

    def test_a_driver_for_each_round_that_has_none(self):
        window = self._coop_make_window("Commande de juillet", days=28)
        following = window.distribution_ids.filtered(
            lambda d: d.collection_point_id == self.point_1
        )
        trips = self.env["coop.round"].create(
            [
                {
                    "start_at": following.date_start - timedelta(hours=hours),
                    "driver_id": driver,
                    "stop_ids": [
                        Command.create(
                            {"kind": "point", "distribution_id": following.id}
                        )
                    ],
                }
                for hours, driver in ((3, False), (4, self.member.id))
            ]
        )
        call = self.call.with_user(self.user_referent).create(
            {"distribution_id": following.id}
        )
        line = call.line_ids.filtered("round_id")
        self.assertEqual(line.round_id, trips[0])
        self.assertEqual(
            (line.role_id, line.start_at, line.end_at),
            (self.driver, trips[0].start_at, following.date_start),
        )
        drivers = call.line_ids.filtered(lambda x: x.role_id == self.driver)
        self.assertEqual(drivers, line, "Not twice: the last call's is left out.")

    def test_opened_it_makes_the_shifts_with_their_roles(self):
        self._open()
        shifts = self.call.shift_ids
        self.assertEqual(len(shifts), 3)
        self.assertEqual(shifts.distribution_id, self.distribution)
        self.assertEqual(shifts.collection_point_id, self.point_1)
        seats = {
            (seat.role_id, seat.seats_min, seat.seats_max) for seat in shifts.seat_ids
        }
        self.assertEqual(
            seats, {(self.reception, 2, 3), (self.till, 1, 1), (self.driver, 1, 2)}
        )
        self.call.action_open()
        self.assertEqual(self.call.shift_ids, shifts, "Twice makes nothing more.")

    def test_roles_of_the_same_hours_share_a_shift(self):
        self.call.line_ids = [
            Command.create(
                {
                    "role_id": self.driver.id,
                    "start_at": self.line_till.start_at,
                    "end_at": self.line_till.end_at,
                }
            )
        ]
        self._open()
        line = self.call.line_ids.sorted("id")[-1]
        self.assertEqual(line.shift_id, self.line_till.shift_id)
        self.assertEqual(len(line.shift_id.seat_ids), 2)
        with self.assertRaises(ValidationError):
            line.copy()

    def test_asked_once_those_who_could_come(self):
        far, tired, away, busy = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "email": f"{name}@coop.example.com",
                    **self._coop_member_values(self.group_toul, self.point_1),
                }
                for name in ("loin", "plus.jamais", "en.conge", "prise")
            ]
        )
        far.write(
            {
                "collection_point_id": self.point_2.id,
                "coop_group_id": self.group_nancy.id,
            }
        )
        tired.coop_tell_call = False
        self.env["coop.member.leave"].create(
            {
                "member_id": away.id,
                "type_id": self.env.ref(
                    "coop_volunteers.coop_member_leave_type_temporary"
                ).id,
                "date_from": self.start.date() - timedelta(days=3),
                "date_to": self.start.date() + timedelta(days=3),
            }
        ).action_grant()
        elsewhere = self.env["coop.shift"].create(
            {
                "name": "Ailleurs",
                "start_at": self.start - timedelta(hours=6),
                "end_at": self.start + timedelta(hours=6),
                "seat_ids": [Command.create({"seats_max": 3})],
            }
        )
        self.env["coop.shift.registration"].create(
            {"shift_id": elsewhere.id, "member_id": busy.id}
        )
        self.assertFalse(self._told(), "Nobody before it is open.")
        self._open()
        own = self.member | self.member_2 | self.member_paper
        self.assertEqual(self._told(), own)
        notices = self.env["coop.shift.notice"].search([("kind", "=", "day")])
        self.assertEqual(len(notices), 3)
        self._told()
        again = self.env["coop.shift.notice"].search([("kind", "=", "day")])
        self.assertEqual(again, notices)
        self.call.audience = "all"
        self.assertEqual(self._told(), own | far)

    def test_only_who_can_hold_a_role_is_asked(self):
        self.line_reception.unlink()
        self._open()
        self.assertEqual(self._told(), self.member | self.member_paper)

    def test_the_mail_is_in_french_and_goes_to_the_page(self):
        self._open()
        self._told()
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.member.ids)], order="id desc", limit=1
        )
        for text in ("Réception", "Deux palettes", f"/my/coop/calls/{self.call.id}"):
            self.assertIn(text, mail.body_html)
        self.assertIn("Je réponds", mail.body_html)

    def test_accepted_by_the_rules(self):
        self._open()
        with self.assertRaisesRegex(UserError, "driving licence"):
            self.line_driver._accept(self.member_2)
        with self.assertRaisesRegex(UserError, "learnt"):
            self.line_till._accept(self.member_2)
        self.assertEqual(self.line_till._accept(self.member).sudo().state, "booked")
        self.member_2.shift_role_ids = self.till
        with self.assertRaisesRegex(UserError, "No seat is left"):
            self.line_till._accept(self.member_2)
        self.assertEqual(
            (self.call.coming_count, self.call.needed_count, self.call.missing_text),
            (1, 4, "1 Conducteur, 2 Réception"),
        )
        self.assertEqual(self.line_till.member_names, "Alice Adhérente")

    def test_who_accepts_drives_the_round(self):
        self.member.coop_drives = "licence"
        self._open()
        own = self.line_driver._accept(self.member_paper).sudo()
        self.assertEqual(self.trip.driver_id, self.member_paper)
        self.line_driver._accept(self.member)
        self.assertEqual(self.trip.helper_ids, self.member)
        own._cancel()
        self.assertEqual(self.trip.driver_id, self.member)
        self.assertFalse(self.trip.helper_ids)
        # The route sheet is on their own page.
        mine = self.env["coop.round"].with_user(self.user_member).search([])
        self.assertEqual(mine, self.trip)

    def test_a_driver_chosen_by_hand_stays(self):
        self.trip.driver_id = self.user_referent.partner_id
        self._open()
        self.line_driver._accept(self.member_paper)
        self.assertEqual(self.trip.driver_id, self.user_referent.partner_id)
        self.assertEqual(self.trip.helper_ids, self.member_paper)

    def test_not_this_time(self):
        self._open()
        self._told()
        Call = self.env["coop.distribution.call"]
        self.assertEqual(Call._search_to_answer(self.member), self.call)
        self.call._decline(self.member)
        self.call._decline(self.member)
        self.assertEqual(self.call.declined_count, 1)
        self.assertFalse(Call._search_to_answer(self.member))
        self.line_till._accept(self.member)
        self.assertEqual(self.call.declined_count, 0, "One may change one's mind.")
        self.assertFalse(Call._search_to_answer(self.member))

    def test_asked_for_the_day_not_again_for_one_of_its_roles(self):
        self._open()
        own = self.member | self.member_2 | self.member_paper
        own._update_volunteer_status()
        shift = self.line_reception.shift_id
        self.assertEqual(set(shift._find_members_to_call(30, 3)), set(own))
        self._told()
        self.assertFalse(shift._find_members_to_call(30, 3))

    def test_nobody_is_moved_away_from_a_distribution_day(self):
        self._open()
        self.line_reception._accept(self.member_2)
        alone = [("needs_tutor", "=", True), ("member_id", "=", self.member_2.id)]
        Registration = self.env["coop.shift.registration"]
        self.assertFalse(Registration.search(alone))
        elsewhere = self.env["coop.shift"].create(
            {
                "name": "Réception",
                "start_at": self.start - timedelta(days=3),
                "end_at": self.start - timedelta(days=3, hours=-2),
                "seat_ids": [Command.create({"seats_max": 2})],
            }
        )
        elsewhere._book(self.member_2)
        self.assertEqual(Registration.search(alone).shift_id, elsewhere)

    def test_drivers_are_called_for_a_driver(self):
        shift = self.env["coop.shift"].create(
            {
                "name": "Tournée",
                "start_at": self.start,
                "end_at": self.start + timedelta(hours=2),
                "seat_ids": [Command.create({"role_id": self.driver.id})],
            }
        )
        (self.member | self.member_paper)._update_volunteer_status()
        self.assertEqual(list(shift._find_members_to_call(30, 3)), [self.member_paper])

    def test_answers_are_exported_and_erased(self):
        self._open()
        self.call._decline(self.member)
        exported = {s["key"]: s for s in self.member._coop_privacy_export()}
        self.assertEqual(len(exported["appels"]["rows"]), 1)
        self.member._coop_privacy_erase(dry_run=True)
        self.assertTrue(self.call.answer_ids)
        self.member._coop_privacy_erase()
        self.assertFalse(self.call.answer_ids)

    def test_who_is_erased_drives_no_round(self):
        self._open()
        self.line_driver._accept(self.member_paper)
        self.member_paper._coop_privacy_erase()
        self.assertFalse(self.trip.driver_id)

    def test_what_was_asked_does_not_move(self):
        self._open()
        self.line_reception._accept(self.member_2)
        line = self.line_reception.with_user(self.user_referent)
        with self.assertRaisesRegex(UserError, "Members were asked"):
            line.start_at = self.start - timedelta(hours=4)
        with self.assertRaisesRegex(UserError, "Somebody comes"):
            line.unlink()
        line.write({"seats_min": 3, "seats_max": 5})
        seat = line.shift_id.sudo().seat_ids
        self.assertEqual((seat.seats_min, seat.seats_max), (3, 5))
        self.line_till.with_user(self.user_referent).unlink()
        self.assertEqual(
            self.call.shift_ids.filtered(lambda s: s.state == "planned"),
            (self.line_reception | self.line_driver).shift_id,
        )

    def test_cancelled_nobody_owes(self):
        self._open()
        own = self.line_reception._accept(self.member_2).sudo()
        self.call.with_user(self.user_referent).action_cancel()
        self.assertEqual(own.state, "cancelled")
        self.assertFalse(own.ledger_ids)
        with self.assertRaisesRegex(UserError, "closed"):
            self.line_reception._accept(self.member)
        again = self.distribution.action_call()["res_id"]
        self.assertNotEqual(again, self.call.id)

    def test_presence_counts_in_the_ledger_and_the_tracking_table(self):
        self._open()
        early = self.line_driver._accept(self.member_paper).sudo()
        self.line_reception._accept(self.member_2)
        rows = early | self.line_till._accept(self.member).sudo()
        other = self._coop_make_window("Autre commande").distribution_ids.filtered(
            lambda d: d.collection_point_id == self.point_1
        )
        with freeze_time(self.start + timedelta(hours=1)):
            rows.write({"state": "present"})
            self.env.invalidate_all()
            own = self.distribution.with_user(self.user_referent)
            self.assertEqual(own.tracking_volunteer_count, 2)
            self.assertEqual(own.volunteer_text, "2 / 3")
            self.assertEqual(
                other._count_volunteers()[other.id], 0, "Another day's own."
            )
            self.assertEqual(self.member._get_volunteer_balances(), (1.0, 0.0))
            self.assertEqual(rows.ledger_ids.mapped("points"), [1.0, 1.0])

    def test_the_check_list_is_theirs_on_the_day(self):
        self._open()
        own = self.line_reception._accept(self.member_2).sudo()
        till = self.line_till._accept(self.member).sudo()
        step = own._get_steps()
        self.assertEqual(step.step_id, self.receive)
        self.assertEqual(step.volunteer_names, "Bruno Adhérent")
        self.assertFalse(till._get_steps())
        with self.assertRaisesRegex(UserError, "on the day"):
            step.with_user(self.user_member_2)._tick(own)
        # On its day, whatever the hour this test runs at.
        with freeze_time(self.start):
            with self.assertRaisesRegex(UserError, "somebody else"):
                step._tick(till)
            step.with_user(self.user_member_2)._tick(own)
            self.assertEqual(
                (step.done_by_id, step.done_at),
                (self.user_member_2, fields.Datetime.now()),
            )
            step._tick(own)
            self.assertFalse(step.done_at)
            own.state = "cancelled"
            with self.assertRaisesRegex(UserError, "Those who come"):
                step._tick(own)

    def test_queries_do_not_grow_with_the_members(self):
        self._open()

        def count(number):
            self.env["res.partner"].create(
                [
                    {
                        "name": f"M {number} {n}",
                        **self._coop_member_values(self.group_toul, self.point_1),
                    }
                    for n in range(number)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            found = self.call._search_members_to_ask()
            return len(found), self.env.cr.sql_log_count - start

        few, queries = count(3)
        many, more = count(80)
        self.assertEqual(many, few + 80)
        self.assertLessEqual(more, queries + 2)
