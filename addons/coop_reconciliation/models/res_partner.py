from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    match_policy_ids = fields.One2many(
        "coop.match.policy", "partner_id", string="Matching Policy"
    )
