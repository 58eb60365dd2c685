# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.coop_base.controllers.portal import CoopPortal


class CoopPreferences(CoopPortal):
    """What a member wants to be told of."""

    def _coop_profile_values(self, member, post):
        values = super()._coop_profile_values(member, post)
        if "coop_messages" in post:
            # A box that is not ticked is not sent.
            for name in ("coop_tell_opening", "coop_remind_closing"):
                values[name] = post.get(name) == "1"
        return values
