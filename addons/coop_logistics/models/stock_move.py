# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class StockMove(models.Model):
    _name = "stock.move"
    _inherit = [
        "coop.stock.move.reception",
        "coop.stock.move.blocks",
        "coop.stock.move.leftover",
        "stock.move",
    ]

    coop_expected_quantity = fields.Float(
        digits="Product Unit", compute="_compute_coop_expected_quantity"
    )

    @api.depends(
        "quantity_announced", "product_uom_qty", "picking_id.delivery_note_ref"
    )
    def _compute_coop_expected_quantity(self):
        for move in self:
            move.coop_expected_quantity = move._coop_get_expected_quantity()

    @api.onchange("quantity")
    def _onchange_quantity_coop(self):
        """Whoever corrects a quantity on the reception screen has counted it."""
        if self.env.context.get("coop_reception"):
            self.picked = True

    def _coop_get_expected_quantity(self):
        """What a receipt should bring: as announced, else as ordered."""
        self.ensure_one()
        if self.picking_id.delivery_note_ref:
            return self.quantity_announced
        return self.product_uom_qty

    @api.depends("picking_id.delivery_note_ref")
    def _compute_quantity_announced(self):
        """The producer's own answer where there is one, else as ordered."""
        announced = self.filtered("quantity_announced")
        res = super()._compute_quantity_announced()
        (self - announced)._coop_announce_confirmed()
        return res

    def _coop_announce_confirmed(self):
        """What the producer confirmed, on receipts that are not counted yet."""
        moves = self.filtered(
            lambda m: (
                m.picking_id.delivery_note_ref
                and not m.picking_id.backorder_id
                and m.state not in ("done", "cancel")
            )
        )
        # sudo: a quantity of the order; volunteers read no purchase orders.
        for line, own in moves.grouped(lambda m: m.sudo().purchase_line_id).items():
            if not line.is_confirmed:
                continue
            left = line._coop_get_supplied_quantity()
            for move in own:
                share = min(
                    line.product_uom_id._compute_quantity(
                        left, move.product_uom, round=False
                    ),
                    move.product_uom_qty,
                )
                move.quantity_announced = move.product_uom.round(share)
                left -= move.product_uom._compute_quantity(
                    share, line.product_uom_id, round=False
                )
