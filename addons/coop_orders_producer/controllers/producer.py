# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request
from odoo.tools import consteq, float_repr, remove_accents

from odoo.addons.coop_tools.tools.number_text import parse_number
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.purchase.controllers.portal import CustomerPortal

FLASH = "coop_producer_flash"
MAX_NOTE = 2000


class ProducerPortal(CustomerPortal):
    """What a producer sees: the orders that were sent to them, and answers them.

    Access is by the record rule and by the check here (a contact of the producer's
    company), or by the secret link of the e-mail, which opens that one order only.
    """

    # ------------------------------------------------------------------
    # Who may see what
    # ------------------------------------------------------------------

    def _get_producer(self):
        """The connected person who acts for a producer, as superuser, or nobody.

        A contact of the producer's company who has an account, or a helper.
        """
        # sudo: who the connected person is, to decide and to sign what they do.
        partner = request.env.user.sudo().partner_id
        return partner if self._get_producer_company() else partner.browse()

    def _get_producer_company(self):
        """The producer whose pages the connected person sees, as superuser, or none."""
        return request.env.user._coop_get_producer()

    def _get_producer_orders_domain(self, producer):
        return Domain("partner_id", "child_of", producer.ids) & Domain(
            "coop_sent_at", "!=", False
        )

    def _get_producer_order(self, order_id, access_token=None):
        """The order as superuser if this visitor may see it, else nothing."""
        order = request.env["purchase.order"].browse(order_id).exists()
        # sudo: read below only by whom the order was sent to.
        order_sudo = order.sudo().with_context(display_default_code=False)
        if not order_sudo.coop_sent_at:
            return None
        secret = order_sudo.access_token
        if access_token and secret and consteq(secret, access_token):
            return order_sudo
        producer = self._get_producer_company()
        if (
            not producer
            or order_sudo.partner_id.commercial_partner_id != producer
            or not order.has_access("read")
        ):
            return None
        return order_sudo

    # ------------------------------------------------------------------
    # Home and list
    # ------------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "purchase_count" in counters and self._get_producer():
            # Orders sent from windows and plans have pages of their own.
            values["purchase_count"] = request.env["purchase.order"].search_count(
                [
                    ("state", "in", ["purchase", "cancel"]),
                    ("coop_sent_at", "=", False),
                ]
            )
        return values

    @http.route("/my/producer", type="http", auth="user", website=True)
    def coop_producer_home(self, **kw):
        producer = self._get_producer_company()
        if not producer:
            return request.redirect("/my")
        orders = request.env["purchase.order"].search(
            self._get_producer_orders_domain(producer)
            & Domain("state", "=", "purchase")
            & Domain("receipt_status", "!=", "full"),
            order="date_planned, id",
            limit=10,
        )
        # sudo: products and totals by point are not readable by producers.
        orders = orders.sudo().with_context(display_default_code=False)
        demand = orders._coop_read_demand()
        catalogue = self._get_producer_catalogue(producer)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="producer_home",
            producer=producer,
            is_owner=request.env.user._coop_owns_producer(),
            upcoming=[
                {
                    "po": order,
                    "points": order._coop_get_point_lists(demand),
                    "line_count": len(
                        order.order_line.filtered(lambda line: not line.display_type)
                    ),
                }
                for order in orders
            ],
            catalogue_count=len(catalogue),
            unavailable_count=len(catalogue.filtered(lambda s: not s.is_available)),
        )
        return request.render("coop_orders_producer.producer_home", values)

    def _get_producer_catalogue(self, producer):
        # sudo: portal users read no price list; only the lines of this producer.
        sellers = request.env["product.supplierinfo"].sudo()
        return sellers.search(sellers._coop_get_catalogue_domain(producer)).sorted(
            lambda seller: (
                remove_accents(seller.product_tmpl_id.name).lower(),
                seller.min_qty,
            )
        )

    @http.route(
        ["/my/producer/orders", "/my/producer/orders/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def coop_producer_orders(self, page=1, **kw):
        producer = self._get_producer_company()
        if not producer:
            return request.redirect("/my")
        PurchaseOrder = request.env["purchase.order"]
        domain = self._get_producer_orders_domain(producer)
        pages = portal_pager(
            url="/my/producer/orders",
            total=PurchaseOrder.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        orders = PurchaseOrder.search(
            domain,
            order="coop_sent_at desc, id desc",
            limit=self._items_per_page,
            offset=pages["offset"],
        )
        values = self._prepare_portal_layout_values()
        # sudo: the names of the windows, which producers do not read.
        values.update(page_name="producer_orders", orders=orders.sudo(), pager=pages)
        return request.render("coop_orders_producer.producer_orders", values)

    # ------------------------------------------------------------------
    # One order
    # ------------------------------------------------------------------

    @http.route()
    def portal_my_purchase_order(self, order_id=None, access_token=None, **kw):
        """Odoo's page of an order that has a page here, from an older link."""
        order = self._get_producer_order(order_id, access_token)
        if order:
            # The secret of the order only for who came with it: it outlives an access
            # that is withdrawn.
            suffix = f"?access_token={access_token}" if access_token else ""
            return request.redirect(f"/my/producer/orders/{order.id}{suffix}")
        return super().portal_my_purchase_order(
            order_id=order_id, access_token=access_token, **kw
        )

    @http.route(
        "/my/producer/orders/<int:order_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def coop_producer_order(self, order_id, access_token=None, **kw):
        order = self._get_producer_order(order_id, access_token)
        if not order:
            return request.redirect("/my/producer")
        return self._render_producer_order(
            order, access_token, **(request.session.pop(FLASH, None) or {})
        )

    def _render_producer_order(self, order, access_token, typed=None, **values):
        page = self._prepare_portal_layout_values()
        lines = order.order_line.filtered(lambda line: not line.display_type)
        points = order._coop_get_point_lists()
        page.update(
            page_name="producer_order",
            po=order,
            lines=[
                {
                    "line": line,
                    "ordered": line.offer_id._format_quantity(
                        line.product_qty, line.product_uom_id
                    ),
                    "supplied": line.offer_id._format_quantity(
                        line.quantity_confirmed, line.product_uom_id
                    ),
                    "stored": self._format_producer_number(line),
                    "value": (typed or {}).get(
                        str(line.id), self._format_producer_number(line)
                    ),
                }
                for line in lines
            ],
            points=points,
            can_answer=order._coop_can_answer(),
            is_connected=bool(self._get_producer()),
            access_token=access_token or "",
            typed=typed,
            error=values.get("error"),
            notice=values.get("notice"),
        )
        return request.render("coop_orders_producer.producer_order", page)

    def _format_producer_number(self, line):
        """What is confirmed, or ordered, as it is typed: no digit is lost."""
        number = float_repr(line._coop_get_supplied_quantity(), 6)
        number = number.rstrip("0").rstrip(".")
        lang = request.env["res.lang"]._get_data(code=request.env.lang)
        return number.replace(".", lang.decimal_point or ".")

    def _get_producer_author(self, order):
        """Who answers: the connected contact, else the one the e-mail went to."""
        return self._get_producer() or order.partner_id

    def _producer_answer(self, order_id, access_token, answer, notice):
        """Run ``answer(order)``; what is refused is said, with nothing written."""
        order = self._get_producer_order(order_id, access_token)
        if not order:
            return request.redirect("/my/producer")
        try:
            with request.env.cr.savepoint():
                answer(order)
        except UserError as error:
            typed = {
                key.removeprefix("line_"): value
                for key, value in request.httprequest.form.items()
                if key.startswith("line_")
            }
            return self._render_producer_order(
                order, access_token, typed=typed, error=error.args[0]
            )
        request.session[FLASH] = {"notice": notice}
        suffix = f"?access_token={order.access_token}" if access_token else ""
        return request.redirect(f"/my/producer/orders/{order.id}{suffix}")

    @http.route(
        "/my/producer/orders/<int:order_id>/confirm",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def coop_producer_confirm(self, order_id, access_token=None, **post):
        """All of it, or the quantities that were typed."""

        def answer(order):
            quantities = self._parse_producer_quantities(order, post)
            if post.get("answer") == "all":
                self._check_producer_typed_nothing(quantities, post)
                quantities = {}
            order._coop_confirm_quantities(
                quantities,
                note=(post.get("note") or "").strip()[:MAX_NOTE],
                author=self._get_producer_author(order),
            )

        return self._producer_answer(
            order_id,
            access_token,
            answer,
            request.env._("Thank you, your answer was sent to the cooperative."),
        )

    def _check_producer_typed_nothing(self, quantities, post):
        """Smaller quantities were typed, then the other button was tapped."""
        for line, quantity in quantities.items():
            touched = post.get(f"line_{line.id}") != post.get(f"was_{line.id}")
            if touched and line.product_uom_id.compare(quantity, line.product_qty) < 0:
                raise UserError(
                    request.env._(
                        "You wrote a smaller quantity for %(product)s: tap “Send the"
                        " quantities I wrote”, or put the ordered quantity back.",
                        product=line._coop_get_product_name(),
                    )
                )

    def _parse_producer_quantities(self, order, post):
        """``{line: quantity}`` typed for lines of this order; others are refused."""
        lines = {
            str(line.id): line
            for line in order.order_line.filtered(lambda ln: not ln.display_type)
        }
        quantities = {}
        for key, text in post.items():
            if not key.startswith("line_"):
                continue
            line = lines.get(key.removeprefix("line_"))
            if not line:
                raise UserError(
                    request.env._("This order has changed: look at it again.")
                )
            quantity = parse_number(text)
            if quantity is None:
                raise UserError(
                    request.env._(
                        "%(product)s: write a number, for instance 12 or 2,5.",
                        product=line._coop_get_product_name(),
                    )
                )
            quantities[line] = quantity
        return quantities

    @http.route(
        "/my/producer/orders/<int:order_id>/delivery_note",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def coop_producer_announce(self, order_id, access_token=None, reference="", **post):
        return self._producer_answer(
            order_id,
            access_token,
            lambda order: order._coop_announce_delivery(
                reference, self._get_producer_author(order)
            ),
            request.env._("The number of your delivery note is noted."),
        )

    @http.route(
        ["/my/producer/orders/<int:order_id>/<any(order, delivery_note):document>.pdf"],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def coop_producer_pdf(self, order_id, document, access_token=None, **kw):
        order = self._get_producer_order(order_id, access_token)
        if not order:
            return request.redirect("/my/producer")
        report, name = {
            "order": ("coop_orders.action_report_purchase_order", order.name),
            "delivery_note": (
                "coop_orders_producer.action_report_producer_delivery_note",
                "BL " + (order.coop_delivery_note_ref or order.name),
            ),
        }[document]
        # sudo: the access to this order was checked above.
        engine = request.env["ir.actions.report"].sudo().with_company(order.company_id)
        content = engine._render_qweb_pdf(report, order.ids)[0]
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", str(len(content))),
                (
                    "Content-Disposition",
                    content_disposition(f"{name}.pdf", disposition_type="inline"),
                ),
                ("Cache-Control", "no-store"),
            ],
        )
