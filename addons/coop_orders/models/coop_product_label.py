# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopProductLabel(models.Model):
    """What members look for on a product: organic, PDO, fair trade, local…"""

    _name = "coop.product.label"
    _description = "Product Label"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Char(
        translate=True, help="What the label means, in a few words, for members."
    )
    icon = fields.Char(
        help="Name of a Font Awesome 4.7 icon, for instance fa-leaf.",
    )
    color = fields.Integer(help="One of Odoo's colours, from 0 to 11.")

    _name_unique = models.UniqueIndex("(name)", "This label already exists.")

    def _get_icon_class(self):
        """The icon's CSS classes, empty where the name is not plainly one."""
        self.ensure_one()
        name = (self.icon or "").strip()
        if not name.startswith("fa-") or not name.replace("-", "").isalnum():
            return ""
        return f"fa {name}"
