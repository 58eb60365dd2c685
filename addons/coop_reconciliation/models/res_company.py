from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    match_policy_ids = fields.One2many(
        "coop.match.policy", "company_id", string="Matching Policies"
    )
