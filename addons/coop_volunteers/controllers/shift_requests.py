# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import format_date

from .shift_actions import CoopShiftActions
from .shifts import FLASH


class CoopShiftRequests(CoopShiftActions):
    """Leave, more time, another fixed shift: one form each, answered at once."""

    @http.route("/my/coop/shifts/requests", type="http", auth="user", website=True)
    def coop_shift_requests(self, **kw):
        member, is_helped = self._get_shift_member()
        if not member:
            return request.redirect("/my/coop")
        env = request.env
        # sudo: the member's own requests; fixed seats are told as free or not.
        own = [("member_id", "=", member.id)]
        company = member.sudo().company_id
        today = company._coop_get_today()
        templates = (
            env["coop.shift.template"]
            .sudo()
            .search([("company_id", "=", company.id)], limit=300)
        )
        lines = env["coop.shift.fixed.change"]._current_lines(member, today)
        summary = member._volunteer_summary()
        return self._render_shifts(
            "coop_volunteers.portal_shift_requests",
            member,
            is_helped,
            "coop_shift_requests",
            title=env._("Leave, extension, another shift"),
            summary=summary,
            kinds=env["coop.member.leave.type"].search([]),
            trail=self._read_trail(own, today),
            seats=self._read_fixed_seats(templates - lines.template_id, today),
            fixed=lines,
            today=fields.Date.to_string(today),
            owes=min(summary["balance"], summary["make_up"]) < 0,
            day=lambda value: format_date(env, value, date_format="d MMMM y"),
        )

    def _read_trail(self, own, today):
        """All that was asked, the last first, with its answer."""
        env = request.env
        rows = []
        for model, icon in (
            ("coop.member.leave", "fa-plane"),
            ("coop.shift.extension", "fa-hourglass-half"),
            ("coop.shift.fixed.change", "fa-calendar"),
        ):
            # sudo: searched with their owner.
            records = env[model].sudo().search(own, limit=30)
            labels = dict(records._fields["state"]._description_selection(env))
            for record in records:
                rows.append(
                    {
                        "date": record.create_date,
                        "icon": icon,
                        "what": record.display_name,
                        "state": record.state,
                        "label": labels[record.state],
                        "answer": record.answer or "",
                        "can_end": model == "coop.member.leave"
                        and record.state in ("asked", "granted")
                        and (not record.date_to or record.date_to >= today),
                        "id": record.id,
                    }
                )
        return sorted(rows, key=lambda row: row["date"], reverse=True)

    def _read_fixed_seats(self, templates, today):
        """Recurring shifts that have a free fixed seat."""
        taken = {}
        for line in templates.fixed_ids:
            if not line.date_to or line.date_to >= today:
                key = (line.template_id.id, line.role_id.id or 0)
                taken[key] = taken.get(key, 0) + 1
        rows = []
        for template in templates:
            for seat in template.seat_ids:
                key = (template.id, seat.role_id.id or 0)
                free = seat.seats_max - taken.get(key, 0)
                if free > 0:
                    name = template.display_name
                    if seat.role_id:
                        name = f"{name} ({seat.role_id.name})"
                    rows.append(
                        {
                            "value": f"{template.id}-{seat.role_id.id or 0}",
                            "name": name,
                            "free": free,
                        }
                    )
        return rows

    def _answered(self, record):
        """The answer, at once: granted, refused, or who decides by when."""
        # sudo: the member's own request, asked just before.
        record = record.sudo()
        env = request.env
        label = dict(record._fields["state"]._description_selection(env))[record.state]
        kind = {"granted": "success", "refused": "danger"}.get(record.state, "warning")
        request.session[FLASH] = {
            "text": f"{label}. {record.answer or ''}",
            "kind": kind,
        }

    def _shift_ask(self, member, ask, what):
        """Like `_shift_do`, where a refusal is kept: it is part of the trail."""
        env = request.env
        try:
            with env.cr.savepoint():
                record = ask()
                env["coop.shift.trace"]._record(member, what)
            self._answered(record)
        except UserError as error:
            request.session[FLASH] = {"text": error.args[0], "kind": "danger"}
        return request.redirect(self._shift_url("/requests"), code=303)

    def _parse_date(self, text):
        try:
            return fields.Date.to_date(text or None)
        except ValueError:
            return None

    @http.route(
        "/my/coop/shifts/requests/leave",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        coop_queue=True,
    )
    def coop_shift_ask_leave(self, type_id="", date_from="", date_to="", **post):
        member, env = self._check_member(), request.env
        kind = env["coop.member.leave.type"].search(
            [("id", "=", int(type_id) if type_id.isdigit() else 0)]
        )
        start, end = self._parse_date(date_from), self._parse_date(date_to)

        def ask():
            if not kind:
                raise UserError(env._("Choose the kind of leave."))
            if not start or (date_to and not end):
                raise UserError(env._("Give the days of the leave."))
            reason = (post.get("reason") or "").strip()[:2000]
            return env["coop.member.leave"]._ask(member, kind, start, end, reason)

        return self._shift_ask(member, ask, env._("Leave asked"))

    @http.route(
        "/my/coop/shifts/requests/leave/<int:leave_id>/end",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        coop_queue=True,
    )
    def coop_shift_end_leave(self, leave_id, **post):
        member, env = self._check_member(), request.env
        # sudo: searched with its owner.
        leave = (
            env["coop.member.leave"]
            .sudo()
            .search(
                [
                    ("id", "=", leave_id),
                    ("member_id", "=", member.id),
                    ("state", "in", ("asked", "granted")),
                ]
            )
        )
        if not leave:
            raise request.not_found()
        return self._shift_do(
            member,
            leave._cancel,
            env._("Your leave is over. Welcome back!"),
            env._("Leave ended"),
            self._shift_url("/requests"),
        )

    @http.route(
        "/my/coop/shifts/requests/extension",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        coop_queue=True,
    )
    def coop_shift_ask_extension(self, **post):
        member, env = self._check_member(), request.env
        reason = (post.get("reason") or "").strip()[:2000]
        return self._shift_ask(
            member,
            lambda: env["coop.shift.extension"]._ask(member, reason),
            env._("Extension asked"),
        )

    @http.route(
        "/my/coop/shifts/requests/fixed",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        coop_queue=True,
    )
    def coop_shift_ask_fixed(self, seat="", date_from="", **post):
        member, env = self._check_member(), request.env
        template_id, _sep, role_id = seat.partition("-")

        def ask():
            # sudo: the member's own cooperative.
            template = env["coop.shift.template"].search(
                [
                    ("id", "=", int(template_id) if template_id.isdigit() else 0),
                    ("company_id", "=", member.sudo().company_id.id),
                ]
            )
            if not template:
                raise UserError(env._("Choose a shift."))
            role = self._get_role(role_id if role_id != "0" else None)
            return env["coop.shift.fixed.change"]._ask(
                member, template, role, self._parse_date(date_from)
            )

        return self._shift_ask(member, ask, env._("Another fixed shift asked"))
