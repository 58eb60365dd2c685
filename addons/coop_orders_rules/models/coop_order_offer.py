# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL, float_compare

from odoo.addons.coop_orders.tools.terms import DEMAND_STATES


class CoopOrderOffer(models.Model):
    _name = "coop.order.offer"
    _inherit = [
        "coop.order.offer.box.fill",
        "coop.order.offer",
    ]

    waiting_ids = fields.One2many("coop.order.waiting", "offer_id", copy=False)

    def write(self, vals):
        res = super().write(vals)
        if "quantity_max" in vals or "quantity_max_per_member" in vals:
            self.window_id._trigger_waiting()
        return res

    def _is_on_sale(self, partner):
        """Whether this member could order one step more now, were nobody waiting."""
        self.ensure_one()
        step, window = self._get_step(), self.window_id
        if self.quantity_max:
            ordered = self._read_demand_totals().get(self.id, (0.0,))[0]
            if float_compare(self.quantity_max - ordered, step, 6) < 0:
                return False
        if not window._has_quota():
            return True
        order = self.env["sale.order"]._coop_get_order(window, partner)
        is_new = not order or not order._coop_has_demand()
        return order._coop_fits_quota(window._read_quota_left(), self, step, is_new)

    def _get_others_wait_sentence(self):
        self.ensure_one()
        return self.env._(
            "Other members wait for %(product)s: join the waiting list.",
            product=self.product_id.display_name,
        )

    def _read_room(self, partner):
        """``{offer id: (quantity ordered by all, whether others wait)}``, one query.

        What ``_read_demand_totals`` and ``_read_waiting`` say, read together: each tap
        on a limited product asks for both.
        """
        lines = self.env["sale.order.line"]
        lines.flush_model(["offer_id", "state", "product_uom_qty"])
        self.env["coop.order.waiting"].flush_model(["offer_id", "partner_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT offer.id,
                    COALESCE((
                        SELECT SUM(line.product_uom_qty)
                        FROM sale_order_line line
                        WHERE line.offer_id = offer.id AND line.state IN %(states)s
                          AND line.product_uom_qty > 0
                    ), 0),
                    EXISTS (
                        SELECT FROM coop_order_waiting place
                        WHERE place.offer_id = offer.id AND place.state = 'waiting'
                          AND place.partner_id <> %(partner)s
                    )
                FROM coop_order_offer offer WHERE offer.id IN %(offers)s
                """,
                states=DEMAND_STATES,
                partner=partner.id,
                offers=tuple(self.ids),
            )
        )
        return {key: (float(ordered), waited) for key, ordered, waited in rows}

    def _read_waiting(self, partner):
        """Those of these offers for which others than ``partner`` wait, one query."""
        # sudo: whether somebody waits, not who.
        rows = (
            self.env["coop.order.waiting"]
            .sudo()
            ._read_group(
                [
                    ("window_id", "in", self.window_id.ids),
                    ("state", "=", "waiting"),
                    ("partner_id", "!=", partner.id),
                ],
                ["offer_id"],
            )
        )
        return self.browse([offer.id for (offer,) in rows])
