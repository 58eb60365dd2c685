# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, models


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

    def _coop_sync_member_group(self):
        """Give the member role to the portal users who are members, only to them."""
        # sudo: the role follows the member flag, whoever sets the flag.
        group = self.env.ref("coop_base.coop_base_group_member").sudo()
        portal_users = self.sudo().filtered(lambda u: u._is_portal())
        to_add = portal_users.filtered(
            lambda u: u.partner_id.is_coop_member and group not in u.group_ids
        )
        to_remove = portal_users.filtered(
            lambda u: not u.partner_id.is_coop_member and group in u.group_ids
        )
        if to_add or to_remove:
            group.write(
                {
                    "user_ids": [Command.link(user.id) for user in to_add]
                    + [Command.unlink(user.id) for user in to_remove]
                }
            )

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
