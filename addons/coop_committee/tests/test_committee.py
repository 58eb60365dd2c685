# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.coop_volunteers.tests.common import ShiftCommon

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


class CommitteeCommon(ShiftCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Committee = cls.env["coop.committee"]
        cls.cold = Committee._found(
            cls.member, "Froid et bâtiment", "Frigos, chambre froide, portes"
        )
        cls.words = Committee._found(
            cls.member_2, "Communication", "Affiches, lettre, réseaux sociaux"
        )

    def _ask(self, text="La porte du frigo ne ferme plus", **values):
        return self.env["coop.committee.request"]._ask(
            self.member_paper, text, **values
        )


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestCommittee(CommitteeCommon):
    def test_a_whole_life(self):
        cold = self.cold
        self.assertEqual(cold.founded_on, date(2026, 3, 2))
        cold._join(self.member_2)
        cold._join(self.member_2)
        self.assertEqual(cold.member_count, 2)
        cold._leave(self.member_2)
        self.assertEqual(cold.member_count, 1)
        self.assertEqual(len(cold.line_ids), 2)
        with self.assertRaisesRegex(UserError, "few words"):
            cold._dissolve(" ")
        cold._dissolve("Tout est réparé")
        self.assertEqual(cold.dissolved_on, date(2026, 3, 2))
        self.assertEqual(cold.member_count, 0)
        self.assertIn(cold, cold.search([("name", "ilike", "froid")]))
        with self.assertRaisesRegex(UserError, "dissolved"):
            cold._join(self.member_2)
        with self.assertRaises(UserError):
            cold.unlink()

    def test_same_name_is_joined_not_founded_again(self):
        with self.assertRaisesRegex(UserError, "already exists"):
            self.cold._found(self.member_2, "froid et BÂTIMENT", "Autre")
        self.cold._dissolve("Fini")
        self.cold._found(self.member_2, "Froid et bâtiment", "De nouveau")

    def test_merged_members_and_requests_go_on(self):
        asked = self._ask()
        self.cold._merge_into(self.words, "Nous étions trop peu")
        self.assertEqual(asked.committee_id, self.words)
        self.assertTrue(self.words._get_line(self.member))
        self.assertEqual(self.cold.merged_into_id, self.words)

    def test_hours_count_once_and_are_undone(self):
        Hours = self.env["coop.committee.hours"]
        day = date(2026, 3, 1)
        hours = Hours._declare(self.cold, self.member, day, 6, "Dégivrage")
        self.assertEqual(self._balances(), (2.0, 0.0))
        self.assertEqual(hours.sudo().ledger_id.reason, "committee")
        with self.assertRaisesRegex(UserError, "already declared"):
            Hours._declare(self.cold, self.member, day, 6)
        hours._cancel()
        hours._cancel()
        self.assertEqual(self._balances(), (0.0, 0.0))
        Hours._declare(self.cold, self.member, day, 3)
        self.assertEqual(self._balances(), (1.0, 0.0))
        with self.assertRaisesRegex(UserError, "Join"):
            Hours._declare(self.cold, self.member_2, day, 3)
        with self.assertRaisesRegex(UserError, "once they are given"):
            Hours._declare(self.cold, self.member, date(2026, 3, 9), 3)

    def test_request_goes_where_its_words_say_and_why(self):
        asked = self._ask()
        self.assertEqual(asked.committee_id, self.cold)
        self.assertEqual(asked.sudo().guessed_by, "porte, frigo")
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.member.ids)], limit=1
        )
        self.assertIn("La porte du frigo", mail.body_html)
        self.assertFalse(self._ask("Rien de tout cela").committee_id)
        with self.assertRaisesRegex(UserError, "what happens"):
            self._ask("   ")

    def test_answer_tells_who_follows_not_who_writes(self):
        asked = self._ask()
        asked._follow(self.member_2)
        asked._reply(self.member, "Je passe jeudi avec un joint neuf.")
        mails = self.env["mail.mail"].search([("subject", "ilike", "Réponse")])
        self.assertEqual(mails.recipient_ids, self.member_2)
        self.assertIn(self.member, asked.sudo().watcher_ids)

    def test_knowledge_with_history_and_two_writers(self):
        asked = self._ask()
        asked._reply(self.member, "Régler la charnière du bas.")
        page = asked._make_page(self.member)
        self.assertIn("charnière", page.body)
        self.assertEqual(asked._make_page(self.member), page)
        first = page.version_ids
        self.assertEqual(first.member_id, self.member)
        page._improve(self.member_2, page.name, "Texte meilleur", first.id)
        self.assertEqual(page._get_last_version().member_id, self.member_2)
        with self.assertRaisesRegex(UserError, "meanwhile"):
            page._improve(self.member, page.name, "Autre texte", first.id)
        first.with_user(self.user_volunteer).action_restore()
        self.assertIn("charnière", page.body)
        self.assertEqual(len(page.version_ids), 3)
        self.assertEqual(page._get_last_version().body, page.body)

    def test_members_read_and_write_nothing_directly(self):
        asked = self._ask()
        mine = asked.with_user(self.user_member)
        self.assertIn("frigo", mine.description)
        with self.assertRaises(AccessError):
            mine.write({"description": "Autre"})
        with self.assertRaises(AccessError):
            self.cold.with_user(self.user_member).write({"purpose": "Autre"})
        hours = self.env["coop.committee.hours"]._declare(
            self.cold, self.member, date(2026, 3, 1), 1
        )
        with self.assertRaises(AccessError):
            hours.with_user(self.user_member_2).read(["hours"])
        with self.assertRaises(AccessError):
            asked.with_user(self.user_producer).read(["description"])

    def test_privacy(self):
        asked = self._ask()
        reply = asked._reply(self.member, "Réponse")
        self.env["coop.committee.hours"]._declare(
            self.cold, self.member, date(2026, 3, 1), 3
        )
        sections = {s["key"]: s for s in self.member.sudo()._coop_privacy_export()}
        self.assertEqual(len(sections["points"]["rows"]), 1)
        self.assertEqual(len(sections["committee_member"]["rows"]), 1)
        self.assertIn("Réponse", str(sections["committee_reply"]["rows"]))
        self.assertFalse(sections["committee_request"]["rows"])
        announced = self.member.sudo()._coop_privacy_erase(dry_run=True)
        self.assertTrue(self.cold._get_line(self.member))
        done = self.member.sudo()._coop_privacy_erase()
        self.assertEqual(
            [(li["what"], li["outcome"]) for li in announced],
            [(li["what"], li["outcome"]) for li in done],
        )
        self.assertFalse(self.cold._get_line(self.member))
        self.assertFalse(reply.member_id)
        self.assertEqual(reply.body, "Réponse")
        self.assertEqual(self._balances(), (1.0, 0.0))


