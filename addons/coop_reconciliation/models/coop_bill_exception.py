# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.misc import formatLang

KINDS = [
    ("price", "Price"),
    ("quantity_over", "Billed more than received"),
    ("quantity_under", "Billed less than received"),
    ("no_receipt", "Not received"),
    ("no_order", "Not ordered"),
    ("uom", "Unit of measure"),
    ("unknown_item", "Unknown article"),
    ("duplicate", "Duplicate"),
    ("rounding", "Rounding"),
    ("freight", "Carriage"),
    ("deposit", "Deposit"),
    ("discount", "Discount"),
    ("free_goods", "Free goods"),
    ("tax", "Tax"),
    ("total", "Total"),
    ("credit_pending", "Credit note expected"),
]
CLAIMABLE = ("price", "quantity_over", "no_receipt")


class CoopBillException(models.Model):
    """What differs between a bill, what was ordered and what was received."""

    _name = "coop.bill.exception"
    _description = "Bill Exception"
    _order = "state desc, amount desc, id"

    bill_id = fields.Many2one(
        "account.move", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="bill_id.company_id", store=True)
    currency_id = fields.Many2one(related="bill_id.currency_id")
    partner_id = fields.Many2one(
        related="bill_id.commercial_partner_id", store=True, string="Supplier"
    )
    bill_line_id = fields.Many2one(
        "account.move.line", ondelete="cascade", index="btree_not_null"
    )
    stock_move_id = fields.Many2one("stock.move", ondelete="set null")
    purchase_line_id = fields.Many2one(
        "purchase.order.line", ondelete="set null", index="btree_not_null"
    )
    kind = fields.Selection(KINDS, required=True, index=True)
    quantity = fields.Float(digits="Product Unit")
    expected = fields.Float(
        digits="Product Unit", help="Expected price or quantity, as the kind asks."
    )
    amount = fields.Monetary(
        currency_field="currency_id",
        help="What it costs, without VAT; negative: in your favour.",
    )
    detail = fields.Char(help="What the sentence needs besides numbers.")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("accepted", "Accepted"),
            ("claimed", "Claimed"),
            ("resolved", "Resolved"),
        ],
        required=True,
        default="open",
        index=True,
    )
    by_policy = fields.Boolean(
        string="Accepted by the Policy", help="Nobody had to look at it."
    )
    claim_line_ids = fields.One2many("coop.supplier.claim.line", "exception_id")
    claim_id = fields.Many2one("coop.supplier.claim", compute="_compute_claim_id")
    description = fields.Char(compute="_compute_description", string="What Is Wrong")

    @api.depends("claim_line_ids.claim_id")
    def _compute_claim_id(self):
        for exception in self:
            exception.claim_id = exception.claim_line_ids.claim_id[:1]

    # -------------------------------------------------------------------------
    # Words
    # -------------------------------------------------------------------------

    def _format_quantity(self, quantity):
        """2 rather than 2.00; 1,5 in French."""
        text = formatLang(self.env, quantity, dp="Product Unit")
        point = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        point = point.decimal_point or "."
        return text.rstrip("0").rstrip(point) if point in text else text

    @api.depends("kind", "quantity", "amount", "expected", "detail")
    @api.depends_context("lang")
    def _compute_description(self):
        for exception in self:
            exception.description = exception.kind and exception._get_description()

    def _get_description(self):
        """The exception in one plain sentence, in the reader's language."""
        self.ensure_one()
        return self._get_sentence() % self._get_words()

    def _get_short_description(self):
        """The same without the article, where its name stands beside."""
        self.ensure_one()
        words = self._get_words()
        text = self._get_sentence() % words
        name = words["name"]
        if name and text.startswith(name):
            # A colon, after a space in French.
            text = text[len(name) :].lstrip(" \N{NO-BREAK SPACE}:")
            text = text[:1].upper() + text[1:]
        return text

    def _get_words(self):
        line = self.bill_line_id
        product = line.product_id or self.purchase_line_id.product_id
        uom = product.uom_id or line.product_uom_id
        is_piece = uom.id == self._piece_id()
        price = line.price_subtotal / line.quantity if line.quantity else 0.0

        def money(amount):
            return formatLang(self.env, amount, currency_obj=self.currency_id)

        return {
            "name": product.display_name or (line.name or "").split("\n")[0],
            "quantity": self._format_quantity(self.quantity),
            "unit": self.env._("piece(s)") if is_piece else uom.name or "",
            "bill_unit": line.product_uom_id.name or "",
            "amount": money(self.amount),
            "saved": money(-self.amount),
            "expected": money(self.expected),
            "price": money(price),
            "detail": self.detail or "",
        }

    def _get_sentence(self):
        """The sentence of a kind; :meth:`_get_words` fills it."""
        env = self.env
        if self.kind == "quantity_over" and self._is_in_pieces():
            if self.quantity > 1:
                return env._(
                    "%(name)s: %(quantity)s pieces billed and not received, %(amount)s"
                )
            return env._("%(name)s: 1 piece billed and not received, %(amount)s")
        if self.kind == "no_order" and not self.bill_line_id:
            return env._("This credit note answers no claim: %(amount)s")
        return {
            "price": env._(
                "%(name)s: billed %(price)s instead of %(expected)s, %(amount)s "
                "too much"
            ),
            "quantity_over": env._(
                "%(name)s: %(quantity)s %(unit)s billed and not received, %(amount)s"
            ),
            "quantity_under": env._(
                "%(name)s: %(quantity)s %(unit)s received and not billed"
            ),
            "no_receipt": env._("%(name)s: nothing received yet, %(amount)s"),
            "no_order": env._(
                "%(name)s: no order or delivery found for it, %(amount)s"
            ),
            "uom": env._("%(name)s: billed in %(bill_unit)s, ordered in %(unit)s"),
            "unknown_item": env._("%(name)s: unknown article, %(amount)s"),
            "duplicate": env._("Same number as the bill %(detail)s"),
            "rounding": env._("Rounding of %(amount)s"),
            "freight": env._("%(name)s: %(amount)s without an order line"),
            "deposit": env._("%(name)s: deposit of %(amount)s"),
            "discount": env._("%(name)s: %(saved)s less than ordered"),
            "free_goods": env._("%(name)s: %(quantity)s %(unit)s free of charge"),
            "tax": env._("%(detail)s: %(amount)s of VAT to check"),
            "total": env._("%(amount)s of the bill's total is explained by no line"),
            "credit_pending": env._("%(amount)s still to be credited (%(detail)s)"),
        }[self.kind]

    def _is_in_pieces(self):
        uom = self.bill_line_id.product_id.uom_id
        return uom.id == self._piece_id() and float(self.quantity).is_integer()

    @api.model
    def _piece_id(self):
        # From the cache, where env.ref asks the database each time.
        model_data = self.env["ir.model.data"]
        return model_data._xmlid_to_res_id("uom.product_uom_unit")

    # -------------------------------------------------------------------------
    # Actions
    # -------------------------------------------------------------------------

    @api.model
    def _claimable_kinds(self):
        return CLAIMABLE

    def action_accept(self):
        """A person takes the difference as it is."""
        self.filtered(lambda e: e.state == "open").write(
            {"state": "accepted", "by_policy": False}
        )
        return self.bill_id._coop_after_decision()

    def action_reopen(self):
        self.filtered(lambda e: e.state == "accepted").write(
            {"state": "open", "by_policy": False}
        )

    def action_claim(self):
        """Draft (or complete) the claim of the order; returns the claim to open."""
        wrong = self.filtered(lambda e: e.kind not in CLAIMABLE)
        if wrong:
            raise UserError(
                self.env._(
                    "“%(what)s” cannot be claimed: accept it, or correct the bill with "
                    "the supplier.",
                    what=wrong[0].description,
                )
            )
        claims = self._draft_claims()
        return claims._get_records_action(name=self.env._("Claims"))

    def _draft_claims(self):
        """Claims for these exceptions, one per order; drafts are completed."""
        return self.env["coop.supplier.claim"]._draft_from_exceptions(self)

    def _prepare_claim_line(self):
        """Values of the claim line of an exception: what, how much, at which price."""
        self.ensure_one()
        line = self.bill_line_id
        product = line.product_id or self.purchase_line_id.product_id
        quantity = self.quantity or 1.0
        return {
            "product_id": product.id,
            "name": product.display_name or (line.name or "").split("\n")[0] or "/",
            "uom_id": (product.uom_id or line.product_uom_id).id,
            "quantity": quantity,
            "price_unit": self.amount / quantity,
            # The claim is without VAT; included taxes would count it twice.
            "tax_ids": [
                Command.set(line.tax_ids.filtered(lambda t: not t.price_include).ids)
            ],
            "exception_id": self.id,
            "stock_move_id": self.stock_move_id.id,
            "purchase_line_id": self.purchase_line_id.id,
        }
