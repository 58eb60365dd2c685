# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CoopBillMatch(models.Model):
    """One row per bill line and receipt move: this line pays for that reception.

    A link, never a change: the bill line keeps its quantity, price, taxes and amount.
    """

    _name = "coop.bill.match"
    _description = "Bill Match"
    _order = "bill_id, bill_line_id, id"
    _check_company_auto = True

    bill_line_id = fields.Many2one(
        "account.move.line", required=True, ondelete="cascade", index=True
    )
    bill_id = fields.Many2one(
        related="bill_line_id.move_id", store=True, index=True, string="Bill"
    )
    company_id = fields.Many2one(related="bill_line_id.company_id", store=True)
    currency_id = fields.Many2one(related="bill_line_id.currency_id")
    partner_id = fields.Many2one(related="bill_id.commercial_partner_id", store=True)
    stock_move_id = fields.Many2one(
        "stock.move", string="Receipt Move", ondelete="cascade", index=True
    )
    picking_id = fields.Many2one(related="stock_move_id.picking_id", string="Receipt")
    purchase_line_id = fields.Many2one(
        "purchase.order.line", ondelete="cascade", index="btree_not_null"
    )
    product_id = fields.Many2one(related="purchase_line_id.product_id")
    uom_id = fields.Many2one(related="product_id.uom_id")
    quantity = fields.Float(
        digits="Product Unit", help="In the product's own unit of measure."
    )
    amount = fields.Monetary(currency_field="currency_id")
    state = fields.Selection(
        [
            ("auto", "Automatic"),
            ("suggested", "Suggested"),
            ("confirmed", "Confirmed"),
            ("rejected", "Rejected"),
        ],
        required=True,
        default="suggested",
        index=True,
    )
    score = fields.Integer(help="0 to 100.", aggregator="avg")
    evidence = fields.Json(
        string="Evidence Data",
        help="Each component of the score and the references that spoke for it.",
    )
    evidence_text = fields.Char(
        string="Evidence", compute="_compute_evidence_text", help="Why these belong."
    )

    _line_move_unique = models.UniqueIndex(
        "(bill_line_id, COALESCE(stock_move_id, -purchase_line_id))",
        "This bill line is already matched with this receipt.",
    )

    @api.depends("evidence")
    def _compute_evidence_text(self):
        names = {
            "reference:line": self.env._("line reference"),
            "reference:despatch": self.env._("delivery note"),
            "reference:receiving": self.env._("receiving advice"),
            "reference:order": self.env._("purchase order"),
            "reference:period": self.env._("billing period"),
            "product": self.env._("product"),
            "price": self.env._("price"),
            "quantity": self.env._("quantity"),
            "name": self.env._("name"),
        }
        for match in self:
            evidence = match.evidence or {}
            spoke = [
                names.get(name, name)
                for name, points in evidence.get("components", {}).items()
                if points
            ]
            match.evidence_text = ", ".join(
                spoke + [f"“{r}”" for r in evidence.get("references", [])]
            )

    # -------------------------------------------------------------------------
    # Actions
    # -------------------------------------------------------------------------

    def action_confirm(self):
        """A person says that the link is right: it is never recomputed again."""
        self._confirm_what_is_left()
        links = {
            match.bill_line_id.id: match.purchase_line_id.id
            for match in self
            if match.purchase_line_id
            and match.bill_line_id.purchase_line_id != match.purchase_line_id
        }
        # sudo: the link reaches orders and stock, where accountants have no right.
        self.env["coop.bill.matcher"].sudo()._write_purchase_links(links)
        self.bill_id._coop_match()
        return True

    def _confirm_what_is_left(self):
        """Confirm, but no more than was received and is not billed by others."""
        # sudo: accountants do not read stock.
        matches = self.sudo()
        left = self.env["coop.bill.matcher"].sudo()._left_to_bill(matches)
        for match in matches:
            key = (match.stock_move_id.id, match.purchase_line_id.id)
            uom = match.uom_id
            if match.state in ("auto", "confirmed"):
                match.state = "confirmed"
                continue
            quantity = min(match.quantity, left[key])
            if uom.compare(quantity, 0) <= 0:
                raise UserError(
                    self.env._(
                        "%(product)s of %(receipt)s is billed already by another bill: "
                        "reject this suggestion, or reject the other bill's match "
                        "first.",
                        product=match.product_id.display_name,
                        receipt=match.picking_id.name
                        or match.purchase_line_id.order_id.name,
                    )
                )
            left[key] -= quantity
            vals = {"state": "confirmed"}
            if uom.compare(quantity, match.quantity):
                ratio = quantity / match.quantity
                amount = match.currency_id.round(match.amount * ratio)
                vals |= {"quantity": quantity, "amount": amount}
            match.write(vals)

    def action_reject(self):
        """A person says that the link is wrong: it is never proposed again."""
        self.write({"state": "rejected"})
        lines = self.bill_line_id
        still_linked = self.search(
            [
                ("bill_line_id", "in", lines.ids),
                ("state", "in", ("auto", "confirmed")),
            ]
        ).bill_line_id
        # sudo: as in action_confirm.
        self.env["coop.bill.matcher"].sudo()._write_purchase_links(
            dict.fromkeys((lines - still_linked).ids)
        )
        self.bill_id._coop_match()
        return True
