# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from ..controllers.shifts import CoopShiftPortal
from ..models import coop_volunteer_telling
from .common import ShiftCommon


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestShiftCall(ShiftCommon):
    """Where people are missing, those who could come are asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.policy.write(
            {"reminder_hours": 0, "tell_cycle": False, "tell_status": False}
        )
        cls.members = cls.member | cls.member_2 | cls.member_paper
        cls.members._update_volunteer_status()
        cls.shifts = cls.env["coop.shift"]
        for hour in (8, 12, 15, 18):
            cls.shifts |= cls._shift(
                datetime(2026, 3, 3, hour), name=f"Caisse de {hour + 1} h"
            )

    def _tell(self, moment=None):
        with freeze_time(moment or self.NOW):
            self._run_cron("coop_shift_notice_cron")

    def _mails(self, members):
        return self.env["mail.mail"].search([("recipient_ids", "in", members.ids)])

    def _asked(self, member):
        return (
            self.env["coop.shift.notice"]
            .search([("kind", "=", "call"), ("partner_id", "=", member.id)])
            .shift_id
        )

    def _all_asked(self):
        return self.env["coop.shift.notice"].search([("kind", "=", "call")]).partner_id

    def _more_members(self, number):
        members = self.env["res.partner"].create(
            [
                {
                    "name": f"Membre {index}",
                    "email": f"membre{index}@coop.example.com",
                    "volunteer_kind": "flying",
                    **self._coop_member_values(self.group_toul, self.point_1),
                }
                for index in range(number)
            ]
        )
        members._update_volunteer_status()
        return members

    def test_one_mail_of_the_next_shifts(self):
        self.policy.call_shifts = 3
        self._tell()
        self._tell("2026-03-02 12:00:00")
        mail = self._mails(self.member)
        self.assertEqual(len(mail), 1)
        self.assertEqual(self._asked(self.member), self.shifts[:3])
        self.assertEqual(
            mail.subject, "Pouvez-vous venir ? 3 créneaux où il manque du monde"
        )
        self.assertIn("Pouvez-vous venir à l'un d'eux", mail.body_html)
        for shift in self.shifts[:3]:
            self.assertIn(shift.name, mail.body_html)
        self.assertNotIn(self.shifts[3].name, mail.body_html)
        self.assertIn("/my/coop/shifts/free?day=2026-03-03", mail.body_html)

    def test_a_mail_of_one_shift_says_which(self):
        (self.shifts - self.shifts[0]).state = "cancelled"
        self._tell()
        mail = self._mails(self.member)
        self.assertEqual(mail.subject, "Pouvez-vous venir ? mardi 3 mars, 09:00")
        self.assertIn("Il manque du monde à ce créneau", mail.body_html)

    def test_asked_once_a_day_then_of_the_others(self):
        self.policy.call_shifts = 1
        self._tell()
        self.assertEqual(self._asked(self.member), self.shifts[0])
        # A day later, of the next, on the day itself.
        self._tell("2026-03-03 11:30:00")
        self.assertEqual(self._asked(self.member), self.shifts[0] | self.shifts[1])
        self.assertEqual(len(self._mails(self.member)), 2)

    def test_the_others_are_asked_before_the_same_again(self):
        self.policy.write({"call_shifts": 1, "call_members": 1})
        self.member_paper.coop_tell_call = False
        (self.shifts - self.shifts[0]).state = "cancelled"
        self._tell()
        first = self._all_asked()
        self._shift(datetime(2026, 3, 5, 8))
        self._tell("2026-03-03 19:00:00")
        self.assertEqual(len(first), 1)
        self.assertEqual(self._all_asked(), self.member | self.member_2)

    def test_on_the_letter_of_who_has_no_email(self):
        self._tell()
        notice = self.env["coop.shift.notice"].search(
            [("kind", "=", "call"), ("partner_id", "=", self.member_paper.id)],
            limit=1,
        )
        self.assertEqual(notice.channel, "call")
        notices = notice.search([("partner_id", "=", self.member_paper.id)])
        self.assertEqual(len(notices), 3)
        [letter] = notices.with_user(self.user_volunteer)._get_letters()
        self.assertIn("Caisse de 13 h", str(letter._render_letter()))
        html = self.env["ir.actions.report"]._render_qweb_html(
            "coop_volunteers.report_shift_letter", notices.ids
        )[0]
        self.assertEqual(html.decode().count("Paulette Papier,"), 1)
        letter = str(notice.with_user(self.user_volunteer)._render_letter())
        self.assertIn(notice.shift_id.name, letter)
        self.assertNotIn("href", letter)

    def test_killed_between_two_batches_goes_on(self):
        self.policy.call_members = 10
        self._more_members(4)
        with patch.object(coop_volunteer_telling, "BATCH", 2):
            batches = self.company._coop_tell_volunteers_call()
            next(batches)
            batches.close()
        first = self._mails(self._all_asked())
        self.assertEqual(len(self._all_asked()), 2)
        self._tell()
        notices = self.env["coop.shift.notice"].search([("kind", "=", "call")])
        asked = [(notice.partner_id, notice.shift_id) for notice in notices]
        self.assertEqual(len(asked), len(set(asked)))
        self.assertGreater(len(self._all_asked()), 4)
        self.assertLessEqual(first, self._mails(self._all_asked()))
        by_mail = notices.filtered(lambda n: n.channel == "mail").partner_id
        self.assertEqual(len(self._mails(by_mail)), len(by_mail))

    def test_queries_do_not_grow_with_the_shifts_nor_the_members(self):
        self.policy.write({"call_hours": 400, "call_members": 5})

        def count(hours):
            for hour in hours:
                self._shift(datetime(2026, 3, 9) + timedelta(hours=5 * hour))
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            list(self.company._coop_tell_volunteers_call())
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        self._more_members(10)
        count(range(2))
        self._more_members(10)
        few = count(range(2, 4))
        self._more_members(60)
        many = count(range(4, 20))
        self.assertLessEqual(many, few + 8, f"{few} queries, then {many}")


@tagged("post_install", "-at_install")
class TestFreeOfADay(ShiftCommon):
    def test_the_week_of_a_day(self):
        with freeze_time(self.NOW):
            number = CoopShiftPortal()._week_number
            for day, week, expected in (
                ("2026-03-08", "3", 0),
                ("2026-03-09", "", 1),
                ("2026-05-30", "", 4),
                ("2025-05-30", "", 0),
                ("nonsense", "2", 2),
                ("", "²", 0),
            ):
                self.assertEqual(number(self.company, day, week, 4), expected, day)
