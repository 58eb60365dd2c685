# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import ValidationError
from odoo.http import request

from odoo.addons.coop_base.controllers.portal import CoopPortal

from ..tools.constants import DRIVES
from ..tools.who import parse_birthday


class CoopVolunteerPreferences(CoopPortal):
    """What a volunteer wants to be told of; seats offered and alerts always are."""

    def _coop_profile_values(self, member, post):
        values = super()._coop_profile_values(member, post)
        if "coop_shift_messages" in post:
            # A box that is not ticked is not sent.
            for name in (
                "coop_tell_reminder",
                "coop_tell_call",
                "coop_tell_cycle",
                "coop_tell_message",
            ):
                values[name] = post.get(name) == "1"
        if "coop_drives" in post:
            drives = post["coop_drives"]
            values["coop_drives"] = drives if drives in dict(DRIVES) else False
        if "volunteer_birthday" in post:
            text = post["volunteer_birthday"].strip()
            values["volunteer_birthday"] = parse_birthday(text) if text else False
            if text and not values["volunteer_birthday"]:
                raise ValidationError(
                    request.env._("Write the day and the month, such as 12/03.")
                )
        return values

    def _coop_render_profile(self, member, post=None, error=None):
        response = super()._coop_render_profile(member, post, error)
        # sudo: the member's own day of birth.
        own = member.sudo()
        birthday = own.volunteer_birthday or ""
        response.qcontext.update(
            # sudo: what the member said.
            drives=(post or {}).get("coop_drives", own.coop_drives or ""),
            asks_birthday=own._asks_birthday(own.company_id),
            birthday=(post or {}).get(
                "volunteer_birthday", "/".join(reversed(birthday.split("-")))
            ),
        )
        return response
