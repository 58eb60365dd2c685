# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The worked cases on dates and numbers alone; ``test_cases`` lists them all."""

from datetime import date, datetime, timedelta

from odoo.tests import TransactionCase, tagged

from ..tools.badge import badge_answer
from ..tools.charge import Charge, Member, cycle_points, due_cycles
from ..tools.cycle import anchored_cycle, member_cycle, week_letter, year_cycle
from ..tools.quota import prorated
from ..tools.status import Entry, Policy, Spell, member_status

DAY = date(2026, 3, 2)
ANCHOR = date(2015, 12, 28)
TAPIR = date(2022, 4, 11)


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
