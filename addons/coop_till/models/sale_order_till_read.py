# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.coop_base.tools.localtime import format_local
from odoo.addons.coop_tools.tools.number_text import read_number


class CoopSaleOrderTillRead(models.AbstractModel):
    """What the till's screen shows of a basket."""

    _name = "coop.sale.order.till.read"
    _description = "Member's Order: Till's Screen"

    def coop_till_read(self):
        """One basket, line by line.

        :return: ``{'id', 'name', 'partner', ..., 'lines': [{'id', 'product', 'unit',
            'is_weighed', 'ordered', 'quantity', 'price', 'amount', ...}], 'payments':
            [...]}``; quantities in the line's unit
        """
        self.ensure_one()
        self._coop_check_can_serve()
        # sudo: checked above; a referent reads no stock, offers' costs nor payments.
        order = self.sudo()
        kilogram = self.env.ref("uom.product_uom_kgm")
        unit = self.env.ref("uom.product_uom_unit")
        lines = []
        for line in order.order_line.filtered("product_id").sorted(
            lambda x: (x.product_id.categ_id.complete_name, x.product_id.name or "")
        ):
            uom = line.product_uom_id
            quantity = line._coop_get_quantity_in_basket()
            if uom.is_zero(quantity) and uom.is_zero(line.product_uom_qty):
                continue
            lines.append(
                {
                    "id": line.id,
                    "offer_id": line.offer_id.id,
                    "product": line.product_id.with_context(
                        display_default_code=False
                    ).display_name,
                    "image": bool(line.product_id.image_128) and line.product_id.id,
                    "unit": "" if uom == unit else uom.name,
                    "is_weighed": uom == kilogram,
                    "piece_weight": line.offer_id.piece_weight,
                    "step": line.offer_id._get_step() or 1.0,
                    "ordered": line.product_uom_qty,
                    "ordered_text": line._coop_format_pieces(line.product_uom_qty),
                    "is_extra": line.is_coop_extra,
                    "quantity": quantity,
                    "start": quantity,
                    "delivered": line.qty_delivered,
                    "price": line.price_unit,
                }
            )
        return {
            **order._coop_till_head(),
            "lines": lines,
            "payments": order._coop_till_payment_rows(),
            "collected_by": order.collected_by or "",
            "served_text": order.served_at
            and self.env._(
                "Served on %(date)s by %(user)s",
                date=format_local(self.env, order.served_at, order.company_id),
                user=order.served_by_id.name,
            ),
            "warnings": order._coop_till_warnings(),
            # What the member has in advance.
            "credit": 0.0
            if order.serve_state == "served"
            else order.currency_id.round(order._coop_get_credit()),
            "has_email": bool(order.partner_id.email_normalized),
            "receipt": order.partner_id.coop_receipt_by_mail,
        }

    def _coop_preload_baskets(self):
        """Read the lines and the moves of these baskets, each in one query.

        What is read on the way comes a thousand rows at a time: 300 baskets of 20
        lines would ask for each table six times.
        """
        # sudo: callers have checked who runs the distribution.
        Line, Move = self.env["sale.order.line"].sudo(), self.env["stock.move"].sudo()
        lines = Line.search_fetch([("order_id", "in", self.ids)])
        moves = Move.search_fetch([("sale_line_id", "in", lines.ids)])
        move_ids = Line._fields["move_ids"]
        by_line = moves.grouped("sale_line_id")
        for line in lines:
            move_ids._update_cache(line, by_line.get(line, Move)._ids)
        for name in ("tax_ids", "invoice_lines"):
            Line._fields[name].read(lines)

    def _coop_till_head(self):
        """What is known of the basket in the list, too."""
        self.ensure_one()
        partner = self.partner_id
        state = self.serve_state
        if state == "expected" and self.arrived_at:
            state = "here"
        return {
            "id": self.id,
            "name": self.name,
            "partner": partner.name,
            "number": partner.coop_number or "",
            "phone": partner.phone or "",
            "slot_id": self.slot_id.id,
            "state": state,
            "due": self.coop_amount_due,
            "payment": self.coop_payment_state,
            "kind": self.coop_payment_kind or "",
            "by": self.collected_by or "",
        }

    def _coop_till_warnings(self):
        """What to tell the member at the till: fee, charter (hook)."""
        self.ensure_one()
        partner = self.partner_id
        texts = []
        if not partner.charter_signed_on:
            texts.append(self.env._("Charter not signed yet."))
        if partner.membership_state not in ("paid", "free", "invoiced"):
            texts.append(self.env._("Membership to check."))
        return texts

    def _coop_till_payment_rows(self):
        """Payments of a basket, the corrected ones too: everything stays readable."""
        labels = dict(
            self._fields["coop_payment_kind"]._description_selection(self.env)
        )
        rows = []
        for payment in self._coop_get_payments():
            rows.append(
                {
                    "id": payment.id,
                    "kind": payment.coop_payment_kind,
                    "label": self.env._("Cash given back")
                    if payment.payment_type == "outbound"
                    else labels.get(payment.coop_payment_kind, ""),
                    "amount": -payment.amount
                    if payment.payment_type == "outbound"
                    else payment.amount,
                    "given": payment.coop_amount_given,
                    "number": payment.coop_cheque_number or "",
                    "corrected": payment.coop_correction_reason or "",
                    "can_correct": not payment.coop_corrected_at
                    and payment.cash_session_id.state == "open",
                }
            )
        if self.coop_promised_kind:
            rows.append(
                {
                    "id": 0,
                    "kind": self.coop_promised_kind,
                    "label": labels[self.coop_promised_kind],
                    "amount": self.coop_promised_amount,
                    "given": 0.0,
                    "number": "",
                    "corrected": "",
                    "can_correct": False,
                }
            )
        for row in rows:
            row["key"] = f"{row['kind']}_{row['id']}"
        rows += self._coop_till_return_rows()
        return rows

    def coop_till_amount(self, quantities, extras=()):
        """What these quantities cost, to the cent as the invoice will say.

        :param quantities: ``{line id: quantity}``
        :param extras: ``[{'offer_id', 'quantity'}]`` of what was not ordered
        """
        self.ensure_one()
        self._coop_check_can_serve()
        # sudo: checked above; an amount.
        order = self.sudo()
        wanted = {
            int(key): read_number(self.env, value, self.env._("Quantity"))
            for key, value in quantities.items()
        }
        by_line = {
            line: max(wanted.get(line.id, line._coop_get_quantity_in_basket()), 0.0)
            for line in order.order_line.filtered("product_id")
        }
        offers = order.order_window_id.offer_ids
        for extra in extras:
            offer = offers.filtered(lambda o, e=extra: o.id == int(e["offer_id"]))
            if offer:
                line = order.env["sale.order.line"].new(
                    {
                        "order_id": order.id,
                        "offer_id": offer.id,
                        "product_id": offer.product_id.id,
                        "product_uom_id": offer.product_uom_id.id,
                        "product_uom_qty": 0.0,
                    }
                )
                by_line[line] = max(
                    read_number(self.env, extra["quantity"], self.env._("Quantity")),
                    0.0,
                )
        return order._coop_compute_amount(by_line)
