# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime

from odoo import Command, http
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, freeze_time, tagged

from .common import ShiftCommon


class PairCommon(ShiftCommon):
    """Alice and Paulette know the place; Bruno is new."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for day, member in ((3, cls.member), (4, cls.member_paper)):
            past = cls._shift(start=datetime(2026, 2, day, 8))
            cls._register(past, member, state="present")
        cls.new = cls.member_2
        cls.Pair = cls.env["coop.shift.pair"]

    def _pairs(self, *shifts):
        domain = [("shift_id", "in", [shift.id for shift in shifts])]
        return [(p.newcomer_id, p.tutor_id) for p in self.Pair.search(domain)]

    def _fix(self, member, template=None):
        return self.env["coop.shift.template.fixed"].create(
            {
                "template_id": (template or self.template).id,
                "member_id": member.id,
                "date_from": "2026-03-02",
            }
        )

    def _alone(self):
        return self.env["coop.shift.registration"].search(
            [("needs_tutor", "=", True), ("member_id", "=", self.new.id)]
        )


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestPairs(PairCommon):
    """Each newcomer beside somebody experienced, kept and told."""

    def test_made_by_the_generation_for_the_first_shift_only(self):
        self._fix(self.member)
        self._fix(self.new)
        shifts = self.template._generate(date(2026, 3, 31))
        self.assertEqual(self._pairs(shifts[0]), [(self.new, self.member)])
        self.assertEqual(self._pairs(*shifts[1:]), [])

    def test_on_as_many_shifts_as_the_rules_need(self):
        self.policy.beginner_shifts = 2
        again = self._shift(start=datetime(2026, 2, 10, 8))
        self._register(again, self.member, state="late")
        self._register(again, self.member_paper, state="absent")
        self._fix(self.member)
        self._fix(self.new)
        shifts = self.template._generate(date(2026, 3, 31))
        both = [(self.new, self.member)]
        self.assertEqual([self._pairs(s) for s in shifts], [both, both, [], [], []])

    def test_made_by_a_booking_whoever_comes_first(self):
        shift = self._shift()
        shift._book(self.new)
        self.assertEqual(self._pairs(shift), [])
        shift._book(self.member)
        self.assertEqual(self._pairs(shift), [(self.new, self.member)])

    def test_another_tutor_when_the_first_cannot_come(self):
        shift = self._shift(start=datetime(2026, 3, 10, 8), seats=3)
        own = shift._book(self.member)
        shift._book(self.new)
        shift._book(self.member_paper)
        self.assertEqual(self._pairs(shift), [(self.new, self.member)])
        own._cancel()
        self.assertEqual(self._pairs(shift), [(self.new, self.member_paper)])

    def test_kept_while_they_work(self):
        shift = self._shift()
        rows = shift._book(self.member) | shift._book(self.new)
        with freeze_time("2026-03-03 08:05:00"):
            rows.sudo().write({"state": "present"})
            self.assertEqual(self._pairs(shift), [(self.new, self.member)])

    def test_the_tutor_is_told_once(self):
        shift = self._shift(start=datetime(2026, 3, 10, 8))
        shift._book(self.member)
        own = shift._book(self.new)
        self.company.partner_id.lang = "fr_FR"
        for _time in range(2):
            self._run_cron("coop_shift_notice_cron")
        told = self.env["coop.shift.notice"].search(
            [("kind", "=", "tutor"), ("partner_id", "=", self.member.id)]
        )
        self.assertEqual(len(told), 1)
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.member.ids)], order="id desc", limit=1
        )
        self.assertIn("Bruno Adhérent", mail.body_html)
        self.assertIn("première fois", mail.body_html)
        own._cancel()
        shift._book(self.new)
        self._run_cron("coop_shift_notice_cron")
        self.assertEqual(
            self.env["coop.shift.notice"].search_count(
                [("kind", "=", "tutor"), ("partner_id", "=", self.member.id)]
            ),
            1,
        )

    def test_the_coordinator_chooses_another(self):
        shift = self._shift(seats=3)
        for member in (self.member, self.member_paper, self.new):
            shift._book(member)
        row = shift.pair_ids.with_user(self.user_volunteer)
        row.tutor_id = self.member_paper
        shift._sync_pairs()
        self.assertEqual(self._pairs(shift), [(self.new, self.member_paper)])
        with self.assertRaisesRegex(ValidationError, "not expected"):
            row.tutor_id = self.user_referent.partner_id
        with self.assertRaises(AccessError):
            row.with_user(self.user_member).tutor_id = self.member
        with self.assertRaises(AccessError):
            row.with_user(self.user_member_2).read(["newcomer_id"])
        with self.assertRaises(AccessError):
            row.with_user(self.user_referent).read(["newcomer_id"])
        shift.referent_id = self.user_referent.partner_id
        self.assertTrue(row.with_user(self.user_referent).read(["newcomer_id"]))

    def test_queries_do_not_grow_with_the_shifts(self):
        self._fix(self.member)
        self._fix(self.new)
        shifts = self.template._generate(date(2026, 7, 31))

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            some._sync_pairs()
            return self.env.cr.sql_log_count - start

        self.assertLessEqual(count(shifts), count(shifts[:2]) + 2)


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestPlace(PairCommon):
    """Newcomers alone: listed, then placed by one button or by the rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "fr_FR"
        cls.lonely = cls._shift(start=datetime(2026, 3, 10, 8))
        cls.near = cls._shift(
            start=datetime(2026, 3, 11, 8), collection_point_id=cls.point_2.id
        )
        cls.far = cls._shift(start=datetime(2026, 3, 18, 8))
        cls._register(cls.far, cls.member, "extra")
        cls.own = cls._register(cls.lonely, cls.new)

    def _place(self):
        return self.own.with_user(self.user_volunteer).action_place()["params"]

    def test_listed_then_placed_on_the_nearest(self):
        self.assertEqual(self._alone(), self.own)
        self._register(self.near, self.member_paper, "extra")
        self.assertEqual(self._place()["type"], "success")
        # The same place comes before the same day.
        self.assertEqual(self._pairs(self.far), [(self.new, self.member)])
        self.assertEqual(self.own.state, "cancelled")
        placed = self.far.registration_ids.filtered(lambda r: r.member_id == self.new)
        self.assertEqual((placed.kind, placed.moved_from_id), ("fixed", self.own))
        self.assertEqual(self._balances(self.new), (0.0, 0.0))
        self.assertFalse(self._alone())
        notice = self.env["coop.shift.notice"].search([("kind", "=", "placed")])
        self.assertEqual(notice.partner_id, self.new)
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.new.ids)], order="id desc", limit=1
        )
        self.assertIn("premier créneau", mail.body_html)

    def test_who_agreed_to_welcome_comes_first(self):
        self.member_paper.volunteer_is_tutor = True
        later = self._shift(start=datetime(2026, 3, 25, 8))
        self._register(later, self.member_paper, "extra")
        self._place()
        self.assertEqual(self._pairs(later), [(self.new, self.member_paper)])

    def test_nobody_to_place_beside(self):
        self.far.registration_ids.state = "cancelled"
        answer = self._place()
        self.assertEqual(answer["type"], "warning")
        self.assertIn("Bruno Adhérent", answer["message"])
        self.assertEqual(self.own.state, "booked", "Nothing half done.")

    def test_not_where_it_is_full_nor_on_leave(self):
        self._register(self.far, self.member_paper, "extra")
        self.assertEqual(self._place()["type"], "warning")
        self.assertEqual(self.own.state, "booked")

    def test_coordinators_only(self):
        for user in (self.user_member_2, self.user_referent):
            with self.assertRaises(AccessError):
                self.own.with_user(user).action_place()

    def test_placed_by_the_generation_where_the_rules_say_so(self):
        template = self.template.copy(
            {
                "weekday": "3",
                "seat_ids": [Command.create({"seats_min": 1, "seats_max": 3})],
            }
        )
        self._fix(self.member, template)
        self.own.state = "cancelled"
        beside = template._generate(date(2026, 3, 31))
        self.policy.tutor_place = True
        self._fix(self.new)
        shifts = self.template._generate(date(2026, 3, 31))
        states = {s.date: s.registration_ids.state for s in shifts}
        self.assertEqual(states[date(2026, 3, 3)], "cancelled")
        self.assertEqual(states[date(2026, 3, 10)], "booked")
        self.assertEqual(self._pairs(*beside), [(self.new, self.member)])
        # Again moves nothing more.
        self.template._generate(date(2026, 3, 31))
        self.assertEqual(len(self._pairs(*beside)), 1)

    def test_left_to_the_coordinators_otherwise(self):
        self.own.state = "cancelled"
        self._fix(self.new)
        shifts = self.template._generate(date(2026, 3, 31))
        self.assertEqual(set(shifts.registration_ids.mapped("state")), {"booked"})
        self.assertEqual(self._alone(), shifts[0].registration_ids)


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestPairsPage(PairCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "fr_FR"
        cls._shift(start=datetime(2026, 3, 3, 8))
        cls.shift = cls._shift(start=datetime(2026, 3, 12, 8))
        cls._register(cls.shift, cls.member, "extra")

    def test_a_newcomer_is_shown_first_who_is_there_for_them(self):
        self.authenticate("coop_member_2", "coop_member_2")
        page = self.url_open("/my/coop/shifts/free").text
        self.assertIn("Pour votre premier créneau", page)
        first = page.index("jeudi 12 mars, 09:00")
        self.assertLess(first, page.index("mardi 3 mars"))
        self.authenticate("coop_member", "coop_member")
        self.assertNotIn(
            "Pour votre premier créneau", self.url_open("/my/coop/shifts/free").text
        )

    def test_refused_alone_where_the_rules_say_so(self):
        self.policy.beginner_needs_company = True
        alone = self._shift(start=datetime(2026, 3, 4, 8))
        self.authenticate("coop_member_2", "coop_member_2")
        data = {"csrf_token": http.Request.csrf_token(self), "shift_id": alone.id}
        page = self.url_open("/my/coop/shifts/book", data=data).text
        self.assertIn("expérimenté", page)
        self.assertFalse(alone.registration_ids)
        data["shift_id"] = self.shift.id
        page = self.url_open("/my/coop/shifts/book", data=data).text
        self.env.invalidate_all()
        self.assertEqual(self._pairs(self.shift), [(self.new, self.member)])
