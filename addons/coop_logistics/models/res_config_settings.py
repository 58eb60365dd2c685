# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coop_chilled_max = fields.Float(
        related="company_id.coop_chilled_max", readonly=False
    )
    coop_frozen_max = fields.Float(related="company_id.coop_frozen_max", readonly=False)
