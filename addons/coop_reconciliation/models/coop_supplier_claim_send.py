# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date, format_time

from odoo.addons.coop_tools.tools.text import text_to_html

_logger = logging.getLogger(__name__)

CLAIM_MAIL = "coop_reconciliation.coop_supplier_claim_mail_template"


class CoopSupplierClaimSend(models.AbstractModel):
    """Sending: by a person, or by itself after a delay in which it can be stopped.

    A claim and the mail that carries it are written in one transaction: killed before,
    nothing was sent; killed after, it is not sent again. How the mail itself leaves at
    most once is told in ``mail_mail.py``.
    """

    _name = "coop.supplier.claim.send"
    _description = "Sending of a supplier claim"

    send_at = fields.Datetime(
        string="Sent by Itself On",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When the claim leaves by itself, unless somebody stops it.",
    )
    send_stopped = fields.Boolean(
        string="Sending Stopped",
        readonly=True,
        copy=False,
        help="Somebody decided that this claim is only sent by hand.",
    )
    send_words = fields.Char(string="Sending", compute="_compute_send_words")

    @api.depends("send_at", "state")
    @api.depends_context("lang", "tz")
    def _compute_send_words(self):
        for claim in self:
            is_planned = claim.state == "draft" and claim.send_at
            claim.send_words = claim._get_send_words() if is_planned else False

    def _get_send_words(self):
        """The day, the hour and what is left until then, in the reader's words."""
        minutes = (self.send_at - fields.Datetime.now()).total_seconds() // 60
        if minutes <= 0:
            return self.env._("This claim is being sent by itself now.")
        hours, minutes = divmod(int(minutes), 60)
        if hours >= 48:
            left = self.env._("in %s days", hours // 24)
        elif hours:
            left = self.env._(
                "in %(hours)s h %(minutes)s min", hours=hours, minutes=minutes
            )
        else:
            left = self.env._("in %s min", minutes)
        tz = self.env.user.tz or self.company_id._get_claim_tz()
        day = fields.Datetime.context_timestamp(self.with_context(tz=tz), self.send_at)
        return self.env._(
            "This claim will be sent by itself on %(date)s at %(time)s (%(left)s).",
            date=format_date(self.env, day.date()),
            time=format_time(self.env, day.time(), time_format="short"),
            left=left,
        )

    # -------------------------------------------------------------------------
    # Planning
    # -------------------------------------------------------------------------

    def _plan_sending(self):
        """These drafts were made or completed by themselves: plan when they leave.

        What somebody stopped stays stopped. The delay starts anew with each new line,
        which somebody must have the time to read.
        """
        drafts = self.filtered(lambda c: c.state == "draft" and not c.send_stopped)
        policies = self.env["coop.match.policy"]._get_claim_policies(drafts)
        planned = self.browse()
        for claim in drafts:
            send_at = policies[claim]._get_claim_send_at()
            if send_at or claim.send_at:
                claim.send_at = send_at
            if send_at:
                planned |= claim
        if planned:
            # sudo: a trigger only says when the cron looks again.
            cron = self.env.ref("coop_reconciliation.coop_supplier_claim_send_cron")
            cron.sudo()._trigger(at=min(planned.mapped("send_at")))
        return planned

    def action_stop_sending(self):
        """It waits for a person from now on."""
        planned = self.filtered(lambda c: c.state == "draft" and c.send_at)
        planned.write({"send_at": False, "send_stopped": True})
        for claim in planned:
            claim.message_post(
                body=self.env._("The sending was stopped: this claim is sent by hand.")
            )
        return True

    def action_plan_sending(self):
        """Undo of :meth:`action_stop_sending`: the delay starts anew."""
        stopped = self.filtered(lambda c: c.state == "draft" and c.send_stopped)
        stopped.write({"send_stopped": False})
        if stopped and not stopped._plan_sending():
            raise UserError(
                self.env._(
                    "The matching policy of this supplier does not send claims by "
                    "itself any more: send it by hand."
                )
            )
        return True

    # -------------------------------------------------------------------------
    # Sending
    # -------------------------------------------------------------------------

    def _get_send_refusal(self):
        """Why a claim cannot leave by e-mail, in one sentence; nothing if it can."""
        self.ensure_one()
        if not self.line_ids:
            return self.env._(
                "The claim %s claims nothing: add a line before sending it.", self.name
            )
        if not self.partner_id.email:
            return self.env._(
                "%(supplier)s has no e-mail address: enter one, or print the claim and "
                "mark it as sent.",
                supplier=self.partner_id.display_name,
            )
        return False

    def _drop_settled_lines(self):
        """What was accepted or settled since the draft is not claimed any more."""
        # sudo: the buyer sends the claim, the bill's differences are the accountant's.
        settled = self.line_ids.filtered(
            lambda line: line.sudo().exception_id.state in ("accepted", "resolved")
        )
        for claim, lines in settled.grouped("claim_id").items():
            claim.message_post(
                body=self.env._(
                    "Not claimed any more, settled meanwhile: %s",
                    ", ".join(lines.mapped("name")),
                )
            )
        # sudo: who receives goods may claim them, not delete.
        settled.sudo().unlink()

    def action_send(self):
        """Send by e-mail with the PDF and the photos, in the supplier's language."""
        drafts = self.filtered(lambda c: c.state == "draft")
        drafts._drop_settled_lines()
        for claim in drafts:
            if refusal := claim._get_send_refusal():
                raise UserError(refusal)
        drafts._send_mail(CLAIM_MAIL, with_photos=True)
        drafts._mark_sent()
        return True

    def _send_mail(self, template_xmlid, with_photos=False):
        """Queue one mail a claim, with its PDF, and wake the queue."""
        template = self.env.ref(template_xmlid)
        for claim in self:
            claim._portal_ensure_token()
            lines = claim.line_ids if with_photos else claim.line_ids.browse()
            photos = lines._photo_attachments()
            template.send_mail(
                claim.id,
                email_values={"attachment_ids": [Command.link(a.id) for a in photos]},
                email_layout_xmlid="mail.mail_notification_light",
            )
        if self:
            # sudo: as in _plan_sending.
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    @api.model
    def _cron_send_claims(self, limit=50):
        """Send what is due, one transaction a claim: one that fails stops no other."""
        domain = Domain("state", "=", "draft") & Domain(
            "send_at", "<=", fields.Datetime.now()
        )
        claims = self.search(domain, order="send_at, id", limit=limit)
        remaining = self.search_count(domain)
        for claim in claims:
            # Read again under the lock: somebody may be sending or stopping it.
            mine = claim.try_lock_for_update().filtered_domain(domain)
            if mine:
                mine.with_company(mine.company_id)._send_by_itself()
            remaining -= 1
            left = self.env["ir.cron"]._commit_progress(1, remaining=max(remaining, 0))
            if not left:
                break

    def _send_by_itself(self):
        """Send a claim that is due; what prevents it is a task for its buyer."""
        self.ensure_one()
        claim = self._in_buyer_words()
        policy = self.env["coop.match.policy"]._get_claim_policies(self)[self]
        if not policy.claim_auto_send:
            self.send_at = False
            return
        claim._drop_settled_lines()
        if not claim.line_ids:
            claim._coop_enter_state({"state": "closed", "send_at": False})
            claim.message_post(
                body=claim.env._("Nothing is left to claim: the claim was not sent.")
            )
            return
        if refusal := claim._get_send_refusal():
            claim._ask_buyer(claim.env._("Claim to send by hand"), refusal)
            return
        try:
            with self.env.cr.savepoint():
                claim.action_send()
        except OperationalError:
            # Another transaction wrote it meanwhile: the cron runs again.
            raise
        except Exception as error:
            _logger.exception("Claim %s could not be sent by itself", self.name)
            self.invalidate_recordset()
            claim._ask_buyer(
                claim.env._("Claim to send by hand"), claim._get_failure_words(error)
            )

    def _get_failure_words(self, error):
        """What the buyer is told; a technical error is for the server's log."""
        self.ensure_one()
        if isinstance(error, UserError):
            return str(error)
        return self.env._(
            "The claim %(claim)s did not leave for %(supplier)s: open it and press "
            "“Send to the Supplier”, or print it, send it yourself and press “Mark as "
            "Sent”.",
            claim=self.name,
            supplier=self.partner_id.display_name,
        )

    # -------------------------------------------------------------------------
    # The buyer
    # -------------------------------------------------------------------------

    def _get_buyer(self):
        """Who deals with this claim."""
        self.ensure_one()
        people = (
            self.user_id | self.purchase_order_id.user_id | self.partner_id.buyer_id
        )
        people -= self.env.ref("base.user_root")
        return people.filtered(lambda user: user.active and user._is_internal())[:1]

    def _in_buyer_words(self):
        """This claim in the language of its buyer: a cron has none of its own."""
        self.ensure_one()
        buyer = self._get_buyer()
        return self.with_context(lang=buyer.lang or self.env.lang)

    def _ask_buyer(self, summary, note):
        """A task for the buyer; the claim does nothing by itself until then."""
        self.ensure_one()
        self.write({"send_at": False})
        # sudo: the task is somebody else's.
        self.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            # What a supplier or an error says is text, never HTML.
            note=text_to_html(note),
            user_id=self._get_buyer().id,
        )
