# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Worked cases of the rules, and what must hold for any facts."""

import doctest
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from odoo.addons.coop_base.tests.common import calm

from ..tools import badge, charge, cycle, quota, staffing, status, tutors, who
from ..tools.status import Entry, Policy, Spell, member_status

DAY = date(2026, 3, 2)
days = st.dates(date(2000, 1, 1), date(2050, 12, 31))


@tagged("post_install", "-at_install")
class TestTools(TransactionCase):
    def test_doctests(self):
        for module in (badge, charge, cycle, quota, staffing, status, tutors, who):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    # -- cycle

    def test_letters_across_new_year(self):
        anchor = date(2015, 12, 28)
        letters = {
            date(2026, 12, 21): "B",
            date(2026, 12, 28): "C",
            date(2027, 1, 4): "D",
            date(2027, 1, 11): "A",
        }
        for day, letter in letters.items():
            self.assertEqual(cycle.week_letter(day, anchor), letter)
            self.assertEqual(cycle.week_letter(day + timedelta(days=6), anchor), letter)

    def test_letters_before_the_anchor(self):
        anchor = date(2022, 4, 11)
        self.assertEqual(cycle.week_letter(date(2022, 3, 28), anchor), "C")
        self.assertEqual(cycle.week_letter(date(2022, 9, 19), anchor), "D")

    def test_member_cycle(self):
        first = date(2026, 1, 5)
        today = first + timedelta(days=56)
        found = cycle.member_cycle(today, first)
        self.assertEqual(found.start, today)
        self.assertEqual(
            found.ends_at,
            datetime.combine(today + timedelta(days=27), datetime.min.time())
            + timedelta(hours=23, minutes=59, seconds=59),
        )

    @calm
    @given(days, days, st.integers(1, 12))
    def test_cycles_tile_time(self, day, anchor, weeks):
        found = cycle.anchored_cycle(day, anchor, weeks)
        self.assertTrue(found.start <= day <= found.end)
        self.assertEqual(found.days, weeks * 7)
        following = cycle.anchored_cycle(found.end + timedelta(days=1), anchor, weeks)
        self.assertEqual(following.start, found.end + timedelta(days=1))

    # -- quota

    def test_quota_of_a_newcomer(self):
        season = date(2026, 5, 1), date(2026, 8, 31)
        self.assertEqual(quota.prorated(10, *season, joined=date(2026, 7, 1)), 5)

    @calm
    @given(st.integers(0, 50), days, st.integers(0, 400), st.integers(0, 400))
    def test_quota_is_a_share(self, number, start, length, late):
        end = start + timedelta(days=length)
        share = quota.prorated(number, start, end, joined=start + timedelta(days=late))
        self.assertTrue(0 <= share <= number)

    # -- status

    def test_oca_statuses(self):
        entry = Entry
        cases = [
            ([], "up_to_date", 0, 0),
            ([entry(DAY, -1, absence=1)], "alert", -1, 0),
            (
                [entry(DAY, -1, absence=1), entry(DAY, 1, absence=-1)],
                "up_to_date",
                0,
                0,
            ),
            ([entry(DAY, 1, attended=1)], "up_to_date", 1, 0),
            ([entry(DAY, -1), entry(DAY, -1, "make_up")], "alert", -1, -1),
            ([entry(DAY, -2), entry(DAY, -2, "make_up")], "unsubscribed", -2, -2),
        ]
        for entries, expected, shift, make_up in cases:
            found = member_status(entries, [], Policy(), DAY)
            self.assertEqual(found, expected)
            self.assertEqual((found.balance, found.make_up), (shift, make_up))

    def test_alert_counts_again_after_a_leave(self):
        def at(number):
            return DAY + timedelta(days=number)

        entries = [Entry(at(-1), -1, absence=1)]
        spells = [Spell("leave", at(5), at(10))]

        def on(number):
            return member_status(entries, spells, Policy(), at(number))

        self.assertEqual(on(4), "alert")
        self.assertEqual(on(6), "leave")
        self.assertEqual(on(10), "leave", "The last day of a leave is a day of leave.")
        self.assertEqual((on(11), on(11).since), ("alert", at(10)))
        self.assertEqual(on(11).until, at(38))
        self.assertEqual(on(38), "alert")
        self.assertEqual(on(39), "suspended")

    def test_extension_then_grace(self):
        spells = [Spell("extension", DAY + timedelta(20), DAY + timedelta(47))]

        def on(number):
            today = DAY + timedelta(days=number)
            return member_status([Entry(DAY, -1)], spells, Policy(), today)

        self.assertEqual([on(n) for n in (19, 20, 47)], ["alert"] + ["extension"] * 2)
        self.assertEqual([on(48), on(57), on(58)], ["alert", "alert", "suspended"])

    def test_no_shopping_until_the_make_up_is_booked(self):
        rules = Policy(alert_days=0, extension_days=183, booking_counts=True)
        entries = [Entry(DAY, -1, absence=1)]
        today = DAY + timedelta(days=3)
        self.assertEqual(member_status(entries, [], rules, today), "suspended")
        booked = [Spell("booked", today, DAY + timedelta(days=30))]
        found = member_status(entries, booked, rules, today)
        self.assertEqual(found, "extension")
        self.assertEqual(found.until, DAY + timedelta(days=30))

    def test_three_absences_in_a_row(self):
        rules = Policy(unsubscribe_at=None, unsubscribe_absences=3)

        def absences(*attended):
            entries = []
            for number in range(5):
                there = number in attended
                day = DAY + timedelta(days=28 * number)
                entries.append(
                    Entry(day, 0 if there else -1, "shift", not there, there)
                )
            return member_status(entries, [], rules, day)

        self.assertEqual(absences(), "unsubscribed")
        self.assertEqual(absences(2), "suspended")

    def test_who_left_is_unsubscribed_whatever_else(self):
        spells = [Spell("left", DAY), Spell("leave", DAY)]
        found = member_status([], spells, Policy(), DAY)
        self.assertEqual((found, found.explanation), ("unsubscribed", "left"))

    entries_of = st.lists(
        st.builds(
            Entry,
            st.dates(DAY - timedelta(200), DAY),
            st.integers(-2, 2),
            st.sampled_from(["shift", "make_up"]),
        ),
        max_size=12,
    )

    @calm
    @given(entries_of, st.integers(0, 11))
    def test_undo_restores(self, entries, number):
        before = member_status(entries, [], Policy(), DAY)
        extra = Entry(DAY - timedelta(days=number), -1, absence=1)
        undo = Entry(extra.date, 1, absence=-1)
        after = member_status([*entries, extra, undo], [], Policy(), DAY)
        self.assertEqual(after, before)
        for name in ("balance", "make_up", "until"):
            self.assertEqual(getattr(after, name), getattr(before, name))

    @calm
    @given(entries_of)
    def test_nothing_changes_before_the_announced_day(self, entries):
        found = member_status(entries, [], Policy(), DAY)
        if found.next_change:
            day_before = found.next_change - timedelta(days=1)
            self.assertEqual(member_status(entries, [], Policy(), day_before), found)
            self.assertNotEqual(
                member_status(entries, [], Policy(), found.next_change), found
            )

    @calm
    @given(entries_of, st.permutations(range(12)))
    def test_order_of_facts_does_not_matter(self, entries, order):
        shuffled = [entries[i] for i in order if i < len(entries)]
        self.assertEqual(
            member_status(entries, [], Policy(), DAY),
            member_status(shuffled, [], Policy(), DAY),
        )

    # -- badge

    def test_badge_window(self):
        start = datetime(2026, 3, 3, 8)

        def at(minutes):
            return badge.badge_answer(start, start + timedelta(minutes=minutes))

        self.assertEqual(at(-16).state, "too_early")
        self.assertEqual(at(-16).back_at, datetime(2026, 3, 3, 7, 45))
        self.assertEqual(at(15).state, "present")
        self.assertEqual(at(16).state, "late")
        self.assertEqual(at(61).state, "refused")
