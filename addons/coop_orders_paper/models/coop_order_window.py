# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class CoopOrderWindow(models.Model):
    """Who may key in whose orders, and in which order products stand: the same on the
    screen, on paper and in the spreadsheet."""

    _name = "coop.order.window"
    _inherit = [
        "coop.order.window.grid",
        "coop.order.window.forms",
        "coop.order.window",
    ]

    def _get_entry_member_domain(self):
        """Members whose orders the connected user may key in here.

        :raise AccessError: the user is no referent
        """
        self.ensure_one()
        user = self.env.user
        domain = Domain("coop_is_active", "=", True) & Domain(
            "company_id", "in", [self.company_id.id, False]
        )
        if self.group_ids:
            domain &= Domain("coop_group_id", "in", self.group_ids.ids)
        if user.has_group("coop_base.coop_base_group_coordinator"):
            return domain
        if not user.has_group("coop_base.coop_base_group_referent"):
            raise AccessError(self.env._("Only referents key in members' orders."))
        partner_ids = user.partner_id.ids
        return domain & (
            Domain("coop_group_id.referent_ids", "in", partner_ids)
            | Domain("collection_point_id.referent_ids", "in", partner_ids)
        )

    def _get_entry_members(self, extra_domain=None):
        self.ensure_one()
        domain = self._get_entry_member_domain()
        if extra_domain is not None:
            domain &= extra_domain
        return self.env["res.partner"].search(domain, order="name, id")

    def _check_entry_member(self, partner_id):
        """The member, if the connected user may key in this one's order.

        :raise AccessError: another referent's member, or nobody
        """
        member = self.env["res.partner"]
        if isinstance(partner_id, int):
            member = self._get_entry_members(Domain("id", "=", partner_id))
        if not member:
            raise AccessError(
                self.env._("You key in the orders of your own groups only.")
            )
        return member

    def _get_entry_orders(self, members):
        """``{member: live order}``, as superuser."""
        # sudo: orders of members that this user keys in, checked before.
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
        return {order.partner_id.sudo(False): order for order in orders}

    def _enter_quantities(self, member, changes, channel):
        """Change a member's order on the member's behalf; validate it where possible.

        The rights were checked by :meth:`_get_entry_members`.

        :return: as ``sale.order._coop_change_order``
        """
        self.ensure_one()
        order, rejected = self.env["sale.order"]._coop_change_order(
            self, member, changes, channel=channel, entered_by=self.env.user
        )
        if (
            order.state == "draft"
            and not rejected
            and order._coop_has_demand()
            and not order._coop_minimum_error()
            and (order.distribution_id or not order.order_window_id.distribution_ids)
        ):
            # A paper order is already decided: nobody else will confirm it.
            order._coop_validate()
        return order, rejected

    def _get_numbered_offers(self):
        """``[(line number, offer)]`` of grid, paper form and spreadsheet alike."""
        self.ensure_one()
        return list(enumerate(self.offer_ids, 1))
