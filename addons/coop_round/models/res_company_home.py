# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coop_home_cash = fields.Boolean(related="company_id.coop_home_cash", readonly=False)
    coop_home_cheque = fields.Boolean(
        related="company_id.coop_home_cheque", readonly=False
    )
    coop_home_keep_days = fields.Integer(
        related="company_id.coop_home_keep_days", readonly=False
    )
    coop_home_delivery = fields.Boolean(
        related="company_id.coop_home_delivery", readonly=False
    )
