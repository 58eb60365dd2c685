# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CoopOfferSpreadsheet(http.Controller):
    @http.route("/coop/window/<int:window_id>/offers", type="http", auth="user")
    def coop_offer_spreadsheet(self, window_id, **kw):
        """The window's offers as a file, which its import reads back."""
        window = request.env["coop.order.window"].browse(window_id).exists()
        # The file shows costs: for those who may change the offers only.
        if not window or not window.has_access("write"):
            raise request.not_found()
        content = window._coop_make_offer_spreadsheet()
        name = request.env._("offers %s", window.code or window.id)
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
