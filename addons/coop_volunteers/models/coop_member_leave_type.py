# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopMemberLeaveType(models.Model):
    """A reason for which the cooperative does without a member for a while."""

    _name = "coop.member.leave.type"
    _description = "Kind of Leave"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="cascade"
    )
    description = fields.Text(translate=True, help="Shown in the form.")
    status = fields.Selection(
        [("leave", "On leave"), ("exempted", "Exempted")],
        required=True,
        default="leave",
    )
    exempts_cycle = fields.Boolean(
        string="Cycles cost nothing",
        default=True,
        help="A cycle that lies within the leave takes no points.",
    )
    needs_decision = fields.Boolean(
        string="Decided by a person",
        help="Otherwise the leave is granted at once if its length is right.",
    )
    decision_days = fields.Integer(string="Answered within days", default=7)
    min_days = fields.Integer(string="At least days", help="0: no minimum.")
    max_days = fields.Integer(string="At most days", help="0: no maximum.")
    warn_under_days = fields.Integer(
        string="Warned under days",
        help="A shorter leave is granted with the advice to move the shift instead.",
    )
    notice_days = fields.Integer(string="Asked days before")
    open_ended = fields.Boolean(help="May have no last day.")

    _days = models.Constraint(
        "CHECK (min_days >= 0 AND max_days >= 0 AND notice_days >= 0"
        " AND decision_days >= 0 AND warn_under_days >= 0"
        " AND (max_days = 0 OR min_days <= max_days))",
        "The least days of a leave are not more than its most days.",
    )
