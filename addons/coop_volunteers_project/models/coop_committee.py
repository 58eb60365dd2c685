# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_tools.tools.text import text_to_html


class CoopCommittee(models.Model):
    _inherit = "coop.committee"

    project_ids = fields.Many2many(
        "project.project",
        "coop_committee_project_rel",
        "committee_id",
        "project_id",
        string="Odoo Projects",
    )

    @api.model
    def _read_projects(self, company, committees=None, ended=False):
        """What goes on, or what has ended: what all members read, in few queries.

        :return: list of ``{id, name, description, committees, done, open, ended_on,
            closing_word}``; ``committees`` are records as sudo
        """
        domain = [
            ("coop_committee_ids", "!=", False),
            ("coop_committee_ids.company_id", "=", company.id),
            ("coop_ended_on", "!=" if ended else "=", False),
        ]
        if committees is not None:
            domain.append(("coop_committee_ids", "in", committees.ids))
        # sudo: names and numbers that committees put in the open, no task.
        projects = (
            self.env["project.project"]
            .sudo()
            .with_context(active_test=not ended)
            .search(domain, order="name, id", limit=200)
        )
        return [
            {
                "id": project.id,
                "name": project.name,
                "description": project.description,
                "committees": project.coop_committee_ids,
                "open": project.open_task_count,
                "done": project.task_count - project.open_task_count,
                "ended_on": project.coop_ended_on,
                "closing_word": project.coop_closing_word,
            }
            for project in projects
        ]

    def _check_in_it(self, member):
        self.ensure_one()
        self._check_alive()
        if not self._get_line(member):
            raise UserError(self.env._("Join the committee first."))

    def _start_project(self, member, name, description):
        """A project, begun by somebody of the committee."""
        self._check_in_it(member)
        if not (name or "").strip():
            raise UserError(self.env._("Give the project a name."))
        # sudo: members have no right on projects; callers say who.
        return (
            self.env["project.project"]
            .sudo()
            .with_context(mail_create_nosubscribe=True)
            .create(
                {
                    "name": name.strip(),
                    "description": text_to_html((description or "").strip()),
                    "company_id": self.company_id.id,
                    "user_id": False,
                    "privacy_visibility": "employees",
                    "coop_committee_ids": [(4, self.id)],
                }
            )
        )

    def _share_project(self, member, project, other):
        """Another committee takes part in a project of this one."""
        self._check_in_it(member)
        other._check_alive()
        self._check_own(project)
        # sudo: as above.
        project.sudo().coop_committee_ids = [(4, other.id)]
        return True

    def _end_project(self, member, project, word):
        """A project ends with a word, and stays readable."""
        self._check_in_it(member)
        self._check_own(project)
        if not (word or "").strip():
            raise UserError(self.env._("Say in a few words what became of it."))
        # sudo: as above.
        project.sudo().write(
            {
                "coop_ended_on": self.company_id._coop_get_today(),
                "coop_closing_word": word.strip(),
                "active": False,
            }
        )
        return True

    def _check_own(self, project):
        # sudo: whose project it is, asked to refuse.
        if self not in project.sudo().coop_committee_ids:
            raise UserError(self.env._("This is a project of another committee."))

    def _dissolve(self, closing_word, merged_into=None):
        """Projects go on with the others; one that nobody carries any more ends."""
        res = super()._dissolve(closing_word, merged_into)
        # sudo: callers check who asks.
        for committee in self.sudo():
            for project in committee.project_ids.filtered(
                lambda p: not p.coop_ended_on
            ):
                if merged_into:
                    project.coop_committee_ids = [(4, merged_into.id)]
                elif not project.coop_committee_ids.filtered(
                    lambda c: not c.dissolved_on
                ):
                    project.write(
                        {
                            "coop_ended_on": committee.dissolved_on,
                            "coop_closing_word": closing_word.strip(),
                            "active": False,
                        }
                    )
        return res
