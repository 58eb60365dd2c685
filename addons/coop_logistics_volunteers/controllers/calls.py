# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from odoo.addons.coop_base.tools.localtime import format_local
from odoo.addons.coop_volunteers.controllers.shift_actions import CoopShiftActions
from odoo.addons.coop_volunteers.controllers.shifts import WHEN


class CoopDistributionCalls(CoopShiftActions):
    """A call for a distribution day, answered by one tap; its check-list."""

    def _get_call(self, member, call_id):
        """An open or closed call of the member's cooperative; 404 otherwise."""
        # sudo: what is asked of all members: roles, hours, free seats.
        call = (
            request.env["coop.distribution.call"]
            .sudo()
            .search(
                [
                    ("id", "=", call_id),
                    ("company_id", "=", member.sudo().company_id.id),
                    ("state", "in", ("open", "closed")),
                ]
            )
        )
        if not call:
            raise request.not_found()
        return call

    def _call_values(self, member, call):
        """What the page and the card show: roles with hours, seats and why not."""
        env = request.env
        own = call._get_own_registrations(member)
        rows = []
        for line in call.line_ids:
            mine = own.filtered(
                lambda r, line=line: (
                    r.shift_id == line.shift_id and r.role_id == line.role_id
                )
            )
            rows.append(
                {
                    "line": line,
                    "hours": self._call_hours(line),
                    "mine": mine,
                    "free": line.free_count,
                    "why": False
                    if mine
                    else line.role_id.with_env(env)._why_not(member),
                }
            )
        declined = member in call.answer_ids.member_id
        return {
            "call": call,
            "call_when": self._call_when(call),
            "rows": rows,
            "own": own,
            "declined": declined,
            "call_url": lambda path="": self._call_url(call, path),
            "place": call.collection_point_id,
            "is_over": call.state != "open",
        }

    def _call_when(self, call):
        """``samedi 28 novembre, 10:00 – 12:00``: when the doors are open."""
        start = format_local(request.env, call.date_start, call.company_id, WHEN)
        end = format_local(request.env, call.date_end, call.company_id, "HH:mm")
        return f"{start} – {end}"

    def _call_hours(self, line):
        """``09:00 – 12:00``, with the day where it is not the distribution's."""
        env, company = request.env, line.company_id
        day = format_local(env, line.start_at, company, "yyyyMMdd")
        same = day == format_local(env, line.call_id.date_start, company, "yyyyMMdd")
        start = format_local(env, line.start_at, company, "HH:mm" if same else WHEN)
        return f"{start} – {format_local(env, line.end_at, company, 'HH:mm')}"

    def _call_url(self, call, path=""):
        text = f"/my/coop/calls/{call.id}{path}"
        if wanted := request.params.get("for"):
            text += f"?for={wanted}"
        return text

    def _coop_get_home_cards(self, member):
        cards = super()._coop_get_home_cards(member)
        cards += [
            {
                "sequence": 12,
                "template": "coop_logistics_volunteers.portal_card_call",
                "values": values,
            }
            for values in self._get_calls(member)
        ]
        return cards

    def _get_calls(self, member, told_only=True):
        """Values of the cards of the next calls to answer."""
        calls = request.env["coop.distribution.call"]._search_to_answer(
            member, told_only
        )
        return [
            {**self._call_values(member, call), "shift_url": self._shift_url}
            for call in calls[:2]
        ]

    @http.route()
    def coop_shifts(self, **kw):
        """The calls are on the page of one's shifts, too, also for who helps."""
        response = super().coop_shifts(**kw)
        member = response.qcontext.get("member")
        if member:
            helped = bool(response.qcontext.get("helped"))
            response.qcontext["calls"] = self._get_calls(member, not helped)
        return response

    @http.route("/my/coop/calls/<int:call_id>", type="http", auth="user", website=True)
    def coop_call(self, call_id, **kw):
        member, is_helped = self._get_shift_member()
        if not member:
            return request.redirect("/my/coop")
        call = self._get_call(member, call_id)
        return self._render_shifts(
            "coop_logistics_volunteers.portal_call",
            member,
            is_helped,
            "coop_call",
            title=request.env._("Can you come?"),
            **self._call_values(member, call),
        )

    @http.route(
        "/my/coop/calls/<int:call_id>/come",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        coop_queue=True,
    )
    def coop_call_come(self, call_id, line_id=None, **post):
        """I come as this."""
        member, env = self._check_member(), request.env
        call = self._get_call(member, call_id)
        line = call.line_ids.filtered(lambda line: str(line.id) == str(line_id))
        if not line:
            raise request.not_found()
        # sudo: the name of a role, for who answers
        role = line.role_id.with_env(env).sudo().name
        # sudo: the title of a call, for who answers
        return self._shift_do(
            member,
            lambda: line.with_env(env)._accept(member),
            env._("Thank you! You come as: %(role)s.", role=role),
            env._(
                "Comes as %(role)s: %(call)s",
                role=role,
                call=call.with_env(env).sudo().display_name,
            ),
            self._call_url(call),
        )

    @http.route(
        "/my/coop/calls/<int:call_id>/no",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def coop_call_no(self, call_id, **post):
        """Not this time."""
        member, env = self._check_member(), request.env
        call = self._get_call(member, call_id)
        # sudo: the title of a call, for who answers
        return self._shift_do(
            member,
            lambda: call.with_env(env)._decline(member),
            env._("It is noted: not this time. Thank you for answering."),
            env._(
                "Does not come: %(call)s", call=call.with_env(env).sudo().display_name
            ),
            self._call_url(call),
        )

    # ------------------------------------------------------------------
    # The day
    # ------------------------------------------------------------------

    @http.route()
    def coop_shift(self, registration_id, **kw):
        response = super().coop_shift(registration_id, **kw)
        registration = response.qcontext.get("registration")
        if registration:
            response.qcontext.update(
                steps=registration._get_steps(),
                why_not_tick=registration._why_not_tick(),
            )
        return response

    @http.route(
        "/my/coop/shifts/<int:registration_id>/step/<int:step_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def coop_shift_step(self, registration_id, step_id, **post):
        """Tick, or untick, a step of one's own role."""
        member, env = self._check_member(), request.env
        registration = self._get_own_registration(member, registration_id)
        # sudo: searched in the registration's own steps.
        step = (
            env["coop.distribution.step"]
            .sudo()
            .search(
                [
                    ("id", "=", step_id),
                    (
                        "distribution_id",
                        "=",
                        registration.shift_id.distribution_id.id or 0,
                    ),
                ]
            )
        )
        if not step:
            raise request.not_found()
        # sudo: the name of a step, for who ticks it
        return self._shift_do(
            member,
            lambda: step.with_env(env)._tick(registration),
            env._("Noted: %(step)s", step=step.with_env(env).sudo().name),
            env._("Ticked: %(step)s", step=step.with_env(env).sudo().name),
            self._shift_url(f"/{registration.id}"),
        )
