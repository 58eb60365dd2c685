# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.http import request

from odoo.addons.portal.controllers.web import Home


class CoopHome(Home):
    def _login_redirect(self, uid, redirect=None):
        """Members and producers come to their own pages, not to Odoo's portal."""
        if not redirect:
            # sudo: who has just logged in; an address, nothing of the account.
            user = request.env["res.users"].sudo().browse(uid)
            redirect = user._coop_get_start() or redirect
        return super()._login_redirect(uid, redirect=redirect)
