# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    is_coop_extra = fields.Boolean(
        string="Left-over",
        copy=False,
        readonly=True,
        help="Taken on the day, from what was left over.",
    )
