# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.coop_orders.controllers.order import CoopOrderHistoryPortal
from odoo.addons.coop_orders.tools.terms import Trial

from ..models.ir_http_trial import SESSION


class CoopTrialPortal(CoopOrderHistoryPortal):
    """A coordinator tries a window as a member: see ``models/ir_http_trial.py``."""

    def _coop_get_member(self):
        trial = request.env.context.get("coop_trial")
        if isinstance(trial, Trial):
            return request.env["res.partner"].browse(trial.member_id)
        return super()._coop_get_member()

    @http.route(
        "/my/coop/window/<int:window_id>/try/<int:member_id>",
        type="http",
        auth="user",
        website=True,
    )
    def coop_trial_start(self, window_id, member_id, **kw):
        """Begin (or begin again) a trial: only this user's session remembers it."""
        window = request.env["coop.order.window"].browse(window_id).exists()
        member = request.env["res.partner"].browse(member_id).exists()
        if (
            not window
            or not window._may_permit()
            or not window.has_access("write")
            or not member
            or not member.has_access("read")
            or not member.coop_is_active
        ):
            return request.redirect("/my/coop")
        try:
            window._check_trial()
        except UserError:
            return request.redirect(self._coop_trial_back(window.id))
        request.session[SESSION] = {
            "window": window.id,
            "member": member.id,
            "orders": [],
            "lines": {},
            "state": "draft",
            "distribution": False,
            "slot": False,
        }
        return request.redirect(f"/my/coop/window/{window.id}")

    @http.route(
        "/my/coop/window/<int:window_id>/try/end",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def coop_trial_end(self, window_id, **kw):
        request.session.pop(SESSION, None)
        return request.redirect(self._coop_trial_back(window_id))

    def _coop_trial_back(self, window_id):
        return f"/odoo/action-coop_orders.coop_order_window_action/{window_id}"
