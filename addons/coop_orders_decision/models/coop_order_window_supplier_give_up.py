# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

TEMPLATE = "coop_orders_decision.mail_template_producer_given_up"


class CoopOrderWindowSupplierGiveUpMixin(models.AbstractModel):
    """A producer of whom nothing comes: members know at once, and order no more."""

    _name = "coop.order.window.supplier.giving.up"
    _description = "Producer in a Window: Giving Up"

    given_up_at = fields.Datetime(
        string="Supplies Nothing since", readonly=True, copy=False
    )
    given_up_reason = fields.Selection(
        [
            ("minimum", "The minimum was not reached"),
            ("supply", "The producer cannot supply"),
        ],
        readonly=True,
        copy=False,
    )
    can_give_up = fields.Boolean(compute="_compute_can_give_up")
    standing = fields.Selection(
        [
            ("given_up", "Supplies nothing"),
            ("empty", "Nothing to order"),
            ("amount", "Under the minimum amount"),
            ("weight", "Under the minimum weight"),
            ("reached", "Minimum reached"),
        ],
        compute="_compute_standing",
        help="Whether enough is ordered from this producer.",
    )

    @api.depends(
        "window_id.state", "given_up_at", "needs_decision", "purchase_order_id.state"
    )
    def _compute_can_give_up(self):
        for row in self:
            # sudo: a state; the referent reads no purchase orders.
            ordered = row.sudo().purchase_order_id.state not in (False, "cancel")
            row.can_give_up = (
                row.window_id.state in ("open", "closed")
                and row.window_id.flow == "cross_dock"
                and not row.given_up_at
                and not row.needs_decision
                and not ordered
            )

    @api.depends("minimum_state", "given_up_at")
    def _compute_standing(self):
        for row in self:
            row.standing = "given_up" if row.given_up_at else row.minimum_state

    def action_give_up(self):
        """Nothing is ordered from this producer: the members concerned are told.

        In an open window too, where nobody can order from the producer from then on.
        What members asked for stays written in their orders; they get and pay nothing.
        """
        for row in self:
            row.check_access("write")
            if row.purchase_order_id and row.purchase_order_id.state != "cancel":
                raise UserError(
                    self.env._(
                        "%(producer)s already has an order: cancel it first.",
                        producer=row.partner_id.name,
                    )
                )
            if row.window_id.state not in ("open", "closed"):
                raise UserError(
                    self.env._(
                        "%(window)s takes no orders: there is nothing to give up.",
                        window=row.window_id.name,
                    )
                )
            if not row.given_up_at:
                row._give_up("minimum" if row.needs_decision else "supply")
        return True

    def _give_up(self, reason):
        self.ensure_one()
        now, window = fields.Datetime.now(), self.window_id
        self._coop_close_given_up(reason)
        offers = self._get_own_offers()
        offers.write({"quantity_to_order": 0, "is_given_up": True})
        # sudo: who decides need not read members' orders: they are told.
        lines = (
            self.env["sale.order.line"]
            .sudo()
            .search(
                [
                    ("offer_id", "in", offers.ids),
                    ("product_uom_qty", ">", 0),
                    ("state", "in", ("draft", "sent", "sale")),
                ]
            )
        )
        free = lines.filtered(lambda line: not line.allocation_locked)
        free._coop_store_allocation(dict.fromkeys(free, 0.0))
        offers.filtered(lambda offer: not offer.allocated_at).allocated_at = now
        offers.invalidate_recordset(["quantity_allocated"])
        window._coop_note_all_decided()
        self._tell_given_up(lines)
        self._coop_note_decision(
            self.env._("nothing is ordered, the members concerned were told")
            if reason == "minimum"
            else self.env._("cannot supply, the members concerned were told")
        )

    def _coop_close_given_up(self, reason):
        """Nobody orders from this producer any more, even if the window opens again."""
        self.ensure_one()
        now = fields.Datetime.now()
        vals = {"given_up_at": now, "given_up_reason": reason}
        if self.window_id.state == "open":
            self._close_early_door()
            vals["early_done_at"] = now
        if not self.closes_at or self.closes_at > now:
            vals["closes_at"] = now
        self.write(vals)

    def _tell_given_up(self, lines):
        """Tell the members of these lines what they will not get, once."""
        self.ensure_one()
        lines = lines.filtered(
            lambda line: not line.shortage_told_at and line._coop_is_short()
        )
        lines.shortage_told_at = fields.Datetime.now()
        lines.order_id._coop_with_about(
            short_line_ids=lines.ids, given_up_supplier_id=self.id
        )._coop_tell_members(
            TEMPLATE,
            self.env._("nothing comes from %s", self.partner_id.name),
        )


class CoopOrderWindowSupplierGiveUp(models.AbstractModel):
    _name = "coop.order.window.give.up"
    _description = "Order Window: Given Up"

    def _coop_note_all_decided(self):
        """Shared out, where nothing of what was asked for is still to come."""
        for window in self.filtered(lambda w: w.state == "closed"):
            asked = window.offer_ids.filtered(lambda o: o.quantity_ordered > 0)
            if asked and all(asked.mapped("allocated_at")) and not window.allocated_at:
                window.allocated_at = fields.Datetime.now()


class CoopSaleOrderGiveUp(models.AbstractModel):
    _name = "coop.sale.order.give.up"
    _description = "Member's Order: Given Up"

    def _coop_get_given_up_supplier(self):
        """The producer's row a notice that nothing comes is about."""
        return self.env["coop.order.window.supplier"].browse(
            self._coop_get_about("given_up_supplier_id", [])
        )

    def _coop_read_change(self, offer, change, line):
        """Said as it is, rather than as a deadline that nobody knew of."""
        if fields.Datetime.now() >= offer.closes_at and offer.is_given_up:
            raise UserError(
                self.env._(
                    "%(product)s: nothing comes. %(reason)s",
                    product=offer.product_id.display_name,
                    reason=offer._get_given_up_sentence(),
                )
            )
        return super()._coop_read_change(offer, change, line)


class CoopOrderOfferGiveUp(models.AbstractModel):
    _name = "coop.order.offer.give.up"
    _description = "Offer: Given Up"

    def _get_given_up_sentence(self):
        # sudo: a reason; members do not read producers' rows.
        row = self.sudo().window_id.supplier_ids.filtered(
            lambda row: row.partner_id == self.sudo().supplier_id
        )
        if row.given_up_reason == "supply":
            return self.env._("The producer cannot supply this time.")
        return super()._get_given_up_sentence()
