# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import float_round


class StockMove(models.Model):
    _inherit = "stock.move"

    quantity_announced = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity_announced",
        store=True,
        readonly=False,
        copy=False,
        help="Quantity on the supplier's delivery note, in the move's unit.",
    )
    discrepancy_quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_discrepancy_quantity",
        store=True,
        help="Counted less announced: negative when something is missing.",
    )
    discrepancy_reason_id = fields.Many2one(
        "coop.discrepancy.reason", copy=False, ondelete="restrict"
    )
    bill_match_ids = fields.One2many(
        "coop.bill.match",
        "stock_move_id",
        groups="account.group_account_invoice,account.group_account_readonly,"
        "purchase.group_purchase_user",
    )

    # Not on product_uom_qty: a backorder lowers what was asked, not what was announced.
    @api.depends("picking_id.delivery_note_ref")
    def _compute_quantity_announced(self):
        for move in self:
            if not move.picking_id.delivery_note_ref:
                move.quantity_announced = 0.0
            elif not move.quantity_announced:
                move.quantity_announced = move.product_uom_qty

    @api.depends(
        "quantity",
        "quantity_announced",
        "state",
        "picking_id.delivery_note_ref",
        "product_uom",
    )
    def _compute_discrepancy_quantity(self):
        for move in self:
            if move.state == "done" and move.picking_id.delivery_note_ref:
                move.discrepancy_quantity = float_round(
                    move.quantity - move.quantity_announced,
                    precision_rounding=move.product_uom.rounding or 0.01,
                )
            else:
                move.discrepancy_quantity = 0.0

    def _prepare_claim_line(self):
        """What is claimed about this move: what is missing, at the order's price."""
        self.ensure_one()
        line = self.purchase_line_id
        ordered = line.product_uom_qty
        price = line.price_subtotal / ordered if ordered else line.price_unit
        missing = -self.discrepancy_quantity
        if missing <= 0:
            missing = self.quantity
        # Each line with its own reason: damaged is not missing.
        name, reason = self.product_id.display_name, self.discrepancy_reason_id
        return {
            "product_id": self.product_id.id,
            "name": f"{name} ({reason.name})" if reason else name,
            "quantity": self.product_uom._compute_quantity(
                missing, self.product_id.uom_id, round=False
            ),
            "uom_id": self.product_id.uom_id.id,
            "price_unit": price,
            "tax_ids": [
                Command.set(line.tax_ids.filtered(lambda t: not t.price_include).ids)
            ],
            "stock_move_id": self.id,
            "purchase_line_id": line.id,
        }
