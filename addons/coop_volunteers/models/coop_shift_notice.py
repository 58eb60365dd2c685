# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

KINDS = [
    ("reminder", "Shift to come"),
    ("offer", "Seat offered"),
    ("status", "Status"),
    ("cycle", "Start of a cycle"),
    ("call", "People missing"),
    ("tutor", "Newcomer to welcome"),
    ("placed", "Placed beside a tutor"),
    ("cancelled", "Shift cancelled"),
    ("moved", "Shift moved"),
]


class CoopShiftNotice(models.Model):
    """A volunteer was told of something: each thing once, by mail or by somebody."""

    _name = "coop.shift.notice"
    _description = "Message to a Volunteer"
    _inherit = ["coop.notice.mixin"]
    _order = "told_at desc, id desc"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    kind = fields.Selection(KINDS, string="About", required=True)
    key = fields.Char(required=True, readonly=True, help="What makes it sent once.")
    shift_id = fields.Many2one("coop.shift", index="btree_not_null", ondelete="cascade")

    _once = models.Constraint(
        "UNIQUE (partner_id, kind, key)", "This member was already told."
    )
    _kind_key = models.Index("(kind, key)")

    @api.model
    def _tell(self, kind, members, about, key, shift=None, call=False, summary=""):
        """Tell these members, and note it; who was told already is left alone.

        :param about: the record the mail is about (``ctx['coop_record']``)
        :param key: what makes it sent once, a member and kind
        :param call: whoever has no e-mail is called by a referent, now
        :return: the notices made
        """
        # sudo: who was told; the members are the caller's choice.
        told = self.sudo().search(
            [
                ("kind", "=", kind),
                ("key", "=", key),
                ("partner_id", "in", members.ids),
            ]
        )
        members = members.browse(members.ids) - told.partner_id
        if not members:
            return told.browse()
        # sudo: the members are the caller's choice; addresses are shown to nobody.
        mailed, to_call = members.sudo()._coop_tell(
            about, self._get_template_xmlid(kind), summary, call=call
        )
        company = about.company_id or self.env.company
        return self._log_told(
            mailed,
            to_call,
            company_id=company.id,
            kind=kind,
            key=key,
            shift_id=shift.id if shift else False,
        )

    @api.model
    def _get_template_xmlid(self, kind):
        """The mail of a kind of message."""
        return f"coop_volunteers.mail_template_shift_{kind}"

    @api.model
    def _get_kinds_to_tell(self):
        """Each has a method ``_coop_tell_volunteers_<kind>`` of ``res.company``."""
        return ("status", "reminder", "tutor", "call", "cycle")

    @api.model
    def _cron_tell(self):
        """Whatever there is to tell, by batches; what was told stays told."""
        Cron = self.env["ir.cron"]
        for company in self.env["res.company"].search([("active", "=", True)]):
            company = company.with_company(company)
            for kind in self._get_kinds_to_tell():
                try:
                    for count in getattr(company, f"_coop_tell_volunteers_{kind}")():
                        if Cron._commit_progress(count) <= 0:
                            # Time is up: Odoo runs this again at once.
                            Cron._commit_progress(remaining=1)
                            return
                except Exception:
                    self.env.cr.rollback()
                    _logger.exception("volunteers of %s: %s failed", company.id, kind)

    def _get_about(self):
        """The record that the message is about."""
        self.ensure_one()
        if self.kind in ("offer", "placed"):
            return self.env["coop.shift.registration"].search(
                [
                    ("shift_id", "=", self.shift_id.id),
                    ("member_id", "=", self.partner_id.id),
                ]
            )
        if self.kind == "tutor":
            return self.env["coop.shift.pair"].search(
                [("shift_id", "=", self.shift_id.id)]
                + [("newcomer_id", "=", int(self.key.split(":")[1]))]
            )
        return self.shift_id

    def _render_letter(self):
        """The message as it is written on paper, in the member's language.

        Called on the messages of one letter, see ``_get_letters``.
        """
        notice, member = self[:1], self.partner_id.ensure_one()
        template = self.env.ref(self._get_template_xmlid(notice.kind))
        if notice.kind == "call":
            about = {member: self.shift_id.sorted("start_at")}
        else:
            about = notice._get_about() or member
        template = template._coop_with_record(about).with_context(
            coop_letter=True, lang=member.lang or self.env.lang
        )
        # sudo: who reads the list of those to write to may print what they are told.
        return template.sudo()._render_field("body_html", member.ids)[member.id]

    def _tell_calls(self, calls):
        """Ask each of these members, in one mail, and note each shift they know of.

        :param calls: ``{member: shifts}``, see ``_find_members_to_call``
        :return: the notices made
        """
        # sudo: the members are the code's choice, see there.
        members = self.env["res.partner"].sudo().union(*calls)
        shifts = self.env["coop.shift"].sudo().union(*calls.values())
        about = {
            member: found.sudo().with_prefetch(shifts.ids)
            for member, found in calls.items()
        }
        mailed, _to_call = members._coop_tell(
            about, "coop_volunteers.mail_template_shift_call", "", call=False
        )
        return self._log_rows(
            [
                {
                    "partner_id": member.id,
                    "channel": "mail" if member in mailed else "call",
                    "company_id": shift.company_id.id,
                    "kind": "call",
                    "key": f"shift:{shift.id}",
                    "shift_id": shift.id,
                }
                for member in members
                for shift in calls[member]
            ]
        )

    def _get_letters(self):
        """The letters to print, each with its messages: one for a call of shifts."""
        calls = self.filtered(lambda notice: notice.kind == "call")
        by_call = calls.grouped(lambda notice: (notice.partner_id, notice.told_at))
        return [*by_call.values(), *(self - calls)]
