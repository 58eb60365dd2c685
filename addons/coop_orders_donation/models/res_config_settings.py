# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coop_donation_account_id = fields.Many2one(
        related="company_id.coop_donation_account_id", readonly=False
    )
    coop_donation_balance = fields.Monetary(related="company_id.coop_donation_balance")
    currency_id = fields.Many2one(related="company_id.currency_id")
