# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import ShiftCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 11:00:00")
class TestLedger(ShiftCommon):
    def _do(self, state, kind="fixed", member=None, day=3):
        shift = self._shift(start=datetime(2026, 3, day, 8))
        registration = self._register(shift, member or self.member, kind)
        registration.state = state
        return registration

    def test_absent_then_corrected(self):
        registration = self._do("absent")
        self.assertEqual(self._balances(), (-1.0, 0.0))
        self.assertEqual(self._status(), "alert")
        registration.with_user(self.user_volunteer).action_present()
        self.assertEqual(self._balances(), (0.0, 0.0))
        self.assertEqual(self._status(), "up_to_date")
        self.assertEqual(len(self.member.volunteer_ledger_ids), 3)

    def test_extra(self):
        self._do("present", "extra")
        self.assertEqual(self._balances(), (1.0, 0.0))

    def test_both_counters(self):
        self.policy.points_absent_second = -1
        self._do("absent", day=2)
        self.assertEqual(self._balances(), (-1.0, -1.0))
        self.assertEqual(self._status(), "alert")
        coming = self._register(
            self._shift(start=datetime(2026, 3, 10, 8)), self.member
        )
        self._do("absent", day=3)
        self.assertEqual(self._balances(), (-2.0, -2.0))
        self.assertEqual(self._status(), "unsubscribed")
        self.assertEqual(coming.state, "cancelled")

    def test_a_make_up_pays_the_second_counter_first(self):
        self.policy.points_absent_second = -1
        self._do("absent", day=2)
        make_up = self._do("present", "make_up", day=3)
        self.assertEqual(self._balances(), (-1.0, 0.0))
        make_up.state = "booked"
        self.assertEqual(self._balances(), (-1.0, -1.0))

    def test_same_state_posts_nothing(self):
        registration = self._do("absent")
        registration.state = "absent"
        registration._sync_ledger()
        self.assertEqual(len(self.member.volunteer_ledger_ids), 1)

    def test_append_only_even_for_the_superuser(self):
        entry = self._do("absent").ledger_ids.sudo()
        with self.assertRaisesRegex(UserError, "never changed"):
            entry.points = 0
        with self.assertRaisesRegex(UserError, "never deleted"):
            entry.unlink()

    def test_an_entry_is_undone_once(self):
        entry = (
            self.env["coop.shift.ledger"]
            .with_user(self.user_volunteer)
            .create({"member_id": self.member.id, "points": 2, "note": "Comité"})
        )
        self.assertEqual(self._balances(), (2.0, 0.0))
        entry.action_reverse()
        self.assertEqual(self._balances(), (0.0, 0.0))
        with self.assertRaisesRegex(UserError, "already undone"):
            entry.action_reverse()

    def test_a_decision_says_why(self):
        ledger = self.env["coop.shift.ledger"].with_user(self.user_volunteer)
        with self.assertRaisesRegex(UserError, "Say why"):
            ledger.create({"member_id": self.member.id, "points": 2})
        with self.assertRaisesRegex(UserError, "only a decision"):
            ledger.create(
                {
                    "member_id": self.member.id,
                    "points": 2,
                    "note": "x",
                    "reason": "present_extra",
                }
            )

    def test_a_decision_sent_by_a_form(self):
        """The client sends the fields that were left empty, too."""
        entry = (
            self.env["coop.shift.ledger"]
            .with_user(self.user_volunteer)
            .create(
                {
                    "member_id": self.member.id,
                    "points": 2,
                    "note": "Comité",
                    "registration_id": False,
                }
            )
        )
        self.assertEqual(entry.reason, "manual")

    def test_explained_in_french(self):
        entry = self._do("absent").ledger_ids.with_context(lang="fr_FR")
        self.assertEqual(entry.explanation, "−1 : absence le 3 mars 2026")

    # -- cycles

    def test_a_cycle_is_taken_once(self):
        self.company.coop_volunteer_policy_id = self._preset("tapir")
        self.member.volunteer_since = "2026-02-09"
        ledger = self.env["coop.shift.ledger"]
        today = date(2026, 3, 4)
        made = ledger._post_cycles(self.member, today)
        self.assertEqual(made.mapped("points"), [-1.0])
        self.assertFalse(ledger._post_cycles(self.member, today))
        self.assertEqual(self._balances(), (-1.0, 0.0))

    def test_an_exempted_cycle_takes_nothing(self):
        self.company.coop_volunteer_policy_id = self._preset("tapir")
        self.member.volunteer_since = "2026-02-01"
        self.env["coop.member.leave"].create(
            {
                "member_id": self.member.id,
                "type_id": self.env.ref(
                    "coop_volunteers.coop_member_leave_type_exempted"
                ).id,
                "date_from": "2026-02-01",
            }
        ).action_grant()
        made = self.env["coop.shift.ledger"]._post_cycles(self.member, date(2026, 3, 4))
        self.assertTrue(made)
        self.assertEqual(set(made.mapped("points")), {0.0})

    def test_flying_cycles_of_afc(self):
        """+1, cycle, 0, cycle, −2; attended, −1."""
        self.company.coop_volunteer_policy_id = self._preset("la_louve")
        member = self.member
        member.write({"volunteer_kind": "flying", "volunteer_since": "2026-01-12"})
        ledger = self.env["coop.shift.ledger"]
        self.assertEqual(self.policy._cycle_of(date(2026, 1, 12)).start.day, 12)
        shift = self._shift(start=datetime(2026, 1, 5, 8))
        self._register(shift, member, "flying", "present")
        self.assertEqual(self._balances()[0], 1.0)
        ledger._post_cycles(member, date(2026, 1, 12))
        self.assertEqual(self._balances()[0], 0.0)
        ledger._post_cycles(member, date(2026, 2, 9))
        self.assertEqual(self._balances()[0], -2.0)
        self._do("present", "flying")
        self.assertEqual(self._balances()[0], -1.0)

    def test_quota_is_owed_at_the_end_in_proportion(self):
        self.company.coop_volunteer_policy_id = self._preset("quota_year")
        self.member.write({"volunteer_kind": "flying", "volunteer_since": "2025-07-01"})
        made = self.env["coop.shift.ledger"]._post_cycles(self.member, date(2026, 3, 4))
        self.assertEqual((made.points, made.date), (-5.0, date(2025, 12, 31)))

    def test_the_hour_of_the_job_does_not_matter(self):
        """A presence of the very day on which a cycle counts is for the next one."""
        self.company.coop_volunteer_policy_id = self._preset("la_louve")
        self.member.write({"volunteer_kind": "flying", "volunteer_since": "2026-01-12"})
        shift = self._shift(start=datetime(2026, 1, 12, 8))
        self._register(shift, self.member, "flying", "present")
        self.env["coop.shift.ledger"]._post_cycles(self.member, date(2026, 1, 12))
        self.assertEqual(self._balances()[0], -1.0)

    def test_new_rules_count_nothing_twice(self):
        """Six years in cycles, then a quota a year: those years are not owed again."""
        self.company.coop_volunteer_policy_id = self._preset("tapir")
        self.member.write({"volunteer_kind": "flying", "volunteer_since": "2020-01-01"})
        ledger = self.env["coop.shift.ledger"]
        ledger._post_cycles(self.member, date(2026, 3, 4))
        before = self._balances()
        self.company.coop_volunteer_policy_id = self._preset("quota_year")
        self.assertFalse(ledger._post_cycles(self.member, date(2026, 12, 31)))
        self.assertEqual(self._balances(), before)
        self.company.coop_volunteer_policy_id = self._preset("hours")
        made = ledger._post_cycles(self.member, date(2026, 4, 30))
        self.assertGreater(min(made.mapped("date")), date(2026, 3, 15))

    def test_a_balance_taken_over_holds_what_was_before(self):
        self.company.coop_volunteer_policy_id = self._preset("tapir")
        self.member.write({"volunteer_kind": "flying", "volunteer_since": "2019-01-01"})
        ledger = self.env["coop.shift.ledger"]
        ledger.with_user(self.user_volunteer).create(
            {
                "member_id": self.member.id,
                "date": "2026-02-20",
                "points": 2,
                "reason": "opening",
                "note": "Ancien logiciel",
            }
        )
        ledger._post_cycles(self.member, date(2026, 3, 20))
        self.assertEqual(self._balances()[0], 1.0)

    def test_who_comes_back_does_not_owe_the_time_away(self):
        self.company.coop_volunteer_policy_id = self._preset(
            "tapir", use_unsubscribe=True, unsubscribe_at=-2
        )
        self.member.write({"volunteer_kind": "flying", "volunteer_since": "2025-12-01"})
        ledger = self.env["coop.shift.ledger"]
        ledger._post_cycles(self.member, date(2026, 2, 1))
        self.member._update_volunteer_status()
        self.assertEqual(self._status(), "unsubscribed")
        ledger._post_cycles(self.member, date(2026, 9, 1))
        ledger.with_user(self.user_volunteer).create(
            {"member_id": self.member.id, "points": 2, "note": "De retour"}
        )
        ledger._post_cycles(self.member, date(2026, 9, 1))
        self.assertEqual(self._balances()[0], 0.0)
        self.assertEqual(self._status(), "up_to_date")

    def test_hours(self):
        self.company.coop_volunteer_policy_id = self._preset("hours")
        self.member.write({"volunteer_kind": "flying", "volunteer_since": "2026-03-04"})
        self._do("present", "flying")
        self.assertEqual(self._balances()[0], 3.0)
        self.env["coop.shift.ledger"]._post_cycles(self.member, date(2026, 3, 4))
        self.assertEqual(self._balances()[0], 0.0)

    # -- closing

    def test_closing_by_the_rules(self):
        shift = self._shift(seats=3)
        present = self._register(shift, self.member, state="present")
        expected = self._register(shift, self.member_2)
        self._run_cron("coop_shift_cron_close")
        self.assertEqual(shift.state, "done")
        self.assertEqual((present.state, expected.state), ("present", "absent"))
        self.assertEqual(self._balances(self.member_2), (-1.0, 0.0))

    def test_not_closed_before_it_starts(self):
        shift = self._shift(start=datetime(2026, 3, 5, 8))
        with self.assertRaisesRegex(UserError, "not started"):
            shift.with_user(self.user_volunteer).action_close()

    # -- status

    def test_nightly_status(self):
        self._do("absent")
        with freeze_time(datetime(2026, 3, 31, 12)):
            self._run_cron("res_partner_cron_volunteer_status")
            self.assertEqual(self._status(), "alert")
        with freeze_time(datetime(2026, 4, 1, 12)):
            self._run_cron("res_partner_cron_volunteer_status")
            self.assertEqual(self._status(), "suspended")
            allowed, next_step = self.member._may_shop()
        self.assertFalse(allowed)
        self.assertIn("make-up", next_step)

    def test_booking_a_make_up_lets_one_shop_at_la_cagette(self):
        self.company.coop_volunteer_policy_id = self._preset("la_cagette")
        self._do("absent")
        self.assertEqual(self._status(), "suspended")
        self.assertFalse(self.member._may_shop()[0])
        shift = self._shift(start=datetime(2026, 3, 20, 8))
        booked = shift.with_user(self.user_member)._book(self.member)
        self.assertEqual(booked.kind, "make_up")
        self.assertEqual(self._status(), "extension")
        self.assertTrue(self.member._may_shop()[0])
        booked._cancel()
        self.assertEqual(self._status(), "suspended")

    def test_status_queries_do_not_grow(self):
        members = self.env["res.partner"].create(
            [
                {
                    "name": f"M {n}",
                    **self._coop_member_values(self.group_toul, self.point_1),
                    "volunteer_since": "2026-01-01",
                }
                for n in range(80)
            ]
        )
        ledger = self.env["coop.shift.ledger"].sudo()
        ledger._post(
            [
                {
                    "member_id": member.id,
                    "company_id": self.company.id,
                    "date": date(2026, 1, 1) + timedelta(days=n % 50),
                    "points": -1,
                    "reason": "manual",
                    "note": "x",
                }
                for n, member in enumerate(members)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            members._update_volunteer_status()
        self.assertEqual(
            set(members.mapped("volunteer_status")), {"alert", "suspended"}
        )
