# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..tools.member_file import parse_phone

# Beyond so many in an hour somebody plays with the form.
MOST_IN_AN_HOUR = 60
LONGEST_NAME = 100
LONGEST_WORDS = 2000


class CoopJoinRequest(models.Model):
    """Somebody who asks to become a member: answered by who looks after the group.

    Nothing is attached to a person by an address that was only typed: a card that has
    this address already is offered to its owner, by a link sent to that address.
    """

    _name = "coop.join.request"
    _description = "Request to Join"
    _inherit = ["coop.state.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    email = fields.Char(string="E-mail")
    phone = fields.Char()
    coop_group_id = fields.Many2one(
        "coop.group", string="Local Group", check_company=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    message = fields.Text(string="In Their Words")
    state = fields.Selection(
        [("new", "To answer"), ("accepted", "Accepted"), ("refused", "Refused")],
        required=True,
        default="new",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    answer = fields.Text(
        string="What They Are Told", help="Sent with a refusal, in these words."
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    answered_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null"
    )

    @api.model
    def _coop_get_frozen_fields(self, state):
        if state == "new":
            return super()._coop_get_frozen_fields(state)
        return ("name", "email", "phone", "coop_group_id", "message", "answer")

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    @api.model
    def _ask(self, company, values):
        """Keep a visitor's request and tell who answers it.

        The answer is the same whether the address is known or not.

        :param values: ``name``, ``email``, ``phone``, ``group_id``, ``message``, typed
        :raise UserError: what is missing or cannot be, in one sentence
        """
        name = " ".join((values.get("name") or "").split())[:LONGEST_NAME]
        email = email_normalize(values.get("email") or "")
        typed_phone = (values.get("phone") or "").strip()
        phone = parse_phone(typed_phone) if typed_phone else False
        if not name:
            raise UserError(self.env._("Write your name."))
        if values.get("email") and not email:
            raise UserError(
                self.env._("Write one e-mail address, for instance name@example.com.")
            )
        if typed_phone and not phone:
            raise UserError(
                self.env._("This is not a phone number. Write it as 06 12 34 56 78.")
            )
        if not email and not phone:
            raise UserError(
                self.env._("Write an e-mail address or a phone number, to be answered.")
            )
        # sudo: visitors have no right on requests; these values only, checked above.
        requests = self.sudo().with_company(company)
        hour_ago = fields.Datetime.now() - timedelta(hours=1)
        if requests.search_count([("create_date", ">", hour_ago)]) >= MOST_IN_AN_HOUR:
            raise UserError(
                self.env._("Too many requests were sent just now: try again later.")
            )
        group = requests.env["coop.group"]
        if str(values.get("group_id") or "").isdigit():
            group = group.search(
                [
                    ("id", "=", int(values["group_id"])),
                    ("company_id", "=", company.id),
                ]
            )
        if email and requests._offer_card(company, email):
            return requests.browse()
        same = [("email", "=", email)] if email else [("phone", "=", phone)]
        known = requests.search(
            [*same, ("state", "=", "new"), ("company_id", "=", company.id)], limit=1
        )
        if known:
            return known
        request = requests.create(
            {
                "name": name,
                "email": email,
                "phone": phone,
                "coop_group_id": group.id,
                "company_id": company.id,
                "message": (values.get("message") or "").strip()[:LONGEST_WORDS],
            }
        )
        request._wake_up()
        return request

    @api.model
    def _offer_card(self, company, email):
        """A member of this address is sent the way in; whether there is one."""
        member = self.env["res.partner"].search(
            [
                ("email_normalized", "=", email),
                ("coop_is_active", "=", True),
                ("coop_email_unproved", "=", False),
                ("company_id", "=", company.id),
            ],
            limit=2,
        )
        if len(member) != 1 or member.user_ids.filtered(lambda u: not u.share):
            return False
        member._coop_invite_by_mail()
        return True

    def _wake_up(self):
        """A task for the group's referent, else for a coordinator."""
        users = self.coop_group_id.referent_ids.user_ids.filtered(
            lambda user: user.active and user._is_internal()
        )
        user = users[:1] or self.env["res.partner"]._coop_fallback_caller()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=self.env._("%(name)s asks to join", name=self.name),
        )

    # ------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------

    def action_accept(self):
        """They become members, and are invited by the way they gave."""
        self._check_may_answer()
        for request in self:
            # sudo: a referent welcomes members without rights on all contacts.
            member = self.env["res.partner"].sudo()
            member = member.create(
                {
                    "name": request.name,
                    "email": request.email,
                    "phone": request.phone,
                    "is_coop_member": True,
                    "company_id": request.company_id.id,
                    "coop_group_id": request.coop_group_id.id,
                    "contact_channel": "portal" if request.email else "phone",
                    "lang": self.env.lang,
                }
            )
            request._settle("accepted", partner_id=member.id)
            if request.email:
                member._coop_invite_by_mail()
            else:
                member._coop_tell_by_activity(
                    member.browse(), self.env._("welcome: the request was accepted")
                )

    def action_refuse(self):
        """They are told, in the words typed; nothing else is kept of them."""
        self._check_may_answer()
        template = self.env.ref("coop_base.mail_template_join_refused")
        for request in self:
            if not (request.answer or "").strip():
                raise UserError(
                    self.env._(
                        "Write what %(name)s is told, then refuse.", name=request.name
                    )
                )
            request._settle("refused")
            if request.email:
                # sudo: rendering and queueing only.
                template.sudo().send_mail(request.id)
            else:
                request.activity_schedule(
                    "mail.mail_activity_data_call",
                    user_id=self.env.uid,
                    summary=self.env._(
                        "Call %(name)s: the request was refused", name=request.name
                    ),
                )

    def action_reopen(self):
        """The way back from a refusal."""
        self.check_access("write")
        for request in self.filtered(lambda request: request.state == "refused"):
            request._coop_enter_state({"state": "new", "answered_by_id": False})

    def _check_may_answer(self):
        self.check_access("write")
        for request in self:
            if request.state != "new":
                raise UserError(
                    self.env._("%(name)s was answered already.", name=request.name)
                )

    def _settle(self, state, **values):
        self.activity_ids.action_done()
        self._coop_enter_state(
            {"state": state, "answered_by_id": self.env.uid, **values}
        )
