# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare


class CoopOrderOffer(models.Model):
    """What the cooperative itself adds to the members' demand, kept beside it."""

    _name = "coop.order.offer"
    _inherit = [
        "coop.order.offer.stock",
        "coop.order.offer.give.up",
        "coop.order.offer",
    ]

    quantity_extra = fields.Float(
        string="Added by the Cooperative",
        digits="Product Unit",
        copy=False,
        readonly=True,
        help="Whole packs beyond the members' demand, so that the producer's minimum is"
        " reached. Members are served first; the rest stays in stock.",
    )

    @api.constrains("quantity_extra", "pack_size")
    def _check_quantity_extra(self):
        for offer in self.filtered("quantity_extra"):
            packs = offer.quantity_extra / (offer.pack_size or 1.0)
            if packs < 0 or float_compare(packs, round(packs), 6) != 0:
                raise ValidationError(
                    self.env._(
                        "%(product)s comes in packs of %(pack)s: add whole packs.",
                        product=offer.product_id.display_name,
                        pack=offer._format_number(offer.pack_size or 1.0),
                    )
                )

    def _get_expected_quantities_to_order(self):
        """With what the cooperative adds; nothing where the offer is given up."""
        result = super()._get_expected_quantities_to_order()
        for offer in self:
            if (
                offer.quantity_extra
                and not offer.is_given_up
                and offer.window_id.flow != "stock"
            ):
                result[offer] += offer.quantity_extra
        return result
