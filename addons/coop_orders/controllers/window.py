# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import float_is_zero

from odoo.addons.coop_base.controllers.portal import CoopPortal
from odoo.addons.coop_base.tools.localtime import format_local

# Below this share of what is available, members see what is left.
SCARCE = 0.2
MAX_CHANGES = 500


class CoopOrderPortal(CoopPortal):
    """The page where members order, made for a phone."""

    # ------------------------------------------------------------------
    # Who may see what
    # ------------------------------------------------------------------

    def _coop_get_window(self, window_id):
        """``(window, member)`` if the connected member may order there, else empty.

        Record rules decide first; the check of the group also holds for staff, who read
        every window.
        """
        member = self._coop_get_member()
        Window = window = request.env["coop.order.window"]
        if member and Window.has_access("read"):
            # One query for the right to read and the columns: this is at every tap;
            # sudo below: the groups, which the change reads again as sudo.
            window = Window.search_fetch(
                [("id", "=", window_id), ("active", "in", (True, False))]
            )
        if not window or not window.sudo()._accepts_member(member):
            return Window, member
        return window, member

    # ------------------------------------------------------------------
    # Home page
    # ------------------------------------------------------------------

    def _coop_get_home_cards(self, member):
        cards = super()._coop_get_home_cards(member)
        values = self._coop_prepare_orders_card(member)
        if values["windows"] or values["orders"]:
            cards.append(
                {
                    "sequence": 10,
                    "template": "coop_orders.portal_card_windows",
                    "values": values,
                }
            )
        return cards

    def _coop_prepare_orders_card(self, member):
        Window = request.env["coop.order.window"]
        if not Window.has_access("read"):
            return {"windows": [], "orders": []}
        windows = Window.search(Window._get_open_domain(), order="closes_at, id")
        windows = windows.filtered(lambda w: w._accepts_member(member))
        orders = request.env["sale.order"].search(
            [
                ("partner_id", "=", member.id),
                ("order_window_id", "!=", False),
                ("state", "!=", "cancel"),
            ],
            order="id desc",
            limit=20,
        )
        by_window = {order.order_window_id.id: order for order in orders}
        return {
            "windows": [
                {
                    "window": window,
                    "order": by_window.get(window.id, orders.browse()),
                    "deadline": format_local(
                        request.env, window.closes_at, window.company_id
                    ),
                    "deadline_iso": f"{window.closes_at.isoformat()}Z",
                }
                for window in windows
            ],
            "orders": orders,
            "texts": self._coop_prepare_texts(),
            "now_iso": f"{fields.Datetime.now().isoformat()}Z",
        }

    # ------------------------------------------------------------------
    # The page
    # ------------------------------------------------------------------

    @http.route(
        "/my/coop/window/<int:window_id>", type="http", auth="user", website=True
    )
    def coop_window(self, window_id, **kw):
        window, member = self._coop_get_window(window_id)
        if not window:
            return self._coop_refuse_window(member)
        if window.state == "draft":
            return request.redirect("/my/coop")
        values = self._prepare_portal_layout_values()
        values.update(self._coop_prepare_window_values(window, member))
        return request.render("coop_orders.portal_window", values)

    def _coop_refuse_window(self, member):
        """The answer to who asks for a window that is not for them."""
        return request.redirect("/my/coop")

    def _coop_prepare_window_values(self, window, member):
        env = request.env
        order = env["sale.order"]._coop_get_order(window, member)
        # sudo: what the page shows of products and producers, which members may not
        # read; the offers are those of a window this member may order in.
        # Internal codes say nothing to members.
        offers = window.offer_ids.sudo().with_context(display_default_code=False)
        rows = self._coop_prepare_rows(window, offers, order)
        categories = {}
        for row in rows:
            categories.setdefault(row["category_id"], row["category"])
        is_open = window._is_taking_orders()
        return {
            "page_name": "coop_window",
            "title": window.name,
            "window": window,
            "coop_order": order,
            "rows": rows,
            "categories": sorted(
                ((key, name) for key, name in categories.items() if key),
                key=lambda item: item[1],
            ),
            "is_open": is_open,
            "closed_sentence": "" if is_open else window._get_closed_sentence(),
            "deadline": format_local(env, window.closes_at, window.company_id),
            "deadline_iso": f"{window.closes_at.isoformat()}Z",
            "now_iso": f"{fields.Datetime.now().isoformat()}Z",
            "texts": self._coop_prepare_texts(),
            "state": self._coop_prepare_state(window, order),
            "currency": window.currency_id,
        }

    def _coop_prepare_texts(self):
        """What the page says by itself, in the member's language."""
        env = request.env
        return {
            "saved": env._("Saved"),
            "saving": env._("Saving…"),
            "offline": env._(
                "No connection: %s to save. They will leave by themselves."
            ),
            "basket": env._("Your basket is not confirmed yet."),
            "sent": env._("Order confirmed. Your changes are saved at once."),
            "empty": env._("Choose your products with +."),
            "confirm": env._("Confirm"),
            "see": env._("See my order"),
            "days": env._("%s days left"),
            "hours": env._("%s h left"),
            "minutes": env._("%s min left"),
            "closed": env._("Closed"),
        }

    def _coop_prepare_rows(self, window, offers, order):
        lines = {line.offer_id.id: line for line in order.order_line}
        now = fields.Datetime.now()
        limited = offers.filtered("quantity_max")
        totals = limited._read_demand_totals()
        rows = []
        for offer in offers:
            line = lines.get(offer.id)
            quantity = line.product_uom_qty if line else 0.0
            left = None
            if offer in limited:
                left = max(offer.quantity_max - totals.get(offer.id, (0.0,))[0], 0.0)
            deadline = offer.closes_at
            rows.append(
                {
                    "offer": offer,
                    "id": offer.id,
                    "name": offer.product_id.display_name,
                    "producer": offer.supplier_id.name,
                    "category_id": offer.product_id.categ_id.id,
                    "category": offer.product_id.categ_id.name,
                    "quantity": quantity,
                    "tolerance": line.quantity_tolerance if line else 0.0,
                    "step": offer._get_step(),
                    "left": left,
                    "left_text": self._coop_left_text(offer, left),
                    "unit_price": offer._get_reference_price_text(),
                    "piece_text": offer._get_piece_text(),
                    "is_open": now < deadline,
                    "earlier": offer._format_deadline(deadline)
                    if deadline < window.closes_at
                    else "",
                    "has_tolerance": offer.pack_size > 1,
                }
            )
        return rows

    def _coop_left_text(self, offer, left):
        if left is None:
            return ""
        if float_is_zero(left, 6):
            return request.env._("None left")
        if left > max(offer.quantity_max * SCARCE, offer._get_step() * 10):
            return ""
        return request.env._("%(quantity)s left", quantity=offer._format_quantity(left))

    def _coop_prepare_state(self, window, order):
        """What the page shows of the order, also after each change."""
        lines = order.order_line.filtered("offer_id")
        quantities = {
            line.offer_id.id: [line.product_uom_qty, line.quantity_tolerance]
            for line in lines
        }
        minimum = order._coop_minimum_error() if lines else False
        # Without what a producer gave up: nobody pays for it.
        amount = order._coop_get_expected_total() if order else 0.0
        return {
            "order_id": order.id or False,
            "state": order.state if order else "draft",
            "count": len(lines),
            "amount": amount,
            "amount_text": window.currency_id.format(amount),
            "minimum": minimum or "",
            "quantities": quantities,
        }

    @http.route(
        "/my/coop/window/<int:window_id>/change",
        type="jsonrpc",
        auth="user",
        methods=["POST"],
        coop_queue=True,
    )
    def coop_window_change(self, window_id, changes=None):
        """Set absolute quantities; what is refused comes back with its sentence."""
        window, member = self._coop_get_window(window_id)
        if not window:
            return {"error": request.env._("This order is not for you."), "fatal": True}
        if not isinstance(changes, list) or not 0 < len(changes) <= MAX_CHANGES:
            return {"error": request.env._("Nothing to save."), "fatal": True}
        allowed = ("offer_id", "quantity", "tolerance", "device", "seq")
        clean = [
            {key: change[key] for key in allowed if key in change}
            for change in changes
            if isinstance(change, dict)
        ]
        Order = request.env["sale.order"]
        try:
            order, rejected = Order._coop_change_order(window, member, clean)
        except UserError as error:
            order = Order._coop_get_order(window, member)
            return {
                "error": error.args[0],
                "fatal": True,
                "state": self._coop_prepare_state(window, order),
            }
        return {
            "state": self._coop_prepare_state(window, order),
            "rejected": rejected,
        }

    @http.route(
        "/my/coop/offer/<int:offer_id>/image",
        type="http",
        auth="user",
        readonly=True,
    )
    def coop_offer_image(self, offer_id, **kw):
        """The photo of an offered product: members may not read products."""
        offer = request.env["coop.order.offer"].browse(offer_id).exists()
        if not offer or not offer.has_access("read"):
            raise request.not_found()
        # sudo: one image of a product that this member may order.
        stream = request.env["ir.binary"]._get_image_stream_from(
            offer.product_id.sudo(), "image_256"
        )
        return stream.get_response(max_age=86400)
