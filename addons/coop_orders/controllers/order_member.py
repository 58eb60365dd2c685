# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request
from odoo.tools import float_is_zero

from odoo.addons.coop_base.tools.localtime import format_local

from .order import FLASH
from .window_member import CoopMemberWindowPortal

# What is proposed in one tap; any other amount can be typed.
DONATION_AMOUNTS = (1, 2, 5)


class CoopMemberOrderPortal(CoopMemberWindowPortal):
    """Donations, note, history and PDF of one's own order."""

    def _coop_prepare_order_values(self, order):
        values = super()._coop_prepare_order_values(order)
        env, currency = request.env, order.currency_id
        person = order._coop_get_donation_amount("person")
        rounded = order._coop_get_donation_amount("round_up")
        before = order.amount_total - rounded
        can_change = values["is_open"] and order.state in ("draft", "sent")
        invoices = order.invoice_ids.filtered(lambda move: move.state == "posted")
        due = sum(-move.direction_sign * move.amount_residual for move in invoices)
        total = sum(-move.direction_sign * move.amount_total for move in invoices)
        for entry in values["distributions"]:
            entry["all_slots"] = self._coop_prepare_slots(entry["distribution"], order)
        values.update(
            donations=order.order_line.filtered("coop_donation"),
            takes_donations=can_change and order._coop_takes_donations(),
            donation=person,
            donation_amounts=DONATION_AMOUNTS,
            is_free_amount=bool(person)
            and not any(
                float_is_zero(person - amount, 2) for amount in DONATION_AMOUNTS
            ),
            round_up=order.coop_round_up,
            round_up_amount=order._coop_get_round_up(before),
            rounded_total=before + order._coop_get_round_up(before),
            can_change=can_change,
            history=[
                {
                    **entry,
                    "when": format_local(env, entry["when"], order.company_id),
                }
                for entry in order._coop_read_history()
            ],
            created={
                "when": format_local(env, order.create_date, order.company_id),
                "by": order.entered_by_id.name
                if order.entered_by_id.partner_id != order.partner_id
                else "",
                "channel": dict(
                    order._fields["order_channel"]._description_selection(env)
                ).get(order.order_channel, ""),
            },
            invoiced=total,
            due=due,
            is_paid=bool(invoices) and currency.compare_amounts(due, 0.0) <= 0,
            has_invoice=bool(invoices),
        )
        return values

    def _coop_prepare_slots(self, distribution, order):
        """Slots of a distribution with what is left, "any time" first."""
        env = request.env
        if not distribution.slot_ids:
            return []
        is_here = order.distribution_id == distribution
        rows = [
            {
                "id": 0,
                "name": env._("Any time"),
                "left": "",
                "is_full": False,
                "is_chosen": is_here and not order.slot_id,
            }
        ]
        for slot in distribution.slot_ids:
            is_own = slot == order.slot_id
            left = slot.capacity - slot.booked_count
            is_full = bool(slot.capacity) and left <= 0 and not is_own
            text = ""
            if slot.capacity:
                text = (
                    env._("full")
                    if is_full
                    else env._("%s places", max(left, 0) + (1 if is_own else 0))
                )
            rows.append(
                {
                    "id": slot.id,
                    "name": slot._coop_get_hours(),
                    "left": text,
                    "is_full": is_full,
                    "is_chosen": is_own,
                }
            )
        return rows

    def _coop_prepare_order_lines(self, order):
        rows = super()._coop_prepare_order_lines(order)
        for row in rows:
            line = row["line"]
            # sudo record: quantities of the own order.
            invoiced = line.qty_invoiced
            row["invoiced"] = (
                row["offer"]._format_quantity(invoiced)
                if not float_is_zero(invoiced, 6)
                else ""
            )
        return sorted(rows, key=lambda row: (row["offer"].sequence, row["offer"].id))

    # ------------------------------------------------------------------
    # Donations and note
    # ------------------------------------------------------------------

    def _coop_read_extras(self, post):
        """Donation, rounding and note of a posted form.

        :raise UserError: an amount that is none
        """
        extras = {}
        if "note" in post:
            extras["note"] = post["note"]
        if "donation" in post:
            text = post["donation"]
            if text == "other":
                text = post.get("donation_other") or "0"
            extras["donation"] = self._coop_read_amount(text)
            extras["round_up"] = bool(post.get("round_up"))
        return extras

    def _coop_read_amount(self, text):
        text = text.replace("\N{EURO SIGN}", "").replace(" ", "").replace(",", ".")
        text = text.replace("\N{NO-BREAK SPACE}", "")
        digits = text.replace(".", "", 1)
        if not text:
            return 0.0
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
            raise UserError(request.env._("Write an amount, for instance 3.50."))
        return float(text)

    @http.route(
        "/my/coop/orders/<int:order_id>/extras",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        coop_queue=True,
    )
    def coop_order_extras(self, order_id, **post):
        try:
            extras = self._coop_read_extras(post)
        except UserError as error:
            request.session[FLASH] = {"error": error.args[0]}
            return request.redirect(f"/my/coop/orders/{order_id}")
        return self._coop_order_action(
            order_id,
            "_coop_set_extras",
            request.env._("Saved."),
            extras.get("donation"),
            extras.get("round_up"),
            extras.get("note"),
        )

    @http.route()
    def coop_order_validate(self, order_id, distribution_id=None, slot_id=None, **kw):
        """Confirming takes what was typed on the same page, too."""
        order = self._coop_get_own_order(order_id)
        if order and ("note" in kw or "donation" in kw):
            try:
                with request.env.cr.savepoint():
                    order._coop_set_extras(**self._coop_read_extras(kw))
            except UserError as error:
                request.session[FLASH] = {"error": error.args[0]}
                return request.redirect(f"/my/coop/orders/{order.id}")
        return super().coop_order_validate(
            order_id, distribution_id=distribution_id, slot_id=slot_id, **kw
        )

    # ------------------------------------------------------------------
    # PDF
    # ------------------------------------------------------------------

    @http.route(
        "/my/coop/orders/<int:order_id>/order.pdf",
        type="http",
        auth="user",
        website=True,
    )
    def coop_order_pdf(self, order_id, **kw):
        """The own order on paper."""
        order = self._coop_get_own_order(order_id)
        if not order or order.state == "cancel":
            return request.redirect("/my/coop")
        # sudo: rendering reads products and the company; the order is the member's.
        content, _type = (
            request.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf("coop_orders.action_report_member_order", order.ids)
        )
        name = request.env._(
            "Order %(window)s.pdf", window=order.order_window_id.name
        ).replace("/", "-")
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", str(len(content))),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
