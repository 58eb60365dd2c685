# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A year under each set of rules that is shipped, with whatever may happen in it."""

from collections import Counter
from datetime import date, datetime, timedelta

from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, freeze_time, tagged

from odoo.addons.coop_base.tests.common import calm

from ..tools.charge import Member, cycle_points, due_cycles
from ..tools.status import Entry, Spell, member_status
from .common import ShiftCommon

PRESETS = ("la_cagette", "la_louve", "oca", "quota_year", "hours", "tapir")
START = date(2026, 1, 1)
YEAR = 365
STATES = ("present", "late", "absent", "excused")
KINDS = ("fixed", "flying", "make_up", "extra")
# From the best to the worst; leaves and extensions granted are the same on both sides.
RANK = {
    "leave": 0,
    "exempted": 0,
    "up_to_date": 0,
    "alert": 1,
    "extension": 2,
    "suspended": 3,
    "unsubscribed": 4,
}
events = st.lists(
    st.tuples(
        st.integers(0, YEAR - 1), st.sampled_from(STATES), st.sampled_from(KINDS)
    ),
    max_size=25,
)
spells = st.lists(
    st.builds(
        lambda kind, start, length: Spell(
            kind,
            START + timedelta(days=start),
            START + timedelta(days=start + length),
        ),
        st.sampled_from(["leave", "extension", "booked"]),
        st.integers(0, YEAR),
        st.integers(0, 120),
    ),
    max_size=3,
)
days_of_year = st.lists(st.integers(0, YEAR - 1), max_size=30)
members = st.builds(
    lambda since, left, free: Member(
        since=START + timedelta(days=since),
        left=left and START + timedelta(days=since + left),
        free=tuple(
            (START + timedelta(days=a), START + timedelta(days=a + 60)) for a in free
        ),
    ),
    st.integers(-400, 200),
    st.none() | st.integers(1, 500),
    st.lists(st.integers(0, YEAR), max_size=1),
)


class Books:
    """A member's ledger without a database: the oracle of the other one."""

    def __init__(self, policy, volunteer_kind, member):
        self.policy, self.member = policy, member
        self.charge = policy._as_charge(volunteer_kind)
        self.entries, self.cycles = [], {}

    def around(self, day):
        return self.policy._cycle_of(day, self.member.since)

    def record(self, day, state, kind, hours=3.0, sign=1):
        points = self.policy._points(state, kind, hours)
        for number, (counter, value) in enumerate(points.items()):
            main = sign * (number == 0)
            self.entries.append(
                Entry(
                    day,
                    sign * value,
                    counter,
                    main * (state == "absent"),
                    main * (state in ("present", "late")),
                )
            )

    def run_cycles(self, today, unsubscribed=False):
        if not self.around(self.member.since):
            return
        for cycle, day in due_cycles(self.around, self.charge, self.member, today):
            if cycle.key in self.cycles:
                continue
            balance = sum(
                entry.points
                for entry in self.entries
                if entry.counter == "shift" and entry.date < day
            )
            points = cycle_points(cycle, self.charge, self.member, round(balance, 6))
            points = 0.0 if unsubscribed else points
            self.cycles[cycle.key] = cycle
            self.entries.append(Entry(day, points))

    def status(self, today, spells=()):
        return member_status(self.entries, spells, self.policy._as_policy(), today)

    @classmethod
    def of_year(cls, policy, volunteer_kind, member, events, runs):
        """The books on 31 December: what happened, and the days the job ran."""
        books = cls(policy, volunteer_kind, member)
        by_day = {}
        for day, state, kind in events:
            by_day.setdefault(day, []).append((state, kind))
        for number in sorted({*by_day, *runs}):
            today = START + timedelta(days=number)
            if number in runs:
                books.run_cycles(today)
            for state, kind in by_day.get(number, ()):
                books.record(today, state, kind)
        books.run_cycles(START + timedelta(days=YEAR))
        return books


class PolicyCase:
    @classmethod
    def _get_policies(cls):
        for name in PRESETS:
            yield name, cls.env.ref(f"coop_volunteers.coop_volunteer_policy_{name}")
        oca = cls.env.ref("coop_volunteers.coop_volunteer_policy_oca")
        yield "oca, two counters", oca.copy({"points_absent_second": -1})


