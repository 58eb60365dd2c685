# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.supplier_minimum import minimum_state
from ..tools.terms import MONEY_GROUPS


class CoopOrderWindowSupplier(models.Model):
    """One producer in one window: the own deadline, minimums, delivery and order."""

    _name = "coop.order.window.supplier"
    _description = "Producer in an Order Window"
    _inherit = [
        "coop.order.window.supplier.purchase",
        "coop.order.window.supplier.delivery",
    ]
    _order = "window_id, sequence, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    window_id = fields.Many2one(
        "coop.order.window", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="window_id.company_id")
    currency_id = fields.Many2one(related="window_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Producer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    closes_at = fields.Datetime(
        string="Closes Earlier on",
        copy=False,
        help="When this producer needs the orders before the others do.",
    )
    minimum_amount = fields.Monetary(
        help="Minimum of an order to this producer, without VAT. 0: none."
    )
    minimum_weight = fields.Float(
        string="Minimum Weight (kg)", digits="Stock Weight", help="0: none."
    )
    minimum_waived = fields.Boolean(
        copy=False,
        help="The buyer decided to order although the minimum is not reached.",
    )
    delivery_date = fields.Datetime(copy=False)
    purchase_order_id = fields.Many2one(
        "purchase.order", readonly=True, copy=False, ondelete="set null"
    )
    amount_ordered = fields.Monetary(
        compute="_compute_totals",
        groups=MONEY_GROUPS,
        help="What members ordered, rounded to packs, at the producer's prices.",
    )
    weight_ordered = fields.Float(
        compute="_compute_totals", string="Weight (kg)", digits="Stock Weight"
    )
    minimum_state = fields.Selection(
        [
            ("empty", "Nothing to order"),
            ("amount", "Under the minimum amount"),
            ("weight", "Under the minimum weight"),
            ("reached", "Minimum reached"),
        ],
        string="Minimum",
        compute="_compute_totals",
    )

    _partner_unique = models.Constraint(
        "UNIQUE (window_id, partner_id)",
        "This producer is already in the window.",
    )
    _minimums_positive = models.Constraint(
        "CHECK (minimum_amount >= 0 AND minimum_weight >= 0)",
        "A minimum cannot be negative.",
    )

    @api.depends(
        "minimum_amount",
        "minimum_weight",
        "partner_id",
        "window_id.offer_ids.quantity_to_order",
        "window_id.offer_ids.quantity_ordered",
        "window_id.offer_ids.purchase_price",
        "window_id.state",
    )
    def _compute_totals(self):
        # sudo: totals; the producer's prices are not for referents.
        offers = self.window_id.sudo().offer_ids
        quantities = offers._get_expected_quantities_to_order()
        amounts, weights, totals = {}, {}, {}
        for offer in offers:
            key = (offer.window_id, offer.supplier_id)
            quantity = quantities[offer]
            totals[key] = totals.get(key, 0.0) + quantity
            amounts[key] = amounts.get(key, 0.0) + quantity * offer.purchase_price
            weight = offer._get_weight(quantity)
            weights[key] = weights.get(key, 0.0) + weight
        # sudo: totals; see above
        for supplier in self.sudo():
            key = (supplier.window_id, supplier.partner_id)
            currency = supplier.currency_id or self.env.company.currency_id
            supplier.amount_ordered = currency.round(amounts.get(key, 0.0))
            supplier.weight_ordered = weights.get(key, 0.0)
            supplier.minimum_state = minimum_state(
                supplier.amount_ordered,
                round(supplier.weight_ordered, 3),
                supplier.minimum_amount,
                supplier.minimum_weight,
                quantity=totals.get(key, 0.0),
            )

    def write(self, vals):
        res = super().write(vals)
        if "closes_at" in vals:
            self.window_id._trigger_cron()
        return res

    def action_order_anyway(self):
        """The buyer orders although the minimum is not reached."""
        self.minimum_waived = True
        closed = self.window_id.filtered(lambda w: w.state == "closed")
        return closed.action_create_purchase_orders()

    def _coop_merge_twin(self, twin):
        """Two cards of one producer in one window: one row, with what is stricter.

        :raise UserError: both cards have their order already
        """
        self.ensure_one()
        if self.purchase_order_id and twin.purchase_order_id:
            raise UserError(
                self.env._(
                    "Both cards have their order in %(window)s: cancel one of the two"
                    " orders, then merge them.",
                    window=self.window_id.name,
                )
            )
        deadlines = [row.closes_at for row in self | twin if row.closes_at]
        twin.write(
            {
                "closes_at": min(deadlines, default=False),
                "minimum_amount": max(self.minimum_amount, twin.minimum_amount),
                "minimum_weight": max(self.minimum_weight, twin.minimum_weight),
                "delivery_date": twin.delivery_date or self.delivery_date,
                "purchase_order_id": (
                    twin.purchase_order_id or self.purchase_order_id
                ).id,
            }
        )
        self.unlink()
