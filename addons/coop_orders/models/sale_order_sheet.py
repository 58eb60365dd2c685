# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.coop_base.tools.localtime import format_local


class CoopSaleOrderSheet(models.AbstractModel):
    _name = "coop.sale.order.sheet"
    _description = "Member's Order: As a Sheet"

    def _coop_get_sheet(self):
        """This order as texts, for the sheet that its member prints (called by it)."""
        self.ensure_one()
        env, currency = self.env, self.currency_id
        order = self.with_context(display_default_code=False)
        lines = order.order_line.filtered("offer_id").sorted(
            lambda line: (line.offer_id.sequence, line.offer_id.id)
        )
        distribution, slot = order.distribution_id, order.slot_id
        point = distribution.collection_point_id
        states = {
            "draft": env._("Basket, not confirmed yet"),
            "sent": env._("Order confirmed"),
            "sale": env._("Order confirmed"),
            "cancel": env._("Cancelled"),
        }
        when = ""
        if distribution:
            start = slot.date_start or distribution.date_start
            end = slot.date_end or distribution.date_end
            when = env._(
                "%(start)s to %(end)s",
                start=format_local(env, start, order.company_id),
                end=format_local(env, end, order.company_id, "HH:mm"),
            )
        address = point.partner_id
        return {
            "state": states[order.state],
            "point": point.name or "",
            "address": " ".join(
                part for part in (address.street, address.zip, address.city) if part
            ),
            "opening": point.opening_note or "",
            "when": when,
            "is_allocated": any(lines.offer_id.mapped("allocated_at")),
            "rows": [
                {
                    "name": line.product_id.display_name,
                    "producer": line.offer_id.supplier_id.name,
                    "ordered": line.offer_id._format_quantity(line.product_uom_qty),
                    "tolerance": line.offer_id._format_quantity(line.quantity_tolerance)
                    if line.quantity_tolerance
                    else "",
                    "allocated": line.offer_id._format_quantity(line.quantity_allocated)
                    if line.offer_id.allocated_at
                    else "",
                    "price": f"{currency.format(line.offer_id.price_unit)} /"
                    f" {line.offer_id._get_unit_name()}",
                    "amount": currency.format(line._coop_get_expected_amount()),
                }
                for line in lines
            ],
            "donations": [
                {
                    "name": line.product_id.display_name,
                    "amount": currency.format(line.price_total),
                }
                for line in order.order_line.filtered("coop_donation")
            ],
            "ordered": currency.format(order.amount_total),
            "total": currency.format(order._coop_get_expected_total()),
        }
