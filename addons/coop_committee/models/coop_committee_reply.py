# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopCommitteeReply(models.Model):
    """An answer to a request, readable by all members."""

    _name = "coop.committee.reply"
    _description = "Answer to a Request"
    _order = "create_date, id"
    _rec_name = "request_id"

    request_id = fields.Many2one(
        "coop.committee.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    member_id = fields.Many2one(
        "res.partner", string="From", index="btree_not_null", ondelete="set null"
    )
    body = fields.Text(required=True, string="Answer")
