# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.fields import Command


class CoopOrderWindowTemplateCatalogue(models.AbstractModel):
    _name = "coop.order.window.template.catalogue"
    _description = "Recurring Window: Catalogue"

    def _bring_catalogue_up_to_date(self, window, last):
        """The last window's offers, at the prices that producers ask now."""
        left_out = last.with_context(active_test=False).offer_ids - last.offer_ids
        left_out = left_out.filtered(lambda offer: offer._is_still_sold())
        window.write(
            {
                "offer_ids": [
                    Command.create({**vals, "active": True})
                    for vals in left_out.copy_data()
                ]
            }
        )
        sellers = window.offer_ids._coop_find_sellers()
        for offer, seller in sellers.items():
            changed = seller.price_changed_at
            if changed and last and changed > last.create_date:
                # sudo: a field for buyers; the window is made by a cron too.
                offer.sudo().purchase_price = seller._coop_get_price(
                    offer.product_uom_id, offer.currency_id, offer.company_id
                )
