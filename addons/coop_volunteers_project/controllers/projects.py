# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.coop_committee.controllers.committees import CoopCommitteePortal


class CoopProjectsPortal(CoopCommitteePortal):
    """What goes on: read by all members, changed by those of the committee."""

    def _coop_page(self, template, page_name, **values):
        if page_name == "coop_committee":
            committee = values["committee"]
            values["odoo_projects"] = committee._read_projects(
                committee.company_id, committee, bool(committee.dissolved_on)
            )
        return super()._coop_page(template, page_name, **values)

    @http.route("/my/coop/projects", type="http", auth="user", website=True)
    def coop_projects(self, ended="", **kw):
        member = self._coop_member_or_404()
        return self._coop_page(
            "coop_volunteers_project.portal_projects",
            "coop_projects",
            projects=request.env["coop.committee"]._read_projects(
                member.company_id, ended=bool(ended)
            ),
            ended=ended,
        )

    @http.route(
        "/my/coop/committees/<int:committee_id>/project",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def coop_committee_project(self, committee_id, **post):
        member = self._coop_member_or_404()
        committee = self._coop_browse("coop.committee", committee_id, member)
        try:
            with request.env.cr.savepoint():
                self._do_project(committee, member, post)
        except UserError as exc:
            committee.invalidate_recordset()
            return self._render_committee(committee, member, exc.args[0])
        return request.redirect(f"/my/coop/committees/{committee.id}#projects")

    def _do_project(self, committee, member, post):
        project_id = post.get("project_id") or ""
        if not project_id:
            committee._start_project(
                member,
                (post.get("name") or "")[:100],
                (post.get("description") or "")[:2000],
            )
            return
        project = committee.project_ids.filtered(lambda p: str(p.id) == project_id)
        if not project:
            raise request.not_found()
        other_id = post.get("other_id") or ""
        if other_id.isdigit():
            other = self._coop_browse("coop.committee", int(other_id), member)
            committee._share_project(member, project, other)
        else:
            committee._end_project(member, project, (post.get("word") or "")[:2000])
