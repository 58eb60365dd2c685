# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from odoo.addons.coop_base.tools.localtime import format_local


class CoopOrderMinimum(models.TransientModel):
    """The buyer's decision about a producer under the minimum, and its consequences."""

    _name = "coop.order.minimum"
    _description = "Decision about a Missed Minimum"

    supplier_id = fields.Many2one(
        "coop.order.window.supplier", required=True, readonly=True, ondelete="cascade"
    )
    window_id = fields.Many2one(related="supplier_id.window_id")
    partner_id = fields.Many2one(related="supplier_id.partner_id")
    currency_id = fields.Many2one(related="supplier_id.currency_id")
    amount_ordered = fields.Monetary(related="supplier_id.amount_ordered")
    minimum_amount = fields.Monetary(related="supplier_id.minimum_amount")
    weight_ordered = fields.Float(related="supplier_id.weight_ordered")
    minimum_weight = fields.Float(related="supplier_id.minimum_weight")
    missing_text = fields.Char(string="Missing", compute="_compute_concerned")
    order_count = fields.Integer(
        string="Members Concerned", compute="_compute_concerned"
    )
    decision = fields.Selection(
        [
            ("extend", "Take orders longer, for this producer only"),
            ("complete", "Complete for the cooperative's stock"),
            ("stock", "Serve the members from the stock, order nothing"),
            ("anyway", "Order anyway, under the minimum"),
            ("cancel", "Order nothing, and tell the members"),
        ],
        required=True,
        default="complete",
    )
    closes_at = fields.Datetime(
        string="New Deadline",
        compute="_compute_closes_at",
        store=True,
        readonly=False,
    )
    line_ids = fields.One2many(
        "coop.order.minimum.line",
        "minimum_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    amount_after = fields.Monetary(
        string="Order after Completion", compute="_compute_after"
    )
    weight_after = fields.Float(
        string="Weight after Completion (kg)",
        digits="Stock Weight",
        compute="_compute_after",
    )
    amount_extra = fields.Monetary(
        string="Paid by the Cooperative", compute="_compute_after"
    )
    consequence = fields.Text(compute="_compute_consequence")

    @api.depends("supplier_id")
    def _compute_concerned(self):
        for wizard in self:
            row = wizard.supplier_id
            wizard.missing_text = row and row._format_missing(*row._get_missing())
            wizard.order_count = len(row._get_concerned_orders()) if row else 0

    @api.depends("supplier_id")
    def _compute_closes_at(self):
        """Two days, but at least one day before the delivery."""
        for wizard in self:
            now = fields.Datetime.now()
            closes_at = fields.Datetime.add(now, days=2)
            row = wizard.supplier_id
            delivery = row._get_delivery_date() if row else now
            if delivery > now:
                closes_at = min(closes_at, fields.Datetime.subtract(delivery, days=1))
            if wizard.window_id.state == "open":
                closes_at = min(closes_at, wizard.window_id.closes_at)
            wizard.closes_at = max(closes_at, fields.Datetime.add(now, hours=1))

    @api.depends("supplier_id")
    def _compute_line_ids(self):
        for wizard in self:
            row = wizard.supplier_id
            if not row:
                wizard.line_ids = [(5, 0, 0)]
                continue
            extras, _reached = row._suggest_extras()
            # sudo: quantities of the own producer, see ``_get_own_offers``.
            offers = row._get_own_offers().sudo().filtered(lambda o: not o.is_given_up)
            quantities = offers._get_expected_quantities_to_order()
            free = offers._get_free_stock()
            wizard.line_ids = [(5, 0, 0)] + [
                (
                    0,
                    0,
                    {
                        "offer_id": offer.id,
                        "quantity_members": quantities[offer] - offer.quantity_extra,
                        "quantity_extra": offer.quantity_extra + extras.get(offer, 0.0),
                        "quantity_free": free[offer],
                        "quantity_stock": min(free[offer], offer.quantity_ordered),
                    },
                )
                for offer in offers
            ]

    @api.depends("line_ids.quantity_extra", "line_ids.amount", "line_ids.weight")
    def _compute_after(self):
        for wizard in self:
            lines = wizard.line_ids
            wizard.amount_after = sum(lines.mapped("amount"))
            wizard.weight_after = sum(lines.mapped("weight"))
            wizard.amount_extra = sum(
                line.quantity_extra * line.purchase_price for line in lines
            )

    @api.depends(
        "decision",
        "closes_at",
        "amount_extra",
        "order_count",
        "line_ids.quantity_stock",
    )
    def _compute_consequence(self):
        for wizard in self:
            wizard.consequence = wizard.supplier_id and wizard._get_consequence()

    def _get_consequence(self):
        """What the chosen decision does, in one or two sentences."""
        self.ensure_one()
        values = {
            "producer": self.partner_id.name or "",
            "count": self.order_count,
            "amount": self.currency_id.format(self.amount_extra),
            "date": format_local(self.env, self.closes_at, self.window_id.company_id),
        }
        if self.decision == "extend":
            return self.env._(
                "Members can order from %(producer)s again until %(date)s; the other"
                " producers stay closed. The %(count)s members who ordered from"
                " %(producer)s are told.",
                **values,
            )
        if self.decision == "complete":
            return self.env._(
                "The cooperative adds %(amount)s of goods, which go to its stock. The"
                " %(count)s members get what they ordered.",
                **values,
            )
        if self.decision == "stock":
            short = self.line_ids.filtered(lambda line: line._is_short_of_stock())
            text = self.env._(
                "Nothing is ordered from %(producer)s: members get what the stock has.",
                **values,
            )
            if short:
                text += " " + self.env._(
                    "Too little of %(products)s: what there is is shared out, and who"
                    " gets less is told.",
                    products=", ".join(short.product_id.mapped("display_name")),
                )
            return text
        if self.decision == "anyway":
            return self.env._(
                "%(producer)s is sent an order under the minimum: agree with them"
                " first.",
                **values,
            )
        return self.env._(
            "Nothing is ordered from %(producer)s. The %(count)s members concerned are"
            " told what they will not get, and do not pay for it.",
            **values,
        )

    def action_apply(self):
        self.ensure_one()
        row = self.supplier_id
        row._check_can_decide()
        if self.decision == "extend":
            row._coop_extend(self.closes_at)
        elif self.decision == "complete":
            row._coop_complete(
                {line.offer_id: line.quantity_extra for line in self.line_ids}
            )
        elif self.decision == "stock":
            row._coop_take_from_stock(
                {line.offer_id: line.quantity_stock for line in self.line_ids}
            )
        elif self.decision == "anyway":
            row.action_order_anyway()
        else:
            row.action_give_up()
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class CoopOrderMinimumLine(models.TransientModel):
    """What the cooperative adds of one product."""

    _name = "coop.order.minimum.line"
    _description = "Product to Add to Reach a Minimum"

    minimum_id = fields.Many2one(
        "coop.order.minimum", required=True, ondelete="cascade"
    )
    offer_id = fields.Many2one(
        "coop.order.offer", required=True, readonly=True, ondelete="cascade"
    )
    product_id = fields.Many2one(related="offer_id.product_id")
    product_uom_id = fields.Many2one(related="offer_id.product_uom_id")
    quantity_ordered = fields.Float(related="offer_id.quantity_ordered", string="Asked")
    pack_size = fields.Float(related="offer_id.pack_size", string="Pack")
    purchase_price = fields.Float(related="offer_id.purchase_price", string="Price")
    currency_id = fields.Many2one(related="offer_id.currency_id")
    quantity_members = fields.Float(
        string="For Members", digits="Product Unit", readonly=True
    )
    quantity_extra = fields.Float(
        string="Added",
        digits="Product Unit",
        help="What the cooperative adds for its own stock.",
    )
    quantity_total = fields.Float(
        string="To Order", digits="Product Unit", compute="_compute_total"
    )
    amount = fields.Monetary(compute="_compute_total")
    weight = fields.Float(
        string="Weight (kg)", digits="Stock Weight", compute="_compute_total"
    )

    quantity_free = fields.Float(
        string="In Stock", digits="Product Unit", readonly=True
    )
    quantity_stock = fields.Float(string="Taken from the Stock", digits="Product Unit")

    @api.depends("quantity_members", "quantity_extra", "offer_id")
    def _compute_total(self):
        for line in self:
            total = line.quantity_members + line.quantity_extra
            line.quantity_total = total
            line.amount = total * line.purchase_price
            line.weight = line.offer_id._get_weight(total) if line.offer_id else 0.0

    def _is_short_of_stock(self):
        """Whether less is taken from the stock than members asked for."""
        self.ensure_one()
        return (
            self.product_uom_id.compare(self.quantity_stock, self.quantity_ordered) < 0
        )
