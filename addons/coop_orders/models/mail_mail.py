# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from odoo.addons.coop_tools.tools.text import text_to_html

# Documents whose mails leave at most once, whatever stops the server.
ONCE = frozenset({"purchase.order", "sale.order"})


class MailMail(models.Model):
    """A mail about an order leaves at most once.

    Odoo notes that a mail left in a transaction that ends after the mail server took
    it: killed in between, it sends the mail again. No protocol closes that gap, so one
    must choose. Here the attempt is committed before the mail leaves. Found again with
    its attempt noted, the mail may have left or not: it is not sent again, it shows as
    failed on its document and the buyer is told, who asks or sends it again by hand.
    """

    _inherit = "mail.mail"

    coop_attempted_at = fields.Datetime(
        string="Leaving since",
        copy=False,
        readonly=True,
        help="Noted just before the mail is handed to the mail server.",
    )

    def mark_outgoing(self):
        """Sending again by hand is a decision: the earlier attempt is forgotten."""
        self.coop_attempted_at = False
        return super().mark_outgoing()

    def _send(self, auto_commit=False, **options):
        # Only the queue commits; elsewhere the caller's transaction decides.
        guarded = self.browse()
        if auto_commit is True and not self.env["ir.mail_server"]._disable_send():
            guarded = self.filtered(
                lambda mail: mail.model in ONCE and mail.state == "outgoing"
            )
        stopped = guarded.filtered("coop_attempted_at")
        if stopped:
            stopped._coop_give_attempt_up()
            self.env.cr.commit()  # pylint: disable=invalid-commit
        for mail in guarded - stopped:
            mail._coop_note_attempt()
            super(MailMail, mail)._send(auto_commit=True, **options)
        return super(MailMail, self - guarded)._send(auto_commit=auto_commit, **options)

    def _coop_note_attempt(self):
        self.coop_attempted_at = fields.Datetime.now()
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _coop_give_attempt_up(self):
        """The server stopped while these left: nobody knows whether they did."""
        reason = self.env._(
            "The server stopped while this mail was leaving: it may have arrived."
            " Ask, or send it again."
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
        orders = self.env["purchase.order"].browse(
            self.filtered(lambda mail: mail.model == "purchase.order").mapped("res_id")
        )
        for order in orders.exists():
            order.activity_schedule(
                "mail.mail_activity_data_call",
                summary=self.env._(
                    "Ask %(producer)s whether the order arrived by e-mail",
                    producer=order.partner_id.name,
                ),
                note=text_to_html(reason or ""),
                user_id=order._coop_get_buyer().id,
            )
