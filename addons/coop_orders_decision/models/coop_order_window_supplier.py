# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from odoo.addons.coop_base.tools.localtime import format_local

from ..tools.complete_minimum import Product, packs_to_add


class CoopOrderWindowSupplier(models.Model):
    """The buyer's decisions about a producer whose minimum is missed."""

    _name = "coop.order.window.supplier"
    _inherit = [
        "coop.order.window.supplier.early",
        "coop.order.window.supplier.giving.up",
        "coop.order.window.supplier.early.decide",
        "coop.order.window.supplier.stock",
        "coop.order.window.supplier",
    ]

    needs_decision = fields.Boolean(compute="_compute_needs_decision")

    @api.depends(
        "window_id.state",
        "minimum_state",
        "minimum_waived",
        "purchase_order_id.state",
        "early_closed_at",
    )
    def _compute_needs_decision(self):
        for row in self:
            # sudo: a state; the referent reads no purchase orders.
            row.needs_decision = (
                row._is_time_to_decide() and row.sudo()._is_waiting_for_minimum()
            )

    def _is_time_to_decide(self):
        """Whether members can no longer change what they order from this producer."""
        self.ensure_one()
        return self.window_id.state == "closed" or self._is_early()

    def _check_can_decide(self):
        self.ensure_one()
        self.check_access("write")
        if not self.needs_decision:
            raise UserError(
                self.env._(
                    "There is nothing to decide for %(producer)s: the minimum is"
                    " reached, nothing was ordered, or the order exists.",
                    producer=self.partner_id.name,
                )
            )

    def action_decide_minimum(self):
        """The wizard: what is missing, who is concerned, and the four ways out."""
        self._check_can_decide()
        wizard = self.env["coop.order.minimum"].create({"supplier_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Minimum of %s", self.partner_id.name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # ------------------------------------------------------------------
    # What is missing, who is concerned
    # ------------------------------------------------------------------

    def _get_own_offers(self):
        self.ensure_one()
        return self.window_id.offer_ids.filtered(
            lambda offer: offer.supplier_id == self.partner_id
        )

    def _get_missing(self):
        """``(amount, weight in kg)`` that miss to the minimums, 0 where reached."""
        self.ensure_one()
        # sudo: totals of the window, also for who is not shown prices.
        row = self.sudo()
        return (
            row.currency_id.round(max(row.minimum_amount - row.amount_ordered, 0.0)),
            round(max(row.minimum_weight - row.weight_ordered, 0.0), 3),
        )

    def _get_concerned_orders(self):
        """Members' orders with something of this producer, as superuser."""
        self.ensure_one()
        lines = (
            self.env["sale.order.line"]
            # sudo: who decides need not read members' orders: they are counted, told.
            .sudo()
            .search(
                [
                    ("offer_id", "in", self._get_own_offers().ids),
                    ("product_uom_qty", ">", 0),
                    ("state", "in", ("draft", "sent", "sale")),
                ]
            )
        )
        return lines.order_id

    def _suggest_extras(self):
        """``({offer: quantity to add}, reached)``: whole packs, just enough."""
        self.ensure_one()
        # sudo: purchase prices, for a suggestion.
        offers = self._get_own_offers().sudo().filtered(lambda o: not o.is_given_up)
        quantities = offers._get_expected_quantities_to_order()
        amount, weight = self._get_missing()
        added, reached = packs_to_add(
            [
                Product(
                    offer,
                    price=offer.purchase_price,
                    weight=round(offer._get_weight(1.0), 6),
                    pack=offer.pack_size,
                    ordered=quantities[offer],
                    demand=offer.quantity_ordered,
                    first=offer.minimum_quantity,
                )
                for offer in offers
            ],
            amount,
            weight,
        )
        return {offer: float(quantity) for offer, quantity in added.items()}, reached

    # ------------------------------------------------------------------
    # The decisions
    # ------------------------------------------------------------------

    def _coop_complete(self, extras):
        """The cooperative adds packs for its stock, then orders.

        :param extras: ``{offer: quantity}`` in whole packs, replaces what was added
        :raise UserError: the minimum is still not reached; nothing is written then
        """
        self._check_can_decide()
        for offer in self._get_own_offers():
            quantity = extras.get(offer, 0.0)
            if offer.product_uom_id.compare(offer.quantity_extra, quantity) != 0:
                offer.quantity_extra = quantity
        self.invalidate_recordset(["minimum_state", "amount_ordered", "weight_ordered"])
        if self.minimum_state != "reached":
            amount, weight = self._get_missing()
            raise UserError(
                self.env._(
                    "Still missing: %(missing)s. Add packs, or order anyway.",
                    missing=self._format_missing(amount, weight),
                )
            )
        self._coop_note_decision(
            self.env._("completed by the cooperative, for its stock")
        )
        return self._coop_order_decided()

    def _coop_order_decided(self):
        """Make the order that was waiting for the decision."""
        if self._is_early():
            self._create_early_order()
            self._send_early_order()
            return self.purchase_order_id
        return self.window_id.action_create_purchase_orders()

    def _coop_check_extension(self, closes_at):
        """:raise UserError: no deadline to take orders until"""
        now = fields.Datetime.now()
        if not closes_at or closes_at <= now:
            raise UserError(self.env._("Choose a new deadline that is still to come."))
        delivery = self._get_delivery_date()
        if delivery > now and closes_at >= delivery:
            raise UserError(
                self.env._(
                    "The goods are expected on %(date)s: choose an earlier deadline.",
                    date=format_local(self.env, delivery, self.window_id.company_id),
                )
            )

    def _coop_extend(self, closes_at):
        """Take orders again, for this producer only, and tell who ordered from it.

        The other producers' offers stay closed, with the orders they already have.
        """
        self._check_can_decide()
        self._coop_check_extension(closes_at)
        if self._is_early():
            return self._coop_extend_early(closes_at)
        window, now = self.window_id, fields.Datetime.now()
        closed_at = window.closed_at or now
        for row in window.supplier_ids - self:
            if not row.closes_at or row.closes_at > closed_at:
                row.closes_at = closed_at
        self.closes_at = False
        self._get_own_offers().quantity_to_order = 0
        window._coop_enter_state(
            {
                "state": "open",
                "closes_at": closes_at,
                "closed_at": False,
                "closed_by_id": False,
            }
        )
        window._coop_unconfirm_orders()
        self._coop_tell_extension(closes_at)
        return True

    def _coop_tell_extension(self, closes_at):
        """Note the longer deadline, and tell who ordered from this producer."""
        self._coop_note_decision(
            self.env._(
                "orders taken until %(date)s, for this producer only",
                date=format_local(self.env, closes_at, self.window_id.company_id),
            )
        )
        orders = self._get_concerned_orders()
        orders._coop_with_about(extended_supplier_id=self.id)._coop_tell_members(
            "coop_orders_decision.mail_template_minimum_extended",
            self.env._("more is needed from %s to order", self.partner_id.name),
        )

    def _coop_note_decision(self, text):
        """In the window's chatter; the buyer's task about it is done."""
        self.ensure_one()
        if self.given_up_reason == "supply":
            # A producer who cannot supply is not about a minimum.
            self.window_id.message_post(
                body=self.env._(
                    "%(producer)s: %(decision)s.",
                    producer=self.partner_id.name,
                    decision=text,
                ),
                message_type="comment",
                subtype_xmlid="mail.mt_note",
            )
            return
        self.window_id.message_post(
            body=self.env._(
                "Minimum of %(producer)s: %(decision)s.",
                producer=self.partner_id.name,
                decision=text,
            ),
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        # sudo: the task may be somebody else's.
        activities = self.window_id.sudo().activity_ids
        activities.filtered(
            lambda activity: activity.summary == self._get_minimum_summary()
        ).action_feedback(feedback=text)

    def _get_minimum_summary(self):
        self.ensure_one()
        return self.env._(
            "%(producer)s: the minimum is not reached", producer=self.partner_id.name
        )

    def _format_missing(self, amount, weight):
        self.ensure_one()
        parts = []
        if amount:
            parts.append(self.currency_id.format(amount))
        if weight:
            parts.append(
                self.env._(
                    "%(weight)s kg", weight=formatLang(self.env, weight, digits=2)
                )
            )
        return self.env._(" and ").join(parts)
