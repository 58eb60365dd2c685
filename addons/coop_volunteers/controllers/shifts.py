# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, time, timedelta

from odoo import fields, http
from odoo.http import request

from odoo.addons.coop_base.controllers.portal import CoopPortal
from odoo.addons.coop_base.tools.localtime import format_local, to_local, to_utc

FLASH = "coop_shift_flash"
COORDINATOR = "coop_base.coop_base_group_volunteer_coordinator"
WHEN = "EEEE d MMMM, HH:mm"


class CoopShiftPortal(CoopPortal):
    """Shifts of a member, read by the member or by who helps them."""

    # ------------------------------------------------------------------
    # For whom
    # ------------------------------------------------------------------

    def _get_shift_member(self):
        """``(member, is_helped)``: one's own card, or that of a member one helps.

        Volunteer coordinators act for anybody with ``?for=``; nobody else does.
        """
        wanted = request.params.get("for")
        if not wanted:
            return self._coop_get_member(), False
        if not wanted.isdigit() or not request.env.user.has_group(COORDINATOR):
            raise request.not_found()
        member = request.env["res.partner"].search(
            [("id", "=", int(wanted)), ("coop_is_active", "=", True)]
        )
        if not member:
            raise request.not_found()
        return member, member != request.env.user.partner_id

    def _shift_url(self, path="", **query):
        """An address of these pages that remembers for whom one acts."""
        params = {key: value for key, value in query.items() if value}
        if wanted := request.params.get("for"):
            params["for"] = wanted
        text = "&".join(f"{key}={value}" for key, value in params.items())
        return f"/my/coop/shifts{path}" + (f"?{text}" if text else "")

    def _get_own_registration(self, member, registration_id):
        """The member's own registration, as sudo; 404 for anybody else's."""
        # sudo: searched with its owner, also for staff who read more than their own.
        registration = (
            request.env["coop.shift.registration"]
            .sudo()
            .search(
                [
                    ("id", "=", registration_id),
                    ("member_id", "=", member.id or 0),
                ]
            )
        )
        if not registration:
            raise request.not_found()
        return registration

    def _render_shifts(self, template, member, is_helped, page_name, **values):
        layout = self._prepare_portal_layout_values()
        layout.update(
            page_name=page_name,
            member=member,
            helped=member.name if is_helped else "",
            shift_url=self._shift_url,
            when=self._shift_when,
            flash=request.session.pop(FLASH, None) or {},
            **values,
        )
        return request.render(template, layout)

    def _shift_when(self, record, dt_format=WHEN):
        """``mardi 3 mars, 09:00 – 12:00``."""
        company = record.company_id
        text = format_local(request.env, record.start_at, company, dt_format)
        end = format_local(request.env, record.end_at, company, "HH:mm")
        return f"{text} – {end}"

    # ------------------------------------------------------------------
    # Home page
    # ------------------------------------------------------------------

    def _coop_get_home_cards(self, member):
        cards = super()._coop_get_home_cards(member)
        # sudo: where the connected member stands, for themselves.
        kind = member.sudo().volunteer_kind
        registration = member._next_shift()
        if not kind and not registration:
            return cards
        if registration:
            values = {
                "registration": registration,
                "when": self._shift_when(registration.shift_id),
                "badge_time": registration._is_badge_time(),
            }
            cards.append(
                {
                    "sequence": 30,
                    "template": "coop_volunteers.portal_card_shift",
                    "values": values,
                }
            )
        # sudo: the member's own status, hidden from other members.
        status = member.sudo().volunteer_status
        if status in ("alert", "suspended", "extension"):
            cards.append(
                {
                    "sequence": 40,
                    "template": "coop_volunteers.portal_card_make_up",
                    "values": {"text": member._explain_volunteer_status()},
                }
            )
        elif not registration and kind != "none":
            cards.append(
                {
                    "sequence": 30,
                    "template": "coop_volunteers.portal_card_no_shift",
                    "values": {},
                }
            )
        return cards

    # ------------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------------

    @http.route("/my/coop/shifts", type="http", auth="user", website=True)
    def coop_shifts(self, **kw):
        member, is_helped = self._get_shift_member()
        if not member:
            return request.redirect("/my/coop")
        summary = member._volunteer_summary()
        upcoming = summary["upcoming"]
        booked = upcoming.filtered(lambda r: r.state != "waiting")
        first = booked[:1]
        # sudo: swaps and proposals of this member.
        swaps = request.env["coop.shift.swap"].sudo()
        own_swaps = swaps.search(
            [("registration_id", "in", booked.ids), ("state", "=", "offered")]
        )
        others = swaps._read_offered(member)
        company = member.sudo().company_id
        for row in others:
            row["when"] = format_local(request.env, row["start_at"], company, WHEN)
        now = fields.Datetime.now()
        return self._render_shifts(
            "coop_volunteers.portal_shifts",
            member,
            is_helped,
            "coop_shifts",
            title=request.env._("My shifts"),
            summary=summary,
            points=self._format_points(summary),
            first=first,
            badge_time=bool(first) and first._is_badge_time(),
            people=first.shift_id._get_co_shifters(member) if first else [],
            others=booked - first,
            waiting=upcoming - booked,
            offered=(upcoming - booked).filtered(
                lambda r: r.offered_until and r.offered_until > now
            ),
            until=lambda r: format_local(request.env, r.offered_until, company, WHEN),
            swaps=own_swaps.grouped("registration_id"),
            proposals=own_swaps.proposal_ids.filtered(
                lambda p: p.state == "proposed" and p.registration_id.state == "booked"
            ),
            offers=others,
            owes=summary["status"] in ("alert", "suspended", "extension"),
            # sudo: what others did for this member is theirs to read.
            traces=request.env["coop.shift.trace"]
            .sudo()
            .search([("member_id", "=", member.id)], limit=5),
        )

    def _format_points(self, summary):
        """The balance with its sign, as the ledger writes it."""
        total = summary["balance"] + summary["make_up"]
        return request.env["coop.shift.ledger"].new({"points": total})._format_points()

    @http.route("/my/coop/shifts/points", type="http", auth="user", website=True)
    def coop_shift_points(self, **kw):
        member, is_helped = self._get_shift_member()
        if not member:
            return request.redirect("/my/coop")
        # sudo: the member's own points.
        lines = (
            request.env["coop.shift.ledger"]
            .sudo()
            .search(
                [
                    ("member_id", "=", member.id),
                    # A cycle that cost nothing says nothing.
                    "|",
                    ("reason", "!=", "cycle"),
                    ("points", "!=", 0),
                ],
                limit=200,
            )
        )
        summary = member._volunteer_summary()
        return self._render_shifts(
            "coop_volunteers.portal_shift_points",
            member,
            is_helped,
            "coop_shift_points",
            title=request.env._("My balance, line by line"),
            summary=summary,
            points=self._format_points(summary),
            lines=lines,
        )

    @http.route("/my/coop/shifts/free", type="http", auth="user", website=True)
    def coop_shift_free(self, week="0", point="", role="", move="", day="", **kw):
        """Free shifts of a week, or of a day's, to book or to move one's own to."""
        member, is_helped = self._get_shift_member()
        if not member:
            return request.redirect("/my/coop")
        env = request.env
        moved = None
        if move:
            if not move.isdigit():
                raise request.not_found()
            moved = self._get_own_registration(member, int(move))
        # sudo: the member's own cooperative.
        company = member.sudo().company_id
        points = env["coop.collection.point"].search([("company_id", "=", company.id)])
        roles = env["coop.shift.role"].search([])
        chosen_point = points.filtered(lambda p: str(p.id) == point)
        chosen_role = roles.filtered(lambda r: str(r.id) == role)
        policy = member._volunteer_policy()
        last = max(policy.booking_days // 7, 0)
        number = self._week_number(company, day, week, last)
        start, end = self._week_bounds(company, number)
        rows = member._read_shifts_to_book(
            start, end, chosen_point, chosen_role, only_free=kw.get("full") != "1"
        )
        days = {}
        for row in rows:
            shift = row["shift"]
            label = format_local(env, shift.start_at, company, "EEEE d MMMM")
            days.setdefault(label, []).append(row)
        return self._render_shifts(
            "coop_volunteers.portal_shift_free",
            member,
            is_helped,
            "coop_shift_free",
            title=env._("Move my shift") if moved else env._("Book a shift"),
            days=days,
            # A newcomer is shown first where somebody will be there for them.
            welcomed=[]
            if moved or number or chosen_point or chosen_role
            else member._read_shifts_with_tutor(),
            moved=moved,
            points=points,
            roles=roles,
            point=chosen_point,
            role=chosen_role,
            number=number,
            last=last,
            full=kw.get("full") == "1",
            week_label=format_local(env, start, company, "d MMMM"),
            letter=policy._week_letter(to_local(start, company.coop_tz).date()),
            hours=lambda s: (
                format_local(env, s.start_at, company, "HH:mm")
                + " – "
                + format_local(env, s.end_at, company, "HH:mm")
            ),
        )

    def _week_number(self, company, day, week, last):
        """How many weeks from now: that of a day, as mails ask, or that chosen."""
        try:
            today = company._coop_get_today()
            monday = today - timedelta(days=today.weekday())
            number = (date.fromisoformat(day) - monday).days // 7
        except ValueError:
            number = int(week) if week.isdecimal() else 0
        return max(min(number, last), 0)

    def _week_bounds(self, company, number):
        """``(start, end)`` in UTC of the local week, 0 for the current one."""
        today = company._coop_get_today()
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=number)
        zone = company.coop_tz
        start = to_utc(datetime.combine(monday, time()), zone)
        end = to_utc(datetime.combine(monday + timedelta(days=7), time()), zone)
        return start, end

    @http.route(
        "/my/coop/shifts/<int:registration_id>", type="http", auth="user", website=True
    )
    def coop_shift(self, registration_id, **kw):
        member, is_helped = self._get_shift_member()
        registration = self._get_own_registration(member, registration_id)
        # sudo: the offer of this registration.
        swap = (
            request.env["coop.shift.swap"]
            .sudo()
            .search(
                [
                    ("registration_id", "=", registration.id),
                    ("state", "=", "offered"),
                ]
            )
        )
        return self._render_shifts(
            "coop_volunteers.portal_shift",
            member,
            is_helped,
            "coop_shift",
            title=registration.shift_id.name,
            registration=registration,
            shift=registration.shift_id,
            people=registration.shift_id._get_co_shifters(member),
            terms=registration._get_cancel_terms(),
            why_not_move=registration._why_not_move(),
            swap=swap,
            badge_time=registration._is_badge_time(),
        )
