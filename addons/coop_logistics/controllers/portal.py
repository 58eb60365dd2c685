# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.coop_base.controllers.portal import CoopPortal


class CoopLogisticsPortal(CoopPortal):
    def _coop_get_home_cards(self, member):
        cards = super()._coop_get_home_cards(member)
        values = self._coop_prepare_collection_values(member)
        if values["order"] or values["unpaid_orders"]:
            cards.append(
                {
                    "sequence": 20,
                    "template": "coop_logistics.portal_card_collection",
                    "values": values,
                }
            )
        return cards

    def _coop_prepare_collection_values(self, member):
        """Where and when the member collects next, and what is left to pay."""
        SaleOrder = request.env["sale.order"]
        own = Domain("partner_id", "=", member.id) & Domain(
            "order_window_id", "!=", False
        )
        order = SaleOrder.search(
            own
            & Domain("state", "in", ("sent", "sale"))
            & Domain("serve_state", "=", "expected")
            & Domain("distribution_id.date_end", ">=", fields.Datetime.now())
        ).sorted(lambda o: o.distribution_id.date_start)[:1]
        served = SaleOrder.search(
            own & Domain("serve_state", "=", "served"), order="served_at desc", limit=10
        )
        point = order.distribution_id.collection_point_id
        return {
            "order": order,
            "unpaid_orders": served.filtered(
                lambda o: o.coop_payment_state == "to_pay"
            ),
            # sudo: the address of a public place, kept on a contact.
            "address": point.sudo().partner_id.contact_address_inline,
        }
