# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.coop_base.controllers.portal import CoopPortal

MAX_PHOTO = 10 * 1024 * 1024
PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif")


class CoopCommitteePortal(CoopPortal):
    """Committees, requests and knowledge: in the open, for all members."""

    def _coop_get_home_cards(self, member):
        cards = super()._coop_get_home_cards(member)
        # sudo: what all members may read, counted in their own cooperative.
        open_count = (
            request.env["coop.committee.request"]
            .sudo()
            .search_count(
                [("watcher_ids", "=", member.id), ("state", "=", "open")], limit=100
            )
        )
        cards.append(
            {
                "sequence": 60,
                "template": "coop_committee.portal_card_committees",
                "values": {"open_count": open_count},
                # A way in, not something to do.
                "is_news": bool(open_count),
            }
        )
        return cards

    def _coop_member_or_404(self):
        member = self._coop_get_member()
        if not member:
            raise request.not_found()
        return member

    def _coop_browse(self, model, record_id, member):
        """A record of the member's own cooperative, with sudo, or a 404."""
        # sudo: names of members are shown on pages that all members read.
        record = request.env[model].sudo().browse(record_id).exists()
        if not record or record.company_id != member.company_id:
            raise request.not_found()
        return record

    def _coop_living_committees(self, member, without=None):
        """Those of the member's cooperative, to choose from; perhaps but one."""
        # sudo: as in _coop_browse.
        return (
            request.env["coop.committee"]
            .sudo()
            .search(
                [
                    ("company_id", "=", member.company_id.id),
                    ("dissolved_on", "=", False),
                    ("id", "not in", without.ids if without else []),
                ]
            )
        )

    def _coop_page(self, template, page_name, **values):
        layout = self._prepare_portal_layout_values()
        layout.update(page_name=page_name, member=self._coop_get_member(), **values)
        return request.render(
            template if "." in template else f"coop_committee.{template}", layout
        )

    # ------------------------------------------------------------------
    # Committees
    # ------------------------------------------------------------------

    @http.route("/my/coop/committees", type="http", auth="user", website=True)
    def coop_committees(self, search="", buried="", **kw):
        member = self._coop_member_or_404()
        domain = [
            ("company_id", "=", member.company_id.id),
            ("dissolved_on", "!=" if buried else "=", False),
        ]
        if search:
            domain += [
                "|",
                "|",
                "|",
                ("name", "ilike", search),
                ("purpose", "ilike", search),
                ("projects", "ilike", search),
                ("closing_word", "ilike", search),
            ]
        # sudo: as in _coop_browse.
        committees = request.env["coop.committee"].sudo().search(domain, limit=200)
        mine = committees.filtered(lambda c: c._get_line(member))
        return self._coop_page(
            "portal_committees",
            "coop_committees",
            committees=mine | (committees - mine),
            mine=mine,
            search=search,
            buried=buried,
        )

    @http.route(
        "/my/coop/committees/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def coop_committee_new(self, name="", purpose="", **post):
        member = self._coop_member_or_404()
        error = None
        if request.httprequest.method == "POST":
            try:
                committee = request.env["coop.committee"]._found(
                    member, name[:100], purpose[:2000]
                )
                return request.redirect(f"/my/coop/committees/{committee.id}")
            except UserError as exc:
                error = exc.args[0]
        return self._coop_page(
            "portal_committee_new",
            "coop_committee_new",
            error=error,
            name=name,
            purpose=purpose,
        )

    @http.route(
        "/my/coop/committees/<int:committee_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def coop_committee(self, committee_id, **kw):
        member = self._coop_member_or_404()
        committee = self._coop_browse("coop.committee", committee_id, member)
        return self._render_committee(committee, member)

    def _render_committee(self, committee, member, error=None):
        return self._coop_page(
            "portal_committee",
            "coop_committee",
            committee=committee,
            line=committee._get_line(member),
            may_lead=committee._may_lead(member),
            lines=committee.line_ids.filtered(lambda line: not line.date_to),
            former=committee.line_ids.filtered("date_to"),
            my_hours=committee.hours_ids.filtered(
                lambda h: h.member_id == member and not h.cancelled
            )[:10],
            requests=committee.request_ids[:20],
            pages=request.env["coop.knowledge.page"]
            # sudo: as in _coop_browse.
            .sudo()
            .search([("committee_id", "=", committee.id)]),
            others=self._coop_living_committees(member, committee),
            today=fields.Date.to_string(member.company_id._coop_get_today()),
            error=error,
        )

    @http.route(
        "/my/coop/committees/<int:committee_id>/<string:verb>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def coop_committee_do(self, committee_id, verb, **post):
        member = self._coop_member_or_404()
        committee = self._coop_browse("coop.committee", committee_id, member)
        todo = {
            "join": self._committee_join,
            "leave": self._committee_leave,
            "hours": self._committee_hours,
            "undo": self._committee_undo,
            "projects": self._committee_projects,
            "dissolve": self._committee_dissolve,
        }.get(verb)
        if not todo:
            raise request.not_found()
        try:
            with request.env.cr.savepoint():
                todo(committee, member, post)
        except UserError as exc:
            committee.invalidate_recordset()
            return self._render_committee(committee, member, exc.args[0])
        return request.redirect(f"/my/coop/committees/{committee.id}")

    def _committee_join(self, committee, member, post):
        committee._join(member)

    def _committee_leave(self, committee, member, post):
        committee._leave(member)

    def _committee_hours(self, committee, member, post):
        try:
            hours = float((post.get("hours") or "0").replace(",", "."))
            day = fields.Date.to_date(post.get("date") or "")
        except ValueError as exc:
            raise UserError(
                request.env._("Write hours as a number, such as 1.5.")
            ) from exc
        if not day:
            raise UserError(request.env._("Choose the day."))
        request.env["coop.committee.hours"]._declare(
            committee, member, day, hours, (post.get("note") or "")[:200]
        )

    def _committee_undo(self, committee, member, post):
        hours_id = post.get("hours_id") or ""
        hours = committee.hours_ids.filtered(
            lambda h: str(h.id) == hours_id and h.member_id == member
        )
        if not hours:
            raise request.not_found()
        hours._cancel()

    def _committee_projects(self, committee, member, post):
        if not committee._get_line(member):
            raise UserError(request.env._("Join the committee first."))
        committee._check_alive()
        committee.projects = (post.get("projects") or "")[:4000].strip()

    def _committee_dissolve(self, committee, member, post):
        if not committee._may_lead(member):
            raise UserError(
                request.env._("Only a contact of the committee dissolves it.")
            )
        word = (post.get("closing_word") or "")[:2000]
        other_id = post.get("merged_into") or ""
        if other_id.isdigit():
            other = self._coop_browse("coop.committee", int(other_id), member)
            committee._merge_into(other, word)
        else:
            committee._dissolve(word)

    # ------------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------------

    @http.route("/my/coop/requests", type="http", auth="user", website=True)
    def coop_requests(self, search="", done="", mine="", **kw):
        member = self._coop_member_or_404()
        domain = [("company_id", "=", member.company_id.id)]
        domain.append(("state", "=", "done" if done else "open"))
        if mine:
            domain.append(("watcher_ids", "=", member.id))
        if search:
            domain += [
                "|",
                ("description", "ilike", search),
                ("reply_ids.body", "ilike", search),
            ]
        # sudo: as in _coop_browse.
        requests = (
            request.env["coop.committee.request"].sudo().search(domain, limit=100)
        )
        return self._coop_page(
            "portal_requests",
            "coop_requests",
            requests=requests,
            search=search,
            done=done,
            mine=mine,
        )

    @http.route(
        "/my/coop/requests/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def coop_request_new(self, description="", committee_id="", photo=None, **post):
        member = self._coop_member_or_404()
        error = None
        if request.httprequest.method == "POST":
            committee = None
            if committee_id.isdigit():
                committee = self._coop_browse(
                    "coop.committee", int(committee_id), member
                )
            try:
                with request.env.cr.savepoint():
                    asked = request.env["coop.committee.request"]._ask(
                        member,
                        description[:5000],
                        self._coop_photo(photo),
                        committee,
                    )
                return request.redirect(f"/my/coop/requests/{asked.id}")
            except UserError as exc:
                error = exc.args[0]
        return self._coop_page(
            "portal_request_new",
            "coop_request_new",
            error=error,
            description=description,
            committees=self._coop_living_committees(member),
        )

    def _coop_photo(self, photo):
        """The photo in base64, or False; one sentence if it is none."""
        content = photo.read(MAX_PHOTO + 1) if photo else b""
        if not content:
            return False
        if photo.mimetype not in PHOTO_TYPES or len(content) > MAX_PHOTO:
            raise UserError(
                request.env._("This is not a photo, or it is larger than 10 MB.")
            )
        return base64.b64encode(content)

    @http.route(
        "/my/coop/requests/<int:request_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def coop_request(self, request_id, **kw):
        member = self._coop_member_or_404()
        asked = self._coop_browse("coop.committee.request", request_id, member)
        return self._render_request(asked, member)

    def _render_request(self, asked, member, error=None):
        return self._coop_page(
            "portal_request",
            "coop_request",
            asked=asked,
            committees=self._coop_living_committees(member, asked.committee_id),
            follows=member in asked.watcher_ids,
            may_settle=asked._may_settle(member),
            error=error,
        )

    @http.route(
        "/my/coop/requests/<int:request_id>/<string:verb>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def coop_request_do(self, request_id, verb, **post):
        member = self._coop_member_or_404()
        asked = self._coop_browse("coop.committee.request", request_id, member)
        try:
            with request.env.cr.savepoint():
                if verb == "reply":
                    asked._reply(member, (post.get("body") or "")[:5000])
                elif verb in ("follow", "unfollow"):
                    asked._follow(member, verb == "follow")
                elif verb in ("done", "open", "transfer", "page"):
                    self._coop_settle(asked, member, verb, post)
                else:
                    raise request.not_found()
        except UserError as exc:
            return self._render_request(asked, member, exc.args[0])
        if verb == "page":
            return request.redirect(f"/my/coop/knowledge/{asked.page_id.id}")
        return request.redirect(f"/my/coop/requests/{asked.id}")

    def _coop_settle(self, asked, member, verb, post):
        if not asked._may_settle(member):
            raise UserError(
                request.env._(
                    "Who asked and the committee in charge do this. You can answer."
                )
            )
        if verb == "transfer":
            other_id = post.get("committee_id") or ""
            if not other_id.isdigit():
                raise UserError(request.env._("Choose another committee."))
            asked._transfer(self._coop_browse("coop.committee", int(other_id), member))
        elif verb == "page":
            asked._make_page(member)
        else:
            asked._settle(verb == "done")

    @http.route(
        "/my/coop/requests/<int:request_id>/photo",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def coop_request_photo(self, request_id, **kw):
        member = self._coop_member_or_404()
        asked = self._coop_browse("coop.committee.request", request_id, member)
        if not asked.image:
            raise request.not_found()
        return (
            request.env["ir.binary"]
            ._get_image_stream_from(asked, "image")
            .get_response()
        )
