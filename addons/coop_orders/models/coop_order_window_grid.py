from odoo import models
from odoo.exceptions import AccessError, UserError


class CoopOrderWindow(models.Model):
    """Keying in the orders of members who order on paper or by telephone."""

    _inherit = "coop.order.window"

    def get_entry_grid(self, group_id=None):
        """What the entry grid shows: members down, offers across.

        Called by the screen. Referents see and key in their own groups, coordinators
        all of them; the rights are checked here and again at each change.

        :param group_id: one local group; by default the first one allowed
        :return: dict with ``groups``, ``group_id``, ``members`` (with their quantities
            by offer), ``offers`` and ``is_open``
        """
        self.ensure_one()
        self.check_access("read")
        groups = self._get_entry_groups()
        group = groups.filtered(lambda g: g.id == group_id) or groups[:1]
        if group_id and group.id != group_id:
            raise AccessError(
                self.env._("You key in the orders of your own groups only.")
            )
        members = self.env["res.partner"].search(
            [("is_coop_member", "=", True), ("coop_group_id", "=", group.id)],
            order="name, id",
        )
        # sudo: orders of members this user keys in, checked just above.
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("order_window_id", "=", self.id),
                    ("partner_id", "in", members.ids),
                    ("state", "!=", "cancel"),
                ]
            )
        )
        by_member = {order.partner_id.id: order for order in orders}
        return {
            "window": self.name,
            "is_open": self._is_taking_orders(),
            "closed_sentence": ""
            if self._is_taking_orders()
            else self._get_closed_sentence(),
            "currency_id": self.currency_id.id,
            "group_id": group.id,
            "groups": [{"id": g.id, "name": g.name} for g in groups],
            "offers": [
                {
                    "id": offer.id,
                    "number": number,
                    "name": offer._get_entry_name(),
                    "price": offer.price_unit,
                    "step": offer._get_step(),
                    "unit": offer.product_uom_id.name,
                }
                for number, offer in self._get_numbered_offers()
            ],
            "members": [
                self._prepare_entry_member(member, by_member.get(member.id))
                for member in members
            ],
        }

    def _prepare_entry_member(self, member, order):
        lines = order.order_line.filtered("offer_id") if order else []
        return {
            "id": member.id,
            "name": member.name,
            "number": member.coop_number or "",
            "channel": member.contact_channel or "",
            "order_id": order.id if order else False,
            "state": order.state if order else "",
            "amount": order.amount_total if order else 0.0,
            "minimum": (order._coop_minimum_error() or "") if lines else "",
            "quantities": {line.offer_id.id: line.product_uom_qty for line in lines},
        }

    def _get_entry_groups(self):
        """Groups whose orders this user may key in here."""
        self.ensure_one()
        user = self.env.user
        groups = self.group_ids or self.env["coop.group"].search(
            [("company_id", "=", self.company_id.id)]
        )
        if user.has_group("coop_base.coop_base_group_coordinator"):
            return groups
        if not user.has_group("coop_base.coop_base_group_referent"):
            raise AccessError(self.env._("Only referents key in members' orders."))
        return groups.filtered(lambda g: user.partner_id in g.referent_ids)

    def set_entry_quantity(self, partner_id, offer_id, quantity, channel="paper"):
        """Set one cell of the grid; the order is validated as soon as it can be.

        :return: the member's row, as in :meth:`get_entry_grid`, with ``message`` when
            the change was refused
        :raise AccessError: the member is of another referent's group
        """
        self.ensure_one()
        self.check_access("read")
        member = self.env["res.partner"].browse(partner_id).exists()
        if not member or member.coop_group_id not in self._get_entry_groups():
            raise AccessError(
                self.env._("You key in the orders of your own groups only.")
            )
        if channel not in ("paper", "phone", "desk"):
            raise UserError(self.env._("Choose paper, telephone or desk."))
        order, rejected = self._enter_quantities(
            member, [{"offer_id": offer_id, "quantity": quantity}], channel
        )
        row = self._prepare_entry_member(member, order)
        row["message"] = rejected[0]["message"] if rejected else ""
        return row
