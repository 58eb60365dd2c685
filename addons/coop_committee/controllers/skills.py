# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from .committees import CoopCommitteePortal


class CoopSkillsPortal(CoopCommitteePortal):
    """Who can do what: those who chose to be listed."""

    @http.route(
        "/my/coop/skills", type="http", auth="user", website=True, methods=["GET"]
    )
    def coop_skills(self, search="", saved="", **kw):
        member = self._coop_member_or_404()
        # sudo: the member's own card.
        own = member.sudo()
        return self._coop_page(
            "portal_skills",
            "coop_skills",
            people=member._read_skills(own.company_id, search[:100]),
            own=own,
            search=search,
            saved=saved,
        )

    @http.route(
        "/my/coop/skills", type="http", auth="user", website=True, methods=["POST"]
    )
    def coop_skills_save(self, listed="", skills="", contact="", **post):
        member = self._coop_member_or_404()
        kept = member._set_skills(listed == "1", skills, contact)
        return request.redirect(f"/my/coop/skills?saved={'1' if kept else '0'}")
