# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import SQL

from ..models.sale_order_habits import USUAL_TIMES
from .order import CoopOrderHistoryPortal


class CoopMemberWindowPortal(CoopOrderHistoryPortal):
    """What makes the order page quick: habits, favourites, filters, the last basket."""

    # ------------------------------------------------------------------
    # The page
    # ------------------------------------------------------------------

    def _coop_prepare_window_values(self, window, member):
        # Ids and columns in one query.
        Offer = request.env["coop.order.offer"].sudo()
        offers = Offer.search_fetch([("window_id", "=", window.id)])
        Offer.env["coop.order.window"]._fields["offer_ids"]._update_cache(
            window, offers._ids
        )
        values = super()._coop_prepare_window_values(window, member)
        rows = values["rows"]
        producers = {row["offer"].supplier_id.id: row["producer"] for row in rows}
        labels = {label: label.name for row in rows for label in row["labels"]}
        storages = self._coop_get_storage_names().items()
        used = {row["storage"] for row in rows}
        values.update(
            producers=sorted(
                producers.items(), key=lambda item: (item[1] or "").lower()
            ),
            labels=sorted(labels.items(), key=lambda item: (item[0].sequence, item[1])),
            storages=[item for item in storages if item[0] in used],
            has_usual=any(row["is_usual"] for row in rows),
            has_last=any(row["was_in_last"] for row in rows),
            user_key=request.env.uid,
        )
        return values

    def _coop_get_storage_names(self):
        """Names of the ways of keeping food, without the queries of the field's own."""
        env = request.env
        return {
            "dry": env._("Dry"),
            "chilled": env._("Chilled"),
            "frozen": env._("Frozen"),
        }

    def _coop_prepare_rows(self, window, offers, order):
        # All that the rows show, in a query each, before they are read one by one.
        offers.product_id.mapped("product_tmpl_id.coop_label_ids.name")
        uoms = [
            offers._get_reference_uom(f"product_uom_{name}").id
            for name in ("kgm", "litre", "meter", "unit")
        ]
        uoms = offers.product_uom_id.browse({*uoms, *offers.product_uom_id.ids})
        uoms.mapped("name")
        if order:
            order._coop_read_lines()
        rows = super()._coop_prepare_rows(window, offers, order)
        member = self._coop_get_member()
        habits = order._coop_read_habits(member, window)
        favourites, with_photo = self._coop_read_marks(member, offers)
        for row in rows:
            offer = row["offer"]
            habit = habits.get((offer.product_id.id, offer.supplier_id.id))
            row.update(
                is_usual=bool(habit) and habit[0] >= USUAL_TIMES,
                was_in_last=bool(habit and habit[1]),
                is_favourite=offer.product_id.product_tmpl_id.id in favourites,
                has_photo=offer.id in with_photo,
                unit=offer._get_unit_name(),
                labels=offer.label_ids,
                storage=offer.storage,
                shown=offer._format_number(
                    row["quantity"] / row["step"]
                    if offer.piece_weight
                    else row["quantity"]
                ),
            )
        return rows

    def _coop_read_marks(self, member, offers):
        """What members cannot read by themselves, in one query.

        :return: ids of the templates that the member likes, and of the offers whose
            product has a photo
        """
        if not offers:
            return set(), set()
        templates = offers.product_id.product_tmpl_id
        rows = request.env.execute_query(
            SQL(
                """
                SELECT res_model, res_id FROM ir_attachment
                WHERE (res_model = 'product.template' AND res_field = 'image_256'
                       AND res_id IN %s)
                   OR (res_model = 'product.product'
                       AND res_field = 'image_variant_256' AND res_id IN %s)
                UNION ALL
                SELECT 'favourite', product_tmpl_id FROM coop_partner_favourite_rel
                WHERE partner_id = %s
                """,
                tuple(templates.ids),
                tuple(offers.product_id.ids),
                member.id,
            )
        )
        found = set(rows)
        with_photo = {
            offer.id
            for offer in offers
            if ("product.product", offer.product_id.id) in found
            or ("product.template", offer.product_id.product_tmpl_id.id) in found
        }
        return {key for model, key in found if model == "favourite"}, with_photo

    def _coop_prepare_texts(self):
        env = request.env
        return {
            **super()._coop_prepare_texts(),
            "server": env._(
                "The server does not answer: %s to save. They are kept on this device."
            ),
            "session": env._(
                "You are not connected any more. Your changes are kept: log in again."
            ),
            "late": env._("Not saved, the order is closed: %s"),
            "leave": env._("Some changes are not saved yet."),
            "found": env._("%s products"),
            "found_one": env._("1 product"),
            "said": env._("%(product)s: %(quantity)s. Total %(total)s."),
            "again": env._("%s products added."),
            "again_one": env._("1 product added."),
            "again_none": env._("Nothing to add: all of it is already here."),
            "undone": env._("Undone."),
            "number": env._("Write a quantity, for instance 2."),
            "favourite": env._("No connection: the heart was not saved."),
            "seconds": env._("%s s left"),
            "wait": env._("No connection: confirm once it is back."),
        }

    def _coop_prepare_state(self, window, order):
        state = super()._coop_prepare_state(window, order)
        taps = order.coop_taps or {} if order else {}
        state.update(
            now=f"{fields.Datetime.now().isoformat()}Z",
            donation=order._coop_get_donation_amount("person") if order else 0.0,
            round_up=bool(order and order.coop_round_up),
            # A device whose clock went back goes on from here.
            seq=max((tap[1] for tap in taps.values()), default=0),
        )
        return state

    # ------------------------------------------------------------------
    # What the page asks for
    # ------------------------------------------------------------------

    @http.route(
        "/my/coop/window/<int:window_id>/state",
        type="jsonrpc",
        auth="user",
        methods=["POST"],
        website=True,
        readonly=True,
    )
    def coop_window_state(self, window_id):
        """The order as it is now: another device may have changed it meanwhile."""
        window, member = self._coop_get_window(window_id)
        if not window:
            return {"error": request.env._("This order is not for you."), "fatal": True}
        order = request.env["sale.order"]._coop_get_order(window, member)
        result = {"state": self._coop_prepare_state(window, order)}
        if not window._is_taking_orders():
            result.update(error=window._get_closed_sentence(), fatal=True)
        # sudo: what is left for everybody of offers that this member may order.
        limited = window.sudo().offer_ids.filtered("quantity_max")
        totals = limited._read_demand_totals()
        result["left"] = {
            offer.id: self._coop_left_text(
                offer, max(offer.quantity_max - totals.get(offer.id, (0.0,))[0], 0.0)
            )
            for offer in limited
        }
        return result

    @http.route(
        "/my/coop/window/<int:window_id>/again",
        type="jsonrpc",
        auth="user",
        methods=["POST"],
        website=True,
        coop_queue=True,
    )
    def coop_window_again(self, window_id):
        """The last basket once more, within what is offered and left."""
        window, member = self._coop_get_window(window_id)
        if not window:
            return {"error": request.env._("This order is not for you."), "fatal": True}
        Order = request.env["sale.order"]
        try:
            order, taken, missing = Order._coop_order_again(window, member)
        except UserError as error:
            order = Order._coop_get_order(window, member)
            return {
                "error": error.args[0],
                "fatal": True,
                "state": self._coop_prepare_state(window, order),
            }
        return {
            "state": self._coop_prepare_state(window, order),
            "taken": taken,
            "missing": missing,
        }

    @http.route(
        "/my/coop/offer/<int:offer_id>/favourite",
        type="jsonrpc",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def coop_offer_favourite(self, offer_id, favourite=True):
        """Give a heart to a product, or take it back."""
        member = self._coop_get_member()
        offer = request.env["coop.order.offer"].browse(offer_id).exists()
        if not member or not offer or not offer.has_access("read"):
            return {"error": request.env._("This product is no longer offered.")}
        # sudo: the product behind an offer that this member may order.
        member._coop_set_favourite(
            offer.sudo().product_id.product_tmpl_id, bool(favourite)
        )
        return {"favourite": bool(favourite)}
