# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import split_every

# Members asked between two commits.
BATCH = 200


class CoopShiftNotice(models.Model):
    _inherit = "coop.shift.notice"

    kind = fields.Selection(
        selection_add=[("day", "Distribution day")], ondelete={"day": "cascade"}
    )
    call_id = fields.Many2one(
        "coop.distribution.call", index="btree_not_null", ondelete="cascade"
    )

    @api.model
    def _get_template_xmlid(self, kind):
        if kind == "day":
            return "coop_logistics_volunteers.mail_template_distribution_call"
        return super()._get_template_xmlid(kind)

    @api.model
    def _get_kinds_to_tell(self):
        return (*super()._get_kinds_to_tell(), "day")

    def _get_about(self):
        return self.call_id if self.kind == "day" else super()._get_about()


class ResCompany(models.Model):
    _inherit = "res.company"

    def _coop_tell_volunteers_day(self):
        """Open calls: those who could come, each once."""
        self.ensure_one()
        calls = self.env["coop.distribution.call"].search(
            [
                ("company_id", "=", self.id),
                ("state", "=", "open"),
                ("date_start", ">", fields.Datetime.now()),
            ]
        )
        for call in calls:
            for ids in split_every(BATCH, call._search_members_to_ask().ids):
                notices = self.env["coop.shift.notice"]._tell(
                    "day", self.env["res.partner"].browse(ids), call, f"call:{call.id}"
                )
                notices.call_id = call
                yield len(notices)
