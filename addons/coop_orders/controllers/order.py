# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import float_compare, float_is_zero, remove_accents

from odoo.addons.coop_base.tools.localtime import format_local

from .window import CoopOrderPortal

FLASH = "coop_order_flash"


class CoopOrderHistoryPortal(CoopOrderPortal):
    """One order: confirm, cancel, then follow it to the delivery."""

    def _coop_get_own_order(self, order_id):
        """The connected member's own order, sudo, or an empty recordset.

        The record rule already hides others' orders from portal users; staff read more
        than their own, so that the owner is checked here for everybody.
        """
        order = request.env["sale.order"].browse(order_id).exists()
        member = self._coop_get_member()
        if (
            not order
            or not member
            # sudo: only to compare the owner, whoever asks.
            or order.sudo().partner_id != member
            or not order.sudo().order_window_id
        ):
            return request.env["sale.order"]
        # sudo: products, producers and windows are not readable by members, to whom
        # internal codes say nothing either.
        return order.sudo().with_context(display_default_code=False)

    @http.route("/my/coop/orders", type="http", auth="user", website=True)
    def coop_orders(self, **kw):
        member = self._coop_get_member()
        # sudo: amounts and names of the own orders only.
        orders = (
            request.env["sale.order"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", member.id or 0),
                    ("order_window_id", "!=", False),
                ],
                order="id desc",
                limit=100,
            )
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="coop_orders",
            title=request.env._("My orders"),
            orders=orders,
            collected={
                order.id: format_local(
                    request.env, order.distribution_id.date_start, order.company_id
                )
                for order in orders
                if order.distribution_id
            },
        )
        return request.render("coop_orders.portal_orders", values)

    @http.route(
        "/my/coop/orders/<int:order_id>", type="http", auth="user", website=True
    )
    def coop_order(self, order_id, **kw):
        order = self._coop_get_own_order(order_id)
        if not order:
            return request.redirect("/my/coop")
        values = self._prepare_portal_layout_values()
        values.update(self._coop_prepare_order_values(order))
        values.update(request.session.pop(FLASH, None) or {})
        return request.render("coop_orders.portal_order", values)

    def _coop_prepare_order_values(self, order):
        window = order.order_window_id
        env = request.env
        is_open = window._is_taking_orders()
        distribution = order.distribution_id
        return {
            "page_name": "coop_order",
            "title": window.name,
            "coop_order": order,
            "window": window,
            "is_open": is_open,
            "closed_sentence": window._get_closed_sentence(),
            "deadline": format_local(env, window.closes_at, window.company_id),
            "minimum": order._coop_minimum_error() if order.order_line else False,
            "lines": self._coop_prepare_order_lines(order),
            "is_allocated": any(order.order_line.offer_id.mapped("allocated_at")),
            "expected_total": order._coop_get_expected_total(),
            "distributions": [
                {
                    "distribution": each,
                    "when": self._coop_distribution_text(each),
                    "slots": each.slot_ids.filtered(
                        lambda slot: (
                            not slot.capacity
                            or slot.booked_count < slot.capacity
                            or slot == order.slot_id
                        )
                    ),
                }
                for each in window.distribution_ids.sorted(
                    lambda d: (
                        d.collection_point_id != order.partner_id.collection_point_id,
                        remove_accents(d.collection_point_id.name).lower(),
                    )
                )
            ]
            if is_open
            else [],
            "collection": self._coop_distribution_text(distribution)
            if distribution
            else "",
            "error": False,
            "notice": False,
        }

    def _coop_distribution_text(self, distribution):
        env, company = request.env, distribution.company_id
        return env._(
            "%(start)s to %(end)s",
            start=format_local(env, distribution.date_start, company),
            end=format_local(env, distribution.date_end, company, "HH:mm"),
        )

    def _coop_prepare_order_lines(self, order):
        """Each line as ordered, allocated and delivered, with the reason in words."""
        rows = []
        for line in order.order_line.filtered("offer_id"):
            offer = line.offer_id
            delivered = line.qty_delivered
            rows.append(
                {
                    "line": line,
                    "offer": offer,
                    "amount": line._coop_get_expected_amount(),
                    "ordered": offer._format_quantity(line.product_uom_qty),
                    "tolerance": offer._format_quantity(line.quantity_tolerance)
                    if line.quantity_tolerance
                    else "",
                    "allocated": offer._format_quantity(line.quantity_allocated)
                    if offer.allocated_at
                    else "",
                    "delivered": offer._format_quantity(delivered)
                    if not float_is_zero(delivered, 6)
                    else "",
                    "reason": self._coop_difference_reason(line),
                }
            )
        return rows

    def _coop_difference_reason(self, line):
        """Why the member gets something else than what was ordered, or nothing."""
        env, offer = request.env, line.offer_id
        if not offer.allocated_at:
            return ""
        compared = float_compare(line.quantity_allocated, line.product_uom_qty, 6)
        if compared > 0:
            return env._("Your tolerance completed a pack.")
        if compared < 0:
            if line.allocation_locked:
                return env._("Set by hand by your cooperative.")
            if offer.is_given_up:
                return offer._get_given_up_sentence()
            if float_is_zero(offer.quantity_to_order, 6):
                return env._("Not enough orders to fill a pack.")
            return {
                "first_come": env._(
                    "Less arrived than was ordered: first come, first served."
                ),
                "pro_rata": env._(
                    "Less arrived than was ordered: shared in proportion to the orders."
                ),
                "equal": env._("Less arrived than was ordered: shared equally."),
            }[offer.window_id.allocation_rule]
        delivered = line.qty_delivered
        if float_is_zero(delivered, 6):
            return ""
        if float_compare(delivered, line.quantity_allocated, 6) != 0:
            return env._("What was handed over differs from what was allocated.")
        return ""

    # ------------------------------------------------------------------
    # Changes: forms, POST, with Odoo's CSRF token
    # ------------------------------------------------------------------

    def _coop_order_action(self, order_id, method, notice, *args):
        order = self._coop_get_own_order(order_id)
        if not order:
            return request.redirect("/my/coop")
        try:
            with request.env.cr.savepoint():
                getattr(order, method)(*args)
                flash = {"notice": notice}
        except UserError as error:
            flash = {"error": error.args[0]}
        request.session[FLASH] = flash
        return request.redirect(f"/my/coop/orders/{order.id}")

    @http.route(
        "/my/coop/orders/<int:order_id>/validate",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        coop_queue=True,
    )
    def coop_order_validate(self, order_id, distribution_id=None, slot_id=None, **kw):
        order = self._coop_get_own_order(order_id)
        window = order.order_window_id
        distribution = window.distribution_ids.filtered(
            lambda d: str(d.id) == distribution_id
        )
        slot = distribution.slot_ids.filtered(lambda s: str(s.id) == slot_id)
        return self._coop_order_action(
            order_id,
            "_coop_validate",
            request.env._("Thank you, your order is confirmed."),
            distribution,
            slot,
        )

    @http.route(
        "/my/coop/orders/<int:order_id>/cancel",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        coop_queue=True,
    )
    def coop_order_cancel(self, order_id, **kw):
        return self._coop_order_action(
            order_id, "_coop_cancel", request.env._("Your order is cancelled.")
        )

    @http.route(
        "/my/coop/orders/<int:order_id>/restore",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        coop_queue=True,
    )
    def coop_order_restore(self, order_id, **kw):
        return self._coop_order_action(
            order_id,
            "_coop_restore",
            request.env._("Your basket is back. Remember to confirm it."),
        )

    @http.route(
        "/my/coop/orders/<int:order_id>/collection.ics",
        type="http",
        auth="user",
        readonly=True,
    )
    def coop_order_calendar(self, order_id, **kw):
        """The collection, for the member's own calendar."""
        order = self._coop_get_own_order(order_id)
        if not order.distribution_id:
            raise request.not_found()
        body = order._coop_get_calendar()
        return request.make_response(
            body,
            [
                ("Content-Type", "text/calendar; charset=utf-8"),
                ("Content-Disposition", 'attachment; filename="collection.ics"'),
            ],
        )
