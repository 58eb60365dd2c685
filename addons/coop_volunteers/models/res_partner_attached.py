from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .res_partner import COORDINATOR


class CoopVolunteerPolicy(models.Model):
    """What the people of one household, or a pair, share."""

    # One file a subject; a thousand lines in one would not be read.
    _inherit = "coop.volunteer.policy"  # pylint: disable=consider-merging-classes-inherited

    attached_shop = fields.Boolean(
        string="Attached people shop as their member does",
        default=True,
        help="Otherwise each has a standing of their own.",
    )
    attached_works = fields.Boolean(
        string="Attached people may come instead",
        default=True,
        help="Their presence counts for the member they are attached to; if both come,"
        " the second one is an extra shift.",
    )


class ResPartner(models.Model):
    # One file a subject; a thousand lines in one would not be read.
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    volunteer_head_id = fields.Many2one(
        "res.partner",
        string="Attached to",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        domain="[('is_coop_member', '=', True), ('id', '!=', id),"
        " ('volunteer_head_id', '=', False)]",
        groups=COORDINATOR,
        help="The member whose shifts are shared, as the rules say.",
    )
    volunteer_attached_ids = fields.One2many(
        "res.partner", "volunteer_head_id", string="Attached People", groups=COORDINATOR
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

    def _may_shop(self):
        self.ensure_one()
        # sudo: the answer is a yes or no.
        head = self.sudo().volunteer_head_id
        if head and head._volunteer_policy().attached_shop:
            return super(ResPartner, head)._may_shop()
        return super()._may_shop()

    def _volunteer_booking_kind(self):
        account = self._volunteer_account()
        if account != self:
            return super(ResPartner, account)._volunteer_booking_kind()
        return super()._volunteer_booking_kind()


class CoopShiftRegistration(models.Model):
    # One file a subject; a thousand lines in one would not be read.
    _inherit = "coop.shift.registration"  # pylint: disable=consider-merging-classes-inherited

    done_by_id = fields.Many2one(
        "res.partner",
        string="Came instead",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The person attached to the member, who did the shift.",
    )

    @api.model
    def _find_to_badge(self, member, now, policy, point):
        """An attached person badges for the member's seat, unless they have one."""
        found = super()._find_to_badge(member, now, policy, point)
        account = member._volunteer_account()
        if found or account == member:
            return found
        return (
            super()
            ._find_to_badge(account, now, policy, point)
            .filtered(lambda r: r.state == "booked" or r.done_by_id == member)
        )

    def _badge_write(self, state, member, now):
        vals = {"state": state, "badged_at": now}
        if self.member_id != member:
            vals["done_by_id"] = member.id
        self.write(vals)
