# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = [
        "coop.stock.picking.reception",
        "stock.picking",
    ]

    distribution_id = fields.Many2one(
        related="sale_id.distribution_id", store=True, index="btree_not_null"
    )
    coop_window_id = fields.Many2one(
        "coop.order.window",
        string="Order Window",
        related="purchase_id.order_window_id",
        related_sudo=True,
    )
    coop_counted_count = fields.Integer(compute="_compute_coop_counted")
    coop_line_count = fields.Integer(compute="_compute_coop_counted")

    def _compute_coop_counted(self):
        for picking in self:
            moves = picking.move_ids.filtered(lambda m: m.state != "cancel")
            picking.coop_line_count = len(moves)
            picking.coop_counted_count = len(moves.filtered("picked"))

    # ------------------------------------------------------------------
    # Reception by volunteers
    # ------------------------------------------------------------------

    def action_coop_all_good(self):
        """Everything that was not counted yet is as announced, or as ordered."""
        for picking in self:
            moves = picking.move_ids.filtered(
                lambda m: m.state not in ("done", "cancel") and not m.picked
            )
            for move in moves:
                expected = move._coop_get_expected_quantity()
                if move.product_uom.compare(move.quantity, expected):
                    move.quantity = expected
            moves.picked = True
        return True

    def action_coop_receive(self):
        """What was counted goes to stock; nothing more is awaited."""
        return self._coop_receive(backorder=False)

    def action_coop_receive_partly(self):
        """What was counted goes to stock; the rest is still awaited."""
        return self._coop_receive(backorder=True)

    def _coop_receive(self, backorder):
        for picking in self:
            if picking.state in ("done", "cancel"):
                continue
            if not picking.delivery_note_ref:
                raise UserError(
                    self.env._("Copy the number of the delivery note first.")
                )
            uncounted = picking.move_ids.filtered(
                lambda m: m.state not in ("done", "cancel") and not m.picked
            )
            if uncounted and not backorder:
                raise UserError(
                    self.env._(
                        "Not counted yet: %(products)s. Count them, or tap “All good”.",
                        products=", ".join(
                            uncounted.product_id.mapped("display_name")[:5]
                        ),
                    )
                )
        todo = self.filtered(lambda p: p.state not in ("done", "cancel"))
        if not backorder:
            todo = todo.with_context(picking_ids_not_to_backorder=todo.ids)
        return todo.with_context(skip_backorder=True).button_validate()

    def _send_confirmation_email(self):
        """No mail nor paid text message a basket: its member stands at the till."""
        others = self.filtered(lambda p: not p.distribution_id)
        return super(StockPicking, others)._send_confirmation_email()
