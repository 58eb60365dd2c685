# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class PurchaseOrderLine(models.Model):
    """What the producer says can be supplied: beside what was ordered, never over."""

    _inherit = "purchase.order.line"

    is_confirmed = fields.Boolean(
        string="Answered by the Producer", copy=False, readonly=True
    )
    quantity_confirmed = fields.Float(
        string="Confirmed",
        digits="Product Unit",
        copy=False,
        help="What the producer says can be supplied, in the unit of the line. The"
        " ordered quantity stays as it was.",
    )

    _quantity_confirmed_positive = models.Constraint(
        "CHECK (quantity_confirmed >= 0)",
        "A confirmed quantity cannot be negative.",
    )

    def write(self, vals):
        if "quantity_confirmed" in vals:
            # Zero is an answer too: "none this week".
            vals = {"is_confirmed": True, **vals}
        return super().write(vals)

    def _coop_get_supplied_quantity(self):
        """What is to be expected: as confirmed by the producer, else as ordered."""
        self.ensure_one()
        if not self.is_confirmed:
            return self.product_qty
        return min(self.quantity_confirmed, self.product_qty)

    def _coop_is_short(self):
        """Whether the producer supplies less than what is ordered."""
        self.ensure_one()
        return (
            self.is_confirmed
            and self.product_uom_id.compare(self.quantity_confirmed, self.product_qty)
            < 0
        )

    def _coop_check_confirmed(self, quantity):
        self.ensure_one()
        uom = self.product_uom_id
        if (
            uom.compare(quantity, 0.0) < 0
            or uom.compare(quantity, self.product_qty) > 0
        ):
            raise UserError(
                self.env._(
                    "%(product)s: write a quantity between 0 and %(ordered)s.",
                    product=self._coop_get_product_name(),
                    ordered=self.offer_id._format_quantity(self.product_qty, uom),
                )
            )

    def _coop_get_short_text(self):
        self.ensure_one()
        offer, uom = self.offer_id, self.product_uom_id
        return self.env._(
            "%(product)s: %(confirmed)s instead of %(ordered)s",
            product=self._coop_get_product_name(),
            confirmed=offer._format_quantity(self.quantity_confirmed, uom),
            ordered=offer._format_quantity(self.product_qty, uom),
        )
