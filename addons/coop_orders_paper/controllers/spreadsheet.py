# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CoopSpreadsheet(http.Controller):
    """Spreadsheets to download; who may read the record may have its file."""

    def _coop_get_record(self, model, record_id):
        """The record if the connected user may read it; 404 as if it did not exist."""
        if not request.env.user._is_internal():
            raise request.not_found()
        record = request.env[model].browse(record_id).exists()
        if not record or not record.has_access("read"):
            raise request.not_found()
        return record

    def _coop_send_xlsx(self, content, name):
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    @http.route("/coop/purchase/<int:order_id>/spreadsheet", type="http", auth="user")
    def coop_purchase_spreadsheet(self, order_id, **kw):
        """The order to a producer, as it goes out by e-mail."""
        order = self._coop_get_record("purchase.order", order_id)
        if not order.order_window_id:
            raise request.not_found()
        return self._coop_send_xlsx(
            order._coop_make_spreadsheet(), order._coop_get_spreadsheet_name()
        )

    @http.route("/coop/form/<int:form_id>/spreadsheet", type="http", auth="user")
    def coop_form_spreadsheet(self, form_id, **kw):
        """An order form, as it was made."""
        form = self._coop_get_record("coop.order.form", form_id)
        return self._coop_send_xlsx(form._make_spreadsheet(), form._get_file_name())
