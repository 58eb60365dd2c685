# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.constants import COORDINATOR


class CoopVolunteerAttached(models.AbstractModel):
    """Who shares the shifts of a member, as the rules say."""

    _name = "coop.volunteer.attached"
    _description = "Volunteer: Attached People"

    volunteer_head_id = fields.Many2one(
        "res.partner",
        string="Attached to",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        domain="[('coop_is_active', '=', True), ('id', '!=', id),"
        " ('volunteer_head_id', '=', False)]",
        groups=COORDINATOR,
        help="The member whose shifts are shared, as the rules say.",
    )

    @api.constrains("volunteer_head_id")
    def _check_volunteer_head(self):
        for member in self.filtered("volunteer_head_id"):
            head = member.volunteer_head_id
            if (
                head == member
                or head.volunteer_head_id
                or member.volunteer_attached_ids
            ):
                raise ValidationError(
                    self.env._(
                        "Attach %(name)s to a member who is not attached to anybody.",
                        name=member.name,
                    )
                )
            if head.company_id != member.company_id:
                raise ValidationError(
                    self.env._("Both must be members of the same cooperative.")
                )

    def _volunteer_account(self):
        """The member for whom shifts count: oneself, or who one is attached to."""
        self.ensure_one()
        # sudo: whose points these are, for the code of the rules.
        member = self.sudo()
        head = member.volunteer_head_id
        return head if head and head._volunteer_policy().attached_works else member
