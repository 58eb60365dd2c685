# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CoopReceptionRecount(models.TransientModel):
    """A count that was wrong, corrected after the reception, until the distribution.

    What follows from it follows again: the stock, what each member gets, the claim.
    """

    _name = "coop.reception.recount"
    _description = "Count a Reception Again"

    picking_id = fields.Many2one("stock.picking", required=True, ondelete="cascade")
    line_ids = fields.One2many("coop.reception.recount.line", "wizard_id")
    effect = fields.Text(compute="_compute_effect")

    @api.model
    def _open(self, picking):
        """The wizard of a reception, once it is sure that the user may correct it."""
        receiver = picking._coop_as_receiver()
        receiver._coop_check_can_recount()
        # sudo: checked above; lines of this reception only.
        wizard = self.sudo().create(
            {
                "picking_id": picking.id,
                "line_ids": [
                    (0, 0, {"move_id": move.id, "quantity": move.quantity})
                    for move in receiver.move_ids
                    if move.state == "done"
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Count again: %s", picking.origin or picking.name),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("line_ids.quantity")
    def _compute_effect(self):
        for wizard in self:
            sentences = []
            for line in wizard.line_ids:
                sentences += line._get_effects()
            wizard.effect = "\n".join(sentences) or self.env._("Nothing changes.")

    def action_apply(self):
        """Correct the stock, share out again, and bring the claim up to date."""
        self.ensure_one()
        picking = self.picking_id._coop_as_receiver()
        picking._coop_check_can_recount()
        changed = self.line_ids.filtered(lambda line: line._is_changed())
        for line in changed:
            line._check()
        if changed:
            picking._coop_recount({line.move_id: line.quantity for line in changed})
        return {"type": "ir.actions.act_window_close"}


class CoopReceptionRecountLine(models.TransientModel):
    _name = "coop.reception.recount.line"
    _description = "Line of a Reception Counted Again"

    wizard_id = fields.Many2one(
        "coop.reception.recount", required=True, ondelete="cascade"
    )
    move_id = fields.Many2one("stock.move", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="move_id.product_id", related_sudo=True)
    product_uom = fields.Many2one(
        related="move_id.product_uom", string="Unit", related_sudo=True
    )
    quantity_before = fields.Float(
        related="move_id.quantity", string="Counted", related_sudo=True
    )
    quantity_announced = fields.Float(
        related="move_id.quantity_announced", string="Announced", related_sudo=True
    )
    quantity = fields.Float(string="Counted again", digits="Product Unit")

    def _is_changed(self):
        # sudo: a quantity, for who counts.
        move = self.sudo().move_id
        return bool(move.product_uom.compare(self.quantity, move.quantity))

    def _check(self):
        """:raise UserError: negative, or so much that it cannot be meant"""
        # sudo: as above.
        move = self.sudo().move_id
        move._coop_check_count(self.quantity)

    def _get_effects(self):
        """What the correction of this line does, in sentences."""
        self.ensure_one()
        if not self._is_changed():
            return []
        # sudo: numbers of members and states of claims, for who counts.
        move = self.sudo().move_id
        more = self.quantity - move.quantity
        name = move.product_id.display_name
        unit = move.product_uom.name
        effects = [
            self.env._(
                "%(product)s: %(more)+g %(unit)s in stock.",
                product=name,
                more=more,
                unit=unit,
            )
        ]
        offer = move.purchase_line_id.offer_id
        orders = offer.line_ids.filtered(lambda line: line.state == "sale").order_id
        if orders:
            effects.append(
                self.env._(
                    "%(product)s: shared out again between %(count)s orders; members"
                    " whose share changes are told.",
                    product=name,
                    count=len(orders),
                )
            )
        for line in move.picking_id.claim_ids.line_ids.filtered(
            lambda line: line.stock_move_id == move
        ):
            effects.append(
                self.env._("The draft claim follows.")
                if line.claim_id.state == "draft"
                else self.env._(
                    "%(claim)s was sent: its buyer has a task to tell the producer.",
                    claim=line.claim_id.name,
                )
            )
        return effects
