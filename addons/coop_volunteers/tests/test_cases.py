# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The worked cases of the rules, each with siblings of other numbers.

Dates and numbers alone are in ``test_cases_tools``.

=====================================  ==============================================
case                                   test
=====================================  ==============================================
absent, corrected                      ``test_a_correction_undoes_what_it_corrects``
present as an extra                    ``test_what_each_preset_counts``
−2/−2 unsubscribed, −1/−1 alert        ``test_two_counters``, ``test_seats_are_freed``
alert, leave, alert again              ``test_alert_around_leaves``
a cycle once, exempted nothing         ``test_a_cycle_takes_once``, ``…_leaves``
letters before the anchor              ``test_letters``
56 days after the first shift          ``test_member_cycles``
New Year                               ``test_letters``, ``test_new_year_debits_once``
09:00 in Paris, summer and winter      ``test_wall_clock``
flying members of AFC                  ``test_flying``
quota of a season                      ``test_quota``
attendance sheet                       ``test_sheet``
badge window, late mode                ``test_badge_window``, ``test_badge_presets``
make-up owed 1 or 2                    ``test_make_ups_owed``
alert, then suspended                  ``test_alert_then_suspended``
extensions                             ``test_extensions_of_a_year``
=====================================  ==============================================
"""

from datetime import date, datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import ShiftCommon

# name: {state: points of (fixed, flying, make-up, extra)} of a shift of three hours
COUNTED = {
    "la_cagette": {
        "present": (0, 1, 1, 1),
        "late": (0, 1, 1, 1),
        "absent": (-1, 0, 0, 0),
        "excused": (-1, 0, 0, 0),
    },
    "la_louve": {
        "present": (0, 1, 1, 1),
        "late": (0, 1, 1, 1),
        "absent": (-2, 0, 0, 0),
        "excused": (-1, 0, 0, 0),
    },
    "oca": {
        "present": (0, 1, 1, 1),
        "late": (0, 1, 1, 1),
        "absent": (-1, 0, 0, 0),
        "excused": (-1, 0, 0, 0),
    },
    "quota_year": {
        "present": (0, 1, 1, 1),
        "late": (0, 1, 1, 1),
        "absent": (-1, 0, 0, 0),
        "excused": (-1, 0, 0, 0),
    },
    "hours": {
        "present": (3, 3, 3, 3),
        "late": (3, 3, 3, 3),
        "absent": (0, 0, 0, 0),
        "excused": (0, 0, 0, 0),
    },
    "tapir": {
        "present": (1, 1, 1, 1),
        "late": (1, 1, 1, 1),
        "absent": (0, 0, 0, 0),
        "excused": (0, 0, 0, 0),
    },
}
# name: days of alert, of an extension, extensions a year, grace, unsubscribed at,
# absences in a row, minutes of the badge (before, after, late)
LIMITS = {
    "la_cagette": (0, 183, 1, 0, None, 3, (15, 15, 60)),
    "la_louve": (28, 28, 1, 0, None, 0, (15, 15, 60)),
    "oca": (28, 28, 1, 10, -4, 0, (15, 15, 60)),
    "quota_year": (60, 90, 1, 0, None, 0, (15, 15, 60)),
    "hours": (28, 28, 1, 0, None, 0, (10, 180, 180)),
    "tapir": (28, 28, 1, 0, None, 0, (15, 15, 60)),
}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 11:00:00")
class TestCases(ShiftCommon):
    """The same on members, through the sheet and the ledger."""

    def _use(self, name, **values):
        self.policy = self._preset(name, **values)
        self.company.coop_volunteer_policy_id = self.policy

    def _do(self, state, kind="fixed", day=3, month=3):
        shift = self._shift(start=datetime(2026, month, day, 8))
        row = self._register(shift, self.member, kind)
        row.state = state
        return row

    def test_what_each_preset_counts(self):
        for name, states in COUNTED.items():
            policy = self.env.ref(f"coop_volunteers.coop_volunteer_policy_{name}")
            for state, expected in states.items():
                found = tuple(
                    policy._points(state, kind, 3.0)["shift"]
                    for kind in ("fixed", "flying", "make_up", "extra")
                )
                self.assertEqual(found, expected, (name, state))

    def test_limits_of_each_preset(self):
        for name, expected in LIMITS.items():
            policy = self.env.ref(f"coop_volunteers.coop_volunteer_policy_{name}")
            found = (
                policy.alert_days,
                policy.extension_days,
                policy.extension_max,
                policy.grace_days,
                policy.unsubscribe_at if policy.use_unsubscribe else None,
                policy.unsubscribe_absences,
                (policy.badge_before, policy.badge_after, policy.badge_late),
            )
            self.assertEqual(found, expected, name)
            self.assertEqual((policy.move_hours, policy.swap_hours), (24, 24))

    def test_a_correction_undoes_what_it_corrects(self):
        for day, name in enumerate(COUNTED, start=2):
            with self.subTest(name=name):
                self._use(name)
                start = self._balances()
                row = self._register(
                    self._shift(start=datetime(2026, 2, day, 8)), self.member
                )
                for state in ("absent", "excused", "late", "absent", "present"):
                    row.state = state
                    points = COUNTED[name][state][0]
                    self.assertEqual(self._balances()[0] - start[0], points, state)
                row.state = "booked"
                self.assertEqual(self._balances(), start)

    def test_make_ups_owed(self):
        """La Louve: two for an absence, one when excused. La Cagette: one."""
        for name, state, owed in (
            ("la_louve", "absent", 2),
            ("la_louve", "excused", 1),
            ("la_cagette", "absent", 1),
            ("oca", "absent", 1),
        ):
            with self.subTest(name=name, state=state):
                self._use(name)
                row = self._do(state)
                self.assertEqual(self._balances()[0], -owed)
                for number in range(owed):
                    self.assertEqual(
                        self.member._volunteer_booking_kind(), "make_up", number
                    )
                    day = datetime(2026, 3, 20 + number, 8)
                    self._shift(start=day)._book(self.member)
                self.assertEqual(self.member._volunteer_booking_kind(), "extra")
                booked = self.member.shift_registration_ids.filtered(
                    lambda r: r.state == "booked"
                )
                booked.write({"state": "cancelled"})
                row.state = "booked"
                self.assertEqual(self._balances(), (0.0, 0.0))

    def test_seats_are_freed(self):
        """OCA: −4 in all, however it came about."""
        self._use("oca", points_absent_second=-1)
        coming = self._register(
            self._shift(start=datetime(2026, 3, 20, 8)), self.member
        )
        self._do("absent", day=10, month=2)
        self.assertEqual((self._status(), coming.state), ("alert", "booked"))
        last = self._do("absent", day=11, month=2)
        self.assertEqual((self._status(), coming.state), ("unsubscribed", "cancelled"))
        last.state = "present"
        self.assertEqual(self._balances(), (-1.0, -1.0))
        self.assertNotEqual(self._status(), "unsubscribed")

    def test_three_absences_in_a_row(self):
        self._use("la_cagette")
        for day in (3, 10):
            self._do("absent", day=day, month=2)
        self.assertEqual(self._status(), "suspended")
        third = self._do("absent", day=17, month=2)
        self.assertEqual(self._status(), "unsubscribed")
        third.state = "present"
        self.assertEqual(self._status(), "suspended")

    def test_flying(self):
        """AFC: +2, cycle, +1, cycle, 0, cycle, −2, cycle, −4; attended, −3."""
        self._use("la_louve")
        self.member.write({"volunteer_kind": "flying", "volunteer_since": "2025-11-17"})
        for day in (3, 4):
            shift = self._shift(start=datetime(2025, 11, day, 8))
            self._register(shift, self.member, "flying", "present")
        ledger = self.env["coop.shift.ledger"]
        found = [self._balances()[0]]
        for day in ("2025-11-17", "2025-12-15", "2026-01-12", "2026-02-09"):
            for _time in range(2):
                ledger._post_cycles(self.member, date.fromisoformat(day))
            found.append(self._balances()[0])
        self.assertEqual(found, [2, 1, 0, -2, -4])
        self._do("present", "flying")
        self.assertEqual(self._balances()[0], -3)

    def test_hours_of_four_weeks(self):
        """180 minutes every 28 days from the first shift, given as 2 h + 1 h 30."""
        self._use("hours")
        self.member.write({"volunteer_kind": "flying", "volunteer_since": "2026-01-07"})
        for day, hours in ((8, 2.0), (15, 1.5)):
            shift = self._shift(start=datetime(2026, 1, day, 8), hours=hours)
            self._register(shift, self.member, "flying", "present")
        ledger = self.env["coop.shift.ledger"]
        ledger._post_cycles(self.member, date(2026, 2, 3))
        self.assertAlmostEqual(self._balances()[0], 0.5)
        ledger._post_cycles(self.member, date(2026, 2, 4))
        self.assertAlmostEqual(self._balances()[0], -2.5)

    def test_extensions_of_a_year(self):
        for name, days in (("oca", 28), ("la_louve", 28), ("la_cagette", 183)):
            with self.subTest(name=name):
                self._use(name)
                self.member.shift_registration_ids.write({"state": "cancelled"})
                self.member.env["coop.shift.extension"].search([]).unlink()
                self._do("absent")
                Extension = self.env["coop.shift.extension"]
                first = Extension._ask(self.member)
                self.assertEqual(first.state, "granted")
                self.assertEqual((first.date_to - first.date_from).days, days - 1)
                with self.assertRaisesRegex(UserError, "already have"):
                    Extension._ask(self.member)
                with freeze_time(first.date_to + timedelta(days=1, hours=12)):
                    self.assertEqual(Extension._ask(self.member).state, "asked")
                with freeze_time(first.date_to + timedelta(days=366)):
                    self.assertEqual(Extension._ask(self.member).state, "granted")

    def test_wall_clock(self):
        """Nine o'clock in Paris, in winter and in summer, and through the nights."""
        cases = [
            ("0", 9.0, 3.0, date(2026, 3, 2), datetime(2026, 3, 2, 8), 3.0),
            ("0", 9.0, 3.0, date(2026, 3, 30), datetime(2026, 3, 30, 7), 3.0),
            ("0", 9.0, 3.0, date(2026, 10, 19), datetime(2026, 10, 19, 7), 3.0),
            ("0", 9.0, 3.0, date(2026, 10, 26), datetime(2026, 10, 26, 8), 3.0),
            ("3", 9.0, 3.0, date(2026, 12, 31), datetime(2026, 12, 31, 8), 3.0),
            # Through the night of summer time an hour is missing, of winter one more.
            ("5", 22.0, 8.0, date(2026, 3, 28), datetime(2026, 3, 28, 21), 7.0),
            ("5", 22.0, 8.0, date(2026, 10, 24), datetime(2026, 10, 24, 20), 9.0),
        ]
        for weekday, hour, duration, day, start_at, hours in cases:
            template = self.template.copy(
                {"weekday": weekday, "start_hour": hour, "duration": duration}
            )
            shift = template._generate(day, start=day)
            self.assertEqual(shift.start_at, start_at, day)
            self.assertAlmostEqual(shift.hours, hours)
            self.assertEqual(shift.date, day)

    def test_sheet(self):
        """Two expected and two free seats: two are added, the third is told."""
        others = self.env["res.partner"].create(
            [
                {
                    "name": f"M {n}",
                    **self._coop_member_values(self.group_toul, self.point_1),
                }
                for n in range(3)
            ]
        )
        shift = self._shift(start=datetime(2026, 3, 4, 11), seats=4)
        self._register(shift, self.member)
        self._register(shift, self.member_2)
        Registration = self.env["coop.shift.registration"]
        now = datetime(2026, 3, 4, 11)
        answers = [Registration._badge(m, now)["result"] for m in others]
        self.assertEqual(answers, ["present", "present", "not_expected"])
        self.assertEqual(len(shift.registration_ids), 4)
        again = [Registration._badge(m, now)["result"] for m in others[:2]]
        self.assertEqual(again, ["already", "already"])
        self.assertEqual(len(shift.registration_ids), 4)
        answer = Registration._badge_number("9999999", now)
        self.assertEqual(answer["result"], "unknown")

    def test_badge_presets(self):
        start = datetime(2026, 3, 4, 11)
        cases = {
            "la_cagette": {-16: "too_early", -15: "present", 16: "late", 61: "refused"},
            "hours": {-11: "too_early", -10: "present", 45: "present", 179: "present"},
        }
        for name, moments in cases.items():
            self._use(name)
            for minutes, expected in moments.items():
                shift = self._shift(start=start)
                row = self._register(shift, self.member)
                now = start + timedelta(minutes=minutes)
                answer = row._badge(self.member, now)
                self.assertEqual(answer["result"], expected, (name, minutes))
                if expected == "refused":
                    self.assertIn("referent", answer["message"])
                row.state = "cancelled"
                shift.action_cancel()
