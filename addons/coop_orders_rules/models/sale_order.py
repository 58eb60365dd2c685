# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_compare


class SaleOrder(models.Model):
    """Orders of a window that has a limit in total."""

    _name = "sale.order"
    _inherit = [
        "coop.sale.order.rules",
        "coop.sale.order.box.fill",
        "coop.sale.order.waiting",
        "sale.order",
    ]

    @api.model
    def _coop_lock_before(self, windows, partners):
        res = super()._coop_lock_before(windows, partners)
        taking = windows.filtered(lambda window: window._is_taking_orders())
        for partner in partners if taking else ():
            for window in taking:
                self._coop_lock_credit(window, partner)
        for window in taking:
            if window._has_quota():
                window._lock_quota()
        return res

    @api.model
    def _coop_lock_window(self, window):
        if window._has_quota():
            window._lock_quota()
        return super()._coop_lock_window(window)

    @api.model
    def _coop_take_turn(self, window, partner):
        if window._has_quota():
            window._lock_quota()
        return super()._coop_take_turn(window, partner)

    def _coop_refuse_beyond_quota(self, window, wanted, lines):
        """Remove from ``wanted`` what no longer fits in the window; say so."""
        own = {
            offer: lines[offer.id].product_uom_qty if offer.id in lines else 0.0
            for offer in wanted
        }
        left = window._read_quota_left()
        # What is given back first.
        for offer in sorted(wanted, key=lambda o: wanted[o][0] - own[o]):
            more = wanted[offer][0] - own[offer]
            if more > 0:
                break
            self._coop_take_quota(left, offer, more)
        is_new = not any(line.product_uom_qty > 0 for line in lines.values())
        rejected = []
        for offer, (quantity, _tolerance) in list(wanted.items()):
            more = quantity - own[offer]
            if more <= 0:
                continue
            if self._coop_fits_quota(left, offer, more, is_new):
                self._coop_take_quota(left, offer, more)
                continue
            del wanted[offer]
            rejected.append(
                {
                    "offer_id": offer.id,
                    "message": window._get_quota_sentence(
                        left if is_new else {**left, "orders": None}
                    ),
                }
            )
        return rejected

    @api.model
    def _coop_take_quota(self, left, offer, quantity):
        if left["amount"] is not None:
            left["amount"] -= offer.price_unit * quantity
        if left["weight"] is not None:
            left["weight"] -= offer._get_weight(quantity)

    @api.model
    def _coop_fits_quota(self, left, offer, quantity, is_new):
        amount, weight = left["amount"], left["weight"]
        if is_new and left["orders"] is not None and left["orders"] <= 0:
            return False
        if amount is not None:
            price = offer.price_unit * quantity
            if price > 0 and float_compare(price, amount, precision_digits=2) > 0:
                return False
        if weight is not None:
            heavy = offer._get_weight(quantity)
            if heavy > 0 and float_compare(heavy, weight, precision_digits=3) > 0:
                return False
        return True

    def _coop_set_quantities(self, changes, entered_by=None, channel=None):
        rejected = super()._coop_set_quantities(changes, entered_by, channel)
        if self.state == "sent":
            self.order_window_id._check_quota_reached()
        return rejected

    def _coop_check_quota(self):
        """:raise UserError: the window no longer has room for what was added"""
        for window in self.order_window_id:
            if not window._has_quota():
                continue
            window._lock_quota()
            self.env.flush_all()
            left = window._read_quota_left()
            digits = {"amount": 2, "weight": 3, "orders": 0}
            for name, value in left.items():
                if value is not None and float_compare(value, 0, digits[name]) < 0:
                    raise UserError(window._get_quota_sentence({"orders": None}))
