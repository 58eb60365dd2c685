# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.coop_base.tools.localtime import format_local


class CoopOrderWindowSupplierDecide(models.AbstractModel):
    _name = "coop.order.window.decide"
    _description = "Order Window: Decisions"

    def _coop_format_closes_at(self):
        """The deadline, as members read it; of one producer in a mail about that."""
        self.ensure_one()
        # sudo: a deadline, for the mail to a member.
        row = self.env["sale.order"]._coop_get_extended_supplier().sudo()
        if row.closes_at and row.window_id == self:
            return format_local(self.env, row.closes_at, self.company_id)
        return format_local(self.env, self.closes_at, self.company_id)

    def _coop_unconfirm_orders(self):
        """Confirmed orders go back to validated: their members can change them."""
        # sudo: orders go back as a whole, nobody's own data is shown.
        orders = self.sudo().order_ids.filtered(lambda order: order.state == "sale")
        orders.with_context(tracking_disable=True).write({"state": "sent"})


class CoopSaleOrderDecide(models.AbstractModel):
    _name = "coop.sale.order.decide"
    _description = "Member's Order: Decisions"

    def _coop_get_extended_supplier(self):
        """The producer's row a notice of a longer deadline is about."""
        return self.env["coop.order.window.supplier"].browse(
            self._coop_get_about("extended_supplier_id", [])
        )
