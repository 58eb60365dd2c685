# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.coop_tools.tools.changed import find_changed

# Only their own actions change these: confirming, closing, cancelling, …
FROZEN_IN_ORDER = (
    "state",
    "order_window_id",
    "partner_id",
    "company_id",
    "currency_id",
    "pricelist_id",
    "validated_at",
    "coop_taps",
)
PLACE = ("distribution_id", "slot_id")
# The offer's: whoever orders pays the same.
FROZEN_IN_LINE = (
    "order_id",
    "offer_id",
    "product_id",
    "product_template_id",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
)
ASKED = ("product_uom_qty", "quantity_tolerance")
SHARED = ("quantity_allocated", "allocation_locked")
# Who may change members' orders by hand; referents key them in, for their own groups.
WHO = "coop_base.coop_base_group_coordinator"


class CoopOrderDoor(models.AbstractModel):
    """The one door through which people change members' orders.

    Whatever screen, list, import or remote call writes on an order of a window comes
    here: what may be changed goes the way of the member's page (rights, window, limits,
    history, the member told); the rest is refused with the way to the right action.
    What the suite does by itself (closing, sharing out, corrections) runs with ``sudo``
    in methods that keep these rules themselves.
    """

    _name = "coop.order.door"
    _description = "Door to Members' Orders"

    def _coop_check_by_hand(self):
        """Whether the connected user may change these orders at all.

        Odoo lets everybody who sells, bills or delivers write on orders.

        :return: the orders, to be read whoever asks
        :raise AccessError: without the right, or without the role
        """
        self.check_access("write")
        if not self.env.user.has_group(WHO):
            raise AccessError(
                self.env._(
                    "Members' orders are changed by the coordinators of the"
                    " cooperative: ask one of them."
                )
            )
        # sudo: the door answers for windows and members that its user may not read.
        return self.sudo()

    @api.model
    def _coop_refuse_creation(self, vals_list):
        """:raise UserError: an order of a window made by hand"""
        if any(vals.get("order_window_id") for vals in vals_list):
            self.browse().check_access("create")
            raise UserError(
                self.env._(
                    "A member's order is keyed in from its order window, “Key in"
                    " Orders”: it is not made by hand."
                )
            )

    def _coop_pass_door(self, vals):
        """Carry the change of members' orders through, or refuse it.

        :return: the values that are left for Odoo to write
        :raise UserError: one sentence, with what to do instead
        """
        if vals.get("order_window_id") and self.filtered(
            lambda order: not order.order_window_id
        ):
            self._coop_refuse_creation([vals])
        self.check_access("write")
        # sudo: what the door reads and says, also of windows of others.
        orders = self.sudo().filtered("order_window_id")
        if not orders:
            return vals
        frozen = find_changed(orders, vals, FROZEN_IN_ORDER)
        if "state" in frozen:
            raise UserError(frozen["state"][0]._coop_get_state_sentence())
        for name in frozen:
            raise UserError(
                self.env._(
                    "“%(field)s” of a member's order is not changed: cancel the order,"
                    " and key in another one.",
                    field=orders._fields[name]._description_string(self.env),
                )
            )
        moved = find_changed(orders, vals, PLACE)
        orders.browse().union(*moved.values())._coop_lock_all()
        for order in orders.browse().union(*moved.values()):
            order.sudo(False)._coop_change_place(
                order.distribution_id.browse(vals["distribution_id"])
                if "distribution_id" in moved
                else order.distribution_id,
                order.slot_id.browse(vals.get("slot_id")),
            )
        return {name: value for name, value in vals.items() if name not in moved}

    def _coop_get_state_sentence(self):
        """What to do instead of writing the state of this order."""
        self.ensure_one()
        if self.order_window_id.state == "open":
            return self.env._(
                "%(order)s: its member confirms it, or you key it in; it is given up by"
                " “Cancel”. The closing of the window does the rest.",
                order=self.name,
            )
        return self.env._(
            "%(order)s was settled by the closing of its window: use “Correct the"
            " Order” to change or cancel it.",
            order=self.name,
        )

    def _coop_get_lines_sentence(self):
        """What to do instead of adding to, or taking from, this order by hand."""
        self.ensure_one()
        if self.order_window_id._is_taking_orders():
            return self.env._(
                "%(order)s: change the quantities of its lines, 0 for none; other"
                " products are keyed in from the order window.",
                order=self.name,
            )
        return self.env._(
            "%(order)s was settled by the closing of its window: use “Correct the"
            " Order”, which changes the producers' orders and tells the member.",
            order=self.name,
        )

    def _coop_change_place(self, distribution, slot):
        """Somebody changes where or when the order is collected; its member is told.

        :raise UserError: another window's, full, in preparation or handed over
        """
        self.ensure_one()
        order = self._coop_check_by_hand()
        if order.order_window_id._is_taking_orders():
            order._coop_lock_window(order.order_window_id)
        order._coop_lock()
        if order.state == "cancel" or not distribution:
            raise UserError(self.env._("Choose where you collect your order."))
        if order.picking_ids.filtered(lambda picking: picking.state != "cancel"):
            raise UserError(
                self.env._(
                    "%(order)s is being prepared for %(place)s: cancel its preparation"
                    " first.",
                    order=order.name,
                    place=order.distribution_id.display_name,
                )
            )
        if distribution not in order.order_window_id.distribution_ids:
            raise UserError(
                self.env._("Choose a collection point of the same order window.")
            )
        if slot and slot.distribution_id != distribution:
            slot = slot.browse()
        order._coop_check_slot(slot, distribution)
        before = order._coop_get_place()
        order.write({"distribution_id": distribution.id, "slot_id": slot.id})
        after = order._coop_get_place()
        if before == after:
            return
        order._coop_log_changes(
            [{"kind": "point", "before": before, "after": after}],
            self.env.user,
            "desk",
        )
        order._coop_tell_changed()

    # ------------------------------------------------------------------
    # Odoo's own buttons
    # ------------------------------------------------------------------

    def _coop_cancel_by_hand(self):
        """*Cancel* on members' orders, by who looks after them; they are told.

        :raise UserError: the window has closed, with the way to correct the order
        """
        orders = self._coop_check_by_hand()
        orders._coop_lock_all()
        for order in orders.filtered(lambda order: order.state != "cancel"):
            if not order.order_window_id._is_taking_orders():
                raise UserError(order._coop_get_state_sentence())
            order._coop_cancel()
            order._coop_tell_changed()

    def _coop_restore_by_hand(self):
        """*Set to Quotation* on a cancelled member's order: taken back as a basket."""
        orders = self._coop_check_by_hand()
        orders._coop_lock_all()
        for order in orders:
            if order.state != "cancel" or not order.order_window_id._is_taking_orders():
                raise UserError(order._coop_get_state_sentence())
            order._coop_restore()
            order._coop_tell_changed()

    def _coop_tell_changed(self):
        """Tell the members of what was just written in their orders' history."""
        others = self.filtered(
            lambda order: order.partner_id != self.env.user.partner_id
        )
        for window, orders in others.grouped("order_window_id").items():
            orders._coop_tell_members(
                "coop_orders.mail_template_order_changed",
                self.env._("the order of %s was changed", window.name),
            )

    def _coop_read_last_changes(self):
        """The newest entries of the history, which a message is about, in words."""
        self.ensure_one()
        rows = self._coop_read_history()
        return [row["what"] for row in rows if row["when"] == rows[0]["when"]]


