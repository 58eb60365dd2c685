# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from ..tools.box_fill import change_allowed, missing


class CoopSaleOrderBoxFill(models.AbstractModel):
    """In the last hours of a window, only changes that fill packs."""

    _name = "coop.sale.order.box.fill"
    _description = "Member's Order: Filling Packs"

    def _coop_refuse_open_packs(self, wanted, lines):
        """Remove from ``wanted`` what breaks or opens a pack; say so."""
        offers = self.env["coop.order.offer"].concat(*wanted)
        packed = offers.filtered(lambda offer: offer.pack_size > 1)
        if not packed:
            return []
        packed._lock_packs()
        totals = packed._read_demand_totals()
        rejected = []
        for offer in packed:
            line = lines.get(offer.id)
            own = (line.product_uom_qty, line.quantity_tolerance) if line else (0, 0)
            if not float_compare(own[0], wanted[offer][0], 6) and not float_compare(
                own[1], wanted[offer][1], 6
            ):
                continue
            before = totals.get(offer.id, (0.0, 0.0))[:2]
            after = tuple(
                round(total - mine + new, 6)
                for total, mine, new in zip(before, own, wanted[offer], strict=True)
            )
            if not change_allowed(before, after, offer.pack_size):
                del wanted[offer]
                rejected.append(
                    {
                        "offer_id": offer.id,
                        "message": self._coop_get_pack_sentence(offer, before, after),
                    }
                )
        return rejected

    def _coop_get_pack_sentence(self, offer, before, after):
        names = {
            "product": offer.product_id.display_name,
            "size": offer._format_quantity(offer.pack_size),
        }
        if after[0] < before[0] or after[1] < before[1]:
            return self.env._(
                "Packs of %(product)s are being filled: giving back that much would"
                " leave one unfilled.",
                **names,
            )
        needed = float(missing(before[0], before[1], offer.pack_size))
        if needed:
            return self.env._(
                "Packs of %(product)s are being filled: take %(missing)s to complete"
                " this one, not more.",
                missing=offer._format_quantity(needed),
                **names,
            )
        return self.env._(
            "The packs of %(product)s are full: it is too late to open another one of"
            " %(size)s.",
            **names,
        )

    def _coop_cancel(self):
        """Giving a whole order up must not break packs either."""
        self.ensure_one()
        if self.order_window_id._is_filling_boxes():
            self._coop_lock_window(self.order_window_id)
            self._coop_lock()
            lines = {line.offer_id.id: line for line in self.order_line}
            wanted = {
                line.offer_id: (0.0, 0.0) for line in self.order_line if line.offer_id
            }
            self._coop_raise_open_packs(wanted, lines)
        return super()._coop_cancel()

    def _coop_raise_open_packs(self, wanted, lines):
        if self.state not in ("draft", "sent", "cancel"):
            return
        for refused in self._coop_refuse_open_packs(wanted, lines):
            raise UserError(refused["message"])

    def _coop_restore_packs(self):
        """Before it is taken back: open packs take no less than a whole one."""
        self.ensure_one()
        self._coop_lock_window(self.order_window_id)
        self._coop_lock()
        # Its slot before the offers, as everybody.
        self._coop_is_slot_full(self.slot_id)
        wanted = {
            line.offer_id: (line.product_uom_qty, line.quantity_tolerance)
            for line in self.order_line
            if line.offer_id
        }
        # A cancelled order has no part in the totals.
        self._coop_raise_open_packs(wanted, {})
