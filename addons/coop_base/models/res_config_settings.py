# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coop_tz = fields.Selection(
        related="company_id.coop_tz", readonly=False, required=True
    )
    coop_open_signup = fields.Boolean(
        related="company_id.coop_open_signup", readonly=False
    )
    coop_membership_product_id = fields.Many2one(
        related="company_id.coop_membership_product_id", readonly=False
    )
    coop_membership_period = fields.Selection(
        related="company_id.coop_membership_period", readonly=False, required=True
    )
