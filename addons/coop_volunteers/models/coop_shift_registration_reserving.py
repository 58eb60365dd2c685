# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..tools.constants import TAKING


class CoopShiftRegistrationReserving(models.AbstractModel):
    """Whether a registration has one of the seats that are kept for some."""

    _name = "coop.shift.registration.reserving"
    _description = "Registration: Kept Seats"

    is_reserved = fields.Boolean(
        string="Kept Seat",
        readonly=True,
        copy=False,
        help="One of the seats kept for some members.",
    )

    def _holds_seat(self):
        self.ensure_one()
        now = fields.Datetime.now()
        return self.state in TAKING or bool(
            self.state == "waiting" and self.offered_until and self.offered_until > now
        )

    def _mark_reserved(self):
        """Whoever a seat is kept for takes that one first, and leaves the others."""
        # sudo: whether one is among those for whom seats are kept.
        rows = self.sudo()
        rows.filtered(
            lambda r: r.is_reserved and not r._holds_seat()
        ).is_reserved = False
        seats = rows.shift_id._get_reserved_seats()
        if not seats:
            return
        kept = rows.shift_id._read_kept()
        for row in rows.filtered(lambda r: not r.is_reserved and r._holds_seat()):
            key = (row.shift_id.id, row.role_id.id or 0)
            if kept.get(key) and seats[key]._filter_reserved_for(row.member_id):
                row.is_reserved = True
                kept[key] -= 1
