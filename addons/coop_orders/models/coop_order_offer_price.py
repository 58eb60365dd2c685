# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, models

from ..tools.unit_price import unit_price


class CoopOrderOfferPrice(models.AbstractModel):
    """Prices as members read them."""

    _name = "coop.order.offer.price"
    _description = "Offer: Prices"

    def _get_reference_price(self):
        """``(price with VAT of one measure, measure)`` or ``None``.

        Measures: ``kg``, ``l``, ``m``, ``piece``. Nothing where the offer's own unit
        already says it.
        """
        self.ensure_one()
        uom = self.product_uom_id
        rounding = Decimal(repr(self.currency_id.rounding or 0.01))
        for measure, name in (
            ("kg", "product_uom_kgm"),
            ("l", "product_uom_litre"),
            ("m", "product_uom_meter"),
        ):
            reference = self._get_reference_uom(name)
            if uom == reference:
                return None
            if uom._has_common_reference(reference):
                quantity = uom._compute_quantity(1.0, reference, round=False)
                return unit_price(self.price_unit, quantity, measure, rounding)
        quantity, unit = self._get_net_content()
        return unit_price(self.price_unit, quantity, unit, rounding)

    def _get_net_content(self):
        """``(quantity, unit)`` that one ``product_uom_id`` holds, packs included."""
        self.ensure_one()
        product = self.product_id
        units = self.product_uom_id._compute_quantity(1.0, product.uom_id, round=False)
        if product.coop_net_quantity and product.coop_net_unit:
            return product.coop_net_quantity * units, product.coop_net_unit
        if product.weight:
            return product.weight * units, "kg"
        # Odoo keeps volumes in cubic metres.
        return product.volume * 1000 * units, "l"

    def _get_unit_name(self):
        """The unit of the price as people say it: "3.90 € / piece", not "/ Units"."""
        self.ensure_one()
        return self._get_uom_name(self.product_uom_id)

    @api.model
    def _get_uom_name(self, uom):
        if uom == self._get_reference_uom("product_uom_unit"):
            return self.env._("piece")
        return uom.name

    def _get_reference_price_text(self):
        """Price per kilogram, litre…, where the unit does not already say it."""
        self.ensure_one()
        result = self._get_reference_price()
        # No window yet, in the list of offers: no currency either.
        if not result or not self.currency_id:
            return ""
        amount, measure = result
        price = self.currency_id.format(float(amount))
        if measure == "kg":
            return self.env._("%(price)s / kg", price=price)
        if measure == "l":
            return self.env._("%(price)s / l", price=price)
        if measure == "m":
            return self.env._("%(price)s / m", price=price)
        return self.env._("%(price)s / piece", price=price)
