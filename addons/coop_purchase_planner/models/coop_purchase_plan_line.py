# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

# What the buyer decides; the rest is read from the books.
DECIDED = frozenset({"packs"})
SMALL_LOSSES = 0.01  # counted, and not worth a word


class CoopPurchasePlanLine(models.Model):
    """One product of a plan. Quantities are in the product's unit."""

    _name = "coop.purchase.plan.line"
    _description = "Line of a Purchase Plan"
    _order = "plan_id, urgency, id"
    _rec_name = "product_id"

    plan_id = fields.Many2one(
        "coop.purchase.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id")
    currency_id = fields.Many2one(related="plan_id.currency_id")
    state = fields.Selection(related="plan_id.state")
    urgency = fields.Integer(readonly=True, help="0: missing before the delivery.")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="cascade"
    )
    product_uom_id = fields.Many2one(
        "uom.uom", string="Unit", readonly=True, ondelete="restrict"
    )
    purchase_uom_id = fields.Many2one(
        "uom.uom", string="Supplier's Unit", readonly=True, ondelete="restrict"
    )
    stock = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="On hand, without what is put aside for the members of a window.",
    )
    incoming = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="On order and expected before the end of the plan.",
    )
    sold_per_day = fields.Float(
        string="Sales per Day",
        readonly=True,
        digits="Product Unit",
        help="Mean of the last four weeks, closed days included.",
    )
    weekly_sales = fields.Json(
        string="Sales", readonly=True, help="Each of the last twelve weeks."
    )
    daily = fields.Json(
        string="Day by Day",
        readonly=True,
        help="Sales of the last eight weeks, and what is expected with its error.",
    )
    days_out = fields.Integer(
        string="Days Sold Out",
        readonly=True,
        help="Days that ended with an empty shelf, in the last twelve weeks.",
    )
    forecast = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="Expected sales from today until the delivery after this one.",
    )
    loss_rate = fields.Float(
        string="Losses",
        readonly=True,
        help="Scrapped or missing at an inventory, over sold and lost.",
    )
    short = fields.Float(
        string="Missing",
        readonly=True,
        digits="Product Unit",
        help="Expected to be missing before the delivery, whatever is ordered.",
    )
    pack_size = fields.Float(string="Pack", readonly=True, digits="Product Unit")
    minimum_quantity = fields.Float(
        string="Minimum", readonly=True, digits="Product Unit"
    )
    price_unit = fields.Float(
        readonly=True,
        digits="Product Price",
        help="The supplier's price of a unit, without VAT.",
    )
    suggested_packs = fields.Integer(string="Suggested", readonly=True)
    packs = fields.Integer()
    quantity = fields.Float(compute="_compute_quantity", digits="Product Unit")
    price_subtotal = fields.Monetary(string="Amount", compute="_compute_quantity")
    reasons = fields.Json(readonly=True)
    why = fields.Char(compute="_compute_why")

    _product_unique = models.Constraint(
        "UNIQUE (plan_id, product_id)", "This product is already in the plan."
    )
    _packs_positive = models.Constraint(
        "CHECK (packs >= 0)", "Packs cannot be negative."
    )

    @api.depends("packs", "pack_size", "price_unit")
    def _compute_quantity(self):
        for line in self:
            line.quantity = line.packs * line.pack_size
            line.price_subtotal = line.quantity * line.price_unit

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_why(self):
        for line in self:
            texts = [line._explain(*reason) for reason in line.reasons or ()]
            line.why = " · ".join(text for text in texts if text)

    def write(self, vals):
        if not DECIDED.isdisjoint(vals) and any(
            plan.state == "ordered" for plan in self.plan_id
        ):
            raise UserError(
                self.env._(
                    "It is ordered already: change the order to the supplier instead."
                )
            )
        return super().write(vals)

    def _format(self, quantity):
        """A quantity as one says it: no decimals where they say nothing."""
        whole = abs(quantity) >= 10 or abs(quantity - round(quantity)) < 0.05
        return formatLang(self.env, quantity, digits=0 if whole else 1)

    def _explain(self, code, values):
        """One reason of ``tools.planner`` in a few words; empty if it says nothing."""
        number = self._format
        if code == "committed":
            return self.env._(
                "%(quantity)s promised to members", quantity=number(values["quantity"])
            )
        if code == "sales":
            if not round(values["before"] + values["after"], 2):
                return self.env._("no sales expected")
            after, days = number(values["after"]), values["cover"]
            if not round(values["before"], 2):
                return self.env._(
                    "%(quantity)s to sell in the %(days)s days after the delivery",
                    quantity=after,
                    days=days,
                )
            before = self.env._(
                "%(quantity)s to sell before the delivery",
                quantity=number(values["before"]),
            )
            after = self.env._(
                "%(quantity)s to sell in the %(days)s days after it",
                quantity=after,
                days=days,
            )
            return f"{before} · {after}"
        if code == "losses":
            if values["rate"] < SMALL_LOSSES:
                return ""
            return self.env._(
                "losses of %(rate)s%%: %(quantity)s",
                rate=number(100 * values["rate"]),
                quantity=number(values["quantity"]),
            )
        if code == "safety":
            return self.env._(
                "safety: %(quantity)s", quantity=number(values["quantity"])
            )
        if code == "expiring":
            return self._explain_expiring(**values)
        if code == "stock":
            stock = self.env._("stock %(quantity)s", quantity=number(values["stock"]))
            if not values["incoming"]:
                return stock
            incoming = self.env._(
                "on order %(quantity)s", quantity=number(values["incoming"])
            )
            return f"{stock} · {incoming}"
        if code == "short":
            return self.env._(
                "%(quantity)s will be missing before the delivery",
                quantity=number(values["quantity"]),
            )
        if code == "shelf_life":
            return self.env._(
                "%(packs)s packs less: it keeps %(days)s days",
                packs=values["packs"],
                days=values["days"],
            )
        if code == "minimum":
            return self.env._(
                "raised to the minimum of %(quantity)s",
                quantity=number(values["quantity"]),
            )
        if code == "packs":
            return self.env._(
                "%(packs)s packs of %(size)s = %(quantity)s",
                packs=values["packs"],
                size=number(values["size"]),
                quantity=number(values["quantity"]),
            )
        return self.env._("there is enough") if code == "enough" else ""

    def _explain_expiring(self, quantity, expired=0.0, before=0.0):
        """What goes off: already, before the delivery, before it is sold."""
        later = quantity - expired - before
        texts = []
        if round(expired, 2) > 0:
            texts.append(
                self.env._(
                    "%(quantity)s out of date", quantity=self._format_unit(expired)
                )
            )
        if round(before, 2) > 0:
            texts.append(
                self.env._(
                    "%(quantity)s will go off before the delivery",
                    quantity=self._format_unit(before),
                )
            )
        if round(later, 2) > 0:
            texts.append(
                self.env._(
                    "%(quantity)s will go off before it is sold",
                    quantity=self._format_unit(later),
                )
            )
        return " · ".join(texts)

    def _format_unit(self, quantity):
        """A quantity with its unit, where it is not a piece."""
        text = self._format(quantity)
        if self.product_uom_id == self.env.ref("uom.product_uom_unit"):
            return text
        return f"{text} {self.product_uom_id.name}"

    def _get_purchase_quantity(self):
        """What to order, in the supplier's unit."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.quantity, self.purchase_uom_id, rounding_method="HALF-UP"
        )
