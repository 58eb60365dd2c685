# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CoopOfferReprice(models.TransientModel):
    """Asks before a price changes under members who ordered at it."""

    _name = "coop.offer.reprice"
    _description = "Change Prices of Offers"

    line_ids = fields.One2many("coop.offer.reprice.line", "reprice_id")
    reason = fields.Char(
        help="Members read it in the mail, for instance “the producer's price rose”."
    )
    order_count = fields.Integer(compute="_compute_totals")
    member_count = fields.Integer(compute="_compute_totals")
    amount_before = fields.Monetary(compute="_compute_totals")
    amount_after = fields.Monetary(compute="_compute_totals")
    currency_id = fields.Many2one("res.currency", compute="_compute_totals")
    refusal = fields.Text(compute="_compute_totals")

    @api.model
    def _create_for(self, offers, prices=None):
        """The confirmation for these offers.

        :param prices: ``{offer: new price}``, default: the present ones
        """
        prices = prices or {}
        return self.create(
            {
                "line_ids": [
                    Command.create(
                        {
                            "offer_id": offer.id,
                            "price_old": offer.price_unit,
                            "price_new": prices.get(offer, offer.price_unit),
                        }
                    )
                    for offer in offers
                ]
            }
        )

    @api.depends("line_ids.price_new", "line_ids.offer_id")
    def _compute_totals(self):
        for wizard in self:
            changed = wizard.line_ids.filtered("is_changed")
            offers = changed.offer_id._origin
            by_offer = offers._coop_find_lines_to_reprice()
            # sudo: a number of orders
            lines = self.env["sale.order.line"].sudo().union(*by_offer.values())
            wizard.order_count = len(lines.order_id)
            wizard.member_count = len(lines.order_id.partner_id)
            wizard.amount_before = sum(changed.mapped("amount_before"))
            wizard.amount_after = sum(changed.mapped("amount_after"))
            wizard.currency_id = (
                wizard.line_ids.offer_id.currency_id[:1] or self.env.company.currency_id
            )
            refusals = (
                line.offer_id._origin._coop_get_price_refusal(
                    line.price_new, by_offer.get(line.offer_id._origin, lines.browse())
                )
                for line in changed
            )
            wizard.refusal = "\n".join(filter(None, refusals))

    def action_confirm(self):
        self.ensure_one()
        if not self.line_ids.filtered("is_changed"):
            raise UserError(self.env._("Give a new price first: none has changed."))
        self.line_ids._check_prices_unchanged()
        prices = {line.offer_id: line.price_new for line in self.line_ids}
        self.line_ids.offer_id._coop_reprice(prices, self.reason or "")
        return {"type": "ir.actions.act_window_close"}


class CoopOfferRepriceLine(models.TransientModel):
    _name = "coop.offer.reprice.line"
    _description = "New Price of an Offer"

    reprice_id = fields.Many2one(
        "coop.offer.reprice", required=True, ondelete="cascade"
    )
    offer_id = fields.Many2one(
        "coop.order.offer", required=True, readonly=True, ondelete="cascade"
    )
    window_id = fields.Many2one(related="offer_id.window_id")
    product_uom_id = fields.Many2one(related="offer_id.product_uom_id", string="Unit")
    currency_id = fields.Many2one(related="offer_id.currency_id")
    price_old = fields.Float(
        string="Price Now", digits="Product Price", readonly=True, required=True
    )
    price_new = fields.Float(string="New Price", digits="Product Price", required=True)
    is_changed = fields.Boolean(compute="_compute_amounts")
    order_count = fields.Integer(string="Orders", compute="_compute_amounts")
    quantity = fields.Float(digits="Product Unit", compute="_compute_amounts")
    amount_before = fields.Monetary(string="Amount Now", compute="_compute_amounts")
    amount_after = fields.Monetary(string="New Amount", compute="_compute_amounts")

    @api.depends("price_new", "price_old", "offer_id")
    def _compute_amounts(self):
        by_offer = self.offer_id._origin._coop_find_lines_to_reprice()
        for line in self:
            lines = by_offer.get(line.offer_id._origin, ())
            line.is_changed = bool(
                line.currency_id
                and line.currency_id.compare_amounts(line.price_new, line.price_old)
            )
            line.order_count = len(lines)
            line.quantity = sum(so_line.product_uom_qty for so_line in lines)
            line.amount_before = line.quantity * line.price_old
            line.amount_after = line.quantity * line.price_new

    def _check_prices_unchanged(self):
        """Refuse to confirm figures that somebody else has changed meanwhile."""
        for line in self:
            if line.currency_id.compare_amounts(
                line.price_old, line.offer_id.price_unit
            ):
                raise UserError(
                    self.env._(
                        "The price of %(product)s was changed by somebody else"
                        " meanwhile: it is now %(price)s. Open this page again.",
                        product=line.offer_id.product_id.display_name,
                        price=line.currency_id.format(line.offer_id.price_unit),
                    )
                )
