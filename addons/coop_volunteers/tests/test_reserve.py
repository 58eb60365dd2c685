# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, timedelta

from odoo import Command, http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, tagged

from .common import ShiftCommon


class ReserveCommon(ShiftCommon):
    """Friday 13 March, three seats, two of them kept until the 10th."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shift = cls._shift(start=datetime(2026, 3, 13, 8), seats=3)
        cls._keep(cls.shift)
        past = cls._shift(start=datetime(2026, 2, 3, 8))
        cls._register(past, cls.member, state="present")
        cls._register(past, cls.member_2, state="present")
        cls.newcomers = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    **cls._coop_member_values(cls.group_toul, cls.point_1),
                    "volunteer_kind": "flying",
                }
                for name in ("Zoé", "Ali", "Eve")
            ]
        )
        cls.zoe, cls.ali, cls.eve = cls.newcomers

    @classmethod
    def _keep(cls, shift, count=2, whom="newcomers", days=3, **values):
        shift.seat_ids.write(
            {
                "reserved_count": count,
                "reserved_for": whom,
                "reserved_days": days,
                **values,
            }
        )


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestReserve(ReserveCommon):
    """Seats kept for some, then anybody's."""

    def test_the_others_share_what_is_not_kept(self):
        self.shift.with_user(self.user_member)._book(self.member)
        with self.assertRaisesRegex(UserError, "2 seats kept for newcomers until"):
            self.shift._book(self.member_2)
        self.assertEqual((self.shift.free_count, self.shift.kept_count), (2, 2))
        mine = self.shift._book(self.zoe)
        self.assertTrue(mine.is_reserved)
        self.assertEqual((self.shift.free_count, self.shift.kept_count), (1, 1))
        with self.assertRaisesRegex(UserError, "1 seat kept for newcomers until"):
            self.shift._book(self.member_2)
        self.shift._book(self.ali)
        with self.assertRaisesRegex(UserError, "No seat is left"):
            self.shift._book(self.eve)

    def test_who_it_is_kept_for_may_take_the_others_too(self):
        for member in self.newcomers:
            self.assertEqual(self.shift._book(member).state, "booked")
        flags = self.shift.registration_ids.mapped("is_reserved")
        self.assertEqual(sorted(flags), [False, True, True])

    def test_a_kept_seat_given_back_is_kept_again(self):
        first = self.shift._book(self.zoe)
        self.shift._book(self.member)
        first._cancel()
        self.assertFalse(first.is_reserved)
        self.assertEqual(self.shift.kept_count, 2)
        with self.assertRaisesRegex(UserError, "2 seats kept"):
            self.shift._book(self.member_2)

    def test_anybodys_at_midnight_of_the_cooperative(self):
        """Until the 10th included: 23:00 UTC is midnight in Paris."""
        seat = self.shift.seat_ids
        self.assertEqual(seat.reserved_opens_at, datetime(2026, 3, 10, 23))
        self.shift._book(self.member)
        with (
            freeze_time("2026-03-10 22:59:59"),
            self.assertRaisesRegex(UserError, "kept for newcomers"),
        ):
            self.shift._book(self.member_2)
        with freeze_time("2026-03-10 23:00:00"):
            self.assertEqual(self.shift._book(self.member_2).state, "booked")

    def test_across_summer_time(self):
        shift = self._shift(start=datetime(2026, 4, 1, 7))
        self._keep(shift, 1, days=2)
        self.assertEqual(shift.seat_ids.reserved_opens_at, datetime(2026, 3, 30, 22))
        self._keep(shift, 1, days=4)
        self.assertEqual(shift.seat_ids.reserved_opens_at, datetime(2026, 3, 28, 23))

    def test_until_it_starts(self):
        self._keep(self.shift, 2, days=0)
        self.assertEqual(self.shift.seat_ids.reserved_opens_at, self.shift.start_at)

    def test_who_waits_is_served_first_when_it_opens(self):
        paper = self.member_paper
        self._register(
            self._shift(start=datetime(2026, 2, 4, 8)), paper, state="present"
        )
        self.shift._book(self.member)
        waiting = self.shift._book(self.member_2, wait=True)
        self.shift._offer_seats()
        self.assertFalse(waiting.offered_until, "Kept for others until the 10th.")
        # One seat each: for who waits and for a newcomer.
        self.shift._book(self.zoe)
        with freeze_time("2026-03-10 23:00:01"):
            with self.assertRaisesRegex(UserError, "No seat is left"):
                self.shift._book(paper)
            self.assertFalse(waiting.state == "booked")
            self._run_cron("coop_shift_registration_cron_offers")
            self.assertTrue(waiting.offered_until)
            waiting._accept_offer()
        self.assertEqual(waiting.state, "booked")

    def test_the_cron_offers_what_has_opened(self):
        self.shift._book(self.member)
        waiting = self.shift._book(self.member_2, wait=True)
        with freeze_time("2026-03-10 22:50:00"):
            self._run_cron("coop_shift_registration_cron_offers")
            self.assertFalse(waiting.offered_until)
        with freeze_time("2026-03-10 23:00:00"):
            self._run_cron("coop_shift_registration_cron_offers")
            self.assertTrue(waiting.offered_until)
            notice = self.env["coop.shift.notice"].search(
                [("kind", "=", "offer"), ("partner_id", "=", self.member_2.id)]
            )
            self.assertEqual(len(notice), 1)

    def test_fewer_kept_are_offered_at_once(self):
        self.shift._book(self.member)
        waiting = self.shift._book(self.member_2, wait=True)
        self.shift.with_user(self.user_volunteer).seat_ids.reserved_count = 1
        self.assertTrue(waiting.offered_until)

    def test_a_newcomer_who_waits_gets_the_kept_seat(self):
        for member in (self.member, self.zoe, self.ali):
            self.shift._book(member)
        old = self.shift._book(self.member_2, wait=True)
        new = self.shift._book(self.eve, wait=True)
        self.shift.registration_ids.filtered(
            lambda r: r.member_id == self.zoe
        )._cancel()
        self.assertEqual((bool(old.offered_until), bool(new.offered_until)), (0, 1))
        self.assertTrue(new.is_reserved)
        self.assertEqual(new._accept_offer().state, "booked")

    def test_a_swap_goes_past_those_who_wait(self):
        shift = self._shift(start=datetime(2026, 3, 14, 8), seats=1)
        self._keep(shift, 1, days=20)
        mine = shift._book(self.member)
        waiting = shift._book(self.member_paper, wait=True)
        swap = self.env["coop.shift.swap"]._offer(mine)
        self.assertEqual(swap._accept(self.member_2).sudo().state, "booked")
        self.assertEqual(
            (waiting.state, waiting.offered_until, shift.booked_count),
            ("waiting", False, 1),
        )

    def test_a_kept_seat_is_not_swapped_away(self):
        mine = self.shift._book(self.zoe)
        self.shift._book(self.member)
        swap = self.env["coop.shift.swap"]._offer(mine)
        with (
            self.assertRaisesRegex(UserError, "kept for newcomers"),
            self.cr.savepoint(),
        ):
            swap._accept(self.member_2)
        self.assertTrue(swap._accept(self.ali).sudo().is_reserved)

    def test_moving_follows_the_same_rule(self):
        self.shift._book(self.member)
        own = self._shift(start=datetime(2026, 3, 20, 8))._book(self.member_2)
        with (
            self.assertRaisesRegex(UserError, "kept for newcomers"),
            self.cr.savepoint(),
        ):
            own._move(self.shift)
        self.assertEqual(own.state, "booked")

    def test_for_whom(self):
        exempted = self.env["coop.member.leave.type"].search(
            [("status", "=", "exempted")], limit=1
        )
        self.env["coop.member.leave"].create(
            {
                "member_id": self.member_paper.id,
                "type_id": exempted.id,
                "date_from": "2026-03-01",
            }
        ).action_grant()
        self.group_nancy.referent_ids = self.member
        self.member_2.shift_role_ids = self.till
        cases = [
            ("exempted", {}, self.member_paper),
            ("skill", {"reserved_role_id": self.till.id}, self.member_2),
            ("group", {"reserved_group_id": self.group_nancy.id}, self.member_2),
            ("referents", {}, self.member),
            ("members", {"reserved_member_ids": self.member.ids}, self.member),
        ]
        everybody = self.member | self.member_2 | self.member_paper
        for day, (whom, values, expected) in enumerate(cases, start=16):
            with self.subTest(whom=whom):
                shift = self._shift(start=datetime(2026, 3, day, 8), seats=1)
                self._keep(shift, 1, whom, **values)
                self.assertEqual(
                    shift.seat_ids._filter_reserved_for(everybody), expected
                )
                other = (everybody - expected - self.member_paper)[0]
                with self.assertRaisesRegex(UserError, "1 seat kept for"):
                    shift._book(other)
                self.assertEqual(shift._book(expected).state, "booked")

    def test_the_coordinator_may_give_them_on_the_sheet(self):
        self.shift._book(self.member)
        row = (
            self.env["coop.shift.registration"]
            .with_user(self.user_volunteer)
            .create({"shift_id": self.shift.id, "member_id": self.member_2.id})
        )
        self.assertEqual((row.state, row.is_reserved), ("booked", False))
        # Two kept, one seat left: that one, for newcomers.
        self.assertEqual(self.shift.kept_count, 1)

    def test_only_those_it_is_kept_for_are_called(self):
        self.shift._book(self.member)
        self.shift.seat_ids.seats_min = 3
        (self.newcomers | self.member_2 | self.member_paper)._update_volunteer_status()
        called = self.shift._find_members_to_call(30, 3)
        self.assertIn(self.zoe, called)
        self.assertNotIn(self.member_2, called)

    def test_queries_do_not_grow_with_the_shifts(self):
        def count(first, number, whom):
            for day in range(first, first + number):
                start = datetime(2026, 3, 3, 14) + timedelta(days=day)
                shift = self._shift(start=start, seats=3)
                self._keep(shift, 1, whom)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.member._read_shifts_to_book(
                datetime(2026, 3, 3), datetime(2026, 4, 30)
            )
            return self.env.cr.sql_log_count - start

        for first, whom in ((1, "newcomers"), (20, "referents")):
            few = count(first, 2, whom)
            self.assertLessEqual(count(first + 2, 12, whom), few + 1)

    def test_impossible(self):
        seat = self.shift.with_user(self.user_volunteer).seat_ids
        for values in (
            {"reserved_count": 4},
            {"reserved_for": False},
            {"reserved_for": "group"},
            {"reserved_days": -1},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                seat.write(values)

    def test_names_are_for_coordinators(self):
        self._keep(self.shift, 1, "members", reserved_member_ids=self.member.ids)
        seat = self.shift.seat_ids.with_user(self.user_member_2)
        with self.assertRaises(AccessError):
            seat.read(["reserved_member_ids"])
        self.assertNotIn(self.member.name, seat._describe_kept(1))


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestReserveTemplate(ReserveCommon):
    """A recurring shift keeps seats; its fixed members leave them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep(cls.template, 1, days=7)

    def _fix(self, member):
        return self.env["coop.shift.template.fixed"].create(
            {
                "template_id": self.template.id,
                "member_id": member.id,
                "date_from": "2026-03-02",
            }
        )

    def test_made_ahead_with_their_seats_kept(self):
        self._fix(self.member)
        shift = self.template._generate(date(2026, 3, 31))[-1]
        self.assertEqual(
            (shift.date, shift.kept_count, shift.booked_count),
            (date(2026, 3, 31), 1, 1),
        )
        # Midnight of summer time.
        self.assertEqual(shift.seat_ids.reserved_opens_at, datetime(2026, 3, 24, 23))

    def test_fixed_members_are_not_on_the_kept_seats(self):
        self._fix(self.member)
        with self.assertRaisesRegex(ValidationError, "keeps 1 of its 2 seats"):
            self._fix(self.member_2)

    def test_nor_are_seats_kept_that_fixed_members_have(self):
        self.template.seat_ids.reserved_count = 0
        self._fix(self.member)
        self._fix(self.member_2)
        with self.assertRaisesRegex(ValidationError, "fewer fixed members"):
            self.template.seat_ids.reserved_count = 1

    def test_fixed_members_for_whom_they_are_kept(self):
        self._keep(self.template, 1, "members", reserved_member_ids=self.zoe.ids)
        self._fix(self.member)
        self._fix(self.zoe)
        shift = self.template._generate(date(2026, 3, 31))[-1]
        rows = {row.member_id: row.is_reserved for row in shift.registration_ids}
        self.assertEqual(rows, {self.member: False, self.zoe: True})

    def test_all_following_keep_them_too(self):
        shifts = self.template._generate(date(2026, 3, 24))
        seat = self.template.seat_ids
        self.template._update_following(
            date(2026, 3, 10),
            {"seat_ids": [Command.update(seat.id, {"reserved_count": 0})]},
        )
        self.assertEqual(shifts.mapped("seat_ids.reserved_count"), [1, 0, 0, 0])


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestReservePage(ReserveCommon, HttpCase):
    def test_said_and_refused_in_french(self):
        self.company.partner_id.lang = "fr_FR"
        self.shift._book(self.member_paper)
        self.authenticate("coop_member", "coop_member")
        page = self.url_open("/my/coop/shifts/free?week=1").text
        self.assertIn("1 place réservée aux nouveaux jusqu&#39;au 10 mars", page)
        self.shift._book(self.member_2)
        page = self.url_open("/my/coop/shifts/free?week=1").text
        self.assertIn("1 place réservée aux nouveaux jusqu&#39;au 10 mars", page)
        self.assertIn("Attendre une place", page)
        data = {
            "csrf_token": http.Request.csrf_token(self),
            "shift_id": self.shift.id,
        }
        page = self.url_open("/my/coop/shifts/book", data=data).text
        self.assertIn("1 place réservée aux nouveaux jusqu&#39;au 10 mars", page)
        self.assertIn("liste d&#39;attente", page)
        self.env.invalidate_all()
        self.assertEqual(self.shift.booked_count, 2)
