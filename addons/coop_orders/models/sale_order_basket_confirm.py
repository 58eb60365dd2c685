# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .sale_order_basket import QUIET


class SaleOrder(models.Model):
    """Confirming a basket, giving it up, taking it back; who calls was checked."""

    _inherit = "sale.order"

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
        self.with_context(**QUIET).write(
            {
                "state": "sent",
                "validated_at": fields.Datetime.now(),
                "distribution_id": distribution.id,
                "slot_id": slot.id if slot else False,
            }
        )
        return self

    def _coop_check_slot(self, slot, distribution):
        if not slot:
            return
        if slot.distribution_id != distribution:
            raise UserError(self.env._("Choose a slot of the same collection point."))
        if slot == self.slot_id or not slot.capacity:
            return
        # Same care as for the last piece of a product: see _lock_limited.
        self.env.execute_query(
            SQL(
                "UPDATE coop_distribution_slot SET capacity = capacity WHERE id = %s"
                " RETURNING id",
                slot.id,
            )
        )
        if slot.booked_count >= slot.capacity:
            raise UserError(
                self.env._("This slot has just filled up: choose another one.")
            )

    def _coop_set_distribution(self, distribution):
        """Change where the order is collected, until the deadline."""
        self.ensure_one()
        self._coop_lock_window(self.order_window_id)
        self._coop_lock()
        if distribution not in self.order_window_id.distribution_ids:
            raise UserError(self.env._("Choose where you collect your order."))
        self.with_context(**QUIET).write(
            {"distribution_id": distribution.id, "slot_id": False}
        )

    def _coop_cancel(self):
        """The member gives the order up; until the deadline it can be taken back."""
        self.ensure_one()
        self._coop_lock_window(self.order_window_id)
        self._coop_lock()
        if self.state in ("draft", "sent"):
            self.with_context(**QUIET)._action_cancel()

    def _coop_restore(self):
        """Take a cancelled order back as a basket, within what is left."""
        self.ensure_one()
        self._coop_lock_window(self.order_window_id)
        self._coop_lock()
        if self.state != "cancel" or self._coop_get_order(
            self.order_window_id, self.partner_id
        ):
            raise UserError(self.env._("You already have another basket."))
        self.with_context(**QUIET).write({"state": "draft", "validated_at": False})
        self.order_line._coop_check_limits()
