# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

REMINDER_MAIL = "coop_reconciliation.coop_supplier_claim_reminder_mail_template"
WAITING = ("sent", "acknowledged")


class CoopSupplierClaimRemind(models.AbstractModel):
    """Reminders: so many, so many days apart, then the buyer calls."""

    _name = "coop.supplier.claim.remind"
    _description = "Reminders of a supplier claim"

    remind_on = fields.Date(
        string="Next Reminder",
        copy=False,
        index="btree_not_null",
        help="Day on which the supplier is reminded, if no credit note has come. "
        "Empty: no more reminder.",
    )
    reminder_count = fields.Integer(string="Reminders Sent", readonly=True, copy=False)
    last_reminded_on = fields.Date(readonly=True, copy=False)

    def _plan_reminder(self):
        """The delay starts when the claim is sent, and anew when it is answered."""
        waiting = self.filtered(lambda c: c.state in WAITING)
        settled = (self - waiting).filtered("remind_on")
        if settled:
            settled.remind_on = False
        policies = self.env["coop.match.policy"]._get_claim_policies(waiting)
        for claim in waiting:
            today = fields.Date.context_today(claim)
            claim.remind_on = policies[claim]._get_claim_remind_on(today)

    @api.model
    def _cron_remind_claims(self, limit=50):
        """Remind those who are due, one transaction a claim."""
        domain = Domain("state", "in", WAITING) & Domain(
            "remind_on", "<=", fields.Date.context_today(self)
        )
        claims = self.search(domain, order="remind_on, id", limit=limit)
        remaining = self.search_count(domain)
        for claim in claims:
            mine = claim.try_lock_for_update().filtered_domain(domain)
            if mine:
                mine.with_company(mine.company_id)._remind_or_ask()
            remaining -= 1
            left = self.env["ir.cron"]._commit_progress(1, remaining=max(remaining, 0))
            if not left:
                break

    def action_remind(self):
        """A reminder now, by a person; it counts as one."""
        for claim in self.filtered(lambda c: c.state in WAITING):
            claim._send_reminder()
        return True

    def _remind_or_ask(self):
        self.ensure_one()
        policy = self.env["coop.match.policy"]._get_claim_policies(self)[self]
        if self.reminder_count < policy.claim_remind_max and self.partner_id.email:
            self._send_reminder()
            return
        claim = self._in_buyer_words()
        self.remind_on = False
        claim._ask_buyer(
            claim.env._("Call %s about this claim", claim.partner_id.display_name),
            claim.env._(
                "Sent on %(date)s, %(count)s reminder(s), no credit note yet.",
                date=format_date(claim.env, claim.sent_on),
                count=claim.reminder_count,
            ),
        )

    def _send_reminder(self):
        """One mail, noted in the same transaction: it is not sent twice."""
        self.ensure_one()
        policy = self.env["coop.match.policy"]._get_claim_policies(self)[self]
        today = fields.Date.context_today(self)
        self.write(
            {
                "reminder_count": self.reminder_count + 1,
                "last_reminded_on": today,
                "remind_on": policy._get_claim_remind_on(today),
            }
        )
        self._send_mail(REMINDER_MAIL)
