# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .sale_order_basket import QUIET


class CoopSaleOrderBasketConfirm(models.AbstractModel):
    """Confirming a basket, giving it up, taking it back; who calls was checked."""

    _name = "coop.sale.order.basket.confirm"
    _description = "Member's Order: Confirming"

    def _coop_minimum_error(self):
        """Why the order is too small, or False."""
        self.ensure_one()
        minimum = self.order_window_id.minimum_order_amount
        goods = self._coop_get_goods_amount()
        if self.currency_id.compare_amounts(goods, minimum) >= 0:
            return False
        return self.env._(
            "An order starts at %(minimum)s: add %(missing)s more.",
            minimum=self.currency_id.format(minimum),
            missing=self.currency_id.format(minimum - goods),
        )

    def _coop_validate(self, distribution=None, slot=None):
        """The member confirms; the order can still be changed until the deadline.

        :param distribution: ``coop.distribution`` where it is collected
        :param slot: ``coop.distribution.slot``, where there are any
        :raise UserError: closed, empty, too small, no collection point, slot full
        """
        self.ensure_one()
        self._coop_lock_window(self.order_window_id)
        self._coop_lock()
        if self.state not in ("draft", "sent"):
            raise UserError(self.env._("This order cannot be changed any more."))
        if not self._coop_has_demand():
            raise UserError(self.env._("Your basket is empty: choose a product first."))
        error = self._coop_minimum_error()
        if error:
            raise UserError(error)
        distributions = self.order_window_id.distribution_ids
        distribution = distribution or self.distribution_id
        if distributions and distribution not in distributions:
            raise UserError(self.env._("Choose where you collect your order."))
        self._coop_check_slot(slot, distribution)
        was, place = self.state, self._coop_get_place()
        self.with_context(**QUIET).write(
            {
                "state": "sent",
                "validated_at": fields.Datetime.now(),
                "distribution_id": distribution.id,
                "slot_id": slot.id if slot else False,
            }
        )
        now = self._coop_get_place()
        if was != self.state:
            self._coop_log_changes([{"kind": "confirm", "after": now}])
        elif place != now:
            self._coop_log_changes([{"kind": "point", "before": place, "after": now}])
        return self

    def _coop_check_slot(self, slot, distribution):
        if not slot:
            return
        if slot.distribution_id != distribution:
            raise UserError(self.env._("Choose a slot of the same collection point."))
        if slot == self.slot_id or not slot.capacity:
            return
        if self._coop_is_slot_full(slot):
            raise UserError(
                self.env._("This slot has just filled up: choose another one.")
            )

    def _coop_is_slot_full(self, slot):
        """Whether a slot is full, locked after the order (see _coop_lock_window)."""
        if not slot.capacity:
            return False
        # Same care as for the last piece of a product: see _lock_limited.
        self.env.execute_query(
            SQL(
                "UPDATE coop_distribution_slot SET capacity = capacity WHERE id = %s"
                " RETURNING id",
                slot.id,
            )
        )
        slot.invalidate_recordset(["booked_count"])
        return slot.booked_count >= slot.capacity

    def _coop_is_expected(self):
        """Whether this order is still to be handed over (hook)."""
        self.ensure_one()
        return True

    def _coop_set_distribution(self, distribution):
        """Change where the order is collected, until the deadline."""
        self.ensure_one()
        self._coop_lock_window(self.order_window_id)
        self._coop_lock()
        if distribution not in self.order_window_id.distribution_ids:
            raise UserError(self.env._("Choose where you collect your order."))
        before = self._coop_get_place()
        self.with_context(**QUIET).write(
            {"distribution_id": distribution.id, "slot_id": False}
        )
        after = self._coop_get_place()
        if before != after:
            self._coop_log_changes(
                [{"kind": "point", "before": before, "after": after}]
            )

    def _coop_cancel(self):
        """The member gives the order up; until the deadline it can be taken back.

        :raise UserError: closed, or a part was already ordered from its producer
        """
        self.ensure_one()
        self._coop_lock_window(self.order_window_id)
        self._coop_lock()
        self._coop_check_not_bought()
        if self.state in ("draft", "sent"):
            self.with_context(**QUIET)._action_cancel()
            self._coop_log_changes([{"kind": "cancel"}])

    def _coop_restore(self):
        """Take a cancelled order back as a basket, within what is left."""
        self.ensure_one()
        self._coop_lock_window(self.order_window_id)
        self._coop_lock()
        if self.state != "cancel" or self._coop_get_order(
            self.order_window_id, self.partner_id
        ):
            raise UserError(self.env._("You already have another basket."))
        values = {"state": "draft", "validated_at": False}
        if self._coop_is_slot_full(self.slot_id):
            # A slot that filled up meanwhile is not taken back.
            values["slot_id"] = False
        self.with_context(**QUIET).write(values)
        self.order_line._coop_check_limits()
        self._coop_log_changes([{"kind": "restore"}])
