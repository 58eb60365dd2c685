# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ProjectProject(models.Model):
    """A project is carried by members of one committee or of several."""

    _inherit = "project.project"

    coop_committee_ids = fields.Many2many(
        "coop.committee",
        "coop_committee_project_rel",
        "project_id",
        "committee_id",
        string="Committees",
        check_company=True,
        help="All members of the cooperative read what these committees are doing:"
        " the name, the description and how far it is, not the tasks.",
    )
    coop_ended_on = fields.Date(string="Ended on", readonly=True, copy=False)
    coop_closing_word = fields.Text(
        string="What became of it", readonly=True, copy=False
    )
