# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coop_order_fee_required = fields.Boolean(
        related="company_id.coop_order_fee_required", readonly=False
    )
    coop_order_charter_required = fields.Boolean(
        related="company_id.coop_order_charter_required", readonly=False
    )
    coop_order_debt_rule = fields.Selection(
        related="company_id.coop_order_debt_rule", readonly=False, required=True
    )
    coop_order_debt_max = fields.Monetary(
        related="company_id.coop_order_debt_max",
        readonly=False,
        currency_field="company_currency_id",
    )
