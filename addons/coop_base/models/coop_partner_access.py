# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hmac
import logging
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import hmac as signed

_logger = logging.getLogger(__name__)
# Read aloud and typed: no letter that looks like a digit.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
CODE_DAYS = 60
# 31^8 codes, ten guesses each.
MOST_TRIES = 10


class CoopPartnerAccess(models.AbstractModel):
    """The way in: an invitation by mail, or a letter with a code.

    Both go to who the card says: nobody gets in by an address that was only typed.
    """

    _name = "coop.partner.access"
    _description = "Contact: Access to the Member Pages"

    coop_code_digest = fields.Char(copy=False, groups="base.group_system")
    coop_code_until = fields.Date(copy=False, groups="base.group_system")
    coop_code_tries = fields.Integer(copy=False, groups="base.group_system")
    coop_has_access = fields.Boolean(
        string="Has an Account", compute="_compute_coop_has_access"
    )

    @api.depends("user_ids.active", "user_ids.login_date")
    def _compute_coop_has_access(self):
        for partner in self:
            # sudo: whether there is an account, nothing of it.
            users = partner.sudo().user_ids
            partner.coop_has_access = bool(users.filtered("login_date"))

    def action_coop_invite(self):
        """Invite these members: by mail, and a letter for who has no e-mail."""
        self.check_access("write")
        members = self.filtered("coop_is_active")
        if not members:
            raise UserError(self.env._("Choose members who have not left."))
        waiting = members.filtered(lambda member: not member.coop_has_access)
        by_mail = waiting.filtered("email_normalized")
        for member in by_mail:
            member._coop_invite_by_mail()
        on_paper = waiting - by_mail
        if on_paper:
            return on_paper.action_coop_print_access()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Invited by mail: %(count)s. Have an account already: %(others)s.",
                    count=len(by_mail),
                    others=len(members - waiting),
                ),
            },
        }

    def action_coop_print_access(self):
        """A letter each, with the address of the pages and a code to get in."""
        self.check_access("write")
        # sudo: the codes' digests, of members whom the user may write.
        codes = {member.id: member.sudo()._coop_make_code() for member in self}
        report = self.env.ref("coop_base.coop_access_letter_report")
        return report.report_action(self, data={"codes": codes, "ids": self.ids})

    def _coop_invite_by_mail(self):
        """Odoo's own invitation, to the address of the card.

        An account that somebody made with this address becomes the card's when the
        link is used (``res.users.signup``), not before.
        """
        self.ensure_one()
        # sudo: accounts are made on behalf of who looks after the members.
        member = self.sudo()
        users = member.env["res.users"].with_context(active_test=False)
        user = member.with_context(active_test=False).user_ids[:1]
        stranger = users.search([("login", "=", member.email_normalized)]) - user
        if stranger:
            member.signup_prepare()
            template = self.env.ref("coop_base.mail_template_own_card").sudo()
            template.send_mail(member.id)
            return
        if not user:
            company = member.company_id or self.env.company
            user = (
                users.with_context(no_reset_password=True)
                .with_company(company)
                ._create_user_from_template(
                    {
                        "email": member.email_normalized,
                        "login": member.email_normalized,
                        "partner_id": member.id,
                        "company_id": company.id,
                        "company_ids": [(6, 0, company.ids)],
                    }
                )
            )
        if not user.active:
            user.active = True
        member.signup_prepare()
        # sudo: rendering and queueing only.
        template = self.env.ref("auth_signup.portal_set_password_email").sudo()
        template.with_context(
            lang=member.lang, welcome_message="", medium="portalinvite"
        ).send_mail(user.id)

    # ------------------------------------------------------------------
    # Codes on paper
    # ------------------------------------------------------------------

    def _coop_make_code(self):
        """A new code, which ends the one before; only its digest is kept."""
        self.ensure_one()
        code = "".join(secrets.choice(LETTERS) for _index in range(CODE_LENGTH))
        self.write(
            {
                "coop_code_digest": self._coop_sign_code(code),
                "coop_code_until": self._coop_get_today() + timedelta(days=CODE_DAYS),
                "coop_code_tries": 0,
            }
        )
        return f"{code[:4]}-{code[4:]}"

    def _coop_sign_code(self, code):
        return signed(self.env(su=True), "coop_access_code", (self.id, code))

    @api.model
    def _coop_find_by_code(self, company, number, code):
        """The member of this number and code, or none; guesses are counted, logged.

        The same answer for a wrong number, a wrong code and one that has ended.
        """
        # sudo: a visitor who holds the letter; one card, by its number.
        cards = self.env["res.partner"].sudo()
        number = "".join((number or "").split())[:32]
        code = "".join(c for c in (code or "").upper() if c.isalnum())[:32]
        member = cards.search(
            [
                ("coop_number", "=", number or False),
                ("coop_number", "!=", False),
                ("coop_is_active", "=", True),
                ("company_id", "=", company.id),
            ],
            limit=1,
        )
        until = member.coop_code_until
        if not until or until < member._coop_get_today() or not code:
            return cards
        # Two guesses at the same time are two.
        ((tries,),) = self.env.execute_query(
            SQL(
                "UPDATE res_partner SET coop_code_tries ="
                " COALESCE(coop_code_tries, 0) + 1 WHERE id = %s"
                " RETURNING coop_code_tries",
                member.id,
            )
        )
        right = hmac.compare_digest(
            member.coop_code_digest or "", member._coop_sign_code(code)
        )
        if tries > MOST_TRIES or not right:
            _logger.warning(
                "wrong access code for partner %s, try %s", member.id, tries
            )
            return cards
        return member

    def _coop_open_account(self, password):
        """The account of who holds the letter; its login is the number or the e-mail.

        :raise UserError: the password is too short, as Odoo's policy says
        """
        self.ensure_one()
        users = self.env["res.users"].with_context(
            no_reset_password=True, active_test=False
        )
        user = self.with_context(active_test=False).user_ids[:1]
        if user and not user._is_portal():
            raise UserError(self.env._("Log in with your account of the cooperative."))
        if not user:
            login = self.email_normalized or self.coop_number
            if users.search_count([("login", "=", login)], limit=1):
                login = f"{self.coop_number}-{self.id}"
            company = self.company_id or self.env.company
            user = users.with_company(company)._create_user_from_template(
                {
                    "login": login,
                    "partner_id": self.id,
                    "company_id": company.id,
                    "company_ids": [(6, 0, company.ids)],
                }
            )
        user.write({"active": True, "password": password})
        # Used: it opens nothing any more.
        self.write({"coop_code_digest": False, "coop_code_until": False})
        return user
