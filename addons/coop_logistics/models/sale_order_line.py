# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import float_is_zero


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = [
        "coop.sale.order.line.prepare",
        "coop.sale.order.line.cut",
        "sale.order.line",
    ]

    @api.depends("order_window_id", "coop_donation")
    def _compute_qty_to_invoice(self):
        """What is collected is what is paid, whatever the product's policy says."""
        res = super()._compute_qty_to_invoice()
        for line in self:
            if (
                line.order_window_id
                and line.state == "sale"
                and not line.display_type
                and line.product_id.type != "combo"
            ):
                # A donation is due as it was promised: there is nothing to collect.
                due = line.product_uom_qty if line.coop_donation else line.qty_delivered
                line.qty_to_invoice = due - line.qty_invoiced
        return res

    def _coop_get_open_moves(self):
        return self.move_ids.filtered(
            lambda m: (
                m.state not in ("done", "cancel")
                and m.location_dest_id.usage == "customer"
            )
        )

    def _coop_get_quantity_in_basket(self):
        """What the member gets of this line, as far as one knows, in its unit.

        Handed over and still in the basket; before goods are shared out, what was
        ordered.
        """
        self.ensure_one()
        moves = self._coop_get_open_moves()
        if moves:
            return self.qty_delivered + sum(
                move.product_uom._compute_quantity(
                    move.quantity if move.picked else move.product_uom_qty,
                    self.product_uom_id,
                    round=False,
                )
                for move in moves
            )
        if self.order_id.serve_state == "served":
            # What was not taken is not in the basket any more.
            return self.qty_delivered
        if float_is_zero(self.qty_delivered, 6) and not self.offer_id.allocated_at:
            return self.product_uom_qty
        to_come = self._coop_get_quantity_to_deliver()[self]
        return self.qty_delivered + to_come

    def _coop_get_quantity_on_slip(self):
        """What the volunteers put into the basket (called by reports)."""
        self.ensure_one()
        if self.coop_donation:
            return 0.0
        # sudo: a quantity; a referent has no right on stock moves.
        return self.sudo()._coop_get_quantity_in_basket()

    def _coop_format_pieces(self, quantity):
        """A quantity as volunteers count it: "3", "1,5 kg", "2 pieces (0,4 kg)"."""
        self.ensure_one()
        # sudo: a weight; whoever may print the slip need not read offers.
        offer = self.offer_id.sudo()
        text = offer._format_quantity(quantity, self.product_uom_id)
        if offer.piece_weight:
            return self.env._(
                "%(count)s pc. (%(weight)s)",
                # Weighed, two pieces are still two pieces.
                count=max(round(quantity / offer.piece_weight), 1 if quantity else 0),
                weight=text,
            )
        return text
