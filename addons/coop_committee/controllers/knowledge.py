# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .committees import CoopCommitteePortal


class CoopKnowledgePortal(CoopCommitteePortal):
    """Pages that volunteers find during a shift, and improve."""

    @http.route("/my/coop/knowledge", type="http", auth="user", website=True)
    def coop_knowledge(self, search="", **kw):
        member = self._coop_member_or_404()
        domain = [("company_id", "=", member.company_id.id)]
        if search:
            domain += ["|", ("name", "ilike", search), ("body", "ilike", search)]
        # sudo: as in _coop_browse.
        pages = request.env["coop.knowledge.page"].sudo().search(domain, limit=200)
        return self._coop_page(
            "portal_knowledge", "coop_knowledge", pages=pages, search=search
        )

    @http.route(
        "/my/coop/knowledge/<int:page_id>", type="http", auth="user", website=True
    )
    def coop_knowledge_page(self, page_id, **kw):
        member = self._coop_member_or_404()
        page = self._coop_browse("coop.knowledge.page", page_id, member)
        return self._coop_page(
            "portal_knowledge_page",
            "coop_knowledge_page",
            page=page,
            versions=page.version_ids[:50],
        )

    @http.route(
        [
            "/my/coop/knowledge/new",
            "/my/coop/knowledge/<int:page_id>/edit",
        ],
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def coop_knowledge_edit(self, page_id=None, **post):
        member = self._coop_member_or_404()
        page = request.env["coop.knowledge.page"]
        if page_id:
            page = self._coop_browse("coop.knowledge.page", page_id, member)
        error = None
        if request.httprequest.method == "POST":
            title, body = post.get("title", "")[:200], post.get("body", "")[:50000]
            version = post.get("version") or ""
            try:
                if page:
                    last = int(version) if version.isdigit() else 0
                    page._improve(member, title, body, last)
                else:
                    page = page._write_page(member, title, body)
                return request.redirect(f"/my/coop/knowledge/{page.id}")
            except UserError as exc:
                error = exc.args[0]
        return self._coop_page(
            "portal_knowledge_edit",
            "coop_knowledge_edit",
            page=page,
            title=post.get("title", page.name or ""),
            body=post.get("body", page.body or ""),
            version=page._get_last_version().id if page else False,
            error=error,
        )
