# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_orders.tools.terms import REOPENING


class CoopOrderWindow(models.Model):
    """Opening a closed window again, also when producers have their orders."""

    _inherit = "coop.order.window"

    def action_ask_reopen(self):
        """The wizard that says what becomes of the orders to producers."""
        self.ensure_one()
        self._check_can_reopen()
        wizard = self.env["coop.order.reopen"].create({"window_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open %s Again", self.name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _check_can_reopen(self):
        self.ensure_one()
        self.check_access("write")
        if self.state != "closed":
            raise UserError(self.env._("Only a closed window can be opened again."))
        # sudo: states; the coordinator need not be in the warehouse.
        received = (
            self.sudo()
            ._get_live_purchase_orders()
            .picking_ids.filtered(lambda picking: picking.state == "done")
        )
        if received or self.allocated_at:
            raise UserError(
                self.env._(
                    "Goods of %(window)s have arrived: correct the orders one by one"
                    " instead of opening it again.",
                    window=self.name,
                )
            )

    def action_reopen(self):
        """Orders to producers are no obstacle once their change was agreed to."""
        confirmed = self.env.context.get("coop_reopen_confirmed") is REOPENING
        for window in self.filtered(lambda w: w.state == "closed"):
            if window._get_live_purchase_orders():
                window._check_can_reopen()
                if not confirmed:
                    return super().action_reopen()
                window.reopened_at = fields.Datetime.now()
        return super().action_reopen()

    def _get_purchase_orders_against_reopening(self):
        orders = super()._get_purchase_orders_against_reopening()
        return orders.filtered(lambda po: not po.order_window_id.reopened_at)

    def _create_purchase_orders(self, rows=None):
        created = super()._create_purchase_orders(rows)
        if self.reopened_at and rows is None:
            self._coop_amend_purchase_orders(created)
            self.reopened_at = False
        return created

    def _coop_amend_purchase_orders(self, created):
        """Have the orders that existed before the reopening follow the demand."""
        self.ensure_one()
        orders = self._get_live_purchase_orders() - created
        offers = self.offer_ids.filtered(
            lambda offer: offer.supplier_id in orders.partner_id
        )
        quantities = offers._get_expected_quantities_to_order()
        for order in orders:
            own = {
                offer: quantity
                for offer, quantity in quantities.items()
                if offer.supplier_id == order.partner_id
            }
            for offer, quantity in own.items():
                offer.quantity_to_order = quantity
            order._coop_amend(own)

    def _get_next_step_after_closing(self):
        """Orders to producers have to follow what members changed meanwhile."""
        step = super()._get_next_step_after_closing()
        return "order" if self.reopened_at and self.flow != "stock" else step
