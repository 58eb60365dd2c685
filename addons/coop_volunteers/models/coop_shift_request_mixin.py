# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopShiftRequestMixin(models.AbstractModel):
    """What a member asks of the rules: answered at once, or by somebody, with a why."""

    _name = "coop.shift.request.mixin"
    _description = "Request of a Volunteer"
    _inherit = ["coop.state.mixin", "mail.thread"]
    _check_company_auto = True

    member_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('coop_is_active', '=', True)]",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    state = fields.Selection(
        [
            ("asked", "To decide"),
            ("granted", "Granted"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="asked",
        index=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    reason = fields.Text(
        help="Read by the volunteer coordinators and by the member only."
    )
    answer = fields.Text(
        readonly=True, copy=False, help="What the member was answered, and why."
    )
    entered_by_id = fields.Many2one(
        "res.users",
        string="Entered by",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Who asked on behalf of the member.",
    )
    decided_by_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, copy=False, ondelete="set null"
    )
