# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CoopCommitteeHours(models.Model):
    """Time given in a committee; it counts like a shift, by the rules."""

    _name = "coop.committee.hours"
    _description = "Hours in a Committee"
    _order = "date desc, id desc"
    _check_company_auto = True

    committee_id = fields.Many2one(
        "coop.committee",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(related="committee_id.company_id", store=True)
    member_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict"
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    hours = fields.Float(required=True)
    note = fields.Char()
    ledger_id = fields.Many2one(
        "coop.shift.ledger", readonly=True, copy=False, ondelete="restrict"
    )
    cancelled = fields.Boolean(readonly=True, copy=False)

    _positive = models.Constraint(
        "CHECK (hours > 0 AND hours <= 24)", "Hours of a day are between 0 and 24."
    )

    @api.model
    def _declare(self, committee, member, day, hours, note=""):
        """Post what these hours are worth; the same day twice is told, not counted."""
        committee._check_alive()
        if not committee._get_line(member):
            raise UserError(self.env._("Join the committee first."))
        if not 0 < hours <= 24:
            raise UserError(self.env._("Hours of a day are between 0 and 24."))
        if day > committee.company_id._coop_get_today():
            raise UserError(self.env._("Declare hours once they are given."))
        # sudo: the member's own; the ledger has no other door.
        Hours = self.sudo()
        same = [
            ("committee_id", "=", committee.id),
            ("member_id", "=", member.id),
            ("date", "=", day),
            ("cancelled", "=", False),
        ]
        if Hours.search_count(same, limit=1):
            raise UserError(
                self.env._("You have already declared that day: undo it first.")
            )
        record = Hours.create(
            {
                "committee_id": committee.id,
                "member_id": member.id,
                "date": day,
                "hours": hours,
                "note": note,
            }
        )
        policy = member._volunteer_policy()
        if policy.unit == "hour":
            points = hours
        else:
            points = round(hours / (policy.committee_hours or 1.0), 2)
        record.ledger_id = self.env["coop.shift.ledger"]._post(
            [
                {
                    "member_id": member.id,
                    "company_id": committee.company_id.id,
                    "date": day,
                    "points": points,
                    "reason": "committee",
                    "note": self.env._(
                        "%(hours)g h in the committee %(name)s",
                        hours=hours,
                        # sudo: the committee's name, which all members read.
                        name=committee.sudo().name,
                    ),
                    "key": f"committee:{record.id}",
                }
            ]
        )
        return record.sudo(False)

    def _cancel(self):
        # sudo: callers check whose hours these are.
        for record in self.sudo().filtered(lambda r: not r.cancelled):
            record.ledger_id._reverse()
            record.cancelled = True
        return True
