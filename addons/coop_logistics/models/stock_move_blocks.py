# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# A wheel that weighs twice or half of what it should is a slip of the hand.
HEAVIEST, LIGHTEST = 2.0, 0.5


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    coop_is_block = fields.Boolean(
        string="Weighed Block",
        copy=False,
        help="One wheel, half wheel or slab, weighed by itself at reception.",
    )


class CoopStockMoveBlocks(models.AbstractModel):
    """Wheels are weighed one by one when they arrive."""

    _name = "coop.stock.move.blocks"
    _description = "Goods Moved: Wheels Weighed"

    def _coop_check_blocks(self, weights):
        usual = self.product_id.coop_block_weight
        for weight in weights:
            if not LIGHTEST * usual <= weight <= HEAVIEST * usual:
                raise UserError(
                    self.env._(
                        "A block of %(product)s of %(weight)s kg? They weigh about"
                        " %(usual)s kg.",
                        product=self.product_id.display_name,
                        weight=weight,
                        usual=usual,
                    )
                )

    def _coop_from_kilograms(self, weight):
        kilogram = self.env.ref("uom.product_uom_kgm")
        return kilogram._compute_quantity(weight, self.product_uom, round=False)

    def _coop_write_blocks(self, weights):
        """One move line a wheel, of the lot that was there."""
        self.ensure_one()
        first = self.move_line_ids[:1]
        vals = self._prepare_move_line_vals()
        vals.update(
            lot_id=first.lot_id.id,
            lot_name=first.lot_name,
            product_uom_id=self.product_uom.id,
            coop_is_block=True,
            picked=True,
        )
        self.move_line_ids = [
            Command.clear(),
            *(
                Command.create({**vals, "quantity": self._coop_from_kilograms(weight)})
                for weight in weights
            ),
        ]

    def _coop_get_blocks(self):
        """``[(grams, lot)]`` of the wheels that were weighed one by one."""
        kilogram = self.env.ref("uom.product_uom_kgm")
        blocks = []
        for line in self.move_line_ids.sorted("id"):
            usual = line.product_id.coop_block_weight
            weight = line.product_uom_id._compute_quantity(
                line.quantity, kilogram, round=False
            )
            # A lot of one wheel is a weighed wheel, too.
            lot = line.lot_id.name or line.lot_name or ""
            if line.coop_is_block or (
                lot and usual and LIGHTEST * usual <= weight <= HEAVIEST * usual
            ):
                blocks.append((round(weight * 1000), lot))
        return blocks


class CoopDistributionStockMoveBlocks(models.AbstractModel):
    _name = "coop.distribution.stock.move.blocks"
    _description = "Distribution: Wheels Weighed"

    def _get_received_blocks(self, product):
        """``[(grams, lot)]`` of the wheels that these distributions can cut.

        With several points, nobody knows which wheel goes where: then only those who
        cut for all points of the window together know their weights.
        """
        windows = self.window_id
        # sudo: weights; whoever cuts has no right on receipts nor on others' points.
        lines = self.env["sale.order.line"].sudo()
        elsewhere = lines.search_count(
            [
                ("order_window_id", "in", windows.ids),
                ("distribution_id", "not in", self.ids),
                ("product_id", "=", product.id),
                ("state", "=", "sale"),
                ("product_uom_qty", ">", 0),
            ],
            limit=1,
        )
        if elsewhere:
            return []
        # sudo: producers' orders; who cuts does not buy
        moves = windows.sudo().purchase_order_ids.picking_ids.move_ids.filtered(
            lambda m: (
                m.product_id == product
                and m.picking_id.picking_type_code == "incoming"
                and m.state != "cancel"
                and m.picked
            )
        )
        return moves._coop_get_blocks()
