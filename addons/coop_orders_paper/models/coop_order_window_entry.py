# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import float_round, remove_accents


class CoopOrderWindow(models.Model):
    """Who may key in whose orders, and in which order products stand: the same on the
    screen, on paper and in the spreadsheet."""

    _inherit = "coop.order.window"

    def _get_entry_member_domain(self):
        """Members whose orders the connected user may key in here.

        :raise AccessError: the user is no referent
        """
        self.ensure_one()
        user = self.env.user
        domain = Domain("is_coop_member", "=", True) & Domain(
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


class CoopOrderOffer(models.Model):
    """What is ordered by the piece and paid by weight is keyed in by the piece."""

    _inherit = "coop.order.offer"

    def _get_entry_name(self):
        """The product without our internal code."""
        self.ensure_one()
        # sudo: the name of what is offered, also to who may not read products.
        product = self.sudo().product_id.with_context(display_default_code=False)
        return product.display_name

    def _get_entry_unit(self):
        """What a quantity counts; nothing where that goes without saying."""
        self.ensure_one()
        if self.piece_weight:
            return self.env._("pieces")
        if self.product_uom_id == self._get_reference_uom("product_uom_unit"):
            return ""
        return self.product_uom_id.name

    def _get_entry_step(self):
        """Least that can be written in a box."""
        self.ensure_one()
        return 1.0 if self.piece_weight else self.quantity_step

    def _to_entry_quantity(self, quantity):
        """From the offer's unit to what is written in a box."""
        self.ensure_one()
        return float_round(quantity / (self.piece_weight or 1.0), precision_digits=6)

    def _from_entry_quantity(self, count):
        """From what is written in a box to the offer's unit."""
        self.ensure_one()
        return float_round(count * (self.piece_weight or 1.0), precision_digits=6)

    def _get_entry_price_text(self):
        """The price with its unit, and per kg or litre where the unit does not say it.

        :return: ``(price, reference price or piece, or "")``
        """
        self.ensure_one()
        price = self.currency_id.format(self.price_unit)
        if self.product_uom_id != self._get_reference_uom("product_uom_unit"):
            price = f"{price} / {self.product_uom_id.name}"
        return price, self._get_piece_text() or self._get_reference_price_text()


class CoopCollectionPoint(models.Model):
    _inherit = "coop.collection.point"

    def _get_members_collecting(self, window, members):
        """Of ``members``, those who collect here: where their order says, else where
        they usually do. Sorted as on a list that is read aloud."""
        self.ensure_one()
        orders = window._get_entry_orders(members)

        def collects_here(member):
            distribution = orders[member].distribution_id if member in orders else None
            point = distribution.collection_point_id if distribution else None
            return (point or member.collection_point_id).id == self.id

        return members.filtered(collects_here).sorted(
            lambda member: (remove_accents(member.name or "").lower(), member.id)
        )
