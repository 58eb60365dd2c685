# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare, float_is_zero, formatLang
from odoo.tools.misc import get_lang

from ..tools.terms import DEMAND_STATES, LIMITS_CHECKED


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = [
        "coop.sale.order.line.notice",
        "coop.sale.order.line.allocate",
        "coop.sale.order.line.donation",
        "coop.order.line.door",
        "sale.order.line",
    ]

    offer_id = fields.Many2one(
        "coop.order.offer",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        check_company=True,
    )
    order_window_id = fields.Many2one(
        related="order_id.order_window_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    distribution_id = fields.Many2one(
        related="order_id.distribution_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    supplier_id = fields.Many2one(
        related="offer_id.supplier_id", store=True, precompute=True, string="Producer"
    )
    quantity_tolerance = fields.Float(
        string="Tolerance",
        digits="Product Unit",
        copy=False,
        help="How much more the member takes so that a pack fills.",
    )
    quantity_allocated = fields.Float(
        string="Allocated",
        digits="Product Unit",
        copy=False,
        readonly=True,
        help="What this member gets of what arrived.",
    )
    allocation_locked = fields.Boolean(
        copy=False,
        help="Set by hand: not shared out again.",
    )
    quantity_delivered_weight = fields.Float(
        string="Weight Delivered (kg)",
        digits="Stock Weight",
        copy=False,
        help="For what is ordered by the piece and paid by the kilogram.",
    )
    asked_at = fields.Datetime(
        copy=False,
        readonly=True,
        help="When the member first asked: the order of first come, first served.",
    )
    asked_more = fields.Json(
        copy=False,
        readonly=True,
        help="What was added to it later, and when: it ranks from then on.",
    )
    shortage_told_at = fields.Datetime(copy=False, readonly=True)
    offer_allocated_at = fields.Datetime(
        string="Shared out on", related="offer_id.allocated_at"
    )

    _offer_unique = models.UniqueIndex(
        "(order_id, offer_id) WHERE offer_id IS NOT NULL",
        "This product is already in the order.",
    )
    _tolerance_positive = models.Constraint(
        "CHECK (quantity_tolerance >= 0 AND quantity_allocated >= 0)",
        "A tolerance or an allocated quantity cannot be negative.",
    )

    # ------------------------------------------------------------------
    # What the offer fixes
    # ------------------------------------------------------------------

    def _compute_price_unit(self):
        """The offer's price, whatever pricelists or products become."""
        offered = self.filtered("offer_id")
        for line in offered:
            # sudo: a price that members read on the same page.
            price = line.offer_id.sudo().price_unit
            line.price_unit = price
            line.technical_price_unit = price
        return super(SaleOrderLine, self - offered)._compute_price_unit()

    def _compute_product_uom_id(self):
        offered = self.filtered("offer_id")
        for line in offered:
            line.product_uom_id = line.offer_id.product_uom_id
        return super(SaleOrderLine, self - offered)._compute_product_uom_id()

    def _compute_discount(self):
        offered = self.filtered("offer_id")
        offered.discount = 0.0
        return super(SaleOrderLine, self - offered)._compute_discount()

    def _compute_pricelist_item_id(self):
        offered = self.filtered("offer_id")
        offered.pricelist_item_id = False
        return super(SaleOrderLine, self - offered)._compute_pricelist_item_id()

    @api.constrains("offer_id", "order_id", "product_id", "product_uom_id")
    def _check_offer(self):
        for line in self.filtered("offer_id"):
            offer = line.offer_id
            if offer.window_id != line.order_id.order_window_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s is offered in another order window.",
                        product=offer.product_id.display_name,
                    )
                )
            if (
                line.product_id != offer.product_id
                or line.product_uom_id != offer.product_uom_id
            ):
                raise ValidationError(
                    self.env._(
                        "The product and the unit are those of the offer: %(product)s.",
                        product=offer.product_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._coop_refuse_new_lines(vals_list)
        offers = self.env["coop.order.offer"].browse(
            {vals["offer_id"] for vals in vals_list if vals.get("offer_id")}
        )
        now = fields.Datetime.now()
        for vals in vals_list:
            if vals.get("offer_id"):
                offer = offers.browse(vals["offer_id"])
                # A form sends empty ones.
                vals["product_id"] = vals.get("product_id") or offer.product_id.id
                vals["product_uom_id"] = (
                    vals.get("product_uom_id") or offer.product_uom_id.id
                )
                vals["asked_at"] = vals.get("asked_at") or now
        lines = super().create(vals_list)
        lines.filtered("offer_id")._coop_check_limits()
        return lines

    def write(self, vals):
        if not self.env.su:
            vals = self._coop_pass_door(vals)
        raised = self.browse()
        if "product_uom_qty" in vals or "offer_id" in vals:
            raised = self.filtered("offer_id")
        res = super().write(vals)
        raised._coop_check_limits()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_members_lines(self):
        for line in self.filtered("order_window_id"):
            if not self.env.su:
                raise UserError(line.order_id._coop_get_lines_sentence())

    def _coop_are_limits_checked(self):
        """Whether who writes these lines has just checked them, under the locks."""
        return self.env.context.get("coop_limits_checked") is LIMITS_CHECKED

    def _coop_check_limits(self):
        """Refuse what goes beyond an offer's limits, whoever writes the line.

        :raise UserError: one sentence, with what is left
        """
        if self._coop_are_limits_checked():
            return
        lines = self.filtered(
            lambda line: line.offer_id and line.state in DEMAND_STATES
        )
        # sudo: limits and totals, no other member's order.
        offers = lines.offer_id.sudo()
        for line in lines:
            limit = line.offer_id.sudo().quantity_max_per_member
            if limit and float_compare(line.product_uom_qty, limit, 6) > 0:
                raise UserError(
                    self.env._(
                        "At most %(limit)s of %(product)s for each member.",
                        limit=offers._format_quantity(limit, line.product_uom_id),
                        product=line.product_id.display_name,
                    )
                )
        limited = offers._lock_limited()
        if not limited:
            return
        self.env.flush_all()
        totals = limited._read_demand_totals()
        for offer in limited:
            over = totals.get(offer.id, (0.0,))[0] - offer.quantity_max
            if float_compare(over, 0.0, 6) > 0:
                own = sum(
                    lines.filtered(
                        lambda line, offer=offer: line.offer_id.id == offer.id
                    ).mapped("product_uom_qty")
                )
                raise UserError(offer._get_too_much_sentence(max(own - over, 0.0)))

    # ------------------------------------------------------------------
    # Deliveries come later, from what was allocated
    # ------------------------------------------------------------------

    def _compute_qty_delivered(self):
        """Nothing is delivered of a basket: with projects or the point of sale
        installed, each tap would ask their tables."""
        baskets = self.filtered(
            lambda line: line.offer_id and line.state in ("draft", "sent")
        )
        baskets.qty_delivered = 0.0
        return super(SaleOrderLine, self - baskets)._compute_qty_delivered()

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """An order of a window launches no procurement by itself.

        Its goods are ordered for the whole window, and delivered from what was
        allocated (``_coop_get_quantity_to_deliver``).
        """
        others = self.filtered(lambda line: not line.order_window_id)
        if not others:
            return True
        return super(SaleOrderLine, others)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )

    def _coop_get_quantity_to_deliver(self):
        """``{line: quantity}`` still to hand over, in the line's unit (hook).

        What was allocated less what was delivered; nothing before goods are shared out.
        """
        result = {}
        for line in self:
            quantity = 0.0
            if line.offer_id.allocated_at and line.state == "sale":
                quantity = max(line.quantity_allocated - line.qty_delivered, 0.0)
            result[line] = 0.0 if float_is_zero(quantity, 6) else quantity
        return result

    def _coop_prepare_delivery_move_vals(self, location, location_dest, added=None):
        """Values of the outgoing moves of these lines, for a bulk delivery (hook).

        :param added: ``{line: quantity}`` in place of what is still to hand over
        :return: list of ``stock.move`` values without ``picking_id``, lines with
            nothing to deliver left out
        """
        quantities = {**self._coop_get_quantity_to_deliver(), **(added or {})}
        return [
            {
                "product_id": line.product_id.id,
                "product_uom": line.product_uom_id.id,
                "product_uom_qty": quantity,
                "sale_line_id": line.id,
                "partner_id": line.order_id.partner_shipping_id.id,
                "company_id": line.company_id.id,
                "location_id": location.id,
                "location_dest_id": location_dest.id,
                "origin": line.order_id.name,
            }
            for line, quantity in quantities.items()
            if quantity
        ]


class CoopOrderOfferLine(models.AbstractModel):
    _name = "coop.order.offer.line"
    _description = "Offer: Words"

    def _format_number(self, number):
        """A quantity as people write it, to the gram where it was weighed: "3", "1,5",
        "0,437"."""
        text = formatLang(self.env, number, dp="Product Unit")
        point = get_lang(self.env).decimal_point
        return text.rstrip("0").rstrip(point) if point in text else text

    def _format_quantity(self, quantity, uom=None):
        """A quantity as people read it: "3", "1,5 kg"."""
        uom = uom or self.product_uom_id
        number = self._format_number(quantity)
        if uom == self._get_reference_uom("product_uom_unit"):
            return number
        return f"{number} {uom.name}"

    def _get_too_much_sentence(self, left):
        """Why an order of a limited product is refused, and what is left."""
        self.ensure_one()
        product = self.product_id.display_name
        if float_is_zero(left, 6):
            return self.env._("No %(product)s is left.", product=product)
        return self.env._(
            "Only %(left)s of %(product)s left for you.",
            left=self._format_quantity(left),
            product=product,
        )
