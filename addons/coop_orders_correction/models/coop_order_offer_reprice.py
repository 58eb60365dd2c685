# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models

from odoo.addons.coop_base.tools.localtime import format_local


class CoopSaleOrderReprice(models.AbstractModel):
    _name = "coop.sale.order.reprice"
    _description = "Member's Order: New Prices"

    def _coop_get_repriced_lines(self):
        """Lines of the offers whose price has just changed (for the mail)."""
        self.ensure_one()
        changes = self._coop_get_about("price_changes") or {}
        return self.order_line.filtered(
            lambda line: line.offer_id.id in changes and line.product_uom_qty > 0
        )

    def _coop_format_old_price(self, line):
        """The price of a line before the change that a mail tells of."""
        changes = self._coop_get_about("price_changes") or {}
        old = changes.get(line.offer_id.id, (line.price_unit,))[0]
        return self.currency_id.format(old)

    def _coop_format_change_deadline(self):
        """Until when this order can be changed, or an empty text."""
        self.ensure_one()
        window = self.order_window_id
        if not window._is_taking_orders() or self.state not in ("draft", "sent"):
            return ""
        offers = self._coop_get_repriced_lines().offer_id
        deadline = min([window.closes_at, *offers.mapped("closes_at")])
        return format_local(self.env, deadline, window.company_id)
