# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import float_round, remove_accents


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
