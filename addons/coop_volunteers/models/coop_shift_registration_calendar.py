# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

import pytz
import vobject

from odoo import models


class CoopShiftRegistrationCalendar(models.AbstractModel):
    """Shifts in the calendar of the member's phone."""

    _name = "coop.shift.registration.calendar"
    _description = "Registration: Calendar"

    def _get_calendar(self):
        """These shifts as an iCalendar text."""
        calendar = vobject.iCalendar()
        calendar.add("x-wr-calname").value = self.env._("My shifts")
        # sudo: callers give the member's own shifts; places are read by all.
        for registration in self.sudo():
            shift = registration.shift_id
            event = calendar.add("vevent")
            event.add("uid").value = f"coop-shift-{registration.id}@coop"
            event.add("dtstamp").value = pytz.utc.localize(shift.write_date)
            event.add("dtstart").value = pytz.utc.localize(shift.start_at)
            event.add("dtend").value = pytz.utc.localize(shift.end_at)
            role = registration.role_id.name
            event.add("summary").value = (
                f"{shift.name} ({role})" if role else shift.name
            )
            point = shift.collection_point_id
            if point:
                address = (
                    point.partner_id.with_context(show_address=True).display_name or ""
                )
                event.add("location").value = ", ".join(
                    dict.fromkeys([point.name, *address.split("\n")])
                )
            if shift.note:
                event.add("description").value = shift.note
            alarm = event.add("valarm")
            alarm.add("action").value = "DISPLAY"
            alarm.add("description").value = shift.name
            alarm.add("trigger").value = timedelta(days=-1)
        return calendar.serialize()
