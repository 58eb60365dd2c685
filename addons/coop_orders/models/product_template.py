# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = [
        "coop.product.template.information",
        "coop.order.snapshot.source",
        "product.template",
    ]

    coop_shelf_life_days = fields.Integer(
        string="Sold Within (days)",
        help="Days after its delivery during which it can be sold. The purchase planner"
        " does not order more than is sold by then. 0: it keeps.",
    )

    _coop_shelf_life_positive = models.Constraint(
        "CHECK (coop_shelf_life_days >= 0)", "A number of days cannot be negative."
    )
