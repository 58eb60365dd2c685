# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class ReportAccessLetter(models.AbstractModel):
    """Letters with the codes that were made just before, which are kept nowhere."""

    _name = "report.coop_base.report_access_letter"
    _description = "Letter with a Code"

    @api.model
    def _get_report_values(self, docids, data=None):
        data = data or {}
        ids = docids or data.get("ids") or []
        # Through the browser the keys are text.
        codes = {int(key): code for key, code in (data.get("codes") or {}).items()}
        members = self.env["res.partner"].browse(ids)
        members.check_access("read")
        return {
            "doc_ids": ids,
            "doc_model": "res.partner",
            "docs": members.filtered(lambda member: member.id in codes),
            "codes": codes,
        }
