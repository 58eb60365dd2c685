# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged

from .common import ShiftCommon

START = datetime(2026, 3, 3, 8)


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestKiosk(ShiftCommon, HttpCase):
    """The tablet at the entrance, by its real address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "fr_FR"
        cls.kiosk = cls.env["coop.shift.kiosk"].create(
            {"name": "Entrée", "mode": "both"}
        )
        cls.registration = cls._register(cls._shift(seats=1), cls.member)

    def _ask(self, code, minutes=0, age=0, route="badge", token=None):
        with freeze_time(START + timedelta(minutes=minutes)):
            url = f"/coop/kiosk/{token or self.kiosk.token}/{route}"
            answer = self.make_jsonrpc_request(url, {"code": code, "age": age})
        self.env.invalidate_all()
        return answer

    @property
    def number(self):
        return self.member.coop_number

    def test_window(self):
        answer = self._ask(self.number, -16)
        self.assertEqual((answer["result"], answer["color"]), ("too_early", "amber"))
        self.assertIn("08:45", answer["message"])
        answer = self._ask(self.number, 61)
        self.assertEqual((answer["result"], answer["color"]), ("refused", "red"))
        self.assertIn("référent", answer["message"])
        self.assertEqual(self.registration.state, "booked")
        answer = self._ask(self.number, 15)
        self.assertEqual((answer["result"], answer["color"]), ("present", "green"))
        self.assertEqual(self.registration.state, "present")
        self.assertEqual(self._ask(self.number, 15)["result"], "already")

    def test_late(self):
        self.assertEqual(self._ask(self.number, 16)["result"], "late")
        self.assertEqual(self.registration.state, "late")

    def test_initials_only(self):
        answer = self._ask(self.number)
        self.assertEqual(answer["initials"], "A. A.")
        self.assertNotIn("Alice", str(answer))
        # Nobody learns who exists without being expected.
        answer = self._ask(self.member_2.coop_number)
        self.assertEqual((answer["result"], answer["initials"]), ("not_expected", ""))

    def test_number_without_its_zeros(self):
        self.member.coop_number = "0007"
        self.assertEqual(self._ask("7")["result"], "present")

    def test_code_of_the_phone(self):
        code = self.member._get_badge_code()
        self.kiosk.accepts_number = False
        self.assertEqual(self._ask(self.number)["result"], "unknown")
        self.assertEqual(self._ask(code.lower())["result"], "present")
        self.member._get_badge_code(renew=True)
        self.assertEqual(self._ask(code)["result"], "unknown")

    def test_what_happened_while_cut_off(self):
        """Sent an hour and a half later, twice: present, at the time of the badge."""
        for _time in range(2):
            answer = self._ask(self.number, 90, age=90 * 60)
            self.assertEqual(answer["color"], "green")
        self.assertEqual(self.registration.state, "present")
        self.assertEqual(self.registration.badged_at, START)
        self.assertEqual(len(self.registration.ledger_ids), 1)

    def test_sent_after_the_sheet_was_closed(self):
        self.registration.shift_id.state = "done"
        self.registration.state = "absent"
        self.assertEqual(self._balances(), (-1.0, 0.0))
        self.assertEqual(self._ask(self.number, 900)["result"], "not_expected")
        answer = self._ask(self.number, 900, age=900 * 60)
        self.assertEqual(answer["result"], "present")
        self.assertEqual(self.registration.state, "present")
        self.assertEqual(self._balances(), (0.0, 0.0))

    def test_no_time_of_the_future_nor_of_last_week(self):
        self.assertEqual(self._ask(self.number, -20, age=-600)["result"], "too_early")
        self.assertEqual(
            self._ask(self.number, 8 * 24 * 60, age=8 * 86400)["result"],
            "not_expected",
        )
        self.assertEqual(self._ask(self.number, age="x")["result"], "present")

    def test_nobody_looks_members_up(self):
        for guess in range(10):
            self.assertEqual(self._ask(f"9{guess}9999")["result"], "unknown")
        answer = self._ask(self.number)
        self.assertEqual((answer["result"], answer["color"]), ("wait", "red"))
        self.assertGreater(answer["retry"], 0)
        self.assertEqual(self.registration.state, "booked")
        self.assertEqual(self._ask(self.number, 3)["result"], "present")

    def test_slips_do_not_stop_the_kiosk(self):
        """Nine slips, later again: members are not made to wait."""
        for _time in range(9):
            self._ask("999999", -15)
        self.assertEqual(self._ask("999999", -4)["result"], "unknown")
        self.assertEqual(self._ask(self.number)["result"], "present")

    def test_other_place(self):
        self.kiosk.collection_point_id = self.point_2
        self.assertEqual(self._ask(self.number)["result"], "not_expected")
        self.assertEqual(self.registration.state, "booked")

    def test_other_cooperative(self):
        company = self.env["res.company"].create({"name": "Autre coop"})
        kiosk = self.kiosk.create({"name": "Ailleurs", "company_id": company.id})
        answer = self._ask(self.number, token=kiosk.token)
        self.assertEqual(answer["result"], "unknown")

    def test_revoked(self):
        former = self.kiosk.token
        self.assertEqual(self.url_open(f"/coop/kiosk/{former}").status_code, 200)
        self.kiosk.with_user(self.user_volunteer).action_renew()
        self.assertEqual(self.url_open(f"/coop/kiosk/{former}").status_code, 404)
        self.assertEqual(self._ask(self.number, token=former)["result"], "revoked")
        self.kiosk.active = False
        self.assertEqual(self._ask(self.number)["result"], "revoked")
        self.assertEqual(self.registration.state, "booked")

    def test_only_coordinators_read_the_address(self):
        for user in (self.user_member, self.user_referent, self.user_buyer):
            with self.assertRaises(AccessError):
                self.kiosk.with_user(user).read(["token"])
        self.assertTrue(self.kiosk.with_user(self.user_volunteer).url)

    def test_page_names_nobody(self):
        page = self.url_open(f"/coop/kiosk/{self.kiosk.token}")
        self.assertIn("Votre numéro", page.text)
        self.assertNotIn("Adhér", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")

    def test_may_i_shop(self):
        self.assertEqual(self._ask(self.number, route="shop")["result"], "yes")
        self.policy.alert_days = 0
        past = self._shift(start=datetime(2026, 2, 3, 8))
        self._register(past, self.member, state="absent")
        self.assertEqual(self._status(), "suspended")
        answer = self._ask(self.number, route="shop")
        self.assertEqual((answer["result"], answer["color"]), ("no", "red"))
        self.assertIn("rattrapage", answer["step"])
        for word in ("suspen", "absen", "Suspen"):
            self.assertNotIn(word, str(answer))
        self.kiosk.mode = "badge"
        self.assertEqual(self._ask(self.number, route="shop")["result"], "unknown")

    def test_door_is_not_a_list_either(self):
        for _time in range(30):
            self._ask(self.number, route="shop")
        self.assertEqual(self._ask(self.number, route="shop")["result"], "wait")
        self.assertEqual(self._ask(self.number, 2, route="shop")["result"], "yes")

    def test_check_in_the_back_office(self):
        check = self.env["coop.shop.check"].with_user(self.user_referent)
        answer = check.new({"number": self.number})
        self.assertEqual((answer.result, answer.initials), ("yes", "A. A."))
        self.assertEqual(check.new({"number": "nobody"}).result, "unknown")
        with self.assertRaises(AccessError):
            self.env["coop.shop.check"].with_user(self.user_member).create({})
