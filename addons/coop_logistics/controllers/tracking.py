# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from odoo.addons.coop_orders_paper.controllers.spreadsheet import CoopSpreadsheet

from ..models.coop_distribution_tracking_file import MOST


class CoopTrackingSpreadsheet(CoopSpreadsheet):
    @http.route("/coop/distributions/tracking", type="http", auth="user")
    def coop_tracking_spreadsheet(self, ids="", **kw):
        """The tracking table of some distributions; 404 if one is not the user's."""
        if not request.env.user._is_internal():
            raise request.not_found()
        numbers = [part for part in ids.split(",") if part.isdigit()][: MOST + 1]
        records = request.env["coop.distribution"].browse(int(n) for n in numbers)
        records = records.exists()
        if (
            not records
            or not records.has_access("read")
            or not all(record._user_can_track() for record in records)
        ):
            raise request.not_found()
        return self._coop_send_xlsx(
            records._make_tracking_file(), records._get_tracking_file_name()
        )

    @http.route(
        "/coop/distribution/<int:distribution_id>/preparation",
        type="http",
        auth="user",
    )
    def coop_preparation_spreadsheet(self, distribution_id, **kw):
        """The papers of a preparation; 404 if it is not the user's distribution."""
        record = request.env["coop.distribution"].browse(distribution_id).exists()
        if (
            not request.env.user._is_internal()
            or not record
            or not record.has_access("read")
            or not record._user_can_run()
        ):
            raise request.not_found()
        # sudo: the name of a point, in the name of a file
        return self._coop_send_xlsx(
            record._make_preparation_file(),
            request.env._(
                "Preparation - %s.xlsx", record.sudo().collection_point_id.name
            ),
        )
