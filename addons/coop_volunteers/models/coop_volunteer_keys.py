# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
import secrets

from odoo import fields, models

# Letters that are at the same place on all Latin keyboards: a scanner that types
# like a keyboard is understood by a French tablet as by any other.
CODE_LETTERS = "BCDEFGHIJKLNOPRSTUVXY"

CODE_LENGTH = 20

CODE = re.compile(f"[{CODE_LETTERS}]{{{CODE_LENGTH}}}")


class CoopVolunteerKeys(models.AbstractModel):
    """Two secrets of a member: the code on the phone and the calendar's address.

    The code does not change by the minute: a kiosk that is cut off keeps it until it
    can send it, and a phone without network shows it. A short-lived code would protect
    nothing where the number alone is accepted too. A new one is made at will.
    """

    _name = "coop.volunteer.keys"
    _description = "Volunteer: Code and Calendar"

    volunteer_badge_code = fields.Char(
        copy=False, index="btree_not_null", groups="base.group_system"
    )
    volunteer_feed_token = fields.Char(
        copy=False, index="btree_not_null", groups="base.group_system"
    )

    def _is_badge_code(self, code):
        return bool(CODE.fullmatch(code))

    def _get_badge_code(self, renew=False):
        """The code of the member's phone; callers check that it is theirs."""
        self.ensure_one()
        # sudo: secrets are for the member's own page only.
        member = self.sudo()
        if renew or not member.volunteer_badge_code:
            member.volunteer_badge_code = "".join(
                secrets.choice(CODE_LETTERS) for _number in range(CODE_LENGTH)
            )
        return member.volunteer_badge_code

    def _set_feed_token(self, wanted=True):
        """A new address for the calendar, or none; callers check that it is theirs."""
        self.ensure_one()
        # sudo: secrets are for the member's own page only.
        member = self.sudo()
        member.volunteer_feed_token = secrets.token_urlsafe(24) if wanted else False
        return member.volunteer_feed_token

    def _find_by_feed_token(self, token):
        """The member of a calendar's address, with sudo; else nothing."""
        # sudo: the secret address is the right to read these shifts.
        members = self.env["res.partner"].sudo()
        if not token or len(token) > 100:
            return members
        return members.search(
            [("volunteer_feed_token", "=", token), ("coop_is_active", "=", True)],
            limit=1,
        )

    def _get_shift_feed(self):
        """Shifts from four weeks ago on, as an iCalendar text."""
        self.ensure_one()
        # sudo: whoever has the secret address reads these shifts only.
        registrations = (
            self.env["coop.shift.registration"]
            .sudo()
            .search(
                [
                    ("member_id", "=", self.id),
                    ("state", "in", ("booked", "present", "late")),
                    ("shift_id.state", "!=", "cancelled"),
                    (
                        "start_at",
                        ">=",
                        fields.Datetime.subtract(fields.Datetime.now(), weeks=4),
                    ),
                ]
            )
        )
        return registrations._get_calendar()
