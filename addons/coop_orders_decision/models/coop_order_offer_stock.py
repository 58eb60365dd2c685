# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare


class CoopOrderOfferStock(models.AbstractModel):
    """What members get from the cooperative's stock instead of from the producer."""

    _name = "coop.order.offer.stock"
    _description = "Offer: From the Stock"

    quantity_from_stock = fields.Float(
        string="From the Stock",
        digits="Product Unit",
        copy=False,
        readonly=True,
        help="Taken from the stock on hand, as the producer's minimum was not reached.",
    )

    def _get_free_stock(self):
        """``{offer: quantity}`` on hand and not promised, in the offer's unit."""
        # sudo: quantities; who buys need not be in the warehouse.
        free = {
            product.id: product.free_qty
            for company, offers in self.grouped("company_id").items()
            for product in offers.sudo().product_id.with_company(company)
        }
        return {
            offer: max(
                offer.product_id.uom_id._compute_quantity(
                    free[offer.product_id.id],
                    offer.product_uom_id,
                    rounding_method="DOWN",
                ),
                0.0,
            )
            for offer in self
        }

    def _get_available_to_share(self):
        available = super()._get_available_to_share()
        if self.window_id.flow == "stock":
            return available
        return available + self.quantity_from_stock


class CoopOrderWindowSupplierStock(models.AbstractModel):
    _name = "coop.order.window.supplier.stock"
    _description = "Producer in a Window: From the Stock"

    def _coop_take_from_stock(self, quantities):
        """Order nothing: members get what the stock has, shared by the window's rule.

        Who gets less than asked is told so, like of any other shortage.

        :param quantities: ``{offer: quantity}`` to take, in the offers' units
        :raise UserError: more than there is, or nothing at all
        """
        self._check_can_decide()
        if self._is_early():
            raise UserError(
                self.env._(
                    "Members may still change their other orders: take from the stock"
                    " once the window is closed."
                )
            )
        offers = self._get_own_offers()
        free = offers._get_free_stock()
        taken = {offer: quantities.get(offer, 0.0) for offer in offers}
        for offer, quantity in taken.items():
            most = min(free[offer], offer.quantity_ordered)
            if quantity < 0 or float_compare(quantity, most, 6) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: take at most %(most)s (%(free)s in stock,"
                        " %(asked)s asked by members).",
                        product=offer.product_id.display_name,
                        most=offer._format_quantity(most),
                        free=offer._format_quantity(free[offer]),
                        asked=offer._format_quantity(offer.quantity_ordered),
                    )
                )
        if not any(taken.values()):
            raise UserError(
                self.env._(
                    "Nothing of %(producer)s is in stock: choose another way.",
                    producer=self.partner_id.name,
                )
            )
        self._coop_close_given_up("minimum")
        offers.write({"quantity_to_order": 0, "is_given_up": True})
        for offer, quantity in taken.items():
            offer.quantity_from_stock = quantity
        self.window_id._allocate_offers(offers)
        self.window_id._coop_note_all_decided()
        self._coop_note_decision(
            self.env._("nothing is ordered, members are served from the stock")
        )
        return True
