from odoo import api, fields, models


class CoopShiftSeat(models.Model):
    """Seats of a role in a shift: how many are needed, how many there are."""

    _name = "coop.shift.seat"
    _description = "Seats of a Shift"
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
