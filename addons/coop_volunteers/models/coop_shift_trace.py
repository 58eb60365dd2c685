# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CoopShiftTrace(models.Model):
    """What somebody did for a member who could not, or would not, do it alone."""

    _name = "coop.shift.trace"
    _description = "Done on Behalf of a Member"
    _order = "id desc"
    _rec_name = "what"

    member_id = fields.Many2one(
        "res.partner", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="member_id.company_id", store=True, index=True, readonly=True
    )
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, ondelete="restrict"
    )
    what = fields.Char(required=True, readonly=True)

    @api.model
    def _record(self, member, what):
        """Remember it, when the user is not the member."""
        if self.env.user.partner_id == member:
            return self.browse()
        # sudo: nobody writes the trace by hand.
        return self.sudo().create(
            {"member_id": member.id, "user_id": self.env.uid, "what": what}
        )

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The trace of what was done is not changed."))
