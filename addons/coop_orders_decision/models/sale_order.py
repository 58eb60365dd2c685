# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = [
        "coop.sale.order.give.up",
        "coop.sale.order.decide",
        "sale.order",
    ]

    def _coop_get_firm_lines(self):
        """Lines that a producer already has in an early order."""
        self.ensure_one()
        # sudo: a fact about the member's own order; members read no producers' rows.
        rows = self.order_window_id.sudo().supplier_ids.filtered("early_ordered_at")
        return self.order_line.filtered(
            lambda line: (
                line.offer_id.sudo().supplier_id in rows.partner_id
                and line.product_uom_qty > 0
            )
        )

    def _coop_cancel(self):
        """What a producer was already sent is not given up by one tap."""
        self.ensure_one()
        # Opened again as a whole, the orders to producers follow at the next closing.
        reopened = self.order_window_id.sudo().reopened_at
        if self.state in ("draft", "sent") and not reopened:
            self._coop_refuse_firm()
        return super()._coop_cancel()

    def _coop_refuse_firm(self):
        firm = self._coop_get_firm_lines()
        if firm:
            # sudo: names of producers, in the sentence
            raise UserError(
                self.env._(
                    "%(producers)s already has your order of %(products)s: that stays."
                    " Set the other products to 0 instead.",
                    producers=", ".join(
                        firm.offer_id.sudo().supplier_id.mapped("name")
                    ),
                    # sudo: names of products, as above.
                    products=", ".join(
                        firm.product_id.with_context(display_default_code=False)
                        .sudo()
                        .mapped("display_name")
                    ),
                )
            )

    def _coop_restore(self):
        """Taken back without what was ordered meanwhile from those who closed."""
        res = super()._coop_restore()
        # sudo: the member's own lines; members write none
        self._coop_get_firm_lines().sudo().unlink()
        return res

    def _coop_get_early_supplier(self):
        """Who closed, for the mail about a basket that was not confirmed."""
        return self._coop_get_about("early_supplier") or ""

    def _coop_get_early_products(self):
        """Names of the products that leave the basket with a producer's deadline."""
        self.ensure_one()
        ids = self._coop_get_about("early_line_ids") or []
        lines = self.order_line.filtered(lambda line: line.id in ids)
        return lines.product_id.with_context(display_default_code=False).mapped(
            "display_name"
        )
