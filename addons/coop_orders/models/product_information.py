# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopProductTemplateInformation(models.AbstractModel):
    """What members want to know of a product before they choose it."""

    _name = "coop.product.template.information"
    _description = "Product: Information"

    coop_label_ids = fields.Many2many("coop.product.label", string="Labels")
    coop_origin = fields.Char(
        string="Origin",
        translate=True,
        help="Where it was grown or made, as members read it: “Toul (54)”, “Spain”.",
    )
    coop_storage = fields.Selection(
        [
            ("dry", "Dry"),
            ("chilled", "Chilled"),
            ("frozen", "Frozen"),
        ],
        string="Storage",
        help="How it travels and waits until members collect it.",
    )
    coop_allergens = fields.Char(
        string="Allergens",
        translate=True,
        help="As on the pack: “milk, nuts”. Members read it.",
    )
    coop_net_quantity = fields.Float(
        string="Net Content",
        digits="Stock Weight",
        help="What one unit of the product holds, without the packaging; drained where"
        " it lies in a liquid. The price per kilogram or litre that French law asks"
        " (arrêté of 16 November 1999) comes from it. Empty: from the weight, else from"
        " the volume.",
    )
    coop_net_unit = fields.Selection(
        [
            ("g", "g"),
            ("kg", "kg"),
            ("ml", "ml"),
            ("cl", "cl"),
            ("l", "l"),
            ("m", "m"),
            ("piece", "pieces"),
        ],
        string="Unit of the Net Content",
    )

    _coop_net_quantity_positive = models.Constraint(
        "CHECK (coop_net_quantity >= 0)", "A net content cannot be negative."
    )
