# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..tools.cutting import Piece, fewest_blocks, plan_cuts, split_large

# Labels of an A4 sheet: 3 × 8 of 70 × 37 mm.
LABEL_COLUMNS = 3
LABEL_ROWS = 8


class ProductTemplate(models.Model):
    _inherit = "product.template"

    coop_block_weight = fields.Float(
        string="Cut from Blocks of (kg)",
        digits=(16, 3),
        help="What a wheel, a half wheel or a slab weighs as delivered: a cut list then"
        " says which member's piece comes out of which block. 0: nothing to cut.",
    )

    _coop_block_weight_positive = models.Constraint(
        "CHECK (coop_block_weight >= 0)", "A block weighs more than nothing."
    )


class CoopDistributionCut(models.AbstractModel):
    """Wheels of cheese cut into the weights that members get."""

    _name = "coop.distribution.cut"
    _description = "Distribution: Cutting"

    def _plan_cut_list(self):
        """Which piece would come out of which block now.

        :return: ``[{'product', 'block_text', 'count', 'total_text', 'rest_text',
            'fewest', 'whole_text', 'blocks': [{'number', 'name', 'weight',
            'weight_text', 'is_weighed', 'rest_text', 'pieces': [{'line', 'order',
            'weight', 'weight_text'}]}]}]``, products by name; weights in grams
        """
        pieces = {}
        for order in self._get_cut_orders():
            for line in order.order_line:
                product = line.product_id
                if product.coop_block_weight > 0:
                    pieces.setdefault(product, []).extend(line._coop_get_pieces())
        return [
            self._prepare_cut_product(product, some)
            for product, some in sorted(pieces.items(), key=lambda item: item[0].name)
            if some
        ]

    def _get_cut_orders(self):
        """Orders to cut for, point by point, as members come."""
        orders = self.env["sale.order"]
        for distribution in self.sorted(lambda d: (d.date_start, d.id)):
            orders += distribution._get_slip_orders()
        return orders

    def _prepare_cut_product(self, product, pieces):
        block_weight = round(product.coop_block_weight * 1000)
        known = self._get_received_blocks(product)
        blocks = plan_cuts(pieces, block_weight, [weight for weight, _name in known])
        rows = []
        for number, block in enumerate(blocks, 1):
            own = next((row for row in known if row[0] == block.weight), None)
            if own:
                known.remove(own)
            rows.append(
                {
                    "number": number,
                    "name": own[1] if own else "",
                    "is_weighed": bool(own),
                    "weight": block.weight,
                    "weight_text": self._format_grams(block.weight),
                    "rest_text": self._format_grams(block.rest),
                    "pieces": [
                        {
                            "line": piece.key,
                            "order": piece.key.order_id,
                            "weight": piece.weight,
                            "weight_text": self._format_grams(piece.weight),
                        }
                        for piece in block.pieces
                    ],
                }
            )
        return {
            "product": product,
            "block_text": self._format_grams(block_weight),
            "count": sum(len(block.pieces) for block in blocks),
            "total_text": self._format_grams(sum(piece.weight for piece in pieces)),
            "rest_text": self._format_grams(sum(block.rest for block in blocks)),
            # Weighed and not cut: they stay whole.
            "whole_text": ", ".join(self._format_grams(weight) for weight, _n in known),
            "fewest": fewest_blocks(split_large(pieces, block_weight), block_weight),
            "blocks": rows,
        }

    def _format_grams(self, grams):
        """As on a scale: "350 g", "1,250 kg"."""
        Offer = self.env["coop.order.offer"]
        if grams < 1000:
            return self.env._("%s g", Offer._format_number(grams))
        return self.env._("%s kg", Offer._format_number(grams / 1000))

    def _get_label_pages(self, labels):
        """Labels as pages of rows of cells; what is missing on the last is None."""
        size = LABEL_COLUMNS * LABEL_ROWS
        pages = []
        for start in range(0, len(labels), size):
            page = labels[start : start + size]
            page += [None] * (-len(page) % LABEL_COLUMNS)
            pages.append(
                [
                    page[row : row + LABEL_COLUMNS]
                    for row in range(0, len(page), LABEL_COLUMNS)
                ]
            )
        return pages

    def _get_piece_labels(self):
        """A label a piece, in the order in which they are cut."""
        return [
            {
                "order": piece["order"],
                "title": row["product"]
                .with_context(display_default_code=False)
                .display_name,
                "text": piece["weight_text"],
                "note": self._get_piece_note(piece, block),
            }
            for row in self._get_cut_list()
            for block in row["blocks"]
            for piece in block["pieces"]
        ]

    def _get_piece_note(self, piece, block):
        """Which block it comes from; once weighed, what it costs."""
        if not piece.get("is_cut"):
            return self.env._("block %s", block["number"])
        line = piece["line"]
        kilogram = self.env.ref("uom.product_uom_kgm")
        quantity = kilogram._compute_quantity(
            piece["weight"] / 1000, line.product_uom_id, round=False
        )
        return line.currency_id.format(
            line.order_id._coop_compute_amount({line: quantity})
        )

    def _get_basket_labels(self):
        """A label a basket, as members come."""
        return [
            {
                "order": order,
                "title": order.partner_id.name,
                "text": order.coop_member_number or "",
                "note": order._format_slot() if order.slot_id else "",
            }
            for order in self._get_cut_orders()
        ]


class CoopOrderWindowCut(models.AbstractModel):
    _name = "coop.order.window.cut"
    _description = "Order Window: Cutting"

    def _get_cut_list(self):
        """The same for all the points of these windows, cut in one room."""
        return self.distribution_ids._get_cut_list()


class CoopSaleOrderLineCut(models.AbstractModel):
    _name = "coop.sale.order.line.cut"
    _description = "Line of an Order: Cutting"

    def _coop_get_pieces(self):
        """What to cut for this line: :class:`Piece` each, in whole grams.

        Ordered by the piece, it is as many pieces; by weight, one.
        """
        self.ensure_one()
        kilogram = self.env.ref("uom.product_uom_kgm")
        if not self.product_uom_id._has_common_reference(kilogram):
            return []
        # sudo: weights; whoever may print the slip need not read offers.
        line = self.sudo()
        to_grams = line.product_uom_id._compute_quantity(1.0, kilogram, round=False)
        to_grams *= 1000
        left = round(line._coop_get_quantity_on_slip() * to_grams)
        piece = round(line.offer_id.piece_weight * to_grams) or left
        pieces = []
        while left > 0:
            pieces.append(Piece(self, min(piece, left)))
            left -= piece
        return pieces
