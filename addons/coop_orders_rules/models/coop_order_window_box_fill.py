# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL, float_is_zero

from ..tools.box_fill import missing


class CoopOrderWindowBoxFill(models.AbstractModel):
    """The last hours, in which opened packs must fill."""

    _name = "coop.order.window.box.fill"
    _description = "Order Window: Filling Packs"

    box_fill_at = fields.Datetime(
        string="Packs Fill from",
        copy=False,
        tracking=True,
        help="From then until closing, members complete packs that are opened and no"
        " longer open others nor break full ones. Empty: never.",
    )

    _box_fill_before_closing = models.Constraint(
        "CHECK (box_fill_at IS NULL OR box_fill_at < closes_at)",
        "Packs must begin to fill before the window closes.",
    )

    def _is_filling_boxes(self):
        """Whether members may only change what fills packs."""
        self.ensure_one()
        return bool(
            self.box_fill_at
            and self.flow == "cross_dock"
            and self.box_fill_at <= fields.Datetime.now()
            and self._is_taking_orders()
        )


class CoopOrderOfferBoxFill(models.AbstractModel):
    _name = "coop.order.offer.box.fill"
    _description = "Offer: Filling Packs"

    def _lock_packs(self):
        """Serialise changes of packed products (as ``_lock_limited``)."""
        if self:
            self.flush_recordset(["change_count"])
            rows = self.env.execute_query(
                SQL(
                    """
                    UPDATE coop_order_offer SET change_count = change_count + 1
                    WHERE id IN (
                        SELECT id FROM coop_order_offer WHERE id IN %s
                        ORDER BY id FOR NO KEY UPDATE
                    ) RETURNING id, change_count
                    """,
                    tuple(self.ids),
                )
            )
            for offer_id, count in rows:
                offer = self.browse(offer_id)
                self._fields["change_count"]._update_cache(offer, count)

    def _get_pack_texts(self):
        """``{offer: what its opened pack still needs, in words}``, in one query."""
        packed = self.filtered(lambda offer: offer.pack_size > 1)
        totals = packed._read_demand_totals()
        result = {}
        for offer in packed:
            ordered, tolerance = totals.get(offer.id, (0.0, 0.0))[:2]
            if float_is_zero(ordered, 6):
                continue
            needed = float(missing(ordered, tolerance, offer.pack_size))
            if float_is_zero(needed, 6):
                result[offer] = (0.0, self.env._("Packs are full, thank you!"))
            else:
                result[offer] = (
                    needed,
                    self.env._(
                        "%(missing)s more to fill a pack of %(size)s",
                        missing=offer._format_quantity(needed),
                        size=offer._format_quantity(offer.pack_size),
                    ),
                )
        return result
