# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, models
from odoo.tools import groupby, split_every

from .ir_qweb import CompiledBodies

# Mails written in one create.
MAIL_BATCH = 1000

MAIL_LAYOUT = "coop_base.coop_mail_layout"

MAIL_FIELDS = (
    "attachment_ids",
    "auto_delete",
    "body_html",
    "email_from",
    "mail_server_id",
    "reply_to",
    "report_template_ids",
    "scheduled_date",
    "subject",
)


class CoopPartnerTelling(models.AbstractModel):
    """Telling people: by e-mail, or by somebody who calls them."""

    _name = "coop.partner.telling"
    _description = "Contact: Telling People"

    def _coop_tell(self, record, template_xmlid, summary, call=True):
        """Tell each of these partners of something, each in the way that reaches them.

        Partners with an e-mail get the mail template, one mail each (nobody reads
        another member's address). The others get an activity "to call" for the
        referent of their group. Both are batched: the number of queries does not
        grow with the number of partners beyond Odoo's own batches.

        :param record: what it is about, of the template's model (or of any model if
            the template is on ``res.partner``). Either one record for all, or
            several with a ``partner_id``, or ``{partner: records}``: each partner is
            told of theirs.
        :param template_xmlid: xmlid of a ``mail.template`` on ``record``'s model, or
            on ``res.partner`` (rendered once a partner, ``ctx['coop_record']`` is
            then what was given as `record`)
        :param summary: what the referent has to say, in a few words
        :param call: schedule the activities; without, the caller lists who is to call
        :return: (partners who get a mail, partners to call)
        """
        # sudo: a role that may decide to tell people need not read their record.
        partners = self.sudo()
        by_mail = partners.filtered("email_normalized")
        to_call = partners - by_mail
        if by_mail:
            by_mail._coop_tell_by_mail(record, self.env.ref(template_xmlid))
        if to_call and call:
            to_call._coop_tell_by_activity(record, summary)
        return self.browse(by_mail.ids), self.browse(to_call.ids)

    def _coop_get_told(self, model):
        """All that a message to this partner is about, or nothing of this model."""
        record = self.env.context.get("coop_record")
        if isinstance(record, dict):
            # Each member is told of theirs.
            record = record.get(self)
        if not isinstance(record, models.BaseModel) or record._name != model:
            return self.env[model]
        return record.with_env(self.env)

    def _coop_get_told_about(self, model):
        """What a message to these partners is about; any one for a preview."""
        return self._coop_get_told(model)[:1] or self.env[model].search([], limit=1)

    def _coop_records_to_tell(self, record):
        """``{partner: record}``: theirs where records have a partner, else the one."""
        if isinstance(record, dict):
            return {partner: record[partner] for partner in self}
        if len(record) == 1 or "partner_id" not in record._fields:
            return dict.fromkeys(self, record[:1])
        by_partner = {rec.partner_id: rec for rec in record}
        return {partner: by_partner.get(partner, record[:1]) for partner in self}

    def _coop_tell_by_mail(self, record, template):
        """One mail each, rendered and queued in batches: see ``ir_qweb.py``."""
        # sudo: rendering and queueing only; the caller chose record and partners.
        template = template.sudo().with_context(coop_qweb_memo=CompiledBodies())
        on_partner = template.model == self._name
        if on_partner:
            template = template._coop_with_record(record)
        names = MAIL_FIELDS + (("email_cc",) if template.email_cc else ())
        mails = self.env["mail.mail"].sudo()
        for lang, group in groupby(self, lambda p: p.lang or self.env.lang):
            everyone = self.browse().concat(*group)
            for ids in split_every(MAIL_BATCH, everyone.ids):
                partners = everyone.browse(ids).with_prefetch(everyone.ids)
                if on_partner:
                    records = {partner: partner for partner in partners}
                else:
                    # sudo: the mail is rendered for the partner, not for who sends it.
                    given = record if isinstance(record, dict) else record.sudo()
                    records = partners._coop_records_to_tell(given)
                mails += partners._coop_queue_mails(
                    records,
                    template.with_context(lang=lang, template_preview_lang=lang),
                    names,
                )
        return mails

    def _coop_queue_mails(self, records, template, names):
        """The mails of these partners, of one language, in one create.

        :param records: ``{partner: what the template is rendered on}``
        """
        layout = template.email_layout_xmlid or MAIL_LAYOUT
        about = template.env[template.model].browse(
            dict.fromkeys(record.id for record in records.values())
        )
        rendered = template._generate_template(about.ids, names)
        for rec in about:
            values = rendered[rec.id]
            values["body_html"] = self._coop_encapsulate(
                template, layout, rec, values["body_html"]
            )
        unanswered = about.filtered(lambda rec: not rendered[rec.id].get("reply_to"))
        replies = self._coop_reply_addresses(unanswered, rendered)
        values_list, attachments = [], []
        for partner in self:
            rec_id = records[partner].id
            values = dict(rendered[rec_id])
            values["reply_to"] = values.get("reply_to") or replies[rec_id]
            values["email_from"] = values.get("email_from") or self._coop_get_sender()
            attachments.append(values.pop("attachments", []))
            values.pop("report_template_ids", None)
            values.pop("partner_ids", None)
            values.update(
                body=values["body_html"],
                # On no member's card: referents read it, and this may say where the
                # member stands.
                model=template.model if template.model != self._name else False,
                res_id=rec_id if template.model != self._name else False,
                recipient_ids=[(4, partner.id)],
                attachment_ids=[(4, att) for att in values.get("attachment_ids") or []],
            )
            values_list.append({k: v for k, v in values.items() if v})
        mails = self.env["mail.mail"].sudo().create(values_list)
        self._coop_attach(mails, attachments)
        return mails

    @api.model
    def _coop_get_sender(self):
        """Who writes: the cooperative, whoever's tap or link had the mail written.

        Visitors have no address; members do not write to each other.
        """
        return self.env.company.email_formatted or self.env.user.email_formatted

    def _coop_reply_addresses(self, records, rendered):
        """``{id: where answers go}``, in one query where Odoo makes one a mail."""
        if not records:
            return {}
        sender = self._coop_get_sender()
        # sudo: who sends need not read what the mail is about.
        return records.sudo()._notify_get_reply_to_batch(
            defaults={
                rec.id: rendered[rec.id].get("email_from") or sender for rec in records
            },
            author_ids=dict.fromkeys(records.ids, False),
        )

    def _coop_encapsulate(self, template, layout, rec, body):
        """The mail's body in the cooperative's layout."""
        company = rec.company_id if "company_id" in rec._fields else False
        return template._render_encapsulate(
            layout,
            body,
            add_context={"company": company or self.env.company},
            context_record=rec,
        )

    def _coop_attach(self, mails, attachments_list):
        """Store generated files (name, base64) with their mails, in one create."""
        vals_list, owners = [], []
        for mail, attachments in zip(mails, attachments_list, strict=True):
            for name, datas in attachments:
                owners.append(mail)
                vals_list.append(
                    {
                        "name": name,
                        "datas": datas,
                        "res_model": "mail.message",
                        "res_id": mail.mail_message_id.id,
                    }
                )
        # sudo: only files of the mails written just before.
        stored = self.env["ir.attachment"].sudo().create(vals_list)
        for mail, attachment in zip(owners, stored, strict=True):
            mail.attachment_ids = [(4, attachment.id)]

    def _coop_tell_by_activity(self, record, summary):
        """One "to call" activity a partner, for the referent who knows them."""
        activity_type = self.env.ref("mail.mail_activity_data_call")
        model_id = self.env["ir.model"]._get_id(self._name)
        records = self._coop_records_to_tell(record)
        fallback = self._coop_fallback_caller()
        vals_list = []
        for partner in self:
            user = partner._coop_referent_users()[:1] or fallback
            contact = partner.phone or self.env._("no phone number: at the next visit")
            about = records[partner]
            vals_list.append(
                {
                    "res_model_id": model_id,
                    "res_id": partner.id,
                    "activity_type_id": activity_type.id,
                    "user_id": user.id,
                    "summary": self.env._(
                        "Call %(name)s: %(summary)s",
                        name=partner.name,
                        summary=summary,
                    ),
                    "note": Markup("<p>%s</p><p>%s</p>")
                    % (contact, about.display_name if about else ""),
                }
            )
        # sudo: the activity is for a referent who sees this member.
        return (
            self.env["mail.activity"]
            .sudo()
            .with_context(mail_activity_quick_update=True)
            .create(vals_list)
        )

    def _coop_referent_users(self):
        """Internal users who look after this member: group first, then point."""
        self.ensure_one()
        referents = (
            self.coop_group_id.referent_ids | self.collection_point_id.referent_ids
        )
        return referents.user_ids.filtered(lambda u: u._is_internal() and u.active)

    def _coop_fallback_caller(self):
        """Who calls those whose group has no referent with an account."""
        if self.env.user._is_internal() and not self.env.su:
            return self.env.user
        # sudo: whoever is to be called for is found, whatever one may read.
        coordinators = self.env.ref("coop_base.coop_base_group_coordinator").sudo()
        users = coordinators.all_user_ids.filtered(
            lambda u: u.active and self.env.company in u.company_ids
        )
        return users[:1] or self.env.ref("base.user_admin")
