# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.coop_volunteers.controllers.shift_messages import CoopShiftMessages


class CoopShiftKnowledge(CoopShiftMessages):
    """How things are done, one tap from one's shift."""

    def _render_shifts(self, template, member, is_helped, page_name, **values):
        registration = values.get(
            {"coop_shift": "registration", "coop_shifts": "first"}.get(page_name)
        )
        values["how_to"] = None
        if registration and (page_name == "coop_shift" or registration._is_going_on()):
            values["how_to"] = registration._get_how_to()
        return super()._render_shifts(template, member, is_helped, page_name, **values)

    def _coop_get_home_cards(self, member):
        cards = super()._coop_get_home_cards(member)
        for card in cards:
            registration = card["values"].get("registration")
            # During the shift, not before: the home page is for what is due.
            if registration and registration._is_going_on():
                card["values"]["how_to"] = registration._get_how_to()
        return cards
