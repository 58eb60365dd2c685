# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    coop_done_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null"
    )

    def _action_done(self):
        """Share out what a window's receipt brought, as soon as it is validated."""
        # Before the rest: what follows shares the goods out.
        self.coop_done_by_id = self.env.user
        res = super()._action_done()
        self._coop_allocate_received()
        return res

    def action_cancel(self):
        """A cancelled back order: nothing more is awaited."""
        res = super().action_cancel()
        self._coop_allocate_received()
        return res

    def _coop_allocate_received(self):
        incoming = self.filtered(
            lambda picking: (
                picking.state in ("done", "cancel")
                and picking.picking_type_code == "incoming"
            )
        )
        # sudo: who receives goods need not read purchase orders nor windows.
        windows = incoming.move_ids.purchase_line_id.sudo().order_id.order_window_id
        windows.filtered(lambda w: w.state in ("closed", "done"))._allocate()
