# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models

from odoo.addons.coop_orders.tools.terms import REOPENING


class CoopOrderReopen(models.TransientModel):
    """Opening a window again, with what becomes of the orders to producers."""

    _name = "coop.order.reopen"
    _description = "Opening of a Closed Window Again"
    _inherit = "coop.purchase.effect"

    window_id = fields.Many2one(
        "coop.order.window", required=True, readonly=True, ondelete="cascade"
    )
    closes_at = fields.Datetime(
        string="New Deadline", compute="_compute_closes_at", store=True, readonly=False
    )
    order_count = fields.Integer(related="window_id.order_count")
    effect = fields.Html(compute="_compute_effect", sanitize=False)

    @api.depends("window_id")
    def _compute_closes_at(self):
        now = fields.Datetime.now()
        for wizard in self:
            wizard.closes_at = max(
                wizard.window_id.closes_at or now, fields.Datetime.add(now, days=1)
            )

    @api.depends("window_id")
    def _compute_effect(self):
        for wizard in self:
            # sudo: which orders there are, for who may write on the window.
            orders = wizard.window_id.sudo()._get_live_purchase_orders()
            wizard.effect = wizard._format_orders(orders)

    def _format_orders(self, orders):
        """One line an order to a producer: what becomes of it."""
        rows = []
        for order in orders.sorted("name"):
            amount = order.currency_id.format(order.amount_untaxed)
            values = {
                "order": order.name,
                "producer": order.partner_id.name,
                "amount": amount,
            }
            if order.coop_sent_at:
                rows.append(
                    self.env._(
                        "%(producer)s, %(order)s (%(amount)s) was sent: at the next"
                        " closing, what differs is sent again to the producer.",
                        **values,
                    )
                )
            else:
                rows.append(
                    self.env._(
                        "%(producer)s, %(order)s (%(amount)s) is a draft: it is"
                        " updated at the next closing.",
                        **values,
                    )
                )
        return self._format_list(rows) or self.env._(
            "No order to a producer exists yet: nothing else changes."
        )

    def _format_list(self, texts):
        items = Markup("").join(Markup("<li>%s</li>") % text for text in texts)
        return Markup("<ul class='mb-0'>%s</ul>") % items if texts else ""

    def action_apply(self):
        self.ensure_one()
        window = self.window_id
        if window.state == "closed":
            window.closes_at = self.closes_at
            window.with_context(coop_reopen_confirmed=REOPENING).action_reopen()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
