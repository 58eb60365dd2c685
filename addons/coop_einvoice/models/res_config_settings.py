# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coop_keep_einvoices = fields.Boolean(
        related="company_id.coop_keep_einvoices", readonly=False
    )
