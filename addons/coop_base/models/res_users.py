# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._coop_sync_member_group()
        return users

    def write(self, vals):
        res = super().write(vals)
        if "partner_id" in vals or "group_ids" in vals:
            self._coop_sync_member_group()
        return res

    @api.model
    def _get_login_domain(self, login):
        """Members also log in with their number, where it says who they are."""
        domain = super()._get_login_domain(login)
        number = (login or "").strip()
        if not number or "@" in number or len(number) > 32:
            return domain
        # sudo: whose number it is, to check their password against it.
        users = self.sudo()
        if users.search_count(domain, limit=1):
            return domain
        found = users.search(
            [
                ("share", "=", True),
                ("partner_id.coop_number", "=", number),
                ("partner_id.coop_is_active", "=", True),
            ],
            limit=2,
        )
        return Domain("id", "=", found.id) if len(found) == 1 else domain

    @api.model
    def _get_signup_invitation_scope(self):
        """Nobody makes an account by themselves: they ask to join.

        Unless the cooperative's settings say that accounts are open to anybody.
        """
        # sudo: a setting, asked by visitors.
        if self.env.company.sudo().coop_open_signup:
            return super()._get_signup_invitation_scope()
        return "b2b"

    @api.model
    def _signup_create_user(self, values):
        """Who signs up without an invitation has not proved the address."""
        user = super()._signup_create_user(values)
        if "partner_id" not in values:
            # sudo: a mark that only the cooperative takes away.
            user.partner_id.sudo().coop_email_unproved = True
        return user

    @api.model
    def signup(self, values, token=None):
        """The token was sent to the card's address: who has it is its owner.

        An account that the same person had made before, on a card of its own, becomes
        the account of this card.
        """
        partner = self.env["res.partner"]
        if token:
            # sudo: as in Odoo's own: visitors read no contact.
            partner = partner.sudo()._signup_retrieve_partner(
                token, check_validity=True, raise_exception=True
            )
            user = partner._coop_take_own_account()
            if user:
                # The token is used, and the password of before opens nothing.
                partner.signup_type = False
                user.password = values["password"]
                partner.coop_email_unproved = False
                return user.login, values["password"]
        result = super().signup(values, token)
        partner.coop_email_unproved = False
        return result

    def _coop_get_start(self):
        """Where somebody without a back office starts after logging in (hook)."""
        self.ensure_one()
        if self._is_portal() and self.partner_id.coop_is_active:
            return "/my/coop"
        return ""

    def _coop_sync_member_group(self):
        """Give the member role to the portal users who are members, only to them."""
        # sudo: the role follows the member flag, whoever sets the flag.
        group = self.env.ref("coop_base.coop_base_group_member").sudo()
        portal_users = self.sudo().filtered(lambda u: u._is_portal())
        to_add = portal_users.filtered(
            lambda u: u.partner_id.coop_is_active and group not in u.group_ids
        )
        to_remove = portal_users.filtered(
            lambda u: not u.partner_id.coop_is_active and group in u.group_ids
        )
        if to_add or to_remove:
            group.write(
                {
                    "user_ids": [Command.link(user.id) for user in to_add]
                    + [Command.unlink(user.id) for user in to_remove]
                }
            )

    def _deactivate_portal_user(self, **post):
        """Odoo's own "delete my account": its owner leaves, and asks to be erased.

        What is due goes to who looks after them; a manager erases once it is settled.
        """
        # sudo: the owner decided; portal users may not write contacts.
        for member in self.sudo().partner_id.filtered("is_coop_member"):
            member.action_coop_leave()
            member._coop_ask_to_be_erased()
        return super()._deactivate_portal_user(**post)

    def _coop_get_erased_login(self):
        """The login of an account whose owner asked for their data to be erased."""
        self.ensure_one()
        return f"efface-{self.id}"

    def _notify_security_setting_update(
        self, subject, content, mail_values=None, **kwargs
    ):
        """No warning to the old address of an account that is being erased."""
        told = self.filtered(lambda u: u.login != u._coop_get_erased_login())
        if not told:
            return None
        return super(ResUsers, told)._notify_security_setting_update(
            subject, content, mail_values=mail_values, **kwargs
        )
