# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    match_policy_ids = fields.One2many(
        "coop.match.policy",
        "partner_id",
        string="Matching Policy",
        groups="account.group_account_invoice,purchase.group_purchase_user",
    )