@tagged("post_install", "-at_install")
class TestYearRules(PolicyCase, TransactionCase):
    """Properties of the rules alone: hundreds of years."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policies = dict(cls._get_policies())

    def _each(self):
        for name, policy in self.policies.items():
            for kind in ("fixed", "flying"):
                note(f"{name}, {kind}")
                yield policy, kind

    @calm
    @given(events, members, days_of_year)
    def test_sum_is_the_balance_and_cycles_tile(self, events, member, runs):
        for policy, kind in self._each():
            books = Books.of_year(policy, kind, member, events, set(runs))
            status = books.status(START + timedelta(days=YEAR))
            for counter, balance in (
                ("shift", status.balance),
                ("make_up", status.make_up),
            ):
                total = sum(e.points for e in books.entries if e.counter == counter)
                self.assertAlmostEqual(total, balance, 5)
            counted = Counter(
                cycle.start + timedelta(days=n)
                for cycle in books.cycles.values()
                for n in range(cycle.days)
            )
            self.assertLessEqual(max(counted.values(), default=1), 1)

    @calm
    @given(events, members, days_of_year)
    def test_when_the_job_runs_does_not_matter(self, events, member, runs):
        for policy, kind in self._each():
            late = Books.of_year(policy, kind, member, events, set(runs))
            nightly = Books.of_year(policy, kind, member, events, set(range(YEAR)))
            self.assertEqual(Counter(late.entries), Counter(nightly.entries))

    @calm
    @given(events, members, spells, st.integers(0, YEAR - 1), st.sampled_from(KINDS))
    def test_a_presence_never_harms(self, events, member, spells, day, kind_done):
        self._check_better(
            events, [*events, (day, "present", kind_done)], member, spells
        )

    @calm
    @given(events, members, spells, st.integers(0, YEAR - 1), st.sampled_from(KINDS))
    def test_an_absence_never_helps(self, events, member, spells, day, kind_missed):
        self._check_better(
            [*events, (day, "absent", kind_missed)], events, member, spells
        )

    def _check_better(self, worse, better, member, spells):
        today = START + timedelta(days=YEAR)
        for policy, kind in self._each():
            before = Books.of_year(policy, kind, member, worse, set())
            after = Books.of_year(policy, kind, member, better, set())
            first, second = before.status(today, spells), after.status(today, spells)
            self.assertLessEqual(RANK[second], RANK[first], f"{first} → {second}")
            self.assertGreaterEqual(second.balance, first.balance)

    @calm
    @given(
        events,
        members,
        spells,
        st.integers(0, YEAR - 1),
        st.sampled_from(STATES),
        st.sampled_from(KINDS),
        st.integers(0, YEAR),
    )
    def test_undo_restores(self, events, member, spells, day, state, kind, today):
        today = START + timedelta(days=today)
        for policy, volunteer_kind in self._each():
            books = Books.of_year(policy, volunteer_kind, member, events, set())
            before = books.status(today, spells)
            day_of = START + timedelta(days=day)
            books.record(day_of, state, kind)
            books.record(day_of, state, kind, sign=-1)
            after = books.status(today, spells)
            self.assertEqual(vars(after), vars(before))
            self.assertEqual(after, before)


# What happens on a day of the year: who, what.
acts = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, YEAR - 1),
        st.sampled_from(STATES),
        st.sampled_from(KINDS),
        st.booleans(),
    ),
    min_size=6,
    max_size=8,
    unique_by=lambda act: (act[0], act[1]),
)


@tagged("post_install", "-at_install")
class TestYear(PolicyCase, ShiftCommon):
    """The same years through the database, compared with the rules alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.volunteers = cls.env["res.partner"].create(
            [
                {
                    "name": f"V {number}",
                    **cls._coop_member_values(cls.group_toul, cls.point_1),
                    "volunteer_kind": "flying" if number % 2 else "fixed",
                    "volunteer_since": START + timedelta(days=40 * (number - 1)),
                }
                for number in range(3)
            ]
        )
        cls.ledger = cls.env["coop.shift.ledger"]

    # A year costs seconds: one, of any kind, each time the tests run.
    @settings(calm, max_examples=1, phases=[Phase.generate])
    @given(acts)
    def test_year(self, acts):
        for name, policy in self._get_policies():
            note(name)
            with self.env.cr.savepoint() as savepoint:
                self._live(policy, sorted(acts, key=lambda act: act[1]))
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def _live(self, policy, acts):
        self.company.coop_volunteer_policy_id = policy
        books = {
            member: Books(
                policy,
                member.volunteer_kind,
                Member(since=member.volunteer_since),
            )
            for member in self.volunteers
        }
        gone = set()
        for number, day, state, kind, slip in acts:
            member = self.volunteers[number]
            today = START + timedelta(days=day)
            with freeze_time(datetime.combine(today, datetime.min.time())):
                self._run_night(books, gone, today)
            with freeze_time(
                datetime.combine(today, datetime.min.time()) + timedelta(hours=20)
            ):
                before = self._read_where(member)
                registration = self._register(
                    self._shift(datetime.combine(today, datetime.min.time()), 3),
                    member,
                    kind,
                )
                registration.state = state
                if slip:
                    registration.state = "booked"
                    registration.state = "cancelled"
                    self.assertEqual(self._read_where(member), before, "undone")
                    continue
                books[member].record(today, state, kind)
                self._compare(books, gone, today)
        with freeze_time(datetime(2027, 1, 1, 2)):
            self._run_night(books, gone, date(2027, 1, 1))
            self._compare(books, gone, date(2027, 1, 1))
        self.assertFalse(self.ledger._post_cycles(self.volunteers, date(2027, 1, 1)))

    def _run_night(self, books, gone, today):
        """The two jobs of the night, twice: the second run finds nothing to do."""
        for _time in range(2):
            self.ledger._post_cycles(self.volunteers, today)
            self.volunteers._update_volunteer_status(today)
        for member, own in books.items():
            own.run_cycles(today, member in gone)
        self._compare(books, gone, today)

    def _read_where(self, member):
        member.invalidate_recordset()
        return (
            member.volunteer_status,
            member.volunteer_status_since,
            member.volunteer_status_until,
            member._get_volunteer_balances(),
        )

    def _compare(self, books, gone, today):
        self.volunteers.invalidate_recordset()
        balances = self.ledger._read_balances(self.volunteers)
        for member, own in books.items():
            expected = own.status(today)
            total = expected.balance + expected.make_up
            self.assertAlmostEqual(sum(balances[member.id]), total, 5)
            self.assertAlmostEqual(member.volunteer_balance, balances[member.id][0], 5)
            if not own.policy.two_counters:
                self.assertEqual(member.volunteer_status, str(expected))
            entries = self.ledger.search([("member_id", "=", member.id)])
            keys = entries.filtered(lambda e: e.reason == "cycle").mapped("key")
            self.assertEqual(len(keys), len(set(keys)))
            self.assertAlmostEqual(sum(entries.mapped("points")), total, 5)
            if member.volunteer_status == "unsubscribed":
                gone.add(member)
            else:
                gone.discard(member)
