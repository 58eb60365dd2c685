# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CoopOrderCorrection(models.TransientModel):
    """One member's order after the closing: new quantities, and what they change."""

    _name = "coop.order.correction"
    _description = "Correction of an Order after the Closing"
    _inherit = "coop.purchase.effect"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="cascade"
    )
    # Not related: who corrects an order need not have a right on sales.
    member_name = fields.Char(string="Member", readonly=True)
    window_id = fields.Many2one(
        "coop.order.window", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="window_id.currency_id")
    line_ids = fields.One2many("coop.order.correction.line", "correction_id")
    cancel_all = fields.Boolean(
        string="Cancel the Whole Order", help="Every quantity becomes 0."
    )
    keep_purchases = fields.Boolean(
        string="Leave the Orders to Producers as They Are",
        help="What is less stays with the cooperative; what is more comes from what is"
        " left over.",
    )
    reason = fields.Char(help="The member reads it.")
    effect = fields.Html(compute="_compute_effect", sanitize=False)
    amount_before = fields.Monetary(compute="_compute_effect")
    amount_after = fields.Monetary(compute="_compute_effect")

    @api.model
    def _create_for(self, order):
        """The wizard of an order that the caller may correct."""
        # sudo: the quantities of this one order, for who corrects it.
        order = order.sudo()
        return self.create(
            {
                "order_id": order.id,
                "member_name": order.partner_id.name,
                "window_id": order.order_window_id.id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "offer_id": line.offer_id.id,
                            "quantity_before": line.product_uom_qty,
                            "quantity": line.product_uom_qty,
                        },
                    )
                    for line in order.order_line
                    if line.offer_id
                ],
            }
        )

    def _get_quantities(self):
        """``{offer: new quantity}`` as the wizard says."""
        self.ensure_one()
        return {
            line.offer_id: 0.0 if self.cancel_all else line.quantity
            for line in self.line_ids
            if line.offer_id
        }

    @api.depends(
        "line_ids.quantity", "line_ids.offer_id", "cancel_all", "keep_purchases"
    )
    def _compute_effect(self):
        for wizard in self:
            before = {line.offer_id: line.quantity_before for line in wizard.line_ids}
            change, offers = {}, self.env["coop.order.offer"]
            for offer, quantity in wizard._get_quantities().items():
                more = quantity - before[offer]
                if offer.product_uom_id.compare(more, 0.0) != 0:
                    change[offer.id] = (more, 0.0)
                    offers |= offer._origin
            rows = wizard._get_effect_rows(offers, change, wizard.keep_purchases)
            wizard.effect = wizard._format_effect_rows(rows)
            wizard.amount_before = sum(
                line.quantity_before * line.price_unit for line in wizard.line_ids
            )
            wizard.amount_after = sum(
                quantity * offer.price_unit
                for offer, quantity in wizard._get_quantities().items()
            )

    def action_apply(self):
        self.ensure_one()
        self.order_id._coop_correct(
            self._get_quantities(),
            reason=self.reason or "",
            keep_purchases=self.keep_purchases,
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class CoopOrderCorrectionLine(models.TransientModel):
    _name = "coop.order.correction.line"
    _description = "Product in a Correction"

    correction_id = fields.Many2one(
        "coop.order.correction", required=True, ondelete="cascade"
    )
    window_id = fields.Many2one(related="correction_id.window_id")
    offer_id = fields.Many2one(
        "coop.order.offer",
        string="Product",
        required=True,
        ondelete="cascade",
        domain="[('window_id', '=', window_id)]",
    )
    supplier_id = fields.Many2one(related="offer_id.supplier_id", string="Producer")
    product_uom_id = fields.Many2one(related="offer_id.product_uom_id", string="Unit")
    currency_id = fields.Many2one(related="offer_id.currency_id")
    price_unit = fields.Float(related="offer_id.price_unit")
    quantity_before = fields.Float(
        string="Ordered", digits="Product Unit", readonly=True
    )
    quantity = fields.Float(string="Would Be", digits="Product Unit")

    _offer_unique = models.Constraint(
        "UNIQUE (correction_id, offer_id)",
        "This product is already in the order: change its quantity.",
    )
