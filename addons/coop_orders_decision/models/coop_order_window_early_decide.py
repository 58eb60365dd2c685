# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.coop_base.tools.localtime import format_local


class CoopOrderWindowSupplier(models.Model):
    """The same four ways out for a producer who closed early in an open window."""

    _inherit = "coop.order.window.supplier"

    def _is_early(self):
        """Closed before the window, which is still open for the others."""
        self.ensure_one()
        return self.window_id.state == "open" and bool(self.early_closed_at)

    @api.depends("early_closed_at")
    def _compute_needs_decision(self):
        return super()._compute_needs_decision()

    def _is_time_to_decide(self):
        return super()._is_time_to_decide() or self._is_early()

    def _coop_order_decided(self):
        if not self._is_early():
            return super()._coop_order_decided()
        self._create_early_order()
        self._send_early_order()
        return self.purchase_order_id

    def _coop_extend(self, closes_at):
        """The producer's own deadline moves; at it, the order is tried again."""
        if not self._is_early():
            return super()._coop_extend(closes_at)
        self._check_can_decide()
        self._coop_check_extension(closes_at)
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


class CoopOrderWindow(models.Model):
    _inherit = "coop.order.window"

    def _coop_format_closes_at(self):
        """In a mail about one producer's longer deadline: that deadline."""
        self.ensure_one()
        # sudo: a deadline, for the mail to a member.
        row = self.env["sale.order"]._coop_get_extended_supplier().sudo()
        if row.closes_at and row.window_id == self:
            return format_local(self.env, row.closes_at, self.company_id)
        return super()._coop_format_closes_at()
