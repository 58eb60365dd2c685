from odoo.addons.coop_base.controllers.portal import CoopPortal


class CoopVolunteerPreferences(CoopPortal):
    """What a volunteer wants to be told of; seats offered and alerts always are."""

    def _coop_profile_values(self, member, post):
        values = super()._coop_profile_values(member, post)
        if "coop_shift_messages" in post:
            # A box that is not ticked is not sent.
            for name in ("coop_tell_reminder", "coop_tell_call", "coop_tell_cycle"):
                values[name] = post.get(name) == "1"
        return values
