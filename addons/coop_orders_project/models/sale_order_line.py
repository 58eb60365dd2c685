# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    coop_milestone_ids = fields.One2many(
        "project.milestone",
        "sale_line_id",
        string="Milestones",
        help="Without a condition: what Odoo then follows, instead of searching the"
        " milestones of a line each time that its quantity changes.",
    )
