# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CoopKnowledgePage(models.Model):
    """How things are done, written by those who do them. Each change is kept."""

    _name = "coop.knowledge.page"
    _description = "Page of Knowledge"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(string="Title", required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    body = fields.Text(string="Text", required=True)
    committee_id = fields.Many2one(
        "coop.committee",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    role_ids = fields.Many2many(
        "coop.shift.role", string="Roles", help="Shown during shifts of these roles."
    )
    version_ids = fields.One2many("coop.knowledge.version", "page_id", string="History")

    @api.model_create_multi
    def create(self, vals_list):
        pages = super().create(vals_list)
        pages.filtered(lambda page: not page.version_ids)._keep_version()
        return pages

    def write(self, vals):
        res = super().write(vals)
        if {"name", "body"} & set(vals) and "version_ids" not in vals:
            self._keep_version()
        return res

    def _keep_version(self):
        # sudo: history writes itself.
        self.env["coop.knowledge.version"].sudo().create(
            [
                {
                    "page_id": page.id,
                    "name": page.name,
                    "body": page.body,
                    "member_id": self.env.user.partner_id.id,
                }
                for page in self
            ]
        )

    def _prepare_text(self, member, name, body):
        """The text, and its version in the name of who wrote it."""
        text = {"name": name, "body": body}
        version = Command.create({**text, "member_id": member.id})
        return {**text, "version_ids": [version]}

    def _get_last_version(self):
        self.ensure_one()
        # sudo: pages and their history are read by all members.
        return (
            self.env["coop.knowledge.version"]
            .sudo()
            .search([("page_id", "=", self.id)], limit=1)
        )

    @api.model
    def _write_page(self, member, name, body, committee=None):
        name, body = (name or "").strip(), (body or "").strip()
        if not name or not body:
            raise UserError(self.env._("Give a title and a text."))
        # sudo: any member writes; callers say who, and history remembers.
        page = self.sudo().create(
            {
                **self._prepare_text(member, name, body),
                "company_id": member.company_id.id,
                "committee_id": committee.id if committee else False,
            }
        )
        # sudo: the page goes on as any member reads it.
        return page.with_env(self.sudo().env)

    def _improve(self, member, name, body, last_version):
        """Change a page, unless somebody did meanwhile."""
        self.ensure_one()
        name, body = (name or "").strip(), (body or "").strip()
        if not name or not body:
            raise UserError(self.env._("Give a title and a text."))
        # sudo: any member improves; callers say who, and history remembers.
        page = self.sudo()
        if page._get_last_version().id != last_version:
            raise UserError(
                self.env._(
                    "Somebody has changed this page meanwhile. Look at their text, then"
                    " add yours."
                )
            )
        if (page.name, page.body) != (name, body):
            page.write(self._prepare_text(member, name, body))
        return True
