# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_invoice_line(self, **optional_values):
        """A donation is no sale: it waits for who it is given to."""
        values = super()._prepare_invoice_line(**optional_values)
        if self.coop_donation:
            account = self.company_id._coop_get_donation_account()
            values["account_id"] = account.id
        return values
