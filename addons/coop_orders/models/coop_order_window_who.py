# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopOrderWindow(models.Model):
    """Who did each step that the board ticks."""

    _inherit = "coop.order.window"

    allocated_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null"
    )

    def write(self, vals):
        if vals.get("allocated_at"):
            vals = {"allocated_by_id": self.env.uid, **vals}
        return super().write(vals)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    coop_sent_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null"
    )

    def write(self, vals):
        if vals.get("coop_sent_at"):
            vals = {"coop_sent_by_id": self.env.uid, **vals}
        return super().write(vals)


class StockPicking(models.Model):
    _inherit = "stock.picking"

    coop_done_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null"
    )

    def _action_done(self):
        # Before the rest: what follows shares the goods out.
        self.coop_done_by_id = self.env.user
        return super()._action_done()
