# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import float_compare, float_is_zero

from odoo.addons.coop_base.tools.localtime import format_local
from odoo.addons.coop_orders.controllers.order import CoopOrderHistoryPortal


class CoopRulesPortal(CoopOrderHistoryPortal):
    """Who may not order and why, what is sold out, packs to fill, waiting lists."""

    # ------------------------------------------------------------------
    # Who may order
    # ------------------------------------------------------------------

    def _coop_refuse_window(self, member):
        """A window of another group, or none: a page that says so, and whom to ask."""
        # sudo: only to tell the reason. Another group's window and one that does not
        # exist look the same.
        refused = request.env["coop.order.window"].sudo().new({})
        refused.company_id = member.sudo().company_id or request.env.company
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="coop_refused",
            title=request.env._("Orders"),
            refusal=refused._get_refusal_sentence(
                member, "group" if member else "member"
            ),
        )
        response = request.render("coop_orders_rules.portal_window_refused", values)
        response.status_code = 403
        return response

    def _coop_prepare_orders_card(self, member):
        values = super()._coop_prepare_orders_card(member)
        for entry in values["windows"]:
            entry["refusal"] = entry["window"]._get_refusal(member)
            entry["is_filling"] = entry["window"]._is_filling_boxes()
        return values

    def _coop_prepare_window_values(self, window, member):
        values = super()._coop_prepare_window_values(window, member)
        refusal = window._get_refusal(member) if values["is_open"] else ""
        values["refusal"] = refusal
        if refusal:
            # The page can be read; nothing can be ordered.
            values.update(is_open=False, closed_sentence=refusal)
        values["window_is_full"] = bool(
            values["is_open"] and self._coop_is_full(window, values["coop_order"])
        )
        values["offline_text"] = request.env._("No connection: try again.")
        values["is_filling"] = window._is_filling_boxes()
        values["packs"] = [row for row in values["rows"] if row["pack_missing"]]
        values["deadline_filling"] = (
            format_local(request.env, window.box_fill_at, window.company_id)
            if window.box_fill_at and window.box_fill_at > fields.Datetime.now()
            else ""
        )
        self._coop_add_waiting(window, member, values)
        return values

    def _coop_is_full(self, window, order):
        if not window._has_quota():
            return False
        left = window._read_quota_left()
        if order and order._coop_has_demand():
            left["orders"] = None
        return window._is_quota_filled(left)

    def _coop_prepare_rows(self, window, offers, order):
        rows = super()._coop_prepare_rows(window, offers, order)
        packs = offers._get_pack_texts() if window._is_filling_boxes() else {}
        for row in rows:
            offer = row["offer"]
            row["pack_missing"], row["pack_text"] = packs.get(offer, (0.0, ""))
            row["is_sold_out"] = (
                row["left"] is not None
                and float_compare(row["left"], offer._get_step(), 6) < 0
            )
            row["can_wait"] = bool(offer.quantity_max) or window._has_quota()
            row["place"] = False
        return rows

    def _coop_left_text(self, offer, left):
        if left is not None and float_is_zero(left, 6):
            return request.env._("Sold out")
        return super()._coop_left_text(offer, left)

    # ------------------------------------------------------------------
    # Waiting lists
    # ------------------------------------------------------------------

    def _coop_add_waiting(self, window, member, values):
        """The member's own places, and whether others wait, in two queries."""
        rows = [row for row in values["rows"] if row["can_wait"]]
        values["places"] = []
        if not rows:
            return
        # sudo: the own places, and for others only whether there are any.
        places = (
            request.env["coop.order.waiting"]
            .sudo()
            .search_fetch(
                [("window_id", "=", window.id), ("state", "in", ("waiting", "served"))]
            )
        )
        by_offer = places.grouped(lambda place: place.offer_id.id)
        for row in rows:
            queue = by_offer.get(row["id"], places.browse())
            waiting = queue.filtered(lambda place: place.state == "waiting")
            mine = queue.filtered(lambda place: place.partner_id == member)
            current = mine.filtered(lambda place: place.state == "waiting") or mine[-1:]
            if waiting - mine:
                row["is_sold_out"] = True
            if current and (current.state == "waiting" or row["quantity"]):
                row["place"] = self._coop_prepare_place(row, current, waiting)
                values["places"].append(row)

    def _coop_prepare_place(self, row, place, waiting):
        env, offer = request.env, row["offer"]
        got = (
            env._(
                "%(quantity)s came free and is in your order.",
                quantity=offer._format_quantity(place.quantity_served),
            )
            if place.quantity_served
            else ""
        )
        if place.state == "waiting":
            before = len([p for p in waiting if p._is_before(place)])
            ahead = (
                env._("%s before you", before) if before else env._("you are the first")
            )
            text = env._(
                "You wait for %(quantity)s: %(ahead)s.",
                quantity=offer._format_quantity(place.quantity),
                ahead=ahead,
            )
            text = " ".join(filter(None, (got, text)))
        else:
            text = got
        return {"id": place.id, "state": place.state, "text": text}

    @http.route(
        "/my/coop/window/<int:window_id>/wait",
        type="jsonrpc",
        auth="user",
        methods=["POST"],
        website=True,
        coop_queue=True,
    )
    def coop_window_wait(self, window_id, offer_id=None, quantity=None):
        """Join the waiting list of a product; or say in one sentence why not."""
        window, member = self._coop_get_window(window_id)
        if not window:
            return {"error": request.env._("This order is not for you.")}
        # sudo: checked to be of this window just after.
        offers = window.sudo().offer_ids
        offer = offers.filtered(lambda o: o.id == offer_id)
        if not offer:
            return {"error": request.env._("This product is no longer offered.")}
        offer = offer.with_context(display_default_code=False)
        try:
            with request.env.cr.savepoint():
                place = request.env["coop.order.waiting"]._join(offer, member, quantity)
        except UserError as error:
            return {"error": error.args[0]}
        waiting = place.search([("offer_id", "=", offer.id), ("state", "=", "waiting")])
        return self._coop_prepare_place({"offer": offer}, place, waiting)

    @http.route(
        "/my/coop/window/<int:window_id>/leave",
        type="jsonrpc",
        auth="user",
        methods=["POST"],
        website=True,
        coop_queue=True,
    )
    def coop_window_leave(self, window_id, place_id=None):
        """Give up a place, and what it already brought."""
        window, member = self._coop_get_window(window_id)
        if not window or not isinstance(place_id, int):
            return {"error": request.env._("This order is not for you.")}
        # sudo: the member's own place in this window, checked here.
        place = (
            request.env["coop.order.waiting"]
            .sudo()
            .search(
                [
                    ("id", "=", place_id),
                    ("window_id", "=", window.id),
                    ("partner_id", "=", member.id),
                ]
            )
        )
        if not place:
            return {"error": request.env._("You are not on this waiting list.")}
        try:
            with request.env.cr.savepoint():
                place._leave()
        except UserError as error:
            return {"error": error.args[0]}
        order = request.env["sale.order"]._coop_get_order(window, member)
        return {"state": self._coop_prepare_state(window, order)}
