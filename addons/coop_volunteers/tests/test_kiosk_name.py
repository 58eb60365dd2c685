# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from odoo import http
from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, freeze_time, tagged

from .common import ShiftCommon

START = datetime(2026, 3, 3, 8)


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestKioskName(ShiftCommon, HttpCase):
    """Name and day of birth, where the cooperative accepts them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "fr_FR"
        cls.kiosk = cls.env["coop.shift.kiosk"].create(
            {"name": "Entrée", "mode": "both", "accepts_name": True}
        )
        cls.member.write({"name": "Aimée Le Goff", "volunteer_birthday": "03-12"})
        cls.member_2.write({"name": "Luc Le Goff", "volunteer_birthday": "11-02"})
        cls.registration = cls._register(cls._shift(seats=1), cls.member)

    def _ask(self, code, minutes=0):
        with freeze_time(START + timedelta(minutes=minutes)):
            answer = self.make_jsonrpc_request(
                f"/coop/kiosk/{self.kiosk.token}/badge", {"code": code}
            )
        self.env.invalidate_all()
        return answer

    def test_present(self):
        answer = self._ask("@aimee LE GOFF@12/03")
        self.assertEqual(
            (answer["result"], answer["initials"]), ("present", "A. L. G.")
        )
        self.assertEqual(self.registration.state, "present")

    def test_the_name_alone_is_enough_that_day(self):
        self.assertEqual(self._ask("@le goff@1203")["result"], "present")

    def test_what_finds_nobody(self):
        for code in ("@Le Gof@12/03", "@Le Goff@13/03", "@A@12/03", "@@12/03", "@G@"):
            self.assertEqual(self._ask(code)["result"], "unknown", code)
        self.assertEqual(self.registration.state, "booked")

    def test_two_of_the_same_name_and_day_give_no_name(self):
        self.member_2.volunteer_birthday = "03-12"
        answer = self._ask("@Le Goff@12/03")
        self.assertEqual((answer["result"], answer["initials"]), ("unknown", ""))
        self.assertEqual(self._ask("@aimée goff@12/03")["result"], "present")

    def test_not_where_it_is_not_accepted(self):
        self.kiosk.accepts_name = False
        self.assertEqual(self._ask("@le goff@12/03")["result"], "unknown")
        page = self.url_open(f"/coop/kiosk/{self.kiosk.token}").text
        self.assertNotIn("coop_kiosk_birthday", page)

    def test_days_are_not_tried_one_after_the_other(self):
        for day in range(1, 11):
            self._ask(f"@le goff@{day:02d}/05")
        self.assertEqual(self._ask("@le goff@12/03")["result"], "wait")
        self.assertEqual(self.registration.state, "booked")

    def test_members_write_it_themselves(self):
        self.authenticate("coop_member", "coop_member")
        page = self.url_open("/my/coop/profile").text
        self.assertIn('value="12/03"', page)

        def save(text):
            data = {
                "csrf_token": http.Request.csrf_token(self),
                "volunteer_birthday": text,
            }
            page = self.url_open("/my/coop/profile", data=data).text
            self.env.invalidate_all()
            return page

        self.assertIn("12/03.", save("31/02"))
        self.assertEqual(self.member.volunteer_birthday, "03-12")
        save("2/11")
        self.assertEqual(self.member.volunteer_birthday, "11-02")
        self.kiosk.accepts_name = False
        self.assertNotIn("volunteer_birthday", self.url_open("/my/coop/profile").text)

    def test_back_office_says_how(self):
        with self.assertRaisesRegex(ValidationError, "03-12"):
            self.member.with_user(self.user_manager).volunteer_birthday = "12/03"

    def test_erased_with_the_member(self):
        self.member._get_badge_code()
        self.member._coop_privacy_erase()
        self.assertFalse(self.member.volunteer_birthday)
        self.assertFalse(self.member.volunteer_badge_code)
