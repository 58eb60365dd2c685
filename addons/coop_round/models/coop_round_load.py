# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

# Those who may read rounds: Odoo reads every field of an order that a user may see.
ROUND_READERS = (
    "coop_base.coop_base_group_member,coop_base.coop_base_group_referent,"
    "coop_base.coop_base_group_coordinator"
)


class CoopSaleOrderRoundLoad(models.AbstractModel):
    """Baskets that are brought home, and what a basket weighs."""

    _name = "coop.sale.order.round.load"
    _description = "Member's Order: Loading"

    coop_home_delivery = fields.Boolean(
        string="Brought Home",
        copy=False,
        tracking=True,
        help="A volunteer brings it to the delivery address.",
    )
    coop_delivery_wish = fields.Char(
        string="When, Where to Ring",
        copy=False,
        help='As the member says it, for instance "after 5 p.m., third floor".',
    )
    round_stop_ids = fields.One2many(
        "coop.round.stop", "order_id", string="Rounds", groups=ROUND_READERS
    )

    def _coop_get_load(self):
        """``(kg, m³)`` of these baskets, as far as one knows."""
        weight = volume = 0.0
        for line in self.order_line.filtered("product_id"):
            quantity = (
                line._coop_get_quantity_in_basket()
                if line.state == "sale"
                else line.product_uom_qty
            )
            one = line.product_id._coop_get_load(line.product_uom_id, quantity)
            weight += one[0]
            volume += one[1]
        return weight, volume


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    round_stop_ids = fields.One2many(
        "coop.round.stop", "purchase_id", string="Rounds", groups=ROUND_READERS
    )

    def _coop_get_load(self):
        """``(kg, m³)`` of what is still to come."""
        weight = volume = 0.0
        for line in self.order_line.filtered("product_id"):
            quantity = max(line.product_qty - line.qty_received, 0.0)
            one = line.product_id._coop_get_load(line.product_uom_id, quantity)
            weight += one[0]
            volume += one[1]
        return weight, volume


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _coop_get_load(self, uom, quantity):
        """``(kg, m³)`` of a quantity of this product."""
        self.ensure_one()
        kilogram = self.env.ref("uom.product_uom_kgm")
        if uom._has_common_reference(self.uom_id):
            own = uom._compute_quantity(quantity, self.uom_id, round=False)
        else:
            own = quantity
        if uom._has_common_reference(kilogram):
            weight = uom._compute_quantity(quantity, kilogram, round=False)
        else:
            weight = own * self.weight
        return weight, own * self.volume
