# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _update_line_quantity(self, values):
        """A member's order is changed by its own methods, which say it better."""
        if self.env.su and self.order_id.order_window_id:
            return None
        return super()._update_line_quantity(values)


class CoopOrderOfferCorrect(models.AbstractModel):
    _name = "coop.order.offer.correct"
    _description = "Offer: Corrections"

    def _coop_check_correction(self, more, keep_purchases):
        """Whether ``more`` can still be had, in one sentence if not."""
        self.ensure_one()
        if self.product_uom_id.compare(more, 0.0) <= 0:
            return
        stage, _order = self._coop_get_purchase_stage()[self]
        product = self.product_id.display_name
        if self.is_given_up:
            raise UserError(
                self.env._(
                    "%(product)s was given up: it cannot be ordered any more.",
                    product=product,
                )
            )
        if stage != "received" and not keep_purchases:
            return
        if stage in ("received", "stock"):
            left = self._get_left_over()
        else:
            ordered = self._read_demand_totals().get(self.id, (0.0,))[0]
            left = max(self.quantity_to_order - ordered, 0.0)
        if self.product_uom_id.compare(more, left) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: only %(left)s is left over, and the producer is not"
                    " asked for more.",
                    product=product,
                    left=self._format_quantity(left),
                )
            )
