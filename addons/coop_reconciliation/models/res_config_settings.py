# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coop_match_bills = fields.Boolean(
        related="company_id.coop_match_bills", readonly=False
    )
    coop_refuse_duplicates = fields.Boolean(
        related="company_id.coop_refuse_duplicates", readonly=False
    )
