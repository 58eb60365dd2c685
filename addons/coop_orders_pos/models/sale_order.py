# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _compute_amount_unpaid(self):
        """Nothing is invoiced nor paid of an order that its window still keeps open.

        Spares each change of a basket the invoices and till orders that there are not.
        """
        open_orders = self.filtered(
            lambda order: order.order_window_id and order.state in ("draft", "sent")
        )
        for order in open_orders:
            order.amount_unpaid = order.amount_total
        return super(SaleOrder, self - open_orders)._compute_amount_unpaid()
