# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = [
        "coop.res.partner.delivery",
        "coop.res.partner.notice",
        "coop.res.partner.orders.privacy",
        "coop.res.partner.favourites",
        "res.partner",
    ]

    def _coop_get_buyer(self):
        """The user who buys from this producer, to be told of what they answer."""
        self.ensure_one()
        # sudo: only to find whom to tell, also for a visitor with a secret link.
        partners = (self | self.commercial_partner_id).sudo()
        buyers = partners.buyer_id or (
            self.env.ref("coop_base.coop_base_group_buyer").sudo().all_user_ids
        )
        company = self.env.company
        return buyers.filtered(
            lambda user: (
                user.active and user._is_internal() and company in user.company_ids
            )
        )[:1] or self.env.ref("base.user_admin")

    def _coop_get_lang(self, company):
        """The language in which a supplier reads what is sent: its code.

        The contact's own, else its company's, else the cooperative's.
        """
        self.ensure_one()
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (
            self.lang,
            self.commercial_partner_id.lang,
            company.partner_id.lang,
            self.env.lang,
        )
        return next((code for code in wanted if code in installed), "en_US")
