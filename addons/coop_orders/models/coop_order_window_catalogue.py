# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_compare, float_is_zero


class CoopOrderOfferCatalogue(models.AbstractModel):
    _name = "coop.order.offer.catalogue"
    _description = "Offer: Catalogue"

    active = fields.Boolean(
        default=True,
        help="Not shown to members: the producer does not have it this time. It comes"
        " back by itself in the next window.",
    )
    is_limited_by_producer = fields.Boolean(copy=False, readonly=True)

    @api.model
    def _coop_drop_left_out(self, vals_list):
        """Who adds a product that was left out wants it after all."""
        left_out = self.search(
            Domain("active", "=", False)
            & Domain("window_id", "in", [vals.get("window_id") for vals in vals_list])
            & Domain("product_id", "in", [vals.get("product_id") for vals in vals_list])
        )
        left_out.unlink()

    def copy_data(self, default=None):
        """A limit that the producer gave was for that window only."""
        vals_list = super().copy_data(default)
        for offer, vals in zip(self, vals_list, strict=True):
            if offer.is_limited_by_producer:
                vals["quantity_max"] = 0.0
        return vals_list

    def _coop_find_sellers(self):
        """``{offer: the producer's price line}``, where there is one."""
        # sudo: prices of the producers of these offers; whoever runs the window.
        by_product = self.sudo().product_id.product_tmpl_id.seller_ids.grouped(
            lambda seller: (seller.partner_id.id, seller.product_tmpl_id.id)
        )
        today = fields.Date.context_today(self)
        result = {}
        for offer in self:
            product = offer.product_id
            sellers = by_product.get(
                (offer.supplier_id.id, product.product_tmpl_id.id), ()
            )
            for seller in sellers:
                if (
                    seller.product_id.id in (False, product.id)
                    and seller.company_id.id in (False, offer.company_id.id)
                    and (not seller.date_end or seller.date_end >= today)
                ):
                    result[offer] = seller
                    break
        return result

    def _coop_apply_catalogue(self):
        """Leave out what is not available and take over the producers' limits."""
        gone, removed, limited = self.browse(), {}, {}
        for offer, seller in self._coop_find_sellers().items():
            name = offer.product_id.with_context(display_default_code=False)
            if not seller.is_available:
                # sudo: whether somebody ordered, for instance a trial order.
                if not offer.sudo().line_ids:
                    gone += offer
                    removed.setdefault(offer.window_id, []).append(name.display_name)
                continue
            available = seller.product_uom_id._compute_quantity(
                seller.quantity_available, offer.product_uom_id, round=False
            )
            if float_is_zero(available, 6):
                continue
            if (
                not offer.quantity_max
                or float_compare(available, offer.quantity_max, 6) < 0
            ):
                offer.write({"quantity_max": available, "is_limited_by_producer": True})
                limited.setdefault(offer.window_id, []).append(
                    f"{name.display_name} ({offer._format_quantity(available)})"
                )
        for window in self.window_id:
            body = Markup("")
            if window in removed:
                body += Markup("<p>%s</p>") % self.env._(
                    "Not available, say the producers, and left out: %(products)s.",
                    products=", ".join(removed[window]),
                )
            if window in limited:
                body += Markup("<p>%s</p>") % self.env._(
                    "Limited by what the producers have: %(products)s.",
                    products=", ".join(limited[window]),
                )
            if body:
                window.message_post(body=body, subtype_xmlid="mail.mt_note")
        gone.active = False
