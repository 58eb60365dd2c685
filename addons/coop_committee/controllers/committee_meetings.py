# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.coop_base.tools.localtime import format_local

from .committees import CoopCommitteePortal


class CoopCommitteeMeetings(CoopCommitteePortal):
    """Meetings: announced by who is in the committee, read by all members."""

    def _coop_page(self, template, page_name, **values):
        if page_name == "coop_committee":
            committee = values["committee"]
            coming, past = committee._read_meetings()
            values.update(
                meetings=coming,
                past_meetings=past,
                meeting_when=lambda event: self._meeting_when(committee, event),
            )
        return super()._coop_page(template, page_name, **values)

    def _meeting_when(self, committee, event):
        company = committee.company_id
        start = format_local(request.env, event.start, company, "EEEE d MMMM y, HH:mm")
        return f"{start} – {format_local(request.env, event.stop, company, 'HH:mm')}"

    @http.route(
        "/my/coop/committees/<int:committee_id>/meeting",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def coop_committee_meeting(self, committee_id, **post):
        member = self._coop_member_or_404()
        committee = self._coop_browse("coop.committee", committee_id, member)
        try:
            with request.env.cr.savepoint():
                if cancelled := post.get("cancel"):
                    committee._cancel_meeting(
                        member, self._get_meeting(committee, cancelled)
                    )
                else:
                    self._announce_meeting(committee, member, post)
        except UserError as exc:
            committee.invalidate_recordset()
            return self._render_committee(committee, member, exc.args[0])
        return request.redirect(f"/my/coop/committees/{committee.id}#meetings")

    def _announce_meeting(self, committee, member, post):
        try:
            start = datetime.strptime(
                f"{post.get('date')} {post.get('time')}", "%Y-%m-%d %H:%M"
            )
            hours = float((post.get("hours") or "2").replace(",", "."))
        except ValueError as exc:
            raise UserError(
                request.env._("Choose the day and the hour of the meeting.")
            ) from exc
        committee._announce_meeting(
            member,
            start,
            hours,
            (post.get("place") or "")[:200],
            (post.get("agenda") or "")[:2000],
        )

    def _get_meeting(self, committee, event_id):
        meetings = committee._read_meetings()
        found = (meetings[0] | meetings[1]).filtered(lambda e: str(e.id) == event_id)
        if not found:
            raise request.not_found()
        return found

    @http.route(
        "/my/coop/committees/<int:committee_id>/meeting/<int:event_id>.ics",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def coop_committee_meeting_file(self, committee_id, event_id, **kw):
        member = self._coop_member_or_404()
        committee = self._coop_browse("coop.committee", committee_id, member)
        event = self._get_meeting(committee, str(event_id))
        return request.make_response(
            event._get_ics_file()[event.id],
            [
                ("Content-Type", "text/calendar; charset=utf-8"),
                ("Content-Disposition", 'attachment; filename="reunion.ics"'),
            ],
        )
