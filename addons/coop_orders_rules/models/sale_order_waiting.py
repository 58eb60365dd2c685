# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CoopSaleOrderWaiting(models.AbstractModel):
    """Units that come free go to those who wait, and nobody takes them before."""

    _name = "coop.sale.order.waiting"
    _description = "Member's Order: Waiting List"

    def _coop_refuse_waited_for(self, wanted, lines):
        """In a window that has a limit in total, room in it is waited for as well."""
        rejected = []
        is_serving = self._coop_is_serving_waiting()
        if not wanted or is_serving or not self.order_window_id._has_quota():
            return rejected
        contested = self._coop_get_raised(wanted, lines)
        if not contested:
            return rejected
        waited = contested._read_waiting(self.partner_id)
        blocked = contested & waited
        if waited - blocked:
            blocked |= self._coop_get_waiting_for_window(waited, contested)
        for offer in blocked:
            del wanted[offer]
            rejected.append(
                {"offer_id": offer.id, "message": offer._get_others_wait_sentence()}
            )
        return rejected

    def _coop_get_waiting_for_window(self, waited, contested):
        """All that is asked, if somebody waits for room in the window itself."""
        totals = waited._read_demand_totals()
        for offer in waited:
            ordered = totals.get(offer.id, (0.0,))[0]
            if not offer.quantity_max or ordered < offer.quantity_max:
                return contested
        return contested.browse()

    def _coop_write_lines(self, wanted, lines):
        given_back = any(
            lines[offer.id].product_uom_qty > quantity
            for offer, (quantity, _tolerance) in wanted.items()
            if offer.id in lines
            and (offer.quantity_max or self.order_window_id._has_quota())
        )
        changed = super()._coop_write_lines(wanted, lines)
        if given_back:
            self.order_window_id._trigger_waiting()
        return changed

    def _action_cancel(self):
        windows = self.order_window_id.filtered(lambda w: w.state == "open")
        res = super()._action_cancel()
        windows._trigger_waiting()
        return res

    def _coop_get_served_texts(self):
        """ "2 Honey" for each thing that came free, for the mail (one that says so)."""
        self.ensure_one()
        places = self.env["coop.order.waiting"].browse(
            self._coop_get_about("served_ids", [])
        )
        # Internal codes say nothing to members.
        mine = places.filtered(lambda place: place.order_id == self).with_context(
            display_default_code=False
        )
        return [
            f"{place.offer_id._format_quantity(place.quantity_served)}"
            f" {place.offer_id.product_id.display_name}"
            for place in mine
        ]
