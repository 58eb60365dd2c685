# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import http
from odoo.http import content_disposition, request

from .shift_actions import CoopShiftActions


class CoopShiftKeys(CoopShiftActions):
    """The calendar, its private address, and the code that the kiosk reads."""

    def _send_calendar(self, text, name=None):
        headers = [
            ("Content-Type", "text/calendar; charset=utf-8"),
            ("Cache-Control", "private, max-age=300"),
            ("X-Robots-Tag", "noindex"),
        ]
        if name:
            headers.append(("Content-Disposition", content_disposition(name)))
        return request.make_response(text, headers)

    @http.route(
        "/my/coop/shifts/<int:registration_id>.ics",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def coop_shift_calendar(self, registration_id, **kw):
        member, _helped = self._get_shift_member()
        registration = self._get_own_registration(member, registration_id)
        return self._send_calendar(registration._get_calendar(), "shift.ics")

    @http.route(
        "/coop/shifts/feed/<string:token>.ics",
        type="http",
        auth="public",
        sitemap=False,
        save_session=False,
    )
    def coop_shift_feed(self, token, **kw):
        member = request.env["res.partner"]._find_by_feed_token(token)
        if not member:
            raise request.not_found()
        lang = member.lang or request.env.lang
        return self._send_calendar(member.with_context(lang=lang)._get_shift_feed())

    @http.route(
        "/my/coop/shifts/feed/<string:verb>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def coop_shift_feed_key(self, verb, **post):
        member, env = self._check_member(), request.env
        if verb not in ("new", "stop"):
            raise request.not_found()
        if verb == "new":
            done = env._("Here is the address of your calendar.")
        else:
            done = env._("The former address no longer works.")
        return self._shift_do(
            member,
            lambda: member._set_feed_token(verb == "new"),
            done,
            env._("Calendar address changed"),
            self._shift_url("/keys"),
        )

    @http.route("/my/coop/shifts/keys", type="http", auth="user", website=True)
    def coop_shift_keys(self, **kw):
        """The code to show at the entrance, and the calendar."""
        member, is_helped = self._get_shift_member()
        if not member:
            return request.redirect("/my/coop")
        # sudo: the member's own secret.
        token = member.sudo().volunteer_feed_token
        base = request.env["ir.config_parameter"].sudo().get_param("web.base.url")
        feed = f"{base}/coop/shifts/feed/{token}.ics" if token else ""
        first = member._next_shift()
        return self._render_shifts(
            "coop_volunteers.portal_shift_keys",
            member,
            is_helped,
            "coop_shift_keys",
            title=request.env._("My code and my calendar"),
            feed=feed,
            webcal=feed.replace("https://", "webcal://").replace(
                "http://", "webcal://"
            ),
            badge_time=bool(first) and first._is_badge_time(),
            first=first,
            number=member.coop_number or "",
        )

    @http.route(
        "/my/coop/shifts/code.svg",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def coop_shift_code(self, **kw):
        member, _helped = self._get_shift_member()
        if not member:
            raise request.not_found()
        # SVG: sharp on any screen, and drawn without a library of images.
        drawing = createBarcodeDrawing(
            "QR", value=member._get_badge_code(), width=360, height=360, barLevel="M"
        )
        return request.make_response(
            drawing.asString("svg"),
            [("Content-Type", "image/svg+xml"), ("Cache-Control", "private, no-store")],
        )

    @http.route(
        "/my/coop/shifts/code/renew",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def coop_shift_code_renew(self, **post):
        member, env = self._check_member(), request.env
        return self._shift_do(
            member,
            lambda: member._get_badge_code(renew=True),
            env._("Here is a new code. The former one no longer works."),
            env._("New code"),
            self._shift_url("/keys"),
        )
