# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from odoo.addons.coop_base.tools.localtime import format_local

from .shift_actions import CoopShiftActions


class CoopShiftMessages(CoopShiftActions):
    """The people of my shift: read and write, through the cooperative."""

    def _render_shifts(self, template, member, is_helped, page_name, **values):
        if page_name == "coop_shifts":
            account = member._volunteer_account()
            values["shared_with"] = account.name if account != member else ""
        if page_name == "coop_shift":
            shift = values["shift"]
            values["may_write"] = shift._is_of_shift(member)
            values["messages"] = [
                {
                    **row,
                    "at": format_local(
                        request.env, row["at"], shift.company_id, "d MMM, HH:mm"
                    ),
                }
                for row in shift._get_messages(member)
            ]
        return super()._render_shifts(template, member, is_helped, page_name, **values)

    @http.route(
        "/my/coop/shifts/<int:registration_id>/message",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        coop_queue=True,
    )
    def coop_shift_message(self, registration_id, body="", **post):
        member, env = self._check_member(), request.env
        registration = self._get_own_registration(member, registration_id)
        shift = registration.shift_id
        return self._shift_do(
            member,
            lambda: env["coop.shift.message"]._send(shift, member, body),
            env._("It is sent to the people of this shift."),
            env._("Wrote to the people of: %(shift)s", shift=shift.display_name),
            self._shift_url(f"/{registration.id}") + "#messages",
        )

    @http.route(
        "/my/coop/shifts/<int:registration_id>/message/<int:message_id>/report",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def coop_shift_message_report(self, registration_id, message_id, **post):
        member, env = self._check_member(), request.env
        registration = self._get_own_registration(member, registration_id)
        shift = registration.shift_id
        known = {row["id"] for row in shift._get_messages(member)}
        if message_id not in known:
            raise request.not_found()
        message = env["coop.shift.message"].browse(message_id)
        return self._shift_do(
            member,
            lambda: message._report(member),
            env._("Thank you. The volunteer coordinators will look at it."),
            env._("Reported a message: %(shift)s", shift=shift.display_name),
            self._shift_url(f"/{registration.id}") + "#messages",
        )
