# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class MailMail(models.Model):
    """A claim's mail leaves at most once, whatever stops the server.

    Odoo notes that a mail left in a transaction that ends after the mail server took
    it: killed in between, it sends the mail again. Here the attempt is committed before
    the mail leaves. Found again with its attempt noted, it may have left or not: it is
    shown as failed and its buyer asks, or sends it again by hand.
    """

    _inherit = "mail.mail"

    claim_attempted_at = fields.Datetime(
        string="Claim Leaving since",
        copy=False,
        readonly=True,
        help="Noted just before the mail is handed to the mail server.",
    )

    def mark_outgoing(self):
        """Sending again by hand is a decision: the earlier attempt is forgotten."""
        self.claim_attempted_at = False
        return super().mark_outgoing()

    def _send(self, auto_commit=False, **options):
        # Only the queue commits; elsewhere the caller's transaction decides.
        mine = self.browse()
        if auto_commit is True and not self.env["ir.mail_server"]._disable_send():
            mine = self.filtered(
                lambda m: m.model == "coop.supplier.claim" and m.state == "outgoing"
            )
        stopped = mine.filtered("claim_attempted_at")
        if stopped:
            stopped._claim_give_attempt_up()
            self.env.cr.commit()  # pylint: disable=invalid-commit
        for mail in mine - stopped:
            mail._claim_note_attempt()
            super(MailMail, mail)._send(auto_commit=True, **options)
        return super(MailMail, self - mine)._send(auto_commit=auto_commit, **options)

    def _claim_note_attempt(self):
        self.claim_attempted_at = fields.Datetime.now()
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _claim_give_attempt_up(self):
        """The server stopped while these left: nobody knows whether they did."""
        claims = self.env["coop.supplier.claim"].browse(self.mapped("res_id")).exists()
        reason = self.env._(
            "The server stopped while this mail was leaving: it may have arrived. Ask, "
            "or send it again."
        )
        self.write(
            {"state": "exception", "failure_type": "unknown", "failure_reason": reason}
        )
        self._postprocess_sent_message(
            success_pids=[],
            success_emails=[],
            failure_reason=reason,
            failure_type="unknown",
        )
        for claim in claims:
            claim = claim._in_buyer_words()
            claim._ask_buyer(
                claim.env._(
                    "Ask %s whether the claim arrived by e-mail",
                    claim.partner_id.display_name,
                ),
                claim.env._(
                    "The server stopped while this mail was leaving: it may have "
                    "arrived. Ask, or send it again."
                ),
            )
