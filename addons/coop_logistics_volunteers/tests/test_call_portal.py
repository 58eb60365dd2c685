# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import http
from odoo.tests import HttpCase, freeze_time, tagged

from .common import CallCommon


@tagged("post_install", "-at_install")
class TestCallPortal(CallCommon, HttpCase):
    """From the phone: one tap, and the check-list of the day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "fr_FR"
        cls.call.action_open()
        for member in (cls.member, cls.member_2):
            cls.env["coop.shift.notice"]._tell(
                "day", member, cls.call, f"call:{cls.call.id}"
            ).call_id = cls.call

    def _post(self, path, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        page = self.url_open(path, data=data)
        self.env.invalidate_all()
        return page

    def _url(self, path=""):
        return f"/my/coop/calls/{self.call.id}{path}"

    def test_one_tap_from_the_home_page(self):
        self.authenticate("coop_member", "coop_member")
        self.assertIn("Pouvez-vous venir", self.url_open("/my/coop/shifts").text)
        page = self.url_open("/my/coop").text
        self.assertIn("Pouvez-vous venir", page)
        self.assertIn(self._url("/come"), page)
        self.assertIn("permis de conduire", page)
        page = self._post(self._url("/come"), line_id=self.line_till.id).text
        self.assertIn("Vous venez comme : Caisse", page)
        row = self.line_till._get_registrations()
        self.assertEqual((row.member_id, row.came_from), (self.member, "member"))
        self.assertNotIn("Pouvez-vous venir", self.url_open("/my/coop").text)

    def test_not_this_time(self):
        self.authenticate("coop_member_2", "coop_member_2")
        page = self._post(self._url("/no")).text
        self.assertIn("pas cette fois", page)
        self.assertEqual(self.call.answer_ids.member_id, self.member_2)
        self.assertNotIn("Pouvez-vous venir", self.url_open("/my/coop").text)
        self._post(self._url("/come"), line_id=self.line_reception.id)
        self.assertFalse(self.call.answer_ids)
        self.assertEqual(self.line_reception.taken_count, 1)

    def test_refused_with_one_sentence(self):
        self.authenticate("coop_member_2", "coop_member_2")
        page = self._post(self._url("/come"), line_id=self.line_driver.id).text
        self.assertIn("permis de conduire", page)
        self.assertFalse(self.line_driver.taken_count)
        page = self._post(
            "/my/coop/profile", phone="06 12 34 56 78", coop_drives="licence"
        )
        self.assertEqual(self.member_2.coop_drives, "licence")
        self._post(self._url("/come"), line_id=self.line_driver.id)
        self.assertEqual(self.trip.driver_id, self.member_2)

    def test_nothing_for_others(self):
        self.authenticate("coop_producer", "coop_producer")
        self.assertNotIn("o_coop_call", self.url_open(self._url()).text)
        self.authenticate("coop_member", "coop_member")
        self.assertEqual(self.url_open(self._url("/come")).status_code, 405)
        self.assertEqual(self.url_open("/my/coop/calls/999999").status_code, 404)
        other = self.call.copy({"distribution_id": self.distribution_2.id})
        other.action_open()
        line = other.line_ids[0]
        page = self._post(self._url("/come"), line_id=line.id)
        self.assertEqual(page.status_code, 404)
        self.assertEqual(self.call.coming_count + other.coming_count, 0)
        # Who else comes is not said to who does not.
        self.line_reception._accept(self.member_2)
        self.assertNotIn("Bruno", self.url_open(self._url()).text)

    def test_for_somebody_who_called(self):
        self.authenticate("coop_volunteer", "coop_volunteer")
        page = self.url_open(f"/my/coop/shifts?for={self.member_paper.id}").text
        url = self._url("/come") + f"?for={self.member_paper.id}"
        self.assertIn(url, page)
        self._post(url, line_id=self.line_driver.id)
        row = self.line_driver._get_registrations()
        self.assertEqual(
            (row.member_id, row.entered_by_id), (self.member_paper, self.user_volunteer)
        )
        self.assertEqual(self.trip.driver_id, self.member_paper)

    def test_ticked_on_the_day(self):
        own = self.line_reception._accept(self.member_2).sudo()
        step = own._get_steps()
        path = f"/my/coop/shifts/{own.id}"
        self.authenticate("coop_member_2", "coop_member_2")
        page = self.url_open(path).text
        self.assertIn("Ma liste", page)
        self.assertIn("le jour même", page)
        self.assertNotIn(f"/step/{step.id}", page)
        with freeze_time(self.start - timedelta(hours=1)):
            self.authenticate("coop_member_2", "coop_member_2")
            page = self.url_open(path).text
            self.assertIn(f"/step/{step.id}", page)
            self._post(f"{path}/step/{step.id}")
            self.assertEqual(step.done_by_id, self.user_member_2)
            self.authenticate("coop_member", "coop_member")
            self.assertEqual(self._post(f"{path}/step/{step.id}").status_code, 404)
            self.assertTrue(step.done_at)
