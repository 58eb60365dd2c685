# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.coop_base.tools.localtime import to_utc

RESERVE_FIELDS = {
    "reserved_count",
    "reserved_for",
    "reserved_days",
    "reserved_role_id",
    "reserved_group_id",
    "reserved_member_ids",
}


class CoopShiftSeat(models.Model):
    """Seats of a role in a shift: how many are needed, how many there are."""

    _name = "coop.shift.seat"
    _description = "Seats of a Shift"
    _inherit = ["coop.shift.reserve.mixin"]
    _order = "shift_id, sequence, id"

    shift_id = fields.Many2one(
        "coop.shift", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="shift_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    role_id = fields.Many2one(
        "coop.shift.role", ondelete="restrict", help="Empty: any task."
    )
    seats_min = fields.Integer(string="Needed", default=0)
    seats_max = fields.Integer(string="Seats", required=True, default=1)
    taken_count = fields.Integer(string="Taken", compute="_compute_taken_count")
    reserved_opens_at = fields.Datetime(
        string="Anybody's from",
        compute="_compute_reserved_opens_at",
        store=True,
        precompute=True,
        help="The midnight after the last day on which seats are kept.",
    )

    _seats = models.Constraint(
        "CHECK (seats_min >= 0 AND seats_max >= seats_min)",
        "There are at least as many seats as are needed.",
    )
    _role_once = models.UniqueIndex(
        "(shift_id, COALESCE(role_id, 0))", "Each role has one line of seats."
    )

    @api.depends(
        "seats_max",
        "shift_id.registration_ids.state",
        "shift_id.registration_ids.role_id",
    )
    def _compute_taken_count(self):
        taken = self.shift_id._read_taken()
        for seat in self:
            seat.taken_count = taken.get((seat.shift_id.id, seat.role_id.id or 0), 0)

    @api.depends("reserved_count", "reserved_days", "shift_id.start_at")
    def _compute_reserved_opens_at(self):
        for seat in self:
            seat.reserved_opens_at = False
            shift = seat.shift_id
            if seat.reserved_count and shift.start_at:
                midnight = datetime.combine(
                    seat._get_reserved_until() + timedelta(days=1), time.min
                )
                opens_at = to_utc(midnight, shift.company_id.coop_tz)
                seat.reserved_opens_at = min(opens_at, shift.start_at)

    def _get_reserved_until(self):
        """The last local day on which the seats are kept."""
        self.ensure_one()
        return self.shift_id._local_day() - timedelta(days=self.reserved_days)

    def _is_reserved_now(self):
        self.ensure_one()
        return bool(
            self.reserved_count
            and self.reserved_opens_at
            and fields.Datetime.now() < self.reserved_opens_at
        )

    def _get_reserve_owner(self):
        return self.shift_id, self.shift_id.date

    def _describe_kept(self, count):
        """``2 seats kept for newcomers until 3 May``."""
        self.ensure_one()
        values = {
            "count": count,
            "whom": self._describe_reserved_for(),
            "date": format_date(
                self.env, self._get_reserved_until(), date_format="d MMMM"
            ),
        }
        if count == 1:
            return self.env._("1 seat kept %(whom)s until %(date)s", **values)
        return self.env._("%(count)s seats kept %(whom)s until %(date)s", **values)

    def write(self, vals):
        res = super().write(vals)
        if RESERVE_FIELDS & set(vals):
            # What is not kept any more goes to those who wait.
            self.shift_id._offer_seats()
        return res
