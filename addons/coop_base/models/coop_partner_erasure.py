# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import secrets

from markupsafe import Markup

from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.redact import redact

# Article L123-22 of the French commercial code: ten years for accounting records.
KEEP_YEARS = 10

# No history of what is being erased.
QUIET = {
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "no_vat_validation": True,
}

# How an empty card is read, not whose it was.
KEPT_ON_CARD = ("name", "lang", "tz", "autopost_bills")

ERASED_VALUES = {
    "email": False,
    "phone": False,
    "street": False,
    "street2": False,
    "zip": False,
    "city": False,
    "state_id": False,
    "vat": False,
    "website": False,
    "function": False,
    "ref": False,
    "comment": False,
    "barcode": False,
    "image_1920": False,
    "company_name": False,
    "company_registry": False,
    "is_coop_member": False,
    "is_coop_producer": False,
    "coop_number": False,
    "coop_group_id": False,
    "collection_point_id": False,
    "contact_channel": False,
    "charter_signed_on": False,
    "free_member": False,
    "category_id": [Command.clear()],
    "active": False,
}


class CoopPartnerErasure(models.AbstractModel):
    """Article 17 GDPR: erasure, except what accounting law keeps (article 17.3.b)."""

    _name = "coop.partner.erasure"
    _description = "Contact: Erasure of Personal Data"

    def _coop_erase_person(self):
        """Erase this person, whoever asked for it was checked.

        What the steps of all add-ons write leaves no history of what was there before,
        and what none of them knows of is swept out of every table at the end.

        :return: as :meth:`_coop_privacy_erase`
        :raise UserError: something is still due
        """
        self._coop_privacy_check()
        # sudo: what goes covers records that a manager may not read (mails, devices).
        person = self.sudo().with_context(**QUIET)
        words = person._coop_erase_words()
        # First: steps of add-ons take the person off what they wrote.
        lines = person._coop_erase_texts(True)
        person._coop_erase_texts(False)
        lines += person._coop_privacy_erase()
        person._coop_sweep(words)
        # The files themselves go from the disk with Odoo's next cleaning.
        # sudo: wakes it up only.
        self.env.ref("base.autovacuum_job").sudo()._trigger()
        return [line for line in lines if line["count"]]

    def _coop_preview_erasure(self):
        """What :meth:`_coop_erase_person` would do; nothing is changed."""
        # sudo: see there.
        person = self.sudo()
        lines = person._coop_erase_texts(True)
        lines += person._coop_privacy_erase(dry_run=True)
        return [line for line in lines if line["count"]]

    def _coop_privacy_erase(self, dry_run=False):
        """Erase this person, or say what would be. Add-ons extend it.

        One method for both, so that what is announced is what is done. Extensions call
        super *last* when they need the person's name or e-mail, and append their
        lines. Called with sudo, on one partner.

        :param bool dry_run: change nothing
        :return: list of dicts: ``what`` (words), ``count``, ``outcome``
            (``delete|anonymise|keep``), ``why`` (words)
        """
        self.ensure_one()
        steps = (
            self._coop_erase_accounting,
            self._coop_erase_bank_accounts,
            self._coop_erase_messages,
            self._coop_erase_mentions,
            self._coop_erase_documents,
            self._coop_erase_users,
            self._coop_erase_card,
        )
        # Counted first: erasing leaves traces of its own (history, notices), which the
        # later steps erase too.
        lines = [line for step in steps for line in step(True)]
        if not dry_run:
            for step in steps:
                step(False)
        return [line for line in lines if line["count"]]

    def _coop_privacy_check(self):
        """Refuse while something is still due, in either direction."""
        self.ensure_one()
        # sudo: whoever may erase must be told of what they may not read.
        due = self.sudo()._coop_get_due()
        if due:
            raise UserError(
                self.env._(
                    "%(name)s cannot be erased yet: %(due)s. Settle that, then erase.",
                    name=self.name,
                    due="; ".join(due),
                )
            )
        # sudo: an internal account stops the erasure, seen or not.
        if self.sudo().user_ids.filtered(lambda user: user._is_internal()):
            raise UserError(
                self.env._(
                    "%(name)s has an internal user account. Archive it in Settings >"
                    " Users first: what they did at work stays in the history.",
                    name=self.name,
                )
            )

    # ------------------------------------------------------------------
    # Steps; each returns its lines
    # ------------------------------------------------------------------

    def _coop_erase_line(self, what, count, outcome, why=""):
        return {"what": what, "count": count, "outcome": outcome, "why": why}

    def _coop_erase_family(self):
        """The person and the addresses under them."""
        return self.with_context(active_test=False).search(
            [("id", "child_of", self.id)]
        )

    def _coop_erase_words(self):
        family = self._coop_erase_family()
        return {
            "names": [name for name in family.mapped("name") if name],
            "emails": [
                value
                for value in family.mapped("email")
                + family.mapped("email_normalized")
                + family.user_ids.mapped("login")
                if value
            ],
            "phones": [phone for phone in family.mapped("phone") if phone],
        }

    def _coop_erase_accounting(self, dry_run):
        moves = self.env["account.move"].search(
            Domain("partner_id", "child_of", self.id)
            | Domain("line_ids.partner_id", "child_of", self.id)
        )
        posted = moves.filtered(lambda move: move.state == "posted")
        drafts = moves - posted
        unposted = drafts.filtered(lambda move: not move.posted_before)
        payments = self.env["account.payment"].search(
            [("partner_id", "child_of", self.id)]
        )
        documents = self._coop_attachments("account.move", posted.ids)
        law = self.env._("Commercial code, L123-22: %(years)s years.", years=KEEP_YEARS)
        lines = [
            self._coop_erase_line(
                self.env._("Posted entries and invoices"), len(posted), "anonymise", law
            ),
            self._coop_erase_line(
                self.env._("Payments"), len(payments), "anonymise", law
            ),
            self._coop_erase_line(
                self.env._("Original files of posted invoices"),
                len(documents),
                "keep",
                self.env._(
                    "Proof of the entry, kept as it was issued. %(law)s", law=law
                ),
            ),
            self._coop_erase_line(
                self.env._("Draft invoices"), len(unposted), "delete"
            ),
            self._coop_erase_line(
                self.env._("Membership periods"), len(self.member_line_ids), "anonymise"
            ),
        ]
        if not dry_run:
            self._coop_redact(moves, ["ref", "narration", "invoice_source_email"])
            self._coop_redact(payments, ["memo"])
            # Hashed entries (inalterable) are the law's, to the letter.
            self._coop_redact(
                moves.filtered(lambda move: not move.inalterable_hash).line_ids,
                ["name"],
            )
            unposted.unlink()
        return lines

    def _coop_erase_bank_accounts(self, dry_run):
        accounts = (
            self.env["res.partner.bank"]
            .with_context(active_test=False)
            .search([("partner_id", "child_of", self.id)])
        )
        if not dry_run:
            for account in accounts:
                # Odoo never deletes a bank account: payments may refer to it.
                account.write(
                    {
                        "acc_number": f"EFFACE-{account.id}",
                        "acc_holder_name": False,
                        "active": False,
                    }
                )
        return [
            self._coop_erase_line(
                self.env._("Bank accounts"), len(accounts), "anonymise"
            )
        ]

    def _coop_erase_messages(self, dry_run):
        """The person's own conversation, what was sent to them, what they follow."""
        family = self._coop_erase_family()
        own = self.env["mail.message"].search(
            [("model", "=", "res.partner"), ("res_id", "in", family.ids)]
        )
        mails = self.env["mail.mail"].search(
            Domain("recipient_ids", "in", family.ids)
            | Domain.OR(
                Domain("email_to", "ilike", email)
                for email in self._coop_erase_words()["emails"]
            )
        )
        sent = mails.mail_message_id.filtered(
            lambda message: message.message_type == "email_outgoing"
        )
        written = self.env["mail.message"].search(
            [("author_id", "in", family.ids), ("id", "not in", own.ids)]
        )
        notifications = self.env["mail.notification"].search(
            [("res_partner_id", "in", family.ids)]
        )
        followers = self.env["mail.followers"].search(
            Domain("partner_id", "in", family.ids)
            | (
                Domain("res_model", "=", "res.partner")
                & Domain("res_id", "in", family.ids)
            )
        )
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", family.ids)]
        )
        channels = self.env["discuss.channel.member"].search(
            [("partner_id", "in", family.ids)]
        )
        lines = [
            self._coop_erase_line(
                self.env._("Messages and history on the card"), len(own), "delete"
            ),
            self._coop_erase_line(self.env._("E-mails sent"), len(mails), "delete"),
            self._coop_erase_line(
                self.env._("Messages written elsewhere"),
                len(written),
                "anonymise",
                self.env._("They are part of other people's conversations."),
            ),
            self._coop_erase_line(
                self.env._("Notifications and subscriptions"),
                len(notifications) + len(followers) + len(channels),
                "delete",
            ),
            self._coop_erase_line(self.env._("Activities"), len(activities), "delete"),
        ]
        if not dry_run:
            activities.unlink()
            notifications.unlink()
            followers.unlink()
            channels.unlink()
            written.email_from = False
            mails.unlink()
            # Mails take their messages with them.
            (sent | own).exists().unlink()
            self.env["mail.blacklist"].with_context(active_test=False).search(
                [("email", "in", self._coop_erase_words()["emails"])]
            ).unlink()
        return lines

    def _coop_erase_mentions(self, dry_run):
        """Name, e-mail and phone in other people's messages and histories."""
        words = self._coop_erase_words()
        terms = [*words["names"], *words["emails"], *words["phones"]]
        if not terms:
            return []
        own = Domain("model", "!=", "res.partner") | Domain(
            "res_id", "not in", self._coop_erase_family().ids
        )
        messages = self.env["mail.message"].search(
            own
            & Domain.OR(
                Domain(fname, "ilike", term)
                for term in terms
                for fname in ("body", "subject", "email_from", "reply_to")
            )
        )
        values = self.env["mail.tracking.value"].search(
            Domain.OR(
                Domain(fname, "ilike", term)
                for term in terms
                for fname in (
                    "old_value_char",
                    "new_value_char",
                    "old_value_text",
                    "new_value_text",
                )
            )
        )
        # Not counted: the copy, for the mail server, of a message that is.
        mails = self.env["mail.mail"].search(
            Domain.OR(
                Domain(fname, "ilike", term)
                for term in terms
                for fname in ("body_html", "email_cc", "email_to", "headers")
            )
        )
        activities = self.env["mail.activity"].search(
            Domain.OR(
                Domain(fname, "ilike", term)
                for term in terms
                for fname in ("summary", "note")
            )
        )
        if not dry_run:
            self._coop_redact(messages, ["body", "subject", "email_from", "reply_to"])
            self._coop_redact(
                values,
                [
                    "old_value_char",
                    "new_value_char",
                    "old_value_text",
                    "new_value_text",
                ],
            )
            self._coop_redact(mails, ["body_html", "email_cc", "email_to", "headers"])
            self._coop_redact(activities, ["summary", "note"])
        return [
            self._coop_erase_line(
                self.env._("Mentions in other messages and histories"),
                len(messages) + len(values) + len(activities),
                "anonymise",
            )
        ]

    def _coop_erase_documents(self, dry_run):
        attachments = self._coop_attachments(
            "res.partner", self._coop_erase_family().ids
        )
        count = len(attachments)
        if not dry_run:
            attachments.unlink()
        return [self._coop_erase_line(self.env._("Documents"), count, "delete")]

    def _coop_erase_users(self, dry_run):
        users = self._coop_erase_family().with_context(active_test=False).user_ids
        if not dry_run and users:
            portal = self.env.ref("base.group_portal")
            for user in users:
                user.write(
                    {
                        "active": False,
                        "login": user._coop_get_erased_login(),
                        "password": secrets.token_urlsafe(32),
                        "signature": False,
                        "group_ids": [Command.set(portal.ids)],
                    }
                )
            users.api_key_ids._remove()
            users.log_ids.unlink()
            self.env["res.device.log"].search([("user_id", "in", users.ids)]).unlink()
        return [
            self._coop_erase_line(
                self.env._("Connection accounts"),
                len(users),
                "anonymise",
                self.env._("Closed; the empty account stays as author of records."),
            )
        ]

    def _coop_erase_card(self, dry_run):
        """Last: the steps before need the name."""
        family = self._coop_erase_family()
        if not dry_run:
            words = self._coop_erase_words()
            today = fields.Date.context_today(self)
            quiet = family.with_context(active_test=True, **QUIET)
            # Whatever text an add-on puts on a card, too.
            texts = {
                field.name: False
                for field in self._coop_get_text_fields(family)
                if field.name not in KEPT_ON_CARD
            }
            for partner in quiet:
                partner.write(
                    {
                        **texts,
                        **ERASED_VALUES,
                        "name": self.env._("Erased person no. %(id)s", id=partner.id),
                        "coop_left_on": partner.is_coop_member and today,
                    }
                )
            self._coop_erase_log(words)
            self.message_post(
                body=Markup("<p>%s</p>")
                % self.env._("Personal data erased on %(date)s.", date=today)
            )
        return [
            self._coop_erase_line(
                self.env._(
                    "Card: name, e-mail, phone, addresses, number, photo, notes"
                ),
                len(family),
                "anonymise",
                self.env._("An empty card stays, for the entries that refer to it."),
            )
        ]

    def _coop_erase_log(self, words):
        """Odoo's own register of privacy requests, which masks what it is given."""
        self.env["privacy.log"].create(
            {
                "anonymized_name": (words["names"] or ["-"])[0],
                "anonymized_email": next(
                    (email for email in words["emails"] if "@" in email),
                    "inconnu@example.invalid",
                ),
                "user_id": self.env.user.id,
                "execution_details": self.env._("Erased by Coop"),
            }
        )

    def _coop_redact(self, records, names):
        """Take the person's words out of these fields; write only what changes."""
        words = self._coop_erase_words()
        for record in records:
            changes = {}
            for name in names:
                text = record[name]
                clean = redact(str(text), **words) if text else text
                if text and clean != str(text):
                    changes[name] = Markup(clean) if isinstance(text, Markup) else clean  # noqa: S704
            if changes:
                record.write(changes)
