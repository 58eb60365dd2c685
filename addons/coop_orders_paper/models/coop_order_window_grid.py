# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import float_compare

# More members than that are shown one collection point at a time.
MOST_MEMBERS = 1000
MOST_CHANGES = 500


class CoopOrderWindowGrid(models.AbstractModel):
    """Keying in the orders of members who order on paper or by telephone."""

    _name = "coop.order.window.grid"
    _description = "Order Window: Entry Grid"

    def get_entry_grid(self, group_id=None, point_id=None):
        """What the entry grid shows: members down, offers across.

        Called by the screen. Referents see and key in the members of their own groups
        and points, coordinators everybody; checked here and again at each change.

        :param group_id: only this local group
        :param point_id: only who usually collects at this point
        :return: dict with ``groups``, ``points``, ``members`` (with their quantities by
            offer), ``offers`` and ``is_open``
        """
        self.ensure_one()
        self.check_access("read")
        allowed = self._get_entry_members()
        groups = allowed.coop_group_id.sorted("name")
        points = allowed.collection_point_id.sorted("name")
        if (group_id and group_id not in groups.ids) or (
            point_id and point_id not in points.ids
        ):
            raise AccessError(
                self.env._("You key in the orders of your own groups only.")
            )
        if not group_id and not point_id and len(allowed) > MOST_MEMBERS:
            point_id = points[:1].id
        domain = Domain.TRUE
        if group_id:
            domain &= Domain("coop_group_id", "=", group_id)
        if point_id:
            domain &= Domain("collection_point_id", "=", point_id)
        members = allowed.filtered_domain(domain)
        orders = self._get_entry_orders(members)
        is_open = self._is_taking_orders()
        return {
            "window": self.name,
            "is_open": is_open,
            "closed_sentence": "" if is_open else self._get_closed_sentence(),
            "currency_id": self.currency_id.id,
            "group_id": group_id or False,
            "point_id": point_id or False,
            "groups": [{"id": g.id, "name": g.name} for g in groups],
            "points": [{"id": p.id, "name": p.name} for p in points],
            "offers": [
                {
                    "id": offer.id,
                    "number": number,
                    "name": offer._get_entry_name(),
                    "price": offer.price_unit,
                    "price_text": offer._get_entry_price_text()[0],
                    # Keyed in by the piece, kept in the offer's unit.
                    "factor": offer.piece_weight or 1.0,
                    "unit": offer._get_entry_unit(),
                }
                for number, offer in self._get_numbered_offers()
            ],
            "members": [
                self._prepare_entry_member(member, orders.get(member))
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

    def set_entry_quantity(self, partner_id, offer_id, quantity, channel="paper"):
        """Set one cell; see :meth:`set_entry_quantities`."""
        change = {"offer_id": offer_id, "quantity": quantity}
        return self.set_entry_quantities(partner_id, [change], channel)

    def set_entry_quantities(self, partner_id, changes, channel="paper"):
        """Set cells of one member; the order is validated as soon as it can be.

        :param changes: list of ``{'offer_id', 'quantity', 'expected'}`` in the offers'
            unit; ``expected`` (optional) is the quantity that was on the screen: where
            somebody else changed it meanwhile, theirs stays and this one is refused
        :return: the member's row, as in :meth:`get_entry_grid`, with ``refused``
            (``{offer id: sentence}``) and ``message`` (the first of them)
        :raise AccessError: the member is of another referent's group
        """
        self.ensure_one()
        self.check_access("read")
        member = self._check_entry_member(partner_id)
        if channel not in ("paper", "phone", "desk"):
            raise UserError(self.env._("Choose paper, telephone or desk."))
        if not isinstance(changes, list) or len(changes) > MOST_CHANGES:
            raise UserError(self.env._("Nothing to save."))
        changes = [
            {key: change.get(key) for key in ("offer_id", "quantity", "expected")}
            for change in changes
            if isinstance(change, dict)
        ]
        # What is compared stays as it is until it is written.
        self.env["sale.order"]._coop_lock_members(self, member)
        wanted, refused = self._refuse_changed_meanwhile(member, changes)
        order = self._get_entry_orders(member).get(member)
        if wanted or not changes:
            order, rejected = self._enter_quantities(member, wanted, channel)
            refused.update(
                {change["offer_id"]: change["message"] for change in rejected}
            )
        row = self._prepare_entry_member(member, order)
        row["refused"] = refused
        row["message"] = next(iter(refused.values()), "")
        return row

    def _refuse_changed_meanwhile(self, member, changes):
        """``(changes to make, {offer id: sentence})``: two people, one order."""
        order = self._get_entry_orders(member).get(member)
        current, who = {}, ""
        if order:
            current = {
                line.offer_id.id: line.product_uom_qty
                for line in order.order_line
                if line.offer_id
            }
            who = (order.entered_by_id or order.write_uid).name
        wanted, refused = [], {}
        for change in changes:
            expected = change.pop("expected")
            offer_id, quantity = change["offer_id"], change["quantity"]
            now = current.get(offer_id, 0.0)
            both = isinstance(expected, int | float) and isinstance(
                quantity, int | float
            )
            if (
                both
                and float_compare(expected, now, 6) != 0
                and float_compare(quantity, now, 6) != 0
            ):
                offer = self.offer_ids.filtered(lambda o, oid=offer_id: o.id == oid)
                refused[offer_id] = self.env._(
                    "Changed meanwhile by %(name)s to %(quantity)s: key it in again if"
                    " yours is right.",
                    name=who,
                    quantity=offer._format_number(offer._to_entry_quantity(now))
                    if offer
                    else now,
                )
            else:
                wanted.append(change)
        return wanted, refused
