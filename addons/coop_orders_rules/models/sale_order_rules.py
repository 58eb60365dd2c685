# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_compare

from odoo.addons.coop_orders.tools.terms import DEMAND_STATES


class CoopSaleOrderRules(models.AbstractModel):
    """The rules of who may order, where orders change and are confirmed."""

    _name = "coop.sale.order.rules"
    _description = "Member's Order: Rules"

    @api.model
    def _coop_change_order(
        self, window, partner, changes, channel="portal", entered_by=None
    ):
        # sudo: as in the basket.
        window, partner = window.sudo(), partner.sudo()
        follow = super()._coop_change_order
        if not window._is_taking_orders():
            return follow(window, partner, changes, channel, entered_by)
        limit = self._coop_lock_credit(window, partner)
        window._check_may_order(partner)
        if limit is None:
            return follow(window, partner, changes, channel, entered_by)
        before = self._coop_get_credit_used(window, partner)
        try:
            with self.env.cr.savepoint():
                result = follow(window, partner, changes, channel, entered_by)
                self._coop_check_credit(window, partner, limit, before)
        except _BeyondCredit as error:
            rejected = [
                {"offer_id": change.get("offer_id"), "message": error.args[0]}
                for change in changes
            ]
            return self._coop_get_order(window, partner), rejected
        return result

    def _coop_refuse_beyond_limits(self, wanted, lines):
        """Open packs, limits, the window's own limit, then who waits: in this order."""
        window = self.order_window_id
        rejected = []
        if window._is_filling_boxes():
            # A part of what was wanted might open a pack.
            wanted.stops_at_limit = False
            rejected += self._coop_refuse_open_packs(wanted, lines)
        rejected += super()._coop_refuse_beyond_limits(wanted, lines)
        if wanted and window._has_quota():
            rejected += self._coop_refuse_beyond_quota(window, wanted, lines)
        return rejected + self._coop_refuse_waited_for(wanted, lines)

    def _coop_validate(self, distribution=None, slot=None):
        window, partner = self.order_window_id, self.partner_id
        if window._is_taking_orders():
            limit = self._coop_lock_credit(window, partner)
            window._check_may_order(partner)
            if limit is not None:
                self._coop_check_credit(window, partner, limit)
        res = super()._coop_validate(distribution, slot)
        window._check_quota_reached()
        return res

    def _coop_restore(self):
        window, partner = self.order_window_id, self.partner_id
        limit = None
        if window._is_taking_orders():
            limit = self._coop_lock_credit(window, partner)
            window._check_may_order(partner)
        if window._is_filling_boxes():
            self._coop_restore_packs()
        res = super()._coop_restore()
        self._coop_check_quota()
        if limit is not None:
            self._coop_check_credit(window, partner, limit)
        return res

    # ------------------------------------------------------------------
    # Credit: what is due and the orders under way
    # ------------------------------------------------------------------

    @api.model
    def _coop_lock_credit(self, window, partner):
        """The member's limit where orders under way count, else None.

        One order at a time of the same member then, from all tabs and in all windows:
        the row is written, not only locked, for the same reason as limited offers.
        """
        rule, limit = window._get_debt_limit()
        if rule != "orders" or window._has_exception(partner):
            return None
        self.env.execute_query(
            SQL(
                "UPDATE res_partner SET coop_order_lock_count ="
                " COALESCE(coop_order_lock_count, 0) + 1 WHERE id = %s RETURNING id",
                partner.id,
            )
        )
        return limit

    @api.model
    def _coop_get_credit_used(self, window, partner):
        """What is due, and the orders of windows that are not over nor billed."""
        company = window.company_id
        # sudo: the member's own orders, in total
        ((ordered,),) = self.sudo()._read_group(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("order_window_id.state", "in", ("open", "closed")),
                ("state", "in", DEMAND_STATES),
                ("invoice_status", "!=", "invoiced"),
            ],
            aggregates=["amount_total:sum"],
        )
        return (ordered or 0.0) + partner._coop_get_due_amounts(company)[partner]

    @api.model
    def _coop_check_credit(self, window, partner, limit, before=None):
        """:raise UserError: beyond the limit, and more than before"""
        used = self._coop_get_credit_used(window, partner)
        rounding = window.currency_id.rounding
        if float_compare(used, limit, precision_rounding=rounding) <= 0:
            return
        if (
            before is not None
            and float_compare(used, before, precision_rounding=rounding) <= 0
        ):
            return
        raise _BeyondCredit(
            self.env._(
                "With this order you would owe %(total)s, and %(limit)s is the most:"
                " order less, or pay what is due.",
                total=window.currency_id.format(used),
                limit=window.currency_id.format(limit),
            )
        )


class _BeyondCredit(UserError):
    """More than the member may owe."""
