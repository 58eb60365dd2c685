# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import fields, models

from odoo.addons.coop_orders.tools.terms import DemandChange


class PurchaseOrder(models.Model):
    """Changing an order that exists: a draft is updated, a sent one is sent again."""

    _inherit = "purchase.order"

    coop_amended_at = fields.Datetime(
        string="Changed Order Sent on", copy=False, readonly=True
    )
    coop_amendment = fields.Html(
        string="Last Change", copy=False, readonly=True, sanitize_style=True
    )

    def _coop_amend(self, quantities):
        """Have these offers ordered at these quantities.

        A draft is updated, and cancelled where nothing is left in it. An order that
        was sent is changed and sent again to its producer with the differences, who
        answers anew for what changed. Same quantities: nothing is written nor sent.

        :param quantities: ``{offer: quantity to order}``, in the offer's unit
        :return: list of ``(offer, before, after)`` that changed
        """
        self.ensure_one()
        lines = {line.offer_id: line for line in self.order_line if line.offer_id}
        changes, new = [], self.env["coop.order.offer"]
        for offer, quantity in quantities.items():
            line = lines.get(offer)
            before = line.product_qty if line else 0.0
            if offer.product_uom_id.compare(before, quantity) == 0:
                continue
            changes.append((offer, before, quantity))
            offer.quantity_to_order = quantity
            if not line:
                new |= offer
                continue
            # The price is the agreed one: not looked up again in the price list.
            line.write({"product_qty": quantity, "price_unit": line.price_unit})
        if new:
            self._coop_add_offers(new)
        if changes and self.coop_sent_at:
            self._coop_send_amendment(changes)
        elif changes and all(
            line.product_uom_id.is_zero(line.product_qty)
            for line in self.order_line.filtered(lambda ln: not ln.display_type)
        ):
            self.button_cancel()
        return changes

    def _coop_add_offers(self, offers):
        """New lines, with the values of an order made now."""
        self.ensure_one()
        vals_list = offers._prepare_purchase_line_vals_list(
            self.partner_id, self.fiscal_position_id, self.date_planned
        )
        self.env["purchase.order.line"].create(
            [{**vals, "order_id": self.id} for vals in vals_list]
        )

    def _coop_send_amendment(self, changes):
        """Tell the producer, once, what is not as in the order that was sent."""
        self.ensure_one()
        offers = [offer for offer, _before, _after in changes]
        changed = self.order_line.filtered(lambda line: line.offer_id in offers)
        # What was answered for another quantity is no answer any more.
        changed.write({"quantity_confirmed": 0.0, "is_confirmed": False})
        lang = self._coop_get_lang()
        self.write(
            {
                "coop_amendment": self.with_context(lang=lang)._coop_format_changes(
                    changes
                ),
                "coop_amended_at": fields.Datetime.now(),
                "coop_confirmed_at": False,
                "acknowledged": False,
            }
        )
        self.message_post(
            body=self._coop_format_changes(changes),
            subtype_xmlid="mail.mt_note",
            message_type="comment",
        )
        if not self.partner_id.email_normalized:
            self.activity_schedule(
                "mail.mail_activity_data_call",
                summary=self.env._(
                    "%(producer)s has no e-mail: tell the changes by telephone",
                    producer=self.partner_id.name,
                ),
                note=self.coop_amendment,
                user_id=self._coop_get_buyer().id,
            )
            return
        # sudo: the template is fixed; the change was decided by this user.
        template = self.env.ref(
            "coop_orders_correction.mail_template_purchase_amended"
        ).sudo()
        template.send_mail_batch(self.ids)
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _coop_format_changes(self, changes):
        """The differences as a list that people read."""
        return Markup("<ul>%s</ul>") % Markup("").join(
            Markup("<li>%s</li>")
            % self.env._(
                "%(product)s: %(after)s instead of %(before)s",
                product=offer.product_id.with_context(
                    lang=self.env.lang, display_default_code=False
                ).display_name,
                after=offer.with_context(lang=self.env.lang)._format_quantity(after),
                before=offer.with_context(lang=self.env.lang)._format_quantity(before),
            )
            for offer, before, after in changes
        )


class CoopOrderOfferAmend(models.AbstractModel):
    _name = "coop.order.offer.amend"
    _description = "Offer: Corrections"

    def _read_demand_totals(self):
        """With the changes somebody only thinks about (``coop_demand_change``)."""
        totals = super()._read_demand_totals()
        change = self.env.context.get("coop_demand_change")
        if not isinstance(change, DemandChange):
            return totals
        for offer_id, (quantity, tolerance) in change.items():
            if offer_id in self.ids:
                ordered, tolerated, *rest = totals.get(offer_id, (0.0, 0.0, 0.0, 0))
                totals[offer_id] = (ordered + quantity, tolerated + tolerance, *rest)
        return totals

    def _coop_get_purchase_stage(self):
        """``{offer: (stage, purchase order)}`` of what can still be ordered.

        ``none`` (no order to the producer yet), ``draft``, ``sent``, ``received``
        (nothing more comes, or something already has), ``stock``.
        """
        result = {}
        # sudo: states, for who sees the effect of a change.
        for offer in self.sudo():
            order = offer.window_id.purchase_order_ids.filtered(
                lambda po, offer=offer: (
                    po.state != "cancel" and po.partner_id == offer.supplier_id
                )
            )[:1]
            if offer.window_id.flow == "stock":
                stage = "stock"
            elif not order:
                stage = "none"
            elif "done" in order.picking_ids.mapped("state"):
                stage = "received"
            else:
                stage = "sent" if order.coop_sent_at else "draft"
            result[offer.with_env(self.env)] = (stage, order)
        return result

    def _get_left_over(self):
        """What was received and given to nobody, in the offer's unit."""
        self.ensure_one()
        # sudo: quantities.
        offer = self.sudo()
        return max(offer._get_available_to_share() - offer.quantity_allocated, 0.0)
