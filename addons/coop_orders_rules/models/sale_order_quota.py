# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _coop_check_limits(self):
        """The window's own limit too, whoever writes the line."""
        res = super()._coop_check_limits()
        if self._coop_are_limits_checked():
            return res
        # sudo: limits and totals.
        self.filtered("offer_id").order_id.sudo()._coop_check_quota()
        return res
