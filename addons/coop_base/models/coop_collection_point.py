# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CoopCollectionPoint(models.Model):
    _name = "coop.collection.point"
    _description = "Collection Point"
    _inherit = ["mail.thread", "coop.kept.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Address",
        ondelete="restrict",
        check_company=True,
    )
    referent_ids = fields.Many2many(
        "res.partner",
        "coop_collection_point_referent_rel",
        "point_id",
        "partner_id",
        string="Referents",
        check_company=True,
        help="They hold the distributions of this point and see who collects there.",
    )
    group_ids = fields.Many2many(
        "coop.group",
        "coop_group_collection_point_rel",
        "point_id",
        "group_id",
        string="Local Groups",
        check_company=True,
    )
    has_cold_storage = fields.Boolean(string="Cold Storage")
    opening_note = fields.Char(
        string="Opening Hours",
        translate=True,
        help='As members read it, for instance "Thursday 17:30 to 19:00, side door".',
    )
    slot_capacity = fields.Integer(
        string="Members per Slot",
        help="How many members can collect in one slot. 0: no limit.",
    )
    member_ids = fields.One2many("res.partner", "collection_point_id", string="Members")
    member_count = fields.Integer(compute="_compute_member_count")

    _slot_capacity_positive = models.Constraint(
        "CHECK (slot_capacity >= 0)",
        "The number of members per slot cannot be negative.",
    )

    @api.depends("member_ids")
    def _compute_member_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                [
                    ("collection_point_id", "in", self.ids),
                    ("coop_is_active", "=", True),
                ],
                ["collection_point_id"],
                ["__count"],
            )
        )
        for point in self:
            point.member_count = counts.get(point, 0)

    def action_open_members(self):
        """Open the members who collect at these points."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_base.coop_member_action"
        )
        action["domain"] = [
            ("collection_point_id", "in", self.ids),
            ("coop_is_active", "=", True),
        ]
        return action
