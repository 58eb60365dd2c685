# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.coop_base.tests.common import CoopCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 11:00:00")
class TestCommitteesInTheOpen(CoopCommon, HttpCase):
    """Meetings, the past, and who can do what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "fr_FR"
        cls.committee = cls.env["coop.committee"]._found(
            cls.member, "Froid", "Les frigos"
        )
        cls.committee = cls.committee.sudo()
        cls.url = f"/my/coop/committees/{cls.committee.id}"

    def _post(self, url, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        page = self.url_open(url, data=data)
        self.env.invalidate_all()
        return page

    def _announce(self, **values):
        return self._post(
            f"{self.url}/meeting",
            **{
                "date": "2026-03-30",
                "time": "19:00",
                "hours": "1,5",
                "place": "Salle B",
                "agenda": "La <b>porte</b>",
                **values,
            },
        )

    def test_a_meeting(self):
        self.committee._join(self.member_2)
        self.authenticate("coop_member", "coop_member")
        page = self._announce()
        self.assertIn("lundi 30 mars 2026, 19:00 – 20:30", page.text)
        event = self.committee.meeting_ids
        # Summer time began the day before.
        self.assertEqual(str(event.start), "2026-03-30 17:00:00")
        self.assertEqual(self.committee.next_meeting_at, event.start)
        self.assertFalse(event.attendee_ids)
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.member_2.ids)], limit=1, order="id desc"
        )
        self.assertIn("Salle B", mail.body_html)
        # Another member, not in it, reads and takes the file.
        self.committee._leave(self.member_2)
        self.authenticate("coop_member_2", "coop_member_2")
        self.assertIn("Salle B", self.url_open(self.url).text)
        answer = self.url_open(f"{self.url}/meeting/{event.id}.ics")
        self.assertEqual(answer.headers["Content-Type"].split(";")[0], "text/calendar")
        self.assertIn("20260330T170000Z", answer.text)
        for text in (answer.text, self.url_open(self.url).text):
            self.assertNotIn(self.member.email, text)

    def test_bad_dates_say_so(self):
        self.authenticate("coop_member", "coop_member")
        self.assertIn("le jour et l&#39;heure", self._announce(date="x").text)
        self.assertIn("jour à venir", self._announce(date="2026-03-01").text)
        self.assertIn("12 heures", self._announce(hours="40").text)
        self.assertFalse(self.committee.meeting_ids)

    def test_only_who_is_in_it(self):
        self.authenticate("coop_member_2", "coop_member_2")
        self.assertIn("Rejoignez", self._announce().text)
        self.assertFalse(self.committee.meeting_ids)

    def test_called_off(self):
        self.authenticate("coop_member", "coop_member")
        self._announce()
        event = self.committee.meeting_ids
        elsewhere = self.env["coop.committee"]._found(self.member, "Autre", "x").sudo()
        url = f"/my/coop/committees/{elsewhere.id}/meeting"
        self.assertEqual(self._post(url, cancel=event.id).status_code, 404)
        self.assertTrue(event.active)
        self._post(f"{self.url}/meeting", cancel=event.id)
        self.assertFalse(event.active)
        self.assertFalse(self.committee.next_meeting_at)

    def test_no_calendar_of_others_through_the_address(self):
        event = self.env["calendar.event"].create(
            {"name": "Privé", "start": "2026-03-05 10:00", "stop": "2026-03-05 11:00"}
        )
        self.authenticate("coop_member", "coop_member")
        answer = self.url_open(f"{self.url}/meeting/{event.id}.ics")
        self.assertEqual(answer.status_code, 404)

    def test_the_past_is_found_by_its_last_word(self):
        self.authenticate("coop_member", "coop_member")
        self._announce()
        event = self.committee.meeting_ids
        self.committee._dissolve("La chambre froide est réparée")
        self.assertFalse(event.active)
        page = self.url_open("/my/coop/committees?buried=1&search=réparée").text
        self.assertIn("Froid", page)
        self.assertIn("chambre froide est réparée", page)
        with self.assertRaisesRegex(UserError, "dissolved"):
            self.committee._announce_meeting(self.member, event.start, 1)

    def test_an_agenda_is_text(self):
        """In the calendar and in the mail, where Odoo takes HTML."""
        trap = '<div style="position:fixed"><a href="https://evil.example">x</a></div>'
        start = fields.Datetime.now() + timedelta(days=10)
        self.committee._announce_meeting(self.member, start, 1, "", trap)
        event = self.env["calendar.event"].search(
            [("coop_committee_id", "=", self.committee.id)], order="id desc", limit=1
        )
        self.assertNotIn("<a ", event.description)
        self.assertIn("&lt;div", event.description)
        mails = self.env["mail.mail"].search([("model", "=", "calendar.event")])
        for mail in mails:
            self.assertNotIn('<a href="https://evil', mail.body_html)

    def test_only_those_who_agreed_are_listed(self):
        self.authenticate("coop_member", "coop_member")
        self._post("/my/coop/skills", skills="Plomberie", contact="06 11 22 33 44")
        self.assertFalse(self.member.coop_skills, "Not ticked: nothing is kept.")
        self._post(
            "/my/coop/skills", skills="Plomberie", contact="Le mardi", listed="1"
        )
        self.assertEqual(str(self.member.coop_skills_listed_on), "2026-03-02")
        self.authenticate("coop_member_2", "coop_member_2")
        page = self.url_open("/my/coop/skills?search=plomb").text
        self.assertIn("Alice", page)
        self.assertIn("Le mardi", page)
        self.assertNotIn(self.member.email, page)
        self.assertNotIn("Bruno Adhérent</strong>", page)
        self.authenticate("coop_member", "coop_member")
        self._post("/my/coop/skills", skills="Plomberie")
        self.assertFalse(self.member.coop_skills_listed_on)
        self.assertFalse(self.member.coop_skills)

    def test_other_cooperatives_read_nothing(self):
        self.member._set_skills(True, "Plomberie", "")
        company = self.env["res.company"].create({"name": "Autre coop"})
        self.assertFalse(self.env["res.partner"]._read_skills(company))
