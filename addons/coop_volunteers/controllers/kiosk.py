# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request


class CoopKiosk(http.Controller):
    """The tablet at the entrance: public, known by its secret address."""

    def _get_kiosk(self, token):
        kiosk = request.env["coop.shift.kiosk"]._find(token)
        # Nobody is connected: the cooperative's language is spoken.
        lang = kiosk.company_id.partner_id.lang or request.env.lang
        return kiosk.with_context(lang=lang)

    @http.route("/coop/kiosk/<string:token>", type="http", auth="public", sitemap=False)
    def coop_kiosk(self, token, **kw):
        kiosk = self._get_kiosk(token)
        if not kiosk:
            raise request.not_found()
        request.update_context(lang=kiosk.env.lang)
        response = request.render(
            "coop_volunteers.kiosk_page",
            {
                "kiosk": kiosk,
                "token": token,
                "res_company": kiosk.company_id,
                "title": kiosk.name,
            },
        )
        # The address is the key: it goes to no other site, no search engine.
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @http.route(
        "/coop/kiosk/<string:token>/badge",
        type="jsonrpc",
        auth="public",
        save_session=False,
        coop_queue=True,
    )
    def coop_kiosk_badge(self, token, code="", age=0, **kw):
        kiosk = self._get_kiosk(token)
        if not kiosk:
            return {"result": "revoked"}
        try:
            age = float(age)
        except (TypeError, ValueError):
            age = 0.0
        return kiosk._badge(str(code), age)

    @http.route(
        "/coop/kiosk/<string:token>/shop",
        type="jsonrpc",
        auth="public",
        save_session=False,
        coop_queue=True,
    )
    def coop_kiosk_shop(self, token, code="", **kw):
        kiosk = self._get_kiosk(token)
        if not kiosk:
            return {"result": "revoked"}
        return kiosk._check_shop(str(code))