@tagged("post_install", "-at_install")
class TestCommitteePortal(CommitteeCommon, HttpCase):
    def _post(self, url, files=None, **values):
        return self.url_open(
            url,
            data={"csrf_token": http.Request.csrf_token(self), **values},
            files=files,
        )

    def test_a_request_from_a_phone(self):
        self.authenticate("coop_member_2", "coop_member_2")
        page = self._post(
            "/my/coop/requests/new",
            description="La chambre froide est ouverte",
            files={"photo": ("frigo.png", PIXEL, "image/png")},
        )
        self.assertIn("Froid et bâtiment", page.text)
        asked = self.env["coop.committee.request"].search([], limit=1)
        self.assertEqual(asked.member_id, self.member_2)
        photo = self.url_open(f"/my/coop/requests/{asked.id}/photo")
        self.assertEqual(photo.headers["Content-Type"], "image/png")
        refused = self._post(
            "/my/coop/requests/new",
            description="Encore",
            files={"photo": ("x.html", b"<script>", "text/html")},
        )
        self.assertIn("n'est pas une photo", refused.text.replace("&#39;", "'"))
        self.authenticate("coop_member", "coop_member")
        page = self._post(f"/my/coop/requests/{asked.id}/reply", body="J'arrive")
        self.assertIn("J&#39;arrive", page.text)
        self._post(f"/my/coop/requests/{asked.id}/done")
        asked.invalidate_recordset()
        self.assertEqual(asked.state, "done")
        self._post(f"/my/coop/requests/{asked.id}/page")
        asked.invalidate_recordset()
        self.assertIn("arrive", asked.page_id.body)
        for url in ("requests", "requests?done=1", "committees", "knowledge"):
            self.assertEqual(self.url_open(f"/my/coop/{url}").status_code, 200)

    def test_only_those_in_charge_settle_and_dissolve(self):
        asked = self._ask()
        self.authenticate("coop_member_2", "coop_member_2")
        self._post(f"/my/coop/requests/{asked.id}/done")
        self._post(f"/my/coop/committees/{self.cold.id}/dissolve", closing_word="Na")
        asked.invalidate_recordset()
        self.cold.invalidate_recordset()
        self.assertEqual(asked.state, "open")
        self.assertFalse(self.cold.dissolved_on)
        page = self._post(f"/my/coop/committees/{self.cold.id}/hours", hours="deux")
        self.assertIn("alert-danger", page.text)

    def test_another_cooperative_and_strangers_see_nothing(self):
        other = self.env["res.company"].create({"name": "Autre coop"})
        self.cold.sudo().line_ids.unlink()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE coop_committee SET company_id = %s WHERE id = %s",
            [other.id, self.cold.id],
        )
        self.env.invalidate_all()
        self.authenticate("coop_member", "coop_member")
        url = f"/my/coop/committees/{self.cold.id}"
        self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(self._post(f"{url}/join").status_code, 404)
        self.authenticate("coop_producer", "coop_producer")
        self.assertEqual(self.url_open("/my/coop/requests").status_code, 404)
