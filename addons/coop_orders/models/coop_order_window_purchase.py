# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from odoo.addons.coop_base.tools.localtime import format_local


class CoopOrderWindowPurchase(models.AbstractModel):
    """From the members' demand to one purchase order per producer."""

    _name = "coop.order.window.purchase"
    _description = "Order Window: Ordering"

    def action_create_purchase_orders(self):
        """One draft purchase order per producer, in whole packs.

        Idempotent: a producer who has an order is left alone. A producer whose minimum
        is not reached gets none: the buyer decides (``action_order_anyway``,
        ``action_give_up`` on the producer's row, or reopening) and is told by an
        activity. The number of queries does not depend on the number of orders.

        :return: the purchase orders created
        """
        self.check_access("write")
        created = self.env["purchase.order"]
        for window in self:
            if window.state != "closed":
                raise UserError(
                    self.env._(
                        "Close %(window)s first: members can still change what they"
                        " order.",
                        window=window.name,
                    )
                )
            window.action_close()  # finishes an interrupted closing
            created |= window._create_purchase_orders()
        return created

    def _create_purchase_orders(self, rows=None):
        """Orders of these producers of the window, by default of all of them."""
        self.ensure_one()
        rows = self.supplier_ids if rows is None else rows
        waiting = rows.filtered(
            lambda row: (
                not row.purchase_order_id or row.purchase_order_id.state == "cancel"
            )
        )
        offers = self.offer_ids.filtered(
            lambda offer: offer.supplier_id in waiting.partner_id
        )
        for offer, quantity in offers._get_expected_quantities_to_order().items():
            offer.quantity_to_order = quantity
        vals_list, suppliers = [], waiting.browse()
        for row in waiting:
            if row.minimum_state == "empty":
                continue
            if row.minimum_state != "reached" and not row.minimum_waived:
                row._tell_buyer_of_minimum()
                continue
            lines = offers.filtered(
                lambda offer, row=row: (
                    offer.supplier_id == row.partner_id and offer.quantity_to_order > 0
                )
            )
            if lines:
                vals_list.append(row._prepare_purchase_order_vals(lines))
                suppliers += row
        orders = self.env["purchase.order"].create(vals_list)
        for row, order in zip(suppliers, orders, strict=True):
            row.purchase_order_id = order
        return orders

    def action_send_purchase_orders(self):
        """Confirm the purchase orders and e-mail each one to its producer, once.

        A producer without an e-mail is called: the order is confirmed, and an activity
        says so. What was sent is never sent again.

        :return: the purchase orders sent
        """
        self.check_access("write")
        sent = self.env["purchase.order"]
        for window in self:
            if window.state not in ("closed", "done"):
                raise UserError(
                    self.env._(
                        "Close %(window)s and create its orders to producers first.",
                        window=window.name,
                    )
                )
            orders = window._get_live_purchase_orders().filtered(
                lambda po: not po.coop_sent_at
            )
            orders._coop_confirm_and_send()
            sent |= orders
        return sent

    def action_close_and_send(self):
        """The one button: close, create the purchase orders, send them."""
        self.action_close()
        self.action_create_purchase_orders()
        sent = self.action_send_purchase_orders()
        under = self.supplier_ids.filtered(
            lambda row: row._is_waiting_for_minimum()
        ).partner_id
        message = self.env._("%(count)s orders sent to the producers.", count=len(sent))
        if under:
            message += " " + self.env._(
                "Under the minimum, to decide: %(producers)s.",
                producers=", ".join(under.mapped("name")),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if under else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class CoopOrderWindowSupplierPurchase(models.AbstractModel):
    _name = "coop.order.window.supplier.purchase"
    _description = "Producer in a Window: Ordering"

    def _is_waiting_for_minimum(self):
        """Whether the buyer still has to decide about this producer's minimum."""
        self.ensure_one()
        return (
            self.minimum_state in ("amount", "weight")
            and not self.minimum_waived
            and self.purchase_order_id.state in (False, "cancel")
        )

    def _get_delivery_date(self):
        self.ensure_one()
        # sudo: a date; the buyer need not be referent of the distribution.
        starts = self.window_id.sudo().distribution_ids.mapped("date_start")
        return self.delivery_date or min(starts, default=fields.Datetime.now())

    def _prepare_purchase_order_vals(self, offers):
        """Values of this producer's order for these offers (hook)."""
        self.ensure_one()
        window, partner = self.window_id, self.partner_id
        company = window.company_id
        position = (
            self.env["account.fiscal.position"]
            .with_company(company)
            ._get_fiscal_position(partner)
        )
        planned = self._get_delivery_date()
        return {
            "partner_id": partner.id,
            "company_id": company.id,
            "currency_id": window.currency_id.id,
            "order_window_id": window.id,
            "origin": window.code,
            "date_planned": planned,
            "fiscal_position_id": position.id,
            "payment_term_id": partner.with_company(
                company
            ).property_supplier_payment_term_id.id,
            "order_line": [
                (0, 0, vals)
                for vals in offers._prepare_purchase_line_vals_list(
                    partner, position, planned
                )
            ],
        }

    def _tell_buyer_of_minimum(self):
        """One activity for the buyer, on the window, about a minimum that is missed."""
        self.ensure_one()
        summary = self.env._(
            "%(producer)s: the minimum is not reached", producer=self.partner_id.name
        )
        # sudo: activities of somebody else are not readable.
        known = self.window_id.sudo().activity_ids.filtered(
            lambda activity: activity.summary == summary
        )
        if known:
            return
        self.window_id.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=self.env._(
                "%(amount)s and %(weight)s kg ordered. Under “Producers”, click"
                " “Decide”: take orders longer, complete, order anyway, or give up and"
                " tell the members.",
                amount=self.currency_id.format(self.amount_ordered),
                weight=formatLang(self.env, self.weight_ordered, digits=2),
            ),
            user_id=self._get_buyer().id,
        )

    def _get_buyer(self):
        """Who decides: the producer's buyer, else who closed the window."""
        self.ensure_one()
        # sudo: only to find whom to tell.
        partner = self.partner_id.sudo().with_company(self.window_id.company_id)
        closer = self.window_id.closed_by_id.filtered(lambda u: u._is_internal())
        return (
            partner.buyer_id
            or (closer - self.env.ref("base.user_root"))
            or self.window_id.create_uid
        )


class CoopOrderOfferPurchase(models.AbstractModel):
    _name = "coop.order.offer.purchase"
    _description = "Offer: Ordering"

    def _prepare_purchase_line_vals_list(self, partner, position, planned):
        """Values of the purchase lines of these offers, complete.

        Complete on purpose: Odoo fills what is missing by an onchange a line.
        """
        lang = partner._coop_get_lang(self.company_id)
        products = self.product_id.with_context(lang=lang, partner_id=partner.id)
        names = {product.id: product.display_name for product in products}
        vals_list = []
        for offer in self:
            taxes = offer.product_id.supplier_taxes_id._filter_taxes_by_company(
                offer.company_id
            )
            vals_list.append(
                {
                    "offer_id": offer.id,
                    "product_id": offer.product_id.id,
                    "name": names[offer.product_id.id],
                    "product_qty": offer.quantity_to_order,
                    "product_uom_id": offer.product_uom_id.id,
                    "price_unit": offer.purchase_price,
                    "technical_price_unit": 0.0,
                    "tax_ids": [(6, 0, position.map_tax(taxes).ids)],
                    "date_planned": planned,
                }
            )
        return vals_list

    def _format_deadline(self, deadline):
        """Deadline as members read it."""
        return format_local(self.env, deadline, self.company_id)
