# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.coop_base.tests.common import CoopCommon


@tagged("post_install", "-at_install")
class TestProjects(CoopCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "fr_FR"
        Committee = cls.env["coop.committee"]
        cls.committee = Committee._found(cls.member, "Froid", "Les frigos").sudo()
        cls.other = Committee._found(cls.member_2, "Bâtiment", "Les murs").sudo()

    def _read(self, ended=False):
        rows = self.env["coop.committee"]._read_projects(self.company, ended=ended)
        return {row["name"]: row for row in rows}

    def _post(self, committee, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        page = self.url_open(f"/my/coop/committees/{committee.id}/project", data=data)
        self.env.invalidate_all()
        return page

    def test_started_shared_and_ended_by_members(self):
        self.authenticate("coop_member", "coop_member")
        page = self._post(self.committee, name="Chambre froide", description="La porte")
        self.assertIn("Chambre froide", page.text)
        project = self.committee.project_ids
        self.assertFalse(project.user_id)
        self._post(self.committee, project_id=project.id, other_id=self.other.id)
        self.assertEqual(
            self._read()["Chambre froide"]["committees"], (self.committee | self.other)
        )
        self.authenticate("coop_member_2", "coop_member_2")
        self.assertIn("Chambre froide", self.url_open("/my/coop/projects").text)
        page = self._post(self.other, project_id=project.id, word="")
        self.assertIn("quelques mots", page.text)
        self._post(self.other, project_id=project.id, word="Porte changée")
        self.assertFalse(self._read())
        self.assertEqual(
            self._read(ended=True)["Chambre froide"]["closing_word"], "Porte changée"
        )

    def test_only_who_is_in_it(self):
        project = self.committee._start_project(self.member, "Porte", "")
        with self.assertRaisesRegex(UserError, "Join"):
            self.committee._start_project(self.member_2, "Autre", "")
        with self.assertRaisesRegex(UserError, "another committee"):
            self.other._end_project(self.member_2, project, "Fini")
        self.authenticate("coop_member_2", "coop_member_2")
        answer = self._post(self.other, project_id=project.id, word="Fini")
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(project.coop_ended_on)
        with self.assertRaises(AccessError):
            self.env["project.project"].with_user(self.user_member).create(
                {"name": "x"}
            )

    def test_what_a_member_writes_is_text(self):
        """The description is HTML in Odoo: a member's words are not."""
        trap = '<div style="position:fixed"><a href="https://evil.example">x</a></div>'
        project = self.committee._start_project(self.member, "Piège", trap)
        self.assertNotIn("<div", project.description)
        self.assertNotIn("<a ", project.description)
        self.assertIn("&lt;div", project.description)

    def test_tasks_are_counted_not_shown(self):
        project = self.committee._start_project(self.member, "Porte", "")
        self.env["project.task"].create(
            [
                {"name": "Devis secret", "project_id": project.id},
                {"name": "Fait", "project_id": project.id, "state": "1_done"},
            ]
        )
        row = self._read()["Porte"]
        self.assertEqual((row["open"], row["done"]), (1, 1))
        self.authenticate("coop_member_2", "coop_member_2")
        page = self.url_open("/my/coop/projects").text
        self.assertIn("Porte", page)
        self.assertNotIn("Devis secret", page)

    def test_the_end_of_a_committee(self):
        alone = self.committee._start_project(self.member, "Seul", "")
        shared = self.committee._start_project(self.member, "Partagé", "")
        self.committee._share_project(self.member, shared, self.other)
        self.committee._dissolve("Fini")
        self.assertTrue(alone.coop_ended_on)
        self.assertFalse(shared.coop_ended_on)
        self.assertEqual(set(self._read()), {"Partagé"})
