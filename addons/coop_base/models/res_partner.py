# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize

# Membership states (OCA membership) and what they mean to the cooperative.
STATE_BY_MEMBERSHIP = {
    "paid": "active",
    "free": "active",
    "invoiced": "due",
    "waiting": "candidate",
    "none": "candidate",
    "old": "expired",
    "canceled": "expired",
}


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = [
        "res.partner",
        "coop.partner.access",
        "coop.partner.erasure",
        "coop.partner.export",
        "coop.partner.sweep",
        "coop.partner.telling",
    ]

    is_coop_member = fields.Boolean(string="Member of the Cooperative", index=True)
    is_coop_producer = fields.Boolean(string="Producer of the Cooperative", index=True)
    coop_number = fields.Char(
        string="Member Number",
        copy=False,
        help="Unique in the cooperative. Given by itself when left empty.",
    )
    coop_group_id = fields.Many2one(
        "coop.group",
        string="Local Group",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    collection_point_id = fields.Many2one(
        "coop.collection.point",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="Where this member collects, unless an order says otherwise.",
    )
    coop_email_unproved = fields.Boolean(
        string="E-mail not Proved",
        copy=False,
        groups="coop_base.coop_base_group_coordinator",
        help="Typed by the owner of an account who has not shown that this address is"
        " theirs: nothing is attached to this card because of it. Proved by a link sent"
        " there, or by you when you write the address.",
    )
    contact_channel = fields.Selection(
        [
            ("portal", "On the Internet"),
            ("phone", "By telephone"),
            ("paper", "On paper"),
        ],
        help="How this member orders and wants to be told.",
    )
    charter_signed_on = fields.Date(string="Charter Signed on", copy=False)
    coop_left_on = fields.Date(string="Left on", copy=False)
    coop_is_active = fields.Boolean(
        string="Takes Part",
        compute="_compute_coop_is_active",
        store=True,
        index=True,
        help="A member who has not left. Asked by every door: windows, orders, shifts,"
        " committees, rounds, messages, calendars.",
    )
    coop_state = fields.Selection(
        [
            ("candidate", "Candidate"),
            ("due", "Fee to pay"),
            ("active", "Member"),
            ("expired", "Fee expired"),
            ("left", "Has left"),
        ],
        string="Member Status",
        compute="_compute_coop_state",
        store=True,
        index="btree_not_null",
        help="Candidate: no fee registered yet. Fee to pay: the fee is invoiced, not"
        " paid. Member: the fee is paid or not asked for. Fee expired: the last paid"
        " period is over or was cancelled. Has left: the member left.",
    )

    _coop_number_unique = models.UniqueIndex(
        "(coop_number, COALESCE(company_id, 0)) WHERE coop_number IS NOT NULL",
        "Another member already has this member number.",
    )

    @api.depends("is_coop_member", "membership_state", "coop_left_on")
    def _compute_coop_state(self):
        for partner in self:
            if not partner.is_coop_member:
                partner.coop_state = "left" if partner.coop_left_on else False
            elif partner.coop_left_on:
                partner.coop_state = "left"
            else:
                partner.coop_state = STATE_BY_MEMBERSHIP.get(
                    partner.membership_state, "candidate"
                )

    @api.depends("is_coop_member", "active", "coop_left_on")
    def _compute_coop_is_active(self):
        """A day of leaving that is still to come is looked at each night."""
        for partner in self:
            left = partner.coop_left_on
            partner.coop_is_active = bool(
                partner.is_coop_member
                and partner.active
                and not (left and left <= partner._coop_get_today())
            )

    def _coop_get_today(self):
        """The day in this member's cooperative."""
        return (self.company_id or self.env.company)._coop_get_today()

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        new_members = [
            vals
            for vals in vals_list
            if vals.get("is_coop_member") and not vals.get("coop_number")
        ]
        if new_members:
            numbers = self._coop_next_numbers(len(new_members))
            for vals, number in zip(new_members, numbers, strict=True):
                vals["coop_number"] = number
        for vals in vals_list:
            if vals.get("is_coop_member") and not vals.get("company_id"):
                # A member belongs to one cooperative; the form sends an empty one.
                vals["company_id"] = self.env.company.id
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("is_coop_member") and not vals.get("company_id"):
            # A member belongs to one cooperative, as in create.
            homeless = self.filtered(lambda p: not p.company_id)
            super(ResPartner, homeless).write({"company_id": self.env.company.id})
            vals = {key: vals[key] for key in vals.keys() - {"company_id"}}
        if "email" in vals:
            vals = self._coop_note_who_typed_email(vals)
        active = self.browse()
        if {"is_coop_member", "active", "coop_left_on"} & vals.keys():
            active = self.filtered("coop_is_active")
        res = super().write(vals)
        ended = active.filtered(lambda partner: not partner.coop_is_active)
        if ended:
            ended._coop_end_membership()
        if vals.get("is_coop_member"):
            unnumbered = self.filtered(lambda p: not p.coop_number)
            if unnumbered:
                numbers = self._coop_next_numbers(len(unnumbered))
                for partner, number in zip(unnumbered, numbers, strict=True):
                    partner.coop_number = number
        if {"is_coop_member", "active", "coop_left_on"} & vals.keys():
            # sudo: only a role changes, and only as the member flag says.
            self.sudo().user_ids._coop_sync_member_group()
        return res

    def _coop_take_own_account(self):
        """Have this card the account that its owner made before, if there is one.

        Called with a token that was sent to the card's address.

        :return: the account, empty where there is none to take
        """
        self.ensure_one()
        email = self.email_normalized
        users = self.env["res.users"].with_context(active_test=False)
        if self.user_ids or not email:
            return users
        user = users.search([("login", "=", email)])
        other = user.partner_id
        taken = other.is_coop_member or other.is_coop_producer
        if not user or not user._is_portal() or taken:
            return users
        user.write({"partner_id": self.id, "active": True})
        # Nothing else stands on a card that a visitor made.
        other.active = False
        return user

    def _coop_note_who_typed_email(self, vals):
        """An address that an account's owner types is not proved by that.

        Also on pages that write as superuser: the user stays who it is.
        """
        # sudo: the connected user's own card.
        own = self.env.user.sudo().partner_id
        typed = email_normalize(vals["email"] or "")
        if (
            self.env.user.share
            and own in self
            # sudo: the address of who writes it.
            and typed != (own.sudo().email_normalized or "")
        ):
            return {**vals, "coop_email_unproved": True}
        if self.env.user._is_internal() and not self.env.su:
            # sudo: whoever may write the address vouches for it.
            self.sudo().filtered("coop_email_unproved").coop_email_unproved = False
        return vals

    @api.model
    def _coop_next_numbers(self, count):
        """The next ``count`` free member numbers, in a constant number of queries.

        ``ir.sequence.next_by_code`` costs a query or two a number, too much for an
        import. The sequence row is locked, so two imports never share a number;
        numbers that people gave by hand are skipped.
        """
        # sudo: members' managers have no right on sequences.
        sequences = self.env["ir.sequence"].sudo()
        sequence = sequences.search(
            [
                ("code", "=", "coop.member"),
                ("company_id", "in", [self.env.company.id, False]),
            ],
            order="company_id",
            limit=1,
        )
        sequence.lock_for_update()
        sequence.invalidate_recordset(["number_next"])
        number_next, step = sequence.number_next, sequence.number_increment
        numbers = []
        while len(numbers) < count:
            candidates = []
            for _i in range(count - len(numbers)):
                candidates.append(sequence.get_next_char(number_next))
                number_next += step
            taken = set(
                # sudo: a number is taken also when its member is not readable.
                self.sudo()
                .with_context(active_test=False)
                .search_fetch([("coop_number", "in", candidates)], ["coop_number"])
                .mapped("coop_number")
            )
            numbers += [number for number in candidates if number not in taken]
        sequence.number_next = number_next
        return numbers

    @api.model
    def check_membership_expiry(self):
        """Also start the memberships that were paid ahead, on their first day."""
        res = super().check_membership_expiry()
        today = fields.Date.context_today(self)
        self._coop_end_memberships_of_today()
        lines = self.env["membership.membership_line"].search(
            [
                ("date_from", "<=", today),
                ("date_to", ">=", today),
                ("state", "in", self._membership_member_states()),
                ("partner_id.membership_state", "in", ("none", "old")),
            ]
        )
        lines.partner_id._compute_membership_state()
        return res

    def action_coop_register_fee(self):
        """Register or renew the fee of these members."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Register a membership fee"),
            "res_model": "coop.membership.register",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": self.ids},
        }

    def action_coop_leave(self):
        """These members leave today; their past is kept, what is due is handed over."""
        for partner in self:
            partner.coop_left_on = partner._coop_get_today()

    @api.model
    def _coop_end_memberships_of_today(self):
        """Those whose day of leaving, entered before, has come."""
        leaving = self.search(
            [
                ("coop_is_active", "=", True),
                ("coop_left_on", "<=", fields.Date.today() + timedelta(days=1)),
            ]
        ).filtered(lambda partner: partner.coop_left_on <= partner._coop_get_today())
        if leaving:
            self.env.add_to_compute(self._fields["coop_is_active"], leaving)
            leaving.flush_recordset(["coop_is_active"])
            leaving._coop_end_membership()
            # sudo: only a role changes.
            leaving.sudo().user_ids._coop_sync_member_group()

    def _coop_end_membership(self):
        """What happens when somebody is no longer a member, whoever decided it.

        Their access has ended; what is due goes to who looks after them. Add-ons
        extend it where something must end with it.
        """
        # sudo: what is due is found whatever the caller may read; referents are told.
        for partner in self.sudo():
            due = partner._coop_get_due()
            if due and not partner.env.context.get("install_mode"):
                partner._coop_hand_over(due)

    def _coop_get_due(self):
        """What this person owes, is owed or is expected for, in sentences (hook)."""
        self.ensure_one()
        domain = [
            ("partner_id", "child_of", self.id),
            ("parent_state", "=", "posted"),
            ("account_type", "in", ("asset_receivable", "liability_payable")),
            ("reconciled", "=", False),
        ]
        # sudo: a sum, for who looks after this member.
        lines = self.env["account.move.line"].sudo().search(domain)
        result = []
        for currency, open_lines in lines.grouped("company_currency_id").items():
            amount = sum(open_lines.mapped("amount_residual"))
            names = ", ".join(dict.fromkeys(open_lines.mapped("move_id.name")))
            if currency.compare_amounts(amount, 0) > 0:
                sentence = self.env._(
                    "%(amount)s to pay (%(moves)s)",
                    amount=currency.format(amount),
                    moves=names,
                )
            elif open_lines:
                sentence = self.env._(
                    "%(amount)s to give back or to settle (%(moves)s)",
                    amount=currency.format(-amount),
                    moves=names,
                )
            else:
                continue
            result.append(sentence)
        return result

    def _coop_hand_over(self, due):
        """A task for who looks after this member: what is left to settle."""
        self.ensure_one()
        user = self._coop_referent_users()[:1] or self._coop_fallback_caller()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=self.env._("%(name)s left: what is due", name=self.name),
            note=Markup("<ul>%s</ul>")
            % Markup().join(Markup("<li>%s</li>") % sentence for sentence in due),
        )

    def _coop_ask_to_be_erased(self):
        """A task for who looks after them: this person deleted their account."""
        self.ensure_one()
        user = self._coop_referent_users()[:1] or self._coop_fallback_caller()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=self.env._(
                "%(name)s deleted the account: have a manager erase the personal data",
                name=self.name,
            ),
        )

    def action_coop_return(self):
        """They are back: their status is again what their fee says."""
        self.coop_left_on = False

    def _coop_check_privacy_access(self):
        """Only managers handle other people's data requests."""
        if not self.env.user.has_group("coop_base.coop_base_group_manager"):
            raise AccessError(
                self.env._("Only a manager of the cooperative can do this.")
            )
        self.check_access("write")

    def action_coop_privacy_export(self):
        """Download the person's data."""
        self.ensure_one()
        self._coop_check_privacy_access()
        return {
            "type": "ir.actions.act_url",
            "url": f"/coop/privacy/export/{self.id}",
            "target": "download",
        }

    def action_coop_privacy_erase(self):
        """Show what erasing this person deletes and keeps."""
        self.ensure_one()
        self._coop_check_privacy_access()
        self._coop_privacy_check()
        wizard = self.env["coop.privacy.erase"].create({"partner_id": self.id})
        wizard._preview()
        return wizard._reopen()
