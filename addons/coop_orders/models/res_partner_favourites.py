# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopResPartnerFavourites(models.AbstractModel):
    _name = "coop.res.partner.favourites"
    _description = "Contact: Favourites"

    coop_favourite_ids = fields.Many2many(
        "product.template",
        "coop_partner_favourite_rel",
        "partner_id",
        "product_tmpl_id",
        string="Favourite Products",
        copy=False,
        groups="coop_base.coop_base_group_manager",
        help="Hearts that the member gave on the order page.",
    )

    def _coop_set_favourite(self, product, is_favourite):
        """Give or take back a heart; said twice, it changes nothing."""
        self.ensure_one()
        command = fields.Command.link if is_favourite else fields.Command.unlink
        # sudo: members may not write contacts; callers checked that it is the own one.
        self.sudo().with_context(tracking_disable=True).write(
            {"coop_favourite_ids": [command(product.id)]}
        )
