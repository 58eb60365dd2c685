# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopCommitteeMember(models.Model):
    """Who was in a committee, from when to when."""

    _name = "coop.committee.member"
    _description = "Member of a Committee"
    _order = "committee_id, date_to desc, role, date_from, id"
    _rec_name = "member_id"
    _check_company_auto = True

    committee_id = fields.Many2one(
        "coop.committee",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="committee_id.company_id", store=True)
    member_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('coop_is_active', '=', True)]",
    )
    role = fields.Selection(
        [("contact", "Contact"), ("member", "Member")], required=True, default="member"
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Until")

    _once = models.UniqueIndex(
        "(committee_id, member_id) WHERE date_to IS NULL",
        "This member is already in the committee.",
    )
