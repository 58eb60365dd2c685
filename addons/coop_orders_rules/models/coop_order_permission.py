# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopOrderPermission(models.Model):
    """An exception: a member whom the rules refuse may order in one window."""

    _name = "coop.order.permission"
    _description = "Permission to Order"
    _order = "id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    window_id = fields.Many2one(
        "coop.order.window",
        string="Order Window",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="window_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('coop_is_active', '=', True)]",
    )
    reason = fields.Char(required=True, help="Why this member may order all the same.")
    user_id = fields.Many2one(
        "res.users",
        string="Given by",
        default=lambda self: self.env.user,
        readonly=True,
        required=True,
        ondelete="restrict",
    )

    _one_per_member = models.Constraint(
        "UNIQUE (window_id, partner_id)",
        "This member already has an exception in this window.",
    )
