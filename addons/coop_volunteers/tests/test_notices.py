# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime
from unittest.mock import patch

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged

from .common import ShiftCommon


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestShiftNotices(ShiftCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.policy.write({"call_hours": 0, "tell_cycle": False})
        cls.members = cls.member | cls.member_2 | cls.member_paper
        with freeze_time("2026-02-27 11:00:00"):
            cls.members._update_volunteer_status()
            cls.shift = cls._shift(name="Caisse du mardi")

    def _tell(self, moment=None):
        with freeze_time(moment or self.NOW):
            self._run_cron("coop_shift_notice_cron")

    def _told(self, kind, channel="mail"):
        return (
            self.env["coop.shift.notice"]
            .search([("kind", "=", kind), ("channel", "=", channel)])
            .partner_id
        )

    def _mails(self, member):
        return self.env["mail.mail"].search([("recipient_ids", "in", member.ids)])

    def _register_early(self, shift, member, **values):
        with freeze_time("2026-02-27 11:00:00"):
            registration = self._register(shift, member, **values)
        # The clock of the database is not frozen.
        self.env.cr.execute(
            "UPDATE coop_shift_registration SET create_date = '2026-02-27 11:00:00'"
            " WHERE id = %s",
            [registration.id],
        )
        registration.invalidate_recordset(["create_date"])
        return registration

    def test_reminder_once_in_the_members_words_and_hours(self):
        self._register_early(self.shift, self.member)
        self._tell()
        self._tell()
        mail = self._mails(self.member)
        self.assertEqual(len(mail), 1)
        self.assertEqual(self._told("reminder"), self.member)
        self.assertIn("Caisse du mardi", mail.subject)
        self.assertIn("mardi 3 mars", mail.body_html)
        # 8:00 UTC is nine o'clock in Paris.
        self.assertIn("09:00 à 12:00", mail.body_html)
        self.assertIn("/my/coop/shifts", mail.body_html)
        self.assertIn("Votre prochain créneau", mail.body_html)

    def test_no_reminder_for_who_does_not_want_it_or_has_just_booked(self):
        self.member.coop_tell_reminder = False
        self._register_early(self.shift, self.member)
        registration = self._register_early(self.shift, self.member_2)
        self.env.cr.execute(
            "UPDATE coop_shift_registration SET create_date = '2026-03-02 10:00:00'"
            " WHERE id = %s",
            [registration.id],
        )
        registration.invalidate_recordset(["create_date"])
        self._tell()
        self.assertFalse(self._told("reminder"))

    def test_no_reminder_of_a_cancelled_registration(self):
        self._register_early(self.shift, self.member, state="cancelled")
        self._tell()
        self.assertFalse(self._told("reminder"))

    def test_without_email_on_the_list_and_on_paper(self):
        self._register_early(self.shift, self.member_paper)
        self._tell()
        self.assertEqual(self._told("reminder", "call"), self.member_paper)
        notice = (
            self.env["coop.shift.notice"]
            .search([("partner_id", "=", self.member_paper.id)])
            .with_user(self.user_volunteer)
        )
        letter = str(notice._render_letter())
        self.assertIn("Caisse du mardi", letter)
        self.assertNotIn("href", letter)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "coop_volunteers.report_shift_letter", notice.ids
        )[0]
        self.assertIn("Paulette Papier", html.decode())
        notice.action_called()
        self.assertEqual(notice.called_by_id, self.user_volunteer)
        with self.assertRaises(AccessError):
            notice.with_user(self.user_referent).read(["partner_id"])
        with self.assertRaises(AccessError):
            notice.with_user(self.user_member).read(["partner_id"])

    def test_offer_is_told_at_once_and_once(self):
        shift = self._shift(datetime(2026, 3, 10, 8), seats=1)
        taken = self._register(shift, self.member)
        shift._book(self.member_2, wait=True)
        self.assertFalse(self._told("offer"))
        taken._cancel()
        self.assertEqual(self._told("offer"), self.member_2)
        mail = self._mails(self.member_2)
        self.assertEqual(len(mail), 1)
        self.assertIn("mardi 10 mars", mail.body_html)
        shift._offer_seats()
        self.assertEqual(self._mails(self.member_2), mail)

    def test_status_told_a_little_later_and_once(self):
        self._tell()
        self.assertFalse(self._mails(self.member))
        ledger = self.env["coop.shift.ledger"]
        entry = ledger._post(
            [
                {
                    "member_id": self.member.id,
                    "company_id": self.company.id,
                    "date": "2026-03-02",
                    "points": -1.0,
                    "reason": "manual",
                    "note": "Décision",
                }
            ]
        )
        self.assertEqual(self._status(), "alert")
        self.assertFalse(self._mails(self.member))
        self._tell()
        self._tell()
        mail = self._mails(self.member)
        self.assertEqual(len(mail), 1)
        self.assertIn("Vous devez un créneau", mail.body_html)
        entry._reverse()
        self._tell()
        self.assertEqual(len(self._mails(self.member)), 2)
        self.assertFalse(self._mails(self.member_2))

    def test_slip_corrected_at_once_is_told_to_nobody(self):
        self._tell()
        with freeze_time("2026-03-03 09:00:00"):
            registration = self._register(self.shift, self.member)
            registration.with_user(self.user_volunteer).action_absent()
            self.assertEqual(self._status(), "alert")
            registration.with_user(self.user_volunteer).action_present()
            self.assertEqual(self._status(), "up_to_date")
        self._tell("2026-03-03 09:30:00")
        self.assertFalse(self._told("status"))

    def test_cycle_summary_in_its_first_days(self):
        self.policy.tell_cycle = True
        self.member_2.coop_tell_cycle = False
        # Week A starts on Monday 9 March 2026.
        self._tell("2026-03-06 11:00:00")
        self.assertFalse(self._told("cycle"))
        self._tell("2026-03-09 11:00:00")
        self._tell("2026-03-10 11:00:00")
        self.assertEqual(self._told("cycle"), self.member)
        self.assertEqual(self._told("cycle", "call"), self.member_paper)
        self.assertEqual(len(self._mails(self.member)), 1)
        self._tell("2026-04-06 11:00:00")
        self.assertEqual(len(self._mails(self.member)), 2)

    def test_call_asks_those_who_owe_first_and_no_more_than_said(self):
        self.policy.write({"call_hours": 72, "call_members": 1})
        self.env["coop.shift.ledger"]._post(
            [
                {
                    "member_id": self.member_2.id,
                    "company_id": self.company.id,
                    "date": "2026-03-01",
                    "points": -1.0,
                    "reason": "manual",
                    "note": "Décision",
                }
            ]
        )
        self._tell()
        self._tell("2026-03-02 12:00:00")
        self.assertEqual(self._told("call"), self.member_2)
        mail = self._mails(self.member_2).filtered(lambda m: "venir" in m.subject)
        self.assertEqual(len(mail), 1)
        # The next day somebody else.
        self._tell("2026-03-03 11:30:00")
        self.assertEqual(self._told("call"), self.member_2)  # the shift is over

    def test_call_leaves_alone_who_cannot_come(self):
        self.policy.call_hours = 72
        leave = self.env.ref("coop_volunteers.coop_member_leave_type_temporary")
        self.env["coop.member.leave"].create(
            {
                "member_id": self.member.id,
                "type_id": leave.id,
                "date_from": "2026-03-01",
                "date_to": "2026-06-01",
                "state": "granted",
            }
        )
        self.member_2.coop_tell_call = False
        self._register_early(self.shift, self.member_paper, state="cancelled")
        self.assertFalse(self.shift._find_members_to_call(10, 3))

    def test_killed_between_two_batches(self):
        for member in self.members:
            self._register_early(self._shift(), member)
        Notice = type(self.env["coop.shift.notice"])
        tell, calls = Notice._tell, []

        def killed(records, *args, **kwargs):
            calls.append(args)
            notices = tell(records, *args, **kwargs)
            if len(calls) == 3:
                raise RuntimeError("killed")
            return notices

        with (
            patch.object(Notice, "_tell", killed),
            self.assertLogs("odoo.addons.coop_volunteers", "ERROR"),
        ):
            self._tell()
        first = self._mails(self.members)
        self._tell()
        mails = self._mails(self.members)
        self.assertLessEqual(first, mails)
        self.assertEqual(mails.recipient_ids, self.member | self.member_2)
        self.assertEqual(len(mails), 2)

    def test_queries_do_not_grow_with_the_members(self):
        def count(number):
            members = self.env["res.partner"].create(
                [
                    {
                        "name": f"Membre {index}",
                        "email": f"membre{number}.{index}@coop.example.com",
                        **self._coop_member_values(self.group_toul, self.point_1),
                    }
                    for index in range(number)
                ]
            )
            shift = self._shift(seats=number)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.env["coop.shift.notice"]._tell(
                "reminder", members, shift, f"shift:{shift.id}", shift=shift
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        count(2)
        few, many = count(5), count(25)
        self.assertLess(many - few, 20 * 8)


@tagged("post_install", "-at_install")
class TestShiftPreferences(ShiftCommon, HttpCase):
    def test_member_chooses(self):
        self.authenticate("coop_member", "coop_member")
        page = self.url_open("/my/coop/profile")
        self.assertIn("Messages sur les créneaux", page.text)

        def save(**values):
            return self.url_open(
                "/my/coop/profile",
                data={"csrf_token": http.Request.csrf_token(self), **values},
            )

        save(coop_shift_messages="1", coop_tell_call="1")
        self.member.invalidate_recordset()
        self.assertFalse(self.member.coop_tell_reminder)
        self.assertTrue(self.member.coop_tell_call)
        save(phone="06 12 34 56 78")
        self.member.invalidate_recordset()
        self.assertTrue(self.member.coop_tell_call)
        self.assertFalse(self.member.coop_tell_cycle)
