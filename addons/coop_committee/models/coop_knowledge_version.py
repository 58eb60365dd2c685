# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopKnowledgeVersion(models.Model):
    """A page as it was."""

    _name = "coop.knowledge.version"
    _description = "Version of a Page"
    _order = "id desc"

    page_id = fields.Many2one(
        "coop.knowledge.page", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="page_id.company_id", store=True)
    name = fields.Char(string="Title", required=True, readonly=True)
    body = fields.Text(string="Text", required=True, readonly=True)
    member_id = fields.Many2one(
        "res.partner",
        string="Written by",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def action_restore(self):
        """This text again, as a new version."""
        self.ensure_one()
        self.page_id.check_access("write")
        self.page_id.write({"name": self.name, "body": self.body})
        return True
