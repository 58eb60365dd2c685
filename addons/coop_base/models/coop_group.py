# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CoopGroup(models.Model):
    _name = "coop.group"
    _description = "Local Group"
    _inherit = ["mail.thread", "coop.kept.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, help="A short code, for lists and slips.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    referent_ids = fields.Many2many(
        "res.partner",
        "coop_group_referent_rel",
        "group_id",
        "partner_id",
        string="Referents",
        check_company=True,
        help="They see the members of this group and are told of those to call.",
    )
    collection_point_ids = fields.Many2many(
        "coop.collection.point",
        "coop_group_collection_point_rel",
        "group_id",
        "point_id",
        string="Collection Points",
        check_company=True,
    )
    member_ids = fields.One2many("res.partner", "coop_group_id", string="Members")
    member_count = fields.Integer(compute="_compute_member_count")
    note = fields.Html(string="Notes")

    _code_unique = models.Constraint(
        "UNIQUE (company_id, code)",
        "Another local group already has this code.",
    )

    @api.depends("member_ids")
    def _compute_member_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                [("coop_group_id", "in", self.ids), ("coop_is_active", "=", True)],
                ["coop_group_id"],
                ["__count"],
            )
        )
        for group in self:
            group.member_count = counts.get(group, 0)

    def action_open_members(self):
        """Open the members of these groups."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_base.coop_member_action"
        )
        action["domain"] = [
            ("coop_group_id", "in", self.ids),
            ("coop_is_active", "=", True),
        ]
        return action
