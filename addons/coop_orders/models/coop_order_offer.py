# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, float_compare, float_is_zero, float_round, ormcache

from odoo.addons.coop_tools.tools.changed import find_changed

from ..tools.allocation import Demand, quantity_to_order
from ..tools.terms import DEMAND_STATES, MONEY_GROUPS, REPRICING

# What an order is about: members would get something else than they asked for.
KEPT_ONCE_ORDERED = (
    "window_id",
    "product_id",
    "product_uom_id",
    "supplier_id",
    "piece_weight",
)
# In one order: more steps than that of one product are a mistyped number.
PLAUSIBLE_STEPS = 1000


class CoopOrderOffer(models.Model):
    """A product in a window, at a price that does not move until it is delivered.

    All quantities are in ``product_uom_id``. Each step of the chain keeps its own:
    ordered (and tolerance) by members, to order from the producer, received, allocated.
    """

    _name = "coop.order.offer"
    _description = "Offer of an Order Window"
    _inherit = [
        "coop.order.offer.list",
        "coop.order.offer.price",
        "coop.order.offer.catalogue",
        "coop.order.offer.allocate",
        "coop.order.offer.line",
        "coop.order.offer.purchase",
        "coop.order.offer.offer.file",
    ]
    _order = "window_id, sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    window_id = fields.Many2one(
        "coop.order.window", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="window_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="window_id.currency_id")
    window_state = fields.Selection(related="window_id.state", string="Window Status")
    closes_at = fields.Datetime(
        string="Closes on",
        compute="_compute_closes_at",
        store=True,
        help="With its producer, where that is before the window.",
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('sale_ok', '=', True)]",
    )
    category_id = fields.Many2one(related="product_id.categ_id")
    supplier_id = fields.Many2one(
        "res.partner",
        string="Producer",
        compute="_compute_from_product",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_from_product",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
    )
    price_unit = fields.Float(
        aggregator=None,
        string="Price with VAT",
        digits="Product Price",
        compute="_compute_from_product",
        store=True,
        readonly=False,
        precompute=True,
        help="What members pay for one unit, taxes included, until delivery.",
    )
    purchase_price = fields.Float(
        aggregator=None,
        digits="Product Price",
        compute="_compute_from_product",
        store=True,
        readonly=False,
        precompute=True,
        groups=MONEY_GROUPS,
        help="The producer's price of one unit, without VAT.",
    )
    pack_size = fields.Float(
        aggregator=None,
        digits="Product Unit",
        default=1.0,
        help="Units in the producer's pack: orders are rounded to whole packs.",
    )
    piece_weight = fields.Float(
        aggregator=None,
        string="Weight of a Piece (kg)",
        digits="Stock Weight",
        help="For what is ordered by the piece and paid by the kilogram: the usual"
        " weight of a piece. Empty otherwise.",
    )
    quantity_step = fields.Float(
        aggregator=None,
        string="Step",
        digits="Product Unit",
        default=1.0,
        help="What one tap on + adds, for instance 0.5 kg.",
    )
    minimum_quantity = fields.Float(
        string="Minimum",
        digits="Product Unit",
        aggregator=None,
        help="Least the producer delivers.",
    )
    quantity_max = fields.Float(
        aggregator=None,
        string="Available",
        digits="Product Unit",
        help="Most that all members together can order. 0: no limit.",
    )
    quantity_max_per_member = fields.Float(
        string="Maximum per Member",
        digits="Product Unit",
        aggregator=None,
        help="0: no limit.",
    )
    note = fields.Char(
        string="Origin and Labels", translate=True, help="As members read it."
    )
    # Read-only in forms: a line is added in its order, Odoo needs the order to name it.
    line_ids = fields.One2many(
        "sale.order.line", "offer_id", string="Order Lines", readonly=True
    )
    purchase_line_ids = fields.One2many(
        "purchase.order.line", "offer_id", readonly=True
    )

    quantity_ordered = fields.Float(
        string="Ordered", digits="Product Unit", compute="_compute_ordered"
    )
    quantity_tolerance = fields.Float(
        string="Tolerance", digits="Product Unit", compute="_compute_ordered"
    )
    member_count = fields.Integer(string="Members", compute="_compute_ordered")
    amount_ordered = fields.Monetary(compute="_compute_ordered")
    quantity_remaining = fields.Float(
        string="Remaining",
        digits="Product Unit",
        compute="_compute_ordered",
        help="Only where there is a limit.",
    )
    quantity_to_order = fields.Float(
        string="To Order",
        digits="Product Unit",
        copy=False,
        help="From the producer: whole packs, and at least the minimum.",
    )
    quantity_received = fields.Float(
        string="Received", digits="Product Unit", compute="_compute_received"
    )
    quantity_allocated = fields.Float(
        string="Allocated", digits="Product Unit", compute="_compute_ordered"
    )
    is_given_up = fields.Boolean(copy=False, readonly=True)
    allocated_at = fields.Datetime(readonly=True, copy=False)
    change_count = fields.Integer(
        readonly=True,
        copy=False,
        help="Touched by each order of a limited product, so that two orders at the"
        " same time never both take the last one.",
    )
    label_ids = fields.Many2many(related="product_id.coop_label_ids")
    origin = fields.Char(related="product_id.coop_origin")
    storage = fields.Selection(related="product_id.coop_storage")
    allergens = fields.Char(related="product_id.coop_allergens")
    image_128 = fields.Image(related="product_id.image_128")

    _product_unique = models.Constraint(
        "UNIQUE (window_id, product_id, supplier_id)",
        "This product of this producer is already in the window.",
    )
    _quantities_positive = models.Constraint(
        "CHECK (price_unit >= 0 AND purchase_price >= 0 AND minimum_quantity >= 0"
        " AND quantity_max >= 0 AND quantity_max_per_member >= 0"
        " AND piece_weight >= 0)",
        "Prices, minimums and limits cannot be negative.",
    )
    _steps_positive = models.Constraint(
        "CHECK (pack_size > 0 AND quantity_step > 0)",
        "A pack and a step must be more than zero.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends("product_id")
    def _compute_from_product(self):
        for offer in self:
            product = offer.product_id.with_company(offer.company_id)
            seller = product.seller_ids[:1]
            offer.product_uom_id = offer.product_uom_id or product.uom_id
            offer.supplier_id = offer.supplier_id or seller.partner_id
            offer.price_unit = offer.price_unit or product.lst_price
            # sudo: a field for buyers, computed for whoever adds the offer.
            costs = offer.sudo()
            costs.purchase_price = costs.purchase_price or (
                seller._coop_get_price(
                    offer.product_uom_id, offer.currency_id, offer.company_id
                )
                if seller
                else product.standard_price
            )

    @api.depends(
        "line_ids.product_uom_qty",
        "line_ids.quantity_allocated",
        "line_ids.quantity_tolerance",
        "line_ids.state",
        "price_unit",
        "quantity_max",
    )
    def _compute_ordered(self):
        """Totals of the members' lines, all offers in one query.

        Not stored: an order of 20 lines would otherwise rewrite 20 offers, and members
        who order at the same time would wait for each other.
        """
        totals = self._read_demand_totals()
        for offer in self:
            ordered, tolerance, allocated, members = totals.get(
                offer.id, (0.0, 0.0, 0.0, 0)
            )
            offer.quantity_ordered = ordered
            offer.quantity_tolerance = tolerance
            offer.quantity_allocated = allocated
            offer.member_count = members
            offer.amount_ordered = ordered * offer.price_unit
            offer.quantity_remaining = (
                max(offer.quantity_max - ordered, 0.0) if offer.quantity_max else 0.0
            )

    def _read_demand_totals(self):
        """``{offer id: (ordered, tolerance, allocated, members)}``, in one query."""
        if not self.ids:
            return {}
        # sudo: totals, no member's own data.
        rows = (
            self.env["sale.order.line"]
            .sudo()
            ._read_group(
                [
                    ("offer_id", "in", self.ids),
                    ("state", "in", DEMAND_STATES),
                    ("product_uom_qty", ">", 0),
                ],
                ["offer_id"],
                [
                    "product_uom_qty:sum",
                    "quantity_tolerance:sum",
                    "quantity_allocated:sum",
                    "order_id:count_distinct",
                ],
            )
        )
        return {offer.id: tuple(values) for offer, *values in rows}

    @api.depends("purchase_line_ids.qty_received", "purchase_line_ids.state")
    def _compute_received(self):
        # sudo: a quantity; members and referents read no purchase orders.
        for offer in self.sudo():
            offer.quantity_received = sum(
                line.product_uom_id._compute_quantity(
                    line.qty_received, offer.product_uom_id, round=False
                )
                for line in offer.purchase_line_ids
                if line.state == "purchase"
            )

    # ------------------------------------------------------------------
    # CRUD and checks
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._coop_drop_left_out(vals_list)
        offers = super().create(vals_list)
        offers._sync_suppliers()
        return offers

    def write(self, vals):
        if "price_unit" in vals:
            self._check_price_frozen(vals["price_unit"])
        self._check_ordered_kept(vals)
        res = super().write(vals)
        if "supplier_id" in vals:
            self._sync_suppliers()
        return res

    def _sync_suppliers(self):
        """Give every producer of an offer the own row in the window."""
        known = {(row.window_id, row.partner_id) for row in self.window_id.supplier_ids}
        missing = dict.fromkeys(
            key
            for offer in self
            if (key := (offer.window_id, offer.supplier_id)) not in known
        )
        self.env["coop.order.window.supplier"].create(
            [
                {"window_id": window.id, "partner_id": partner.id}
                for window, partner in missing
            ]
        )

    def _with_repricing(self):
        """Whoever writes their prices tells the members concerned, or was asked."""
        return self.with_context(coop_repricing=REPRICING)

    def _check_price_frozen(self, price):
        """A price members have ordered at does not change any more.

        :raise UserError: with the action that changes it and tells them
        """
        if self.env.context.get("coop_repricing") is REPRICING:
            return
        digits = self.env["decimal.precision"].precision_get("Product Price")
        changed = self.filtered(
            lambda offer: float_compare(offer.price_unit, price, digits) != 0
        )
        ordered = changed._read_demand_totals()
        for offer in changed:
            if offer.id in ordered:
                raise UserError(
                    self.env._(
                        "Members already ordered %(product)s at %(price)s. Use “Change"
                        " the Price”: it shows who is concerned and tells them.",
                        product=offer.product_id.display_name,
                        price=offer.currency_id.format(offer.price_unit),
                    )
                )

    def _check_ordered_kept(self, vals):
        """What members have ordered stays what they ordered, and stays in their orders.

        :raise UserError: one sentence, with what to do instead
        """
        changed = find_changed(self, vals, ("active", *KEPT_ONCE_ORDERED))
        offers = self.browse().union(*changed.values())
        ordered = offers._read_demand_totals() if offers else {}
        for name, found in changed.items():
            for offer in found.filtered(lambda offer: offer.id in ordered):
                product = offer.product_id.display_name
                if name == "active":
                    raise UserError(
                        self.env._(
                            "Members ordered %(product)s: “Stop Selling” keeps what"
                            " they have and sells no more; “Cannot Supply” on its"
                            " producer takes it back and tells them.",
                            product=product,
                        )
                    )
                raise UserError(
                    self.env._(
                        "Members ordered %(product)s as it is: “%(field)s” does not"
                        " change any more. “Stop Selling” it, and add another offer.",
                        product=product,
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    def action_stop_selling(self):
        """Sell no more of these offers; what members have stays in their orders."""
        self.check_access("write")
        self._lock_limited()
        ordered = self._read_demand_totals()
        for offer in self:
            quantity = ordered.get(offer.id, (0.0,))[0]
            if float_is_zero(quantity, 6):
                offer.active = False
            else:
                offer.quantity_max = quantity
        return True

    @api.constrains("product_uom_id", "product_id")
    def _check_uom(self):
        for offer in self:
            if not offer.product_uom_id._has_common_reference(offer.product_id.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(product)s is kept in %(stock_unit)s: it cannot be sold in"
                        " %(unit)s.",
                        product=offer.product_id.display_name,
                        stock_unit=offer.product_id.uom_id.name,
                        unit=offer.product_uom_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ordered(self):
        # sudo: whether somebody ordered, not who.
        if self.sudo().line_ids:
            raise UserError(
                self.env._(
                    "Members ordered this product: “Stop Selling” it instead of"
                    " deleting it."
                )
            )

    # ------------------------------------------------------------------
    # Prices as members read them
    # ------------------------------------------------------------------

    def _get_piece_text(self):
        """About how much a piece weighs and costs, for what is paid by weight."""
        self.ensure_one()
        if not self.piece_weight:
            return ""
        grams = round(self.piece_weight * 1000)
        return self.env._(
            "a piece of about %(grams)s g: %(price)s",
            grams=grams,
            price=self.currency_id.format(self.price_unit * self.piece_weight),
        )

    def _get_given_up_sentence(self):
        """Why nothing comes, as the member reads it (hook)."""
        self.ensure_one()
        return self.env._("The producer's minimum was not reached.")

    # ------------------------------------------------------------------
    # Quantities
    # ------------------------------------------------------------------

    def _get_step(self):
        """What one tap adds, in ``product_uom_id``."""
        self.ensure_one()
        return self.piece_weight or self.quantity_step

    @api.model
    def _get_reference_uom(self, name):
        """One of Odoo's own units, without the query that ``env.ref`` makes."""
        return self.env["uom.uom"].browse(self._get_reference_uom_ids().get(name))

    @api.model
    @ormcache()
    def _get_reference_uom_ids(self):
        """``{name: id}`` of Odoo's own units, in one query for all of them."""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT name, res_id FROM ir_model_data"
                    " WHERE module = 'uom' AND model = 'uom.uom'"
                )
            )
        )

    def _get_weight(self, quantity):
        """Weight in kg of a quantity of this offer, 0 where it is not known."""
        self.ensure_one()
        kilogram = self._get_reference_uom("product_uom_kgm")
        if self.product_uom_id._has_common_reference(kilogram):
            return self.product_uom_id._compute_quantity(
                quantity, kilogram, round=False
            )
        return self.product_id.weight * self.product_uom_id._compute_quantity(
            quantity, self.product_id.uom_id, round=False
        )

    @api.depends(
        "window_id.closes_at",
        "window_id.supplier_ids.closes_at",
        "window_id.supplier_ids.partner_id",
        "supplier_id",
    )
    def _compute_closes_at(self):
        """The producer's deadline where it is earlier than the window's."""
        # sudo: a deadline is for everybody; members do not read producers' rows.
        earlier = {
            (row.window_id, row.partner_id): row.closes_at
            for row in self.window_id.sudo().supplier_ids
            if row.closes_at
        }
        for offer in self:
            closes_at = offer.window_id.closes_at
            producer = earlier.get((offer.window_id, offer.supplier_id))
            offer.closes_at = min(producer, closes_at) if producer else closes_at

    def _get_expected_quantities_to_order(self):
        """``{offer: whole packs}`` that the present demand makes."""
        totals = self._read_demand_totals()
        result = {}
        for offer in self:
            ordered, tolerance = totals.get(offer.id, (0.0, 0.0))[:2]
            if offer.is_given_up or offer.window_id.flow == "stock":
                result[offer] = 0.0
                continue
            quantity = quantity_to_order(
                [Demand(offer.id, ordered, tolerance)],
                offer.pack_size,
                offer.minimum_quantity,
            )
            result[offer] = float(quantity)
        return result

    def _read_room(self, partner):
        """``{offer id: (ordered by all, whether others wait)}`` (hook)."""
        totals = self._read_demand_totals()
        return {offer.id: (totals.get(offer.id, (0.0,))[0], False) for offer in self}

    def _get_others_wait_sentence(self):
        """Why what others wait for is refused (hook of waiting lists)."""
        return ""

    def _lock_limited(self):
        """Serialise orders of limited products until the end of the transaction.

        Whoever orders the same product meanwhile waits (members, see ``ir.http``) or is
        run again by Odoo after this transaction (everybody else: that is why the row
        is written, not only locked), and then sees what is really left. Unlimited
        products are not touched: nobody waits.
        """
        limited = self.filtered(lambda o: not float_is_zero(o.quantity_max, 6))
        if limited:
            limited.flush_recordset(["quantity_max", "change_count"])
            rows = self.env.execute_query(
                SQL(
                    """
                    UPDATE coop_order_offer SET change_count = change_count + 1
                    WHERE id IN (
                        SELECT id FROM coop_order_offer WHERE id IN %s
                        ORDER BY id FOR NO KEY UPDATE
                    ) RETURNING id, change_count, quantity_max
                    """,
                    tuple(limited.ids),
                )
            )
            # Who waited reads the limit as it is now, too.
            for offer_id, *values in rows:
                offer = self.browse(offer_id)
                for name, value in zip(
                    ("change_count", "quantity_max"), values, strict=True
                ):
                    offer._fields[name]._update_cache(offer, value)
        return limited.filtered("quantity_max")

    def _get_most_per_order(self):
        """Most that one order can plausibly have: beyond it somebody mistyped.

        Where an offer has a limit for each member, that is it.
        """
        self.ensure_one()
        return self.quantity_max_per_member or PLAUSIBLE_STEPS * self._get_step()

    def _coop_get_most_for(self, line):
        """What a line can have of what has arrived, others' fixed shares apart."""
        self.ensure_one()
        fixed = self.line_ids.filtered(
            lambda other: other.allocation_locked and other != line
        )
        given = sum(fixed.mapped("quantity_allocated"))
        return max(self._get_available_to_share() - given, 0.0)

    def _coop_keep_orders_out(self):
        """Whoever orders in these windows now waits, or runs again, and sees the price.

        Ordering takes a shared lock on the window (``sale.order._coop_lock_window``).
        """
        if not self:
            return
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE coop_order_window SET write_date = write_date WHERE id IN %s"
                " RETURNING id",
                tuple(self.window_id.ids),
            )
        )

    def _round_to_step(self, quantity):
        """The quantity as a whole number of steps, not negative."""
        self.ensure_one()
        step = self._get_step()
        steps = float_round(max(quantity, 0.0) / step, precision_digits=0)
        return float_round(steps * step, precision_digits=6)
