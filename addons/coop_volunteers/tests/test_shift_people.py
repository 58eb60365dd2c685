# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, tagged

from .common import ShiftCommon


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestShiftMessages(ShiftCommon, HttpCase):
    """The people of a shift write to one another through the cooperative."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "fr_FR"
        cls.shift = cls._shift(seats=3)
        cls.own = cls._register(cls.shift, cls.member)
        cls.other = cls._register(cls.shift, cls.member_2)

    def _post(self, path, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        page = self.url_open(f"/my/coop/shifts/{path}", data=data)
        self.env.invalidate_all()
        return page

    def _messages(self):
        return self.env["coop.shift.message"].search([("shift_id", "=", self.shift.id)])

    def test_written_and_read_without_an_address(self):
        self.authenticate("coop_member", "coop_member")
        page = self._post(f"{self.own.id}/message", body="J'apporte le café <b>").text
        self.assertIn("envoyé", page)
        self.assertIn("J&#39;apporte le café &lt;b&gt;", page)
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.member_2.ids)], limit=1, order="id desc"
        )
        self.assertIn("apporte le café", mail.body_html)
        for text in (mail.body_html, mail.reply_to or "", mail.email_from or ""):
            self.assertNotIn(self.member.email, text)
        self.authenticate("coop_member_2", "coop_member_2")
        page = self.url_open(f"/my/coop/shifts/{self.other.id}").text
        self.assertIn("apporte le café", page)
        self.assertNotIn(self.member.email, page)

    def test_not_for_others(self):
        Message = self.env["coop.shift.message"]
        with self.assertRaisesRegex(UserError, "people of a shift"):
            Message._send(self.shift, self.member_paper, "x")
        Message._send(self.shift, self.member, "Entre nous")
        self.assertEqual(self.shift._get_messages(self.member_paper), [])
        self.own.state = "cancelled"
        self.assertEqual(self.shift._get_messages(self.member), [])
        for user in (self.user_member, self.user_referent):
            with self.assertRaises(AccessError):
                Message.with_user(user).search([]).mapped("body")
        # Another's registration in the address.
        self.authenticate("coop_member", "coop_member")
        self.assertEqual(
            self._post(f"{self.other.id}/message", body="x").status_code, 404
        )
        self.assertEqual(len(self._messages()), 1)

    def test_so_many_a_day(self):
        self.policy.message_max = 2
        self.authenticate("coop_member", "coop_member")
        for _time in range(3):
            page = self._post(f"{self.own.id}/message", body="Coucou").text
        self.assertIn("2 messages par jour", page)
        self.assertEqual(len(self._messages()), 2)

    def test_bad_words_are_reported_and_removed(self):
        message = self.env["coop.shift.message"]._send(
            self.shift, self.member, "Bêtises"
        )
        self.authenticate("coop_member_2", "coop_member_2")
        path = f"{self.other.id}/message/{message.id}/report"
        self.assertIn("Merci", self._post(path).text)
        self.assertEqual(message.reported_by_id, self.member_2)
        note = self.shift.message_ids[0]
        self.assertTrue(note.subtype_id.internal)
        self.assertIn(self.user_volunteer.partner_id, note.notified_partner_ids)
        self._post(path)
        self.assertEqual(self.shift.message_ids[0], note, "Told once.")
        as_user = message.with_user(self.user_volunteer)
        as_user.action_hide()
        # The words are gone for coordinators too; who removed them when stays.
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT body, hidden_by_id, hidden_at FROM coop_shift_message"
            " WHERE id = %s",
            [message.id],
        )
        self.assertEqual(
            self.env.cr.fetchone(),
            (None, self.user_volunteer.id, datetime.fromisoformat(self.NOW)),
        )
        page = self.url_open(f"/my/coop/shifts/{self.other.id}").text
        self.assertNotIn("Bêtises", page)
        self.assertIn("Retiré", page)
        with self.assertRaises(AccessError):
            message.with_user(self.user_member).action_hide()
        self.member.with_user(self.user_volunteer).sudo().volunteer_is_muted = True
        with self.assertRaisesRegex(UserError, "cannot write"):
            message._send(self.shift, self.member, "Encore")

    def test_reported_for_nothing_is_kept(self):
        message = self.env["coop.shift.message"]._send(self.shift, self.member, "Merci")
        message._report(self.member_2)
        message.with_user(self.user_volunteer).action_keep()
        self.assertFalse(message.reported_at)
        self.assertEqual(message.body, "Merci")

    def test_old_words_are_not_kept(self):
        message = self.env["coop.shift.message"]._send(self.shift, self.member, "Merci")
        message._gc_old_messages()
        self.assertTrue(message.exists())
        with freeze_time("2027-12-05"):
            message._gc_old_messages()
        self.assertFalse(message.exists())

    def test_a_message_of_another_shift_is_not_reported(self):
        elsewhere = self._shift(start=datetime(2026, 3, 9, 8))
        self._register(elsewhere, self.member)
        message = self.env["coop.shift.message"]._send(elsewhere, self.member, "Là")
        self.authenticate("coop_member_2", "coop_member_2")
        path = f"{self.other.id}/message/{message.id}/report"
        self.assertEqual(self._post(path).status_code, 404)
        self.assertFalse(message.reported_at)

    def test_who_wants_no_mail_gets_none(self):
        self.member_2.coop_tell_message = False
        before = self.env["mail.mail"].search_count([])
        self.env["coop.shift.message"]._send(self.shift, self.member, "Coucou")
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_without_an_author_once_erased(self):
        message = self.env["coop.shift.message"]._send(self.shift, self.member, "Moi")
        exported = self.member._coop_privacy_export()
        self.assertIn("Moi", str(exported))
        self.member._coop_privacy_erase()
        self.assertFalse(message.author_id or message.body)


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestWords(ShiftCommon):
    def test_points_have_the_minus_of_the_ledger(self):
        registration = self._register(
            self._shift(start=datetime(2026, 3, 9, 8)), self.member
        )
        self.assertIn("count −1 in", registration._get_cancel_terms()["message"])


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestPointsPage(ShiftCommon, HttpCase):
    def test_a_cycle_that_costs_nothing_is_not_shown(self):
        self.company.partner_id.lang = "fr_FR"
        common = {
            "member_id": self.member.id,
            "company_id": self.company.id,
            "date": "2026-02-09",
            "reason": "cycle",
        }
        self.env["coop.shift.ledger"]._post(
            [
                {**common, "points": 0, "key": "cycle:2026-02-09"},
                {**common, "points": -1, "key": "cycle:2026-01-12"},
            ]
        )
        self.authenticate("coop_member", "coop_member")
        page = self.url_open("/my/coop/shifts/points").text
        self.assertEqual(page.count("cycle le 9 février"), 1)
        self.assertIn("−1 : cycle le 9 février", page)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-03 08:05:00")
class TestAttached(ShiftCommon):
    """Pairs and attached people share what the rules say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member_2.write(
            {"volunteer_head_id": cls.member.id, "volunteer_kind": "none"}
        )
        cls.shift = cls._shift(seats=2)
        cls.registration = cls._register(cls.shift, cls.member)

    def _badge(self, member):
        return self.env["coop.shift.registration"]._badge(member)["result"]

    def test_the_other_comes_instead(self):
        self.assertEqual(self._badge(self.member_2), "present")
        self.assertEqual(self.registration.state, "present")
        self.assertEqual(self.registration.done_by_id, self.member_2)
        self.assertEqual(self._badge(self.member_2), "already")
        self.assertEqual(len(self.shift.registration_ids), 1)

    def test_both_come(self):
        self.assertEqual(self._badge(self.member), "present")
        self.assertEqual(self._badge(self.member_2), "present")
        second = self.shift.registration_ids - self.registration
        self.assertEqual((second.member_id, second.kind), (self.member_2, "extra"))
        self.assertEqual(self._balances(), (1.0, 0.0))
        self.assertEqual(self._balances(self.member_2), (0.0, 0.0))
        second.state = "cancelled"
        self.assertEqual(self._balances(), (0.0, 0.0))

    def test_each_for_oneself_where_the_rules_say_so(self):
        self.policy.write({"attached_works": False, "attached_shop": False})
        self.member_2.volunteer_kind = "flying"
        self.assertEqual(self._badge(self.member_2), "present")
        self.assertEqual(self.registration.state, "booked")
        self.assertEqual(self._balances(self.member_2), (1.0, 0.0))
        self.assertEqual(self._balances(), (0.0, 0.0))

    def test_they_shop_as_their_member_does(self):
        self.policy.alert_days = 0
        self.registration.state = "absent"
        self.assertFalse(self.member_2._may_shop()[0])
        self.policy.attached_shop = False
        self.assertTrue(self.member_2._may_shop()[0])

    def test_no_chains(self):
        with self.assertRaisesRegex(ValidationError, "not attached"):
            self.member_paper.volunteer_head_id = self.member_2
        with self.assertRaisesRegex(ValidationError, "not attached"):
            self.member.volunteer_head_id = self.member_paper


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestTutors(ShiftCommon):
    """Newcomers beside somebody experienced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        past = cls._shift(start=datetime(2026, 2, 3, 8))
        cls._register(past, cls.member, state="present")
        cls.shift = cls._shift(seats=3)

    def test_told_to_both(self):
        self._register(self.shift, self.member)
        self._register(self.shift, self.member_2)
        mine = self.shift._get_co_shifters(self.member_2)
        self.assertEqual([p["is_my_tutor"] for p in mine], [True])
        theirs = self.shift._get_co_shifters(self.member)
        self.assertEqual([p["is_my_newcomer"] for p in theirs], [True])

    def test_who_agreed_comes_first(self):
        past = self._shift(start=datetime(2026, 2, 4, 8))
        for _index, day in enumerate((5, 6)):
            again = self._shift(start=datetime(2026, 2, day, 8))
            self._register(again, self.member, state="present")
        self._register(past, self.member_paper, state="present")
        self.member_paper.volunteer_is_tutor = True
        for member in (self.member, self.member_paper, self.member_2):
            self._register(self.shift, member)
        tutors = self.shift._read_tutors()
        self.assertEqual(
            tutors, {(self.shift.id, self.member_2.id): self.member_paper.id}
        )

    def test_alone_is_seen_by_the_coordinator(self):
        Shift = self.env["coop.shift"].with_user(self.user_volunteer)
        domain = [("newcomer_alone", "=", True), ("id", "=", self.shift.id)]
        self._register(self.shift, self.member_2)
        self.assertTrue(Shift.search(domain))
        self.assertTrue(Shift.browse(self.shift.id).newcomer_alone)
        self._register(self.shift, self.member)
        self.assertFalse(Shift.search(domain))

    def test_beginners_are_shown_where_they_may_come(self):
        def shown():
            rows = self.member_2._read_shifts_to_book(
                datetime(2026, 3, 2), datetime(2026, 3, 9)
            )
            return [row["shift"] for row in rows]

        self.assertIn(self.shift, shown())
        self.policy.beginner_needs_company = True
        self.assertNotIn(self.shift, shown())
        self._register(self.shift, self.member)
        self.assertIn(self.shift, shown())

    def test_booked_beside_somebody_only(self):
        self.policy.beginner_needs_company = True
        with self.assertRaisesRegex(UserError, "experienced"):
            self.shift._book(self.member_2)
        self._register(self.shift, self.member)
        self.assertEqual(self.shift._book(self.member_2).sudo().state, "booked")
