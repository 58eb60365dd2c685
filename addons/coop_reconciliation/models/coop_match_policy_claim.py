# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models


class CoopMatchPolicy(models.Model):
    """What claims do by themselves, and what a bill that passes saves."""

    _inherit = "coop.match.policy"

    claim_auto_send = fields.Boolean(
        string="Send Claims by Itself",
        help="A claim drafted by itself is sent to the supplier after the delay, "
        "unless somebody stops it.",
    )
    claim_send_hours = fields.Float(
        string="Delay before Sending (hours)",
        default=24.0,
        help="Time in which a person can read the claim and stop it.",
    )
    claim_remind_days = fields.Integer(
        string="Remind after (days)",
        default=7,
        help="Days without a credit note after which the supplier is reminded. "
        "0: never.",
    )
    claim_remind_max = fields.Integer(
        string="Reminders at Most",
        default=2,
        help="After so many reminders the buyer is asked to call the supplier.",
    )

    minutes_per_bill = fields.Float(
        string="Minutes to Check a Bill by Hand",
        default=8.0,
        help="What a bill that passes by itself saves, on the dashboard.",
    )

    _claim_delays_positive = models.Constraint(
        "CHECK(claim_send_hours >= 0 AND claim_remind_days >= 0 "
        "AND claim_remind_max >= 0)",
        "A delay or a number of reminders cannot be negative.",
    )

    @api.model
    def _get_claim_policies(self, claims):
        """``{claim: policy}``, one query a company."""
        policies = {}
        # sudo: whoever receives goods or claims them need not read the policy.
        model = self.sudo()
        for company, group in claims.grouped("company_id").items():
            partners = group.partner_id.commercial_partner_id
            by_partner = model._get_policies(company, partners)
            for claim in group:
                policies[claim] = by_partner[claim.partner_id.commercial_partner_id.id]
        return policies

    def _get_claim_send_at(self):
        """When a claim drafted now leaves; nothing where a person sends it."""
        self.ensure_one()
        if not self.claim_auto_send:
            return False
        return fields.Datetime.now() + timedelta(hours=self.claim_send_hours)

    def _get_claim_remind_on(self, today):
        """The day of the next reminder; nothing where there is none."""
        self.ensure_one()
        if not self.claim_remind_days:
            return False
        return today + timedelta(days=self.claim_remind_days)
