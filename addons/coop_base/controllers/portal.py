from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class CoopPortal(CustomerPortal):
    def _get_coop_member(self):
        """The connected member, read with their own rights (``env.user`` is sudo)."""
        partner = request.env["res.partner"].browse(request.env.user.partner_id.id)
        return partner if partner.is_coop_member else partner.browse()

    def _get_coop_home_cards(self, member):
        """Cards of the member home page; add-ons extend the list.

        :param member: ``res.partner`` of the connected user, never sudo
        :return: list of ``{'sequence': int, 'template': xmlid, 'values': dict}``;
            sequences: windows 10, collection 20, shift 30, debts 40, messages 50,
            profile 90
        """
        return [
            {
                "sequence": 90,
                "template": "coop_base.portal_card_profile",
                "values": self._prepare_coop_profile_values(member),
            }
        ]

    def _prepare_coop_profile_values(self, member):
        return {"member": member}

    @http.route("/my/coop", type="http", auth="user", website=True)
    def coop_home(self, **kw):
        member = self._get_coop_member()
        cards = self._get_coop_home_cards(member) if member else []
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="coop_home",
            member=member,
            cards=sorted(cards, key=lambda card: card["sequence"]),
        )
        return request.render("coop_base.portal_coop_home", values)