class CoopOrderLineDoor(models.AbstractModel):
    """The door, for what is asked and shared out line by line."""

    _name = "coop.order.line.door"
    _description = "Door to the Lines of Members' Orders"

    @api.model
    def _coop_refuse_new_lines(self, vals_list):
        """:raise UserError: a line added by hand to a member's order"""
        orders = self.env["sale.order"].browse(
            {vals["order_id"] for vals in vals_list if vals.get("order_id")}
        )
        # sudo: whether it is a member's order; who may not read it learns nothing.
        for order in orders.sudo().filtered("order_window_id"):
            self.browse().check_access("create")
            raise UserError(order._coop_get_lines_sentence())

    def _coop_pass_door(self, vals):
        """Carry the change of members' lines through, or refuse it.

        :return: the values that are left for Odoo to write
        :raise UserError: one sentence, with what to do instead
        """
        self.check_access("write")
        # sudo: what the door reads and says, also of windows of others.
        lines = self.sudo().filtered("order_window_id")
        if not lines:
            if vals.get("order_id"):
                self._coop_refuse_new_lines([vals])
            return vals
        for name, found in find_changed(lines, vals, FROZEN_IN_LINE).items():
            raise UserError(found[0]._coop_get_frozen_sentence(name))
        asked = find_changed(lines, vals, ASKED)
        if asked:
            lines.browse().union(*asked.values()).sudo(False)._coop_ask_by_hand(vals)
        shared = find_changed(lines, vals, SHARED)
        if shared:
            lines.browse().union(*shared.values()).sudo(False)._coop_share_by_hand(vals)
        done = {*ASKED, *SHARED}
        return {name: value for name, value in vals.items() if name not in done}

    def _coop_get_frozen_sentence(self, name):
        self.ensure_one()
        product = self.product_id.display_name
        if name in ("price_unit", "discount", "tax_ids"):
            return self.env._(
                "%(product)s has the price of its offer, the same for all: use “Change"
                " the Price” on the offer, which tells those concerned.",
                product=product,
            )
        return self.env._(
            "%(product)s is what its member ordered: set its quantity to 0, and order"
            " the other product.",
            product=product,
        )

    def _coop_ask_by_hand(self, vals):
        """Other quantities of these lines, by the way of the member's page."""
        orders = self.order_id._coop_check_by_hand()
        orders._coop_lock_all()
        for order in orders:
            if not order.order_window_id._is_taking_orders():
                raise UserError(order._coop_get_lines_sentence())
            changes = []
            # sudo: checked by _coop_check_by_hand
            for line in order.order_line & self.sudo():
                change = {"offer_id": line.offer_id.id}
                for key, name in zip(("quantity", "tolerance"), ASKED, strict=True):
                    change[key] = vals.get(name, line[name])
                changes.append(change)
            _order, rejected = order._coop_change_order(
                order.order_window_id,
                order.partner_id,
                changes,
                order.order_channel or "desk",
                self.env.user,
            )
            if rejected:
                raise UserError("\n".join(row["message"] for row in rejected))
            order._coop_tell_changed()

    def _coop_share_by_hand(self, vals):
        """What a member gets, decided by hand: kept when goods are shared out again.

        The others' shares follow at once, so that no more is given than has arrived.
        """
        self.order_id._coop_check_by_hand().order_window_id._lock_orders()
        # sudo: totals, and the other members' lines, which are shared out again.
        for line in self.sudo():
            order, offer = line.order_id, line.offer_id
            if order.state != "sale" or order.order_window_id.state != "closed":
                raise UserError(
                    self.env._(
                        "%(order)s: what each member gets is decided between the"
                        " closing of the window and its end.",
                        order=order.name,
                    )
                )
            before = line.quantity_allocated
            after = vals.get("quantity_allocated", before)
            most = offer._coop_get_most_for(line)
            if after < 0 or offer.product_uom_id.compare(after, most) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: this order can have %(most)s at most of what has"
                        " arrived.",
                        product=offer.product_id.display_name,
                        most=offer._format_quantity(most),
                    )
                )
            line.write(
                {
                    "quantity_allocated": after,
                    "allocation_locked": vals.get("allocation_locked", True),
                }
            )
            if offer.product_uom_id.compare(after, before) == 0:
                continue
            was_told = bool(line.shortage_told_at)
            order._coop_log_changes(
                [
                    {
                        "kind": "share",
                        "offer": offer,
                        "before": (before, 0.0),
                        "after": (after, 0.0),
                    }
                ],
                self.env.user,
                "desk",
            )
            if offer.allocated_at:
                order.order_window_id._allocate_offers(offer, ("partial", "over"))
            if was_told or not line.shortage_told_at:
                order._coop_tell_changed()
