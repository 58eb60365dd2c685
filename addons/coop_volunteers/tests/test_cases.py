"""The worked cases of the rules, each with siblings of other numbers.

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
from odoo.tests import TransactionCase, freeze_time, tagged

from ..tools.badge import badge_answer
from ..tools.charge import Charge, Member, cycle_points, due_cycles
from ..tools.cycle import anchored_cycle, member_cycle, week_letter, year_cycle
from ..tools.quota import prorated
from ..tools.status import Entry, Policy, Spell, member_status
from .common import ShiftCommon

DAY = date(2026, 3, 2)
ANCHOR = date(2015, 12, 28)
TAPIR = date(2022, 4, 11)
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


def at(number):
    return DAY + timedelta(days=number)


@tagged("post_install", "-at_install")
class TestCasesOfTools(TransactionCase):
    """Dates and numbers alone."""

    def test_letters(self):
        cases = [
            (TAPIR, date(2022, 4, 10), "D"),
            (TAPIR, date(2022, 4, 3), "C"),
            (TAPIR, date(2022, 3, 28), "C"),
            (TAPIR, date(2022, 3, 21), "B"),
            (TAPIR, date(2022, 3, 20), "A"),
            (TAPIR, date(2022, 3, 14), "A"),
            (TAPIR, date(2022, 3, 13), "D"),
            (TAPIR, date(2022, 9, 19), "D"),
            (TAPIR, date(2022, 9, 26), "A"),
            (ANCHOR, date(2015, 12, 27), "D"),
            (ANCHOR, date(2015, 12, 6), "A"),
            # Years of 53 weeks: 2015, 2020, 2026, 2032.
            (ANCHOR, date(2020, 12, 27), "A"),
            (ANCHOR, date(2020, 12, 28), "B"),
            (ANCHOR, date(2021, 1, 4), "C"),
            (ANCHOR, date(2026, 12, 21), "B"),
            (ANCHOR, date(2026, 12, 28), "C"),
            (ANCHOR, date(2027, 1, 3), "C"),
            (ANCHOR, date(2027, 1, 4), "D"),
            (ANCHOR, date(2027, 1, 11), "A"),
            (ANCHOR, date(2032, 12, 27), "D"),
            (ANCHOR, date(2033, 1, 3), "A"),
        ]
        for anchor, day, letter in cases:
            self.assertEqual(week_letter(day, anchor), letter, day)
        self.assertEqual(week_letter(date(2027, 1, 4), ANCHOR, "AB"), "B")
        self.assertEqual(week_letter(date(2027, 1, 4), ANCHOR, "ABC"), "C")

    def test_cycles_around_the_anchor(self):
        cases = [
            (ANCHOR, ANCHOR, date(2016, 1, 24)),
            (date(2015, 12, 27), date(2015, 11, 30), date(2015, 12, 27)),
            (date(2026, 12, 31), date(2026, 12, 14), date(2027, 1, 10)),
            (date(2027, 1, 10), date(2026, 12, 14), date(2027, 1, 10)),
            (date(2027, 1, 11), date(2027, 1, 11), date(2027, 2, 7)),
        ]
        for day, start, end in cases:
            cycle = anchored_cycle(day, ANCHOR)
            self.assertEqual((cycle.start, cycle.end), (start, end), day)

    def test_member_cycles(self):
        first = date(2026, 10, 7)
        cases = {0: 0, 27: 0, 28: 28, 55: 28, 56: 56, 83: 56, 84: 84, 364: 364}
        for day, start in cases.items():
            cycle = member_cycle(first + timedelta(days=day), first)
            self.assertEqual(cycle.start, first + timedelta(days=start))
            last = first + timedelta(days=start + 27)
            self.assertEqual(
                cycle.ends_at, datetime(last.year, last.month, last.day, 23, 59, 59)
            )

    def test_seasons(self):
        for day, start, end in (
            (date(2026, 8, 31), date(2025, 9, 1), date(2026, 8, 31)),
            (date(2026, 9, 1), date(2026, 9, 1), date(2027, 8, 31)),
            (date(2024, 2, 29), date(2023, 9, 1), date(2024, 8, 31)),
        ):
            cycle = year_cycle(day, date(2020, 9, 1))
            self.assertEqual((cycle.start, cycle.end), (start, end))

    def test_quota(self):
        summer = date(2026, 5, 1), date(2026, 8, 31)
        year = date(2026, 1, 1), date(2026, 12, 31)
        cases = [
            (10, summer, {}, 10),
            (10, summer, {"joined": date(2026, 7, 1)}, 5),
            (10, summer, {"joined": date(2026, 6, 1)}, 7),
            (10, summer, {"joined": date(2026, 8, 1)}, 3),
            (10, summer, {"left": date(2026, 6, 30)}, 5),
            (6, summer, {"joined": date(2026, 7, 1)}, 3),
            (8, summer, {"joined": date(2026, 9, 1)}, 0),
            (12, year, {"joined": date(2026, 7, 1)}, 6),
            (12, year, {"joined": date(2026, 10, 1)}, 3),
            (10, year, {"joined": date(2026, 12, 31)}, 0),
            (
                12,
                year,
                {"joined": date(2026, 4, 1), "left": date(2026, 9, 30)},
                6,
            ),
        ]
        for quota, season, days, expected in cases:
            self.assertEqual(prorated(quota, *season, **days), expected, days)

    def test_two_counters(self):
        cases = [
            ((0, 0), "up_to_date"),
            ((1, 0), "up_to_date"),
            ((-1, 0), "alert"),
            ((0, -1), "alert"),
            ((1, -1), "alert"),
            ((-1, -1), "alert"),
            ((-2, -1), "alert"),
            ((-3, 0), "alert"),
            ((-2, -2), "unsubscribed"),
            ((-4, 0), "unsubscribed"),
            ((-1, -3), "unsubscribed"),
            ((-5, 2), "alert"),
        ]
        for (shift, make_up), expected in cases:
            entries = [Entry(DAY, shift), Entry(DAY, make_up, "make_up")]
            found = member_status(entries, [], Policy(), DAY)
            self.assertEqual(found, expected, (shift, make_up))
            self.assertEqual((found.balance, found.make_up), (shift, make_up))

    def test_alert_around_leaves(self):
        """``(alert, leaves, {day: status})``, days from the 2nd of March."""
        cases = [
            (-1, [(5, 10)], {4: "alert", 5: "leave", 10: "leave", 11: "alert"}),
            (-1, [(5, 10)], {38: "alert", 39: "suspended"}),
            # Begun ten days before: without the leave it ended on day 18.
            (-10, [(0, 3)], {0: "leave", 3: "leave", 31: "alert", 32: "suspended"}),
            # Over already when the leave begins: the days count again all the same.
            (
                -40,
                [(5, 10)],
                {4: "suspended", 6: "leave", 11: "alert", 39: "suspended"},
            ),
            # Before the debt it changes nothing.
            (0, [(-20, -10)], {0: "alert", 28: "alert", 29: "suspended"}),
            # Two, in a row, one within the other, and without an end.
            (-1, [(5, 10), (11, 20)], {11: "leave", 21: "alert", 48: "alert"}),
            (-1, [(5, 10), (11, 20)], {49: "suspended"}),
            (-1, [(5, 20), (6, 10)], {15: "leave", 48: "alert", 49: "suspended"}),
            (-1, [(5, None)], {4: "alert", 5: "leave", 500: "leave"}),
        ]
        for start, leaves, expected in cases:
            entries = [Entry(at(start), -1, absence=1)]
            spells = [
                Spell("leave", at(first), None if last is None else at(last))
                for first, last in leaves
            ]
            for day, status in expected.items():
                found = member_status(entries, spells, Policy(), at(day))
                self.assertEqual(found, status, (start, leaves, day))

    def test_alert_then_suspended(self):
        for alert, grace in ((28, 10), (14, 0), (60, 5), (1, 0)):
            rules = Policy(alert_days=alert, grace_days=grace, extension_days=20)

            def on(day, spells=(), rules=rules):
                entries = [Entry(DAY, -1, absence=1)]
                return member_status(entries, spells, rules, at(day))

            self.assertEqual(
                [on(0), on(alert), on(alert + 1)], ["alert", "alert", "suspended"]
            )
            # Asked on the last day of the alert, twenty days.
            more = [Spell("extension", at(alert), at(alert + 19))]
            self.assertEqual(on(alert + 19, more), "extension")
            last = alert + 19 + grace
            self.assertEqual(on(last + 1, more), "suspended")
            if grace:
                self.assertEqual(on(last, more), "alert")
        at_once = Policy(alert_days=0)
        self.assertEqual(member_status([Entry(DAY, -1)], [], at_once, DAY), "suspended")

    def test_a_cycle_takes_once_whatever_the_leaves(self):
        """Cycles of 9 Feb., 9 March and 6 April 2026 of four weeks from 2022-04-11."""
        charge = Charge(points=-1, unpaid=-1)

        def around(day):
            return anchored_cycle(day, TAPIR)

        first = around(date(2026, 3, 9)).start
        three = [first, first + timedelta(28), first + timedelta(56)]
        last = first + timedelta(83)
        cases = [
            ((), [-1, -1, -1]),
            (((first, last),), [0, 0, 0]),
            (((first, None),), [0, 0, 0]),
            (((three[1], three[1] + timedelta(27)),), [-1, 0, -1]),
            # A day short at either end: the cycle is owed.
            (((three[1], three[1] + timedelta(26)),), [-1, -1, -1]),
            (((three[1] + timedelta(1), last),), [-1, -1, 0]),
            # From the middle of one to the middle of another: the whole one between.
            (((first + timedelta(14), three[2] + timedelta(13)),), [-1, 0, -1]),
            # Two in a row cover what none covers alone; with a day between, nothing.
            (
                (
                    (three[1], three[1] + timedelta(9)),
                    (three[1] + timedelta(10), three[1] + timedelta(27)),
                ),
                [-1, 0, -1],
            ),
            (
                (
                    (three[1], three[1] + timedelta(9)),
                    (three[1] + timedelta(11), three[1] + timedelta(27)),
                ),
                [-1, -1, -1],
            ),
        ]
        for free, expected in cases:
            member = Member(since=first, free=free)
            found = due_cycles(around, charge, member, last)
            self.assertEqual([cycle.start for cycle, _day in found], three)
            points = [cycle_points(cycle, charge, member, 9) for cycle, _d in found]
            self.assertEqual(points, expected, free)

    def test_new_year_debits_once(self):
        def around(day):
            return anchored_cycle(day, ANCHOR)

        for year, starts in (
            (2020, [date(2020, 12, 21), date(2021, 1, 18)]),
            (2026, [date(2026, 12, 14), date(2027, 1, 11)]),
            (2032, [date(2032, 12, 6), date(2033, 1, 3), date(2033, 1, 31)]),
        ):
            member = Member(since=date(year, 12, 1))
            found = due_cycles(around, Charge(), member, date(year + 1, 1, 31))
            self.assertEqual([cycle.start for cycle, _day in found], starts)

    def test_badge_window(self):
        start = datetime(2026, 11, 22, 9)
        # (before, after, late): {(minutes, seconds): answer}
        cases = {
            (15, 15, 60): {
                (-16, 0): "too_early",
                (-15, -1): "too_early",
                (-15, 0): "present",
                (0, 0): "present",
                (15, 0): "present",
                (15, 59): "present",
                (16, 0): "late",
                (60, 0): "late",
                (60, 59): "late",
                (61, 0): "refused",
            },
            (10, 0, 0): {
                (-11, 0): "too_early",
                (-10, -1): "too_early",
                (-10, 0): "present",
                (0, 59): "present",
                (1, 0): "refused",
            },
            (30, 5, 20): {
                (-31, 0): "too_early",
                (-30, 0): "present",
                (5, 59): "present",
                (6, 0): "late",
                (20, 59): "late",
                (21, 0): "refused",
            },
        }
        for window, moments in cases.items():
            for (minutes, seconds), expected in moments.items():
                now = start + timedelta(minutes=minutes, seconds=seconds)
                answer = badge_answer(start, now, *window)
                self.assertEqual(answer.state, expected, (window, minutes, seconds))
                if expected == "too_early":
                    back_at = start - timedelta(minutes=window[0])
                    self.assertEqual(answer.back_at, back_at)


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
