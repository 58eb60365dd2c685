# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import who
from ..tools.constants import COORDINATOR


class CoopVolunteerBirthday(models.AbstractModel):
    """The day of birth, where a kiosk accepts it instead of the number: no year."""

    _name = "coop.volunteer.birthday"
    _description = "Volunteer: Day of Birth"

    volunteer_birthday = fields.Char(
        string="Day of Birth",
        size=5,
        copy=False,
        index="btree_not_null",
        groups=COORDINATOR,
        help="Month and day, such as 03-12: for who badges without a number.",
    )

    @api.constrains("volunteer_birthday")
    def _check_volunteer_birthday(self):
        for member in self.filtered("volunteer_birthday"):
            month, _dash, day = member.volunteer_birthday.partition("-")
            if who.parse_birthday(f"{day}/{month}") != member.volunteer_birthday:
                raise ValidationError(
                    self.env._("Write the month and the day, such as 03-12.")
                )

    @api.model
    def _find_by_claim(self, claim, company):
        """The one member of that name born that day, as sudo; else nothing.

        :param claim: what ``tools.who.parse_claim`` gives
        """
        # sudo: the kiosk gets one answer, no record.
        members = self.sudo().search(
            [
                ("coop_is_active", "=", True),
                ("company_id", "=", company.id),
                ("volunteer_birthday", "=", claim[1]),
            ]
        )
        return members.browse(who.match(claim[0], {m.id: m.name for m in members}))

    @api.model
    def _asks_birthday(self, company):
        """Whether a kiosk of this cooperative accepts name and day of birth."""
        # sudo: whether there is one, not its address.
        return bool(
            self.env["coop.shift.kiosk"]
            .sudo()
            .search_count(
                [("company_id", "=", company.id), ("accepts_name", "=", True)], limit=1
            )
        )
