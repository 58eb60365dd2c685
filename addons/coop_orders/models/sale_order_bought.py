# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class CoopSaleOrderBought(models.AbstractModel):
    """Orders of which a part was already ordered from a producer.

    A window may be open while some producers have their order: one whose own deadline
    was earlier, or a window opened again. What they were ordered stays ordered.
    """

    _name = "coop.sale.order.bought"
    _description = "Member's Order: Already Ordered"

    def _coop_filter_bought(self):
        """Those in which something was ordered from its producer."""
        # sudo: whether it was, not how much nor at which price.
        lines = (
            self.env["sale.order.line"]
            .sudo()
            .search(
                [
                    ("order_id", "in", self.ids),
                    ("product_uom_qty", ">", 0),
                    (
                        "offer_id.purchase_line_ids",
                        "any",
                        [("order_id.state", "!=", "cancel")],
                    ),
                ]
            )
        )
        ids = set(lines.order_id.ids)
        return self.filtered(lambda order: order.id in ids)

    def _coop_check_not_bought(self):
        """:raise UserError: a part of it was already ordered from its producer"""
        # Opened again as a whole, the orders to producers follow at the next closing.
        # sudo: a date of the window.
        reopened = self.order_window_id.sudo().reopened_at
        if not reopened and self._coop_filter_bought():
            raise UserError(
                self.env._(
                    "A part of this order was already ordered from its producer: put"
                    " what can still be changed to 0, or ask your referent."
                )
            )
