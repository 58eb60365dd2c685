# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_orders.tools.weight import question_weight

from .coop_distribution_prepare import QUIET


class CoopCutPiece(models.Model):
    """A piece that is cut for a member: planned, then as it was weighed.

    The plan is kept once somebody has begun to cut. When the last piece of a basket's
    line is weighed, that is what is in the basket and what will be paid.
    """

    _name = "coop.cut.piece"
    _description = "Piece to Cut"
    _order = "product_id, block_number, weight_planned desc, id"

    distribution_id = fields.Many2one(
        "coop.distribution",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="distribution_id.company_id", store=True)
    window_id = fields.Many2one(related="distribution_id.window_id", store=True)
    sale_line_id = fields.Many2one(
        "sale.order.line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one(related="sale_line_id.product_id", store=True)
    partner_id = fields.Many2one(
        related="sale_line_id.order_id.partner_id", string="Member", store=True
    )
    member_number = fields.Char(related="partner_id.coop_number", string="Member No.")
    block_number = fields.Integer(string="Block", readonly=True)
    block_name = fields.Char(string="Lot", readonly=True)
    block_text = fields.Char(string="From", compute="_compute_block")
    block_weight = fields.Float(
        string="Block (kg)", readonly=True, digits=(16, 3), aggregator="max"
    )
    is_block_weighed = fields.Boolean(
        string="Block Weighed",
        readonly=True,
        help="Weighed at reception, not what it usually weighs.",
    )
    block_rest = fields.Float(
        string="Rest (kg)",
        help="What is left of the block.",
        compute="_compute_block",
        digits=(16, 3),
    )
    weight_planned = fields.Float(string="To Cut (kg)", readonly=True, digits=(16, 3))
    weight = fields.Float(
        string="Weighed (kg)", digits=(16, 3), help="As the scale shows it."
    )
    weighed_at = fields.Datetime(string="Weighed on", readonly=True)
    weighed_by_id = fields.Many2one(
        "res.users", string="Weighed by", readonly=True, ondelete="set null"
    )

    _weight_positive = models.Constraint(
        "CHECK (weight >= 0 AND weight_planned > 0)",
        "A piece weighs more than nothing.",
    )

    def _get_weight(self):
        """As weighed, else as planned, in kg."""
        self.ensure_one()
        return self.weight or self.weight_planned

    @api.depends("block_weight", "block_number", "block_name", "weight")
    @api.depends_context("lang")
    def _compute_block(self):
        # sudo: pieces of the same block at other points.
        others = self.sudo().search([("window_id", "in", self.window_id.ids)])
        used = {}
        for piece in others:
            key = piece._get_block_key()
            used[key] = used.get(key, 0.0) + piece._get_weight()
        for piece in self:
            rest = piece.block_weight - used.get(piece.sudo()._get_block_key(), 0.0)
            piece.block_rest = round(rest, 3)
            piece.block_text = self.env._(
                "Block %(number)s of %(weight)s%(lot)s",
                number=piece.block_number,
                weight=piece.distribution_id._format_grams(
                    round(piece.block_weight * 1000)
                ),
                lot=f", {piece.block_name}" if piece.block_name else "",
            )

    def _get_block_key(self):
        self.ensure_one()
        scope = self.window_id if self.is_block_weighed else self.distribution_id
        return (scope._name, scope.id, self.product_id.id, self.block_number)

    def write(self, vals):
        """The scale's weight of a piece: its basket follows.

        :raise UserError: so much that it must be grams, or handed over already
        """
        if set(vals) == {"weight"}:
            self.sale_line_id.order_id._coop_check_can_serve()
            self._check_weight(vals["weight"])
            vals = {
                **vals,
                "weighed_at": fields.Datetime.now() if vals["weight"] else False,
                "weighed_by_id": self.env.uid if vals["weight"] else False,
            }
            res = super().write(vals)
            # Pieces of the same block leave less of it.
            self.invalidate_model(["block_rest"])
            self._apply_to_baskets()
            return res
        return super().write(vals)

    def _check_weight(self, weight):
        for piece in self:
            # sudo: the state of a basket of the own distribution.
            if piece.sudo().sale_line_id.order_id.serve_state == "served":
                raise UserError(
                    self.env._(
                        "The basket of %s was handed over already.",
                        piece.partner_id.name,
                    )
                )
            if weight and question_weight(weight, piece.weight_planned):
                raise UserError(
                    self.env._(
                        "%(weight)s kg for a piece of %(planned)s kg: check the unit.",
                        weight=weight,
                        planned=piece.weight_planned,
                    )
                )

    def _apply_to_baskets(self):
        """Lines whose pieces are all weighed hold what the scale showed."""
        kilogram = self.env.ref("uom.product_uom_kgm")
        pieces = self.search([("sale_line_id", "in", self.sale_line_id.ids)])
        for line, own in pieces.grouped("sale_line_id").items():
            if any(not piece.weight for piece in own):
                continue
            quantity = kilogram._compute_quantity(
                sum(own.mapped("weight")), line.product_uom_id, round=False
            )
            wizard = (
                self.env["coop.distribution.payment"]
                .with_context(default_order_id=line.order_id.id)
                .create({})
            )
            row = wizard.line_ids.filtered(lambda x, own=line: x.sale_line_id == own)
            row.quantity = quantity
            row._apply_quantities()


class CoopDistributionCutPiece(models.AbstractModel):
    _name = "coop.distribution.cut.piece"
    _description = "Distribution: Pieces Cut"

    cut_piece_ids = fields.One2many(
        "coop.cut.piece", "distribution_id", string="Pieces to Cut", readonly=True
    )

    def action_cut(self):
        """Plan the cuts, unless somebody has begun, and weigh piece by piece."""
        self._check_can_run()
        self._coop_plan_cuts()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cut and Weigh"),
            "res_model": "coop.cut.piece",
            "view_mode": "list",
            "domain": [("distribution_id", "in", self.ids)],
            "context": {"search_default_by_product": 1},
        }

    def action_cut_again(self):
        """Forget the plan and the weights of the pieces, and plan anew."""
        self._check_can_run()
        # sudo: checked above.
        self.sudo().cut_piece_ids.unlink()
        return self.action_cut()

    def _coop_plan_cuts(self):
        """Keep the plan; what is weighed already is not planned again."""
        # sudo: callers have checked who runs these distributions.
        todo = self.sudo().with_context(**QUIET)
        pieces = todo.cut_piece_ids
        if any(piece.weight for piece in pieces):
            return
        vals_list = [
            {
                "distribution_id": piece["order"].distribution_id.id,
                "sale_line_id": piece["line"].id,
                "block_number": block["number"],
                "block_name": block["name"],
                "block_weight": block["weight"] / 1000,
                "is_block_weighed": block["is_weighed"],
                "weight_planned": piece["weight"] / 1000,
            }
            for row in todo._plan_cut_list()
            for block in row["blocks"]
            for piece in block["pieces"]
        ]
        pieces.unlink()
        # sudo: pieces are written by the cut plan only
        self.env["coop.cut.piece"].sudo().create(vals_list)

    def _get_cut_list(self):
        """Which piece comes out of which block, for these distributions together.

        As it was kept once wheels are shared out, else as it would be now. Called by
        reports; record rules decide what the user may print.

        :return: see :meth:`_plan_cut_list`
        """
        # sudo: pieces of distributions that the caller prints.
        pieces = self.sudo().cut_piece_ids
        # Planned for all points together, a point's paper says the same.
        if not any(piece.weight or piece.is_block_weighed for piece in pieces):
            return self._plan_cut_list()
        rows = []
        for product, own in pieces.grouped("product_id").items():
            blocks = []
            for (number, name, weight, weighed), cut in own.grouped(
                lambda p: (
                    p.block_number,
                    p.block_name,
                    p.block_weight,
                    p.is_block_weighed,
                )
            ).items():
                blocks.append(
                    {
                        "number": number,
                        "name": name or "",
                        "is_weighed": weighed,
                        "weight": round(weight * 1000),
                        "weight_text": self._format_grams(round(weight * 1000)),
                        "rest_text": self._format_grams(
                            max(round(cut[:1].block_rest * 1000), 0)
                        ),
                        "pieces": [
                            {
                                "line": piece.sale_line_id,
                                "order": piece.sale_line_id.order_id,
                                "weight": round(piece._get_weight() * 1000),
                                "weight_text": self._format_grams(
                                    round(piece._get_weight() * 1000)
                                ),
                                "is_cut": bool(piece.weight),
                            }
                            for piece in cut
                        ],
                    }
                )
            total = sum(round(piece._get_weight() * 1000) for piece in own)
            rest = sum(max(cut.block_rest, 0.0) for cut in self._get_blocks(own))
            rows.append(
                {
                    "product": product,
                    "block_text": self._format_grams(
                        round(product.coop_block_weight * 1000)
                    ),
                    "count": len(own),
                    "total_text": self._format_grams(total),
                    "rest_text": self._format_grams(round(rest * 1000)),
                    "whole_text": "",
                    "fewest": 0,
                    "blocks": sorted(blocks, key=lambda block: block["number"]),
                }
            )
        return sorted(rows, key=lambda row: row["product"].name)

    def _get_blocks(self, pieces):
        """One piece a block."""
        return [
            some[:1] for some in pieces.grouped(lambda p: p._get_block_key()).values()
        ]


class CoopOrderWindowCutPiece(models.AbstractModel):
    _name = "coop.order.window.cut.piece"
    _description = "Order Window: Pieces Cut"

    def action_cut(self):
        """For all points in one room: the weights of the wheels are known."""
        return self.distribution_ids.action_cut()
