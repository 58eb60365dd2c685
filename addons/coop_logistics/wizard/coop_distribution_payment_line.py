# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_round

from odoo.addons.coop_orders.tools.weight import question_weight


class CoopDistributionPaymentLine(models.TransientModel):
    _name = "coop.distribution.payment.line"
    _description = "Basket Line to Hand Over"
    _order = "id"

    wizard_id = fields.Many2one(
        "coop.distribution.payment", required=True, ondelete="cascade"
    )
    sale_line_id = fields.Many2one(
        "sale.order.line", required=True, readonly=True, ondelete="cascade"
    )
    product_id = fields.Many2one(related="sale_line_id.product_id")
    product_uom_id = fields.Many2one(related="sale_line_id.product_uom_id")
    quantity_ordered = fields.Float(
        related="sale_line_id.product_uom_qty", string="Ordered"
    )
    quantity_allocated = fields.Float(related="sale_line_id.quantity_allocated")
    quantity = fields.Float(
        string="Handed Over",
        digits="Product Unit",
        help="What the member takes: as weighed, in the line's unit.",
    )
    price_unit = fields.Float(related="sale_line_id.price_unit")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    amount = fields.Monetary(compute="_compute_amount")
    is_different = fields.Boolean(compute="_compute_amount")

    @api.depends("quantity", "sale_line_id")
    def _compute_amount(self):
        for row in self:
            line = row.sale_line_id
            if not line:
                row.amount = 0.0
                row.is_different = False
                continue
            # sudo: the amount of a line that the user reads anyway.
            row.amount = line.order_id.sudo()._coop_compute_amount(
                {line.sudo(): row.quantity}
            )
            row.is_different = bool(
                line.product_uom_id.compare(row.quantity, line.product_uom_qty)
            )

    def _apply_quantities(self):
        """Write what was weighed or corrected on the baskets.

        :raise UserError: negative, or so much that it must be a slip of the hand
        """
        rows = self.filtered(lambda r: r.sale_line_id.order_id == r.wizard_id.order_id)
        for row in rows:
            row._check_quantity()
        # sudo: callers have checked who serves; quantities of this basket only.
        lines = rows.sale_line_id.sudo()
        lines.order_id._coop_prepare_deliveries()
        changes, missing = {}, {}
        for row in rows:
            line = row.sale_line_id.sudo()
            to_deliver = max(row.quantity - line.qty_delivered, 0.0)
            moves = line._coop_get_open_moves()
            # On the table though nobody has keyed in its reception: it goes as well.
            is_forgotten = to_deliver and not moves and line.product_id.type == "consu"
            if not is_forgotten and not row.product_uom_id.compare(
                row.quantity, line._coop_get_quantity_in_basket()
            ):
                continue
            if moves:
                uom = moves[0].product_uom
                changes[moves[0]] = float_round(
                    line.product_uom_id._compute_quantity(to_deliver, uom, round=False),
                    precision_rounding=uom.rounding,
                )
                changes.update(dict.fromkeys(moves[1:], 0.0))
            elif to_deliver:
                missing[line] = to_deliver
        lines._coop_add_to_basket(missing)
        # sudo: goods handed over at the table; referents hold no stock right
        moves = self.env["stock.move"].sudo().concat(*changes)
        moves._with_quant_book()._set_quantities_in_bulk(changes)
        moves.picked = True

    def _check_quantity(self):
        self.ensure_one()
        expected = max(self.quantity_allocated, self.quantity_ordered)
        if self.product_uom_id.compare(self.quantity, 0.0) < 0:
            raise UserError(
                self.env._(
                    "%(product)s: a quantity cannot be negative.",
                    product=self.product_id.display_name,
                )
            )
        question = question_weight(self.quantity, expected)
        kilogram = self.env.ref("uom.product_uom_kgm")
        # Of twenty pieces one may be all there is; a scale does not show 0.7 g of 700.
        is_weighed = self.product_uom_id._has_common_reference(kilogram)
        if question == "much" or (question and is_weighed):
            raise UserError(
                self.env._(
                    "%(quantity)s %(unit)s of %(product)s for %(expected)s ordered:"
                    " check the unit.",
                    quantity=self.quantity,
                    unit=self.product_uom_id.name,
                    product=self.product_id.display_name,
                    expected=expected,
                )
            )
