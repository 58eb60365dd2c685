# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class CoopOrderWindowSupplierEarlyDecide(models.AbstractModel):
    """The same four ways out for a producer who closed early in an open window."""

    _name = "coop.order.window.supplier.early.decide"
    _description = "Producer in a Window: Early Decisions"

    def _is_early(self):
        """Closed before the window, which is still open for the others."""
        self.ensure_one()
        return self.window_id.state == "open" and bool(self.early_closed_at)

    def _coop_extend_early(self, closes_at):
        """The producer's own deadline moves; at it, the order is tried again."""
        window = self.window_id
        if closes_at > window.closes_at:
            raise UserError(
                self.env._(
                    "The window closes on %(date)s: choose an earlier deadline.",
                    date=window._coop_format_closes_at(),
                )
            )
        self.write(
            {"closes_at": closes_at, "early_closed_at": False, "early_done_at": False}
        )
        self._get_own_offers().quantity_to_order = 0
        self._coop_tell_extension(closes_at)
        return True
