# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, freeze_time, tagged

from odoo.addons.coop_base.tests.common import calm

from ..tools import staffing, tutors
from .common import ShiftCommon

rates = st.lists(st.floats(0, 1), max_size=12)


@tagged("post_install", "-at_install")
class TestStaffing(TransactionCase):
    """What must hold for any people, with any past."""

    @calm
    @given(rates)
    def test_a_distribution(self, rates):
        found = staffing.distribution(rates)
        self.assertAlmostEqual(sum(found), 1.0, 9)
        mean = sum(number * chance for number, chance in enumerate(found))
        self.assertAlmostEqual(mean, sum(rates), 9)

    @calm
    @given(rates, st.floats(0, 1), st.integers(0, 8), st.randoms())
    def test_one_more_never_adds_risk(self, rates, another, needed, chance):
        before = staffing.risk(rates, needed)
        self.assertLessEqual(staffing.risk([*rates, another], needed), before + 1e-6)
        self.assertLessEqual(before, staffing.risk(rates, needed + 1) + 1e-6)
        shuffled = sorted(rates, key=lambda _rate: chance.random())
        self.assertAlmostEqual(staffing.risk(shuffled, needed), before, 5)

    @calm
    @given(rates, st.floats(0, 1), st.integers(0, 8))
    def test_who_is_missing_on_average(self, rates, another, needed):
        found = staffing.shortfall(rates, needed)
        self.assertGreaterEqual(found, needed - sum(rates) - 1e-5)
        self.assertLessEqual(found, needed + 1e-5)
        self.assertLessEqual(
            staffing.shortfall([*rates, another], needed), found + 1e-5
        )
        self.assertLessEqual(found, needed * staffing.risk(rates, needed) + 1e-4)

    @calm
    @given(st.integers(0, 12), st.integers(0, 12))
    def test_sure_people(self, number, needed):
        risk = staffing.risk([1.0] * number + [0.0] * 3, needed)
        self.assertEqual(risk, 1.0 if number < needed else 0.0)

    @calm
    @given(st.integers(0, 60), st.integers(0, 60))
    def test_rates_follow_facts(self, came, missed):
        rate = staffing.presence_rate(came, missed)
        self.assertTrue(0 < rate < 1)
        self.assertGreater(staffing.presence_rate(came + 1, missed), rate)
        self.assertLess(staffing.presence_rate(came, missed + 1), rate)

    @calm
    @given(
        st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=10),
        st.integers(1, 3),
    )
    def test_newcomers_are_shared_out(self, people, needed):
        people = [
            tutors.Person(key, done, willing)
            for key, (done, willing) in enumerate(people)
        ]
        able = [person.key for person in people if person.done >= needed]
        found = tutors.pair(people, needed)
        new = {person.key for person in people} - set(able)
        self.assertEqual(set(found), new if able else set())
        loads = [list(found.values()).count(key) for key in able]
        self.assertLessEqual(max(loads, default=0) - min(loads, default=0), 1)


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestFigures(ShiftCommon):
    def _run_night(self):
        self._run_cron("res_partner_cron_volunteer_status")

    def _read_day(self, user=None):
        days = self.env["coop.volunteer.day"].with_user(user or self.user_volunteer)
        rows = days.search([("date", "=", "2026-03-02"), ("member_count", ">", 0)])
        return {row.status: row.member_count for row in rows}

    def test_members_by_status(self):
        own = [("company_id", "=", self.company.id), ("is_coop_member", "=", True)]
        self._run_night()
        before = self._read_day()
        counted = self.env["res.partner"].search_count(
            [*own, ("volunteer_status", "!=", False)]
        )
        self.assertEqual(sum(before.values()), counted)
        self._register(
            self._shift(start=datetime(2026, 2, 24, 8)), self.member, state="absent"
        )
        self._run_night()
        after = self._read_day()
        self.assertEqual(after["alert"], before.get("alert", 0) + 1)
        self.assertEqual(sum(after.values()), counted)

    def test_only_coordinators_read_them(self):
        for user in (self.user_member, self.user_referent):
            with self.assertRaises(AccessError):
                self._read_day(user)

    def test_who_may_be_missing(self):
        sure, doubtful = self._shift(), self._shift(datetime(2026, 3, 4, 8))
        cancelled = self._shift(datetime(2026, 3, 5, 8))
        far = self._shift(datetime(2026, 6, 1, 8))
        for week in range(1, 6):
            past = self._shift(datetime(2026, 3, 3, 8) - timedelta(weeks=week))
            self._register(past, self.member, state="present")
            self._register(past, self.member_2, state="absent")
        self._register(sure, self.member)
        self._register(doubtful, self.member_2)
        self._register(cancelled, self.member, state="cancelled")
        self._run_night()
        self.assertAlmostEqual(sure.forecast_risk, 1 - 14 / 15, 4)
        self.assertAlmostEqual(doubtful.forecast_risk, 1 - 9 / 15, 4)
        self.assertEqual(cancelled.forecast_risk, 1.0)
        self.assertAlmostEqual(sure.forecast_present, 0.9, 2)
        self.assertAlmostEqual(doubtful.forecast_missing, 0.4, 2)
        self.assertEqual(far.forecast_risk, 0.0)
        # More people, less risk.
        self._register(doubtful, self.member_paper)
        before = doubtful.forecast_risk
        self._run_night()
        self.assertLess(doubtful.forecast_risk, before)

    def test_queries_do_not_grow(self):
        def count():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["coop.shift"]._forecast(self.company)
            self.env["coop.volunteer.day"]._count(self.company, "2026-03-02")
            return self.env.cr.sql_log_count - before

        self._register(self._shift(), self.member)
        count()
        first = count()
        for hour in range(20):
            self._register(self._shift(datetime(2026, 3, 6, hour)), self.member_2)
        self.assertLessEqual(count(), first)
