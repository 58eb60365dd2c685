# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

from odoo.addons.coop_base.tools.localtime import format_local

# Share of an offer's limit from which it is shown as nearly sold out.
NEARLY = 0.8
HOURS = 48


class CoopOrderWindowAttention(models.AbstractModel):
    """What the coordinator has to look at now, and how the orders come in."""

    _name = "coop.order.window.attention"
    _description = "Order Window: To Look At"

    attention = fields.Html(compute="_compute_attention", sanitize=False)
    orders_by_hour = fields.Text(compute="_compute_orders_by_hour")

    def _compute_attention(self):
        for window in self:
            items = window._get_attention()
            window.attention = items and Markup(
                '<ul class="list-unstyled mb-0">%s</ul>'
            ) % Markup("").join(
                Markup(
                    '<li class="d-flex gap-2 py-1"><i class="fa fa-fw %s mt-1"'
                    ' aria-hidden="true"></i><span>%s</span></li>'
                )
                % (icon, text)
                for icon, text in items
            )

    def _get_attention(self):
        """``[(icon, sentence)]``, what is most urgent first (hook)."""
        self.ensure_one()
        # sudo: totals and names of producers; the referent reads no purchase orders.
        window = self.sudo()
        items = window._get_weight_attention()
        if window.state in ("open", "closed"):
            items += window._get_minimum_attention()
            items += window._get_given_up_attention()
            items += window._get_unfilled_attention()
        if window.state == "open":
            items += window._get_offer_attention()
            silent = window.member_count - window.order_count - window.basket_count
            if silent > 0:
                items.append(
                    (
                        "fa-user-o",
                        self.env._("%(count)s members without an order", count=silent),
                    )
                )
        if window.state == "closed":
            items += window._get_purchase_attention()
        return items

    def _get_weight_attention(self):
        """Grams would be lost: said before the first order, and until it is decided."""
        if (
            self.state not in ("draft", "open")
            or self.env["decimal.precision"]._coop_weighs_to_gram()
        ):
            return []
        kilogram = self.env.ref("uom.product_uom_kgm")
        units = self.offer_ids.product_uom_id
        if not any(unit._has_common_reference(kilogram) for unit in units):
            return []
        text = self.env._(
            "Goods sold by weight are rounded to 10 g: “Weigh to the Gram”, in the"
            " settings, keeps the grams"
        )
        return [("fa-balance-scale text-warning", text)]

    def _get_minimum_attention(self):
        """Producers whose minimum is missed, rows as ``_get_attention`` (hook)."""
        return []

    def _get_offer_attention(self):
        near = self.offer_ids.filtered(
            lambda o: o.quantity_max and o.quantity_ordered >= NEARLY * o.quantity_max
        )
        near = near.with_context(display_default_code=False)
        gone = near.filtered(lambda o: o.product_uom_id.is_zero(o.quantity_remaining))
        items = [
            (
                "fa-hourglass-end text-warning",
                self.env._(
                    "%(product)s: %(left)s left of %(limit)s",
                    product=offer.product_id.display_name,
                    left=offer._format_quantity(offer.quantity_remaining),
                    limit=offer._format_quantity(offer.quantity_max),
                ),
            )
            for offer in near - gone
        ]
        if gone:
            names = ", ".join(gone.product_id.mapped("display_name"))
            text = self.env._("Sold out: %(products)s", products=names)
            items.insert(0, ("fa-hourglass-end text-warning", text))
        return items

    def _get_unfilled_attention(self):
        """What members asked for and nobody will order: no pack is full."""
        if self.state != "closed" or self.flow != "cross_dock":
            return []
        # Not before the orders to producers exist: until then, packs may be completed.
        rows = self.supplier_ids.filtered(
            lambda row: (
                row.purchase_order_id.state not in (False, "cancel")
                or row.minimum_state == "empty"
            )
        )
        offers = self.offer_ids.filtered(
            lambda o: (
                o.supplier_id in rows.partner_id
                and not o.is_given_up
                and o.quantity_ordered > 0
                and o.product_uom_id.is_zero(o.quantity_to_order)
            )
        ).with_context(display_default_code=False)
        return [
            (
                "fa-cube text-warning",
                self.env._(
                    "%(product)s: %(asked)s asked for, not enough for a pack of"
                    " %(pack)s; nothing is ordered",
                    product=offer.product_id.display_name,
                    asked=offer._format_quantity(offer.quantity_ordered),
                    pack=offer._format_quantity(offer.pack_size),
                ),
            )
            for offer in offers
        ]

    def _get_given_up_attention(self):
        """Producers of whom nothing comes, rows as ``_get_attention`` (hook)."""
        return []

    def _get_purchase_attention(self):
        """What producers answered, rows as ``_get_attention`` (hook)."""
        return []

    @api.depends("order_ids.validated_at")
    def _compute_orders_by_hour(self):
        """Bars: orders confirmed in each of the last hours (JSON of the widget)."""
        for window in self:
            window.orders_by_hour = window._get_orders_by_hour()

    def _get_orders_by_hour(self):
        self.ensure_one()
        # sudo: numbers of orders, not whose.
        orders = (
            self.env["sale.order"]
            .sudo()
            .with_context(tz="UTC")
            ._read_group(
                [
                    ("order_window_id", "=", self.id),
                    ("validated_at", "!=", False),
                    ("state", "!=", "cancel"),
                ],
                ["validated_at:hour"],
                ["__count"],
            )
        )
        if not orders:
            return False
        counts = {hour: count for hour, count in orders}
        last = max(counts)
        first = max(min(counts), last - timedelta(hours=HOURS - 1))
        values, hour = [], first
        while hour <= last:
            values.append(
                {
                    "label": format_local(self.env, hour, self.company_id, "EEE HH:mm"),
                    "value": counts.get(hour, 0),
                    "type": "future",
                }
            )
            hour += timedelta(hours=1)
        return json.dumps(
            [
                {
                    "values": values,
                    "title": "",
                    "key": self.env._("Orders confirmed, by hour"),
                    "is_sample_data": False,
                }
            ]
        )
