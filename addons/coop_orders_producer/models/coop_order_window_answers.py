# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CoopOrderWindow(models.Model):
    """What the producers answered, on the board of the window."""

    _inherit = "coop.order.window"

    def _get_purchase_attention(self):
        orders = self._get_live_purchase_orders()
        items = [
            (
                "fa-exclamation-triangle text-danger",
                self.env._(
                    "%(producer)s cannot supply everything: %(text)s",
                    producer=line.order_id.partner_id.name,
                    text=line._coop_get_short_text(),
                ),
            )
            for line in orders.order_line
            if line._coop_is_short()
        ]
        waiting = orders.filtered(
            lambda o: (
                o.coop_confirmation_state == "waiting" and not o._coop_is_received()
            )
        )
        if waiting:
            items.append(
                (
                    "fa-clock-o",
                    self.env._(
                        "Not confirmed yet by: %(producers)s",
                        producers=", ".join(waiting.partner_id.mapped("name")),
                    ),
                )
            )
        return items

    def _get_board_steps(self):
        """With the producers' answers, between what was sent and what arrives."""
        steps = super()._get_board_steps()
        # sudo: as in the board.
        orders = self.sudo()._get_live_purchase_orders().filtered("coop_sent_at")
        if not orders:
            return steps
        # Goods that are there need no announcement any more.
        answered = orders.filtered(
            lambda o: o.coop_confirmation_state != "waiting" or o._coop_is_received()
        )
        step = (
            answered == orders,
            self.env._("Confirmed by the producers"),
            self.env._("%(done)s of %(count)s", done=len(answered), count=len(orders)),
        )
        return [*steps[:4], step, *steps[4:]]
