# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CoopShiftExtension(models.Model):
    """More time to make up what is owed."""

    _name = "coop.shift.extension"
    _description = "Extension"
    _inherit = ["coop.shift.request.mixin"]
    _order = "date_from desc, id desc"

    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Until", required=True, help="Last day, included.")

    _dates = models.Constraint(
        "CHECK (date_from <= date_to)", "An extension must end after it starts."
    )

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for extension in self:
            extension.display_name = self.env._(
                "Extension from %(start)s to %(end)s",
                start=format_date(self.env, extension.date_from),
                end=format_date(self.env, extension.date_to),
            )

    @api.model
    def _ask(self, member, reason=False):
        """Ask for more time and have the answer at once.

        :return: the extension, ``state`` granted, or asked when the rules are used up
            and a volunteer coordinator decides; ``answer`` says why
        :raise UserError: nothing is owed
        """
        # sudo: callers answer for the member.
        member = member.sudo()
        policy = member._volunteer_policy()
        today = member.company_id._coop_get_today()
        if min(member._get_volunteer_balances()) >= 0:
            raise UserError(self.env._("You owe nothing: no extension is needed."))
        since = today - timedelta(days=365)
        granted = self.sudo().search(
            [
                ("member_id", "=", member.id),
                ("state", "=", "granted"),
                ("date_to", ">=", since),
            ]
        )
        if any(extension.date_to >= today for extension in granted):
            raise UserError(self.env._("You already have an extension."))
        by_rules = len(granted) < policy.extension_max
        until = today + timedelta(days=max(policy.extension_days - 1, 0))
        if by_rules:
            answer = self.env._(
                "Granted until %(date)s: book a make-up before then.",
                date=format_date(self.env, until),
            )
        else:
            answer = self.env._(
                "The rules give %(count)s a year: a volunteer coordinator decides.",
                count=policy.extension_max,
            )
        # sudo: the member's own request, answered by the rules above.
        extension = self.sudo().create(
            {
                "member_id": member.id,
                "company_id": member.company_id.id,
                "date_from": today,
                "date_to": until,
                "state": "granted" if by_rules else "asked",
                "reason": reason,
                "answer": answer,
                "entered_by_id": self.env.uid,
            }
        )
        member._update_volunteer_status()
        return extension.sudo(False)

    def action_grant(self):
        self.check_access("write")
        if any(extension.state == "granted" for extension in self):
            raise UserError(self.env._("This extension is already granted."))
        self._coop_enter_state({"state": "granted", "decided_by_id": self.env.uid})
        self.sudo().member_id._update_volunteer_status()
        return True

    def action_refuse(self):
        self.check_access("write")
        self._coop_enter_state({"state": "refused", "decided_by_id": self.env.uid})
        # sudo: the status follows the decision, which was checked.
        self.sudo().member_id._update_volunteer_status()
        return True

    def action_cancel(self):
        self.check_access("write")
        self._coop_enter_state({"state": "cancelled"})
        # sudo: the status follows the decision, which was checked.
        self.sudo().member_id._update_volunteer_status()
        return True
