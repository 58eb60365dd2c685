# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CoopShiftTemplateSeat(models.Model):
    _name = "coop.shift.template.seat"
    _description = "Seats of a Recurring Shift"
    _inherit = ["coop.shift.reserve.mixin"]
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "coop.shift.template", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    role_id = fields.Many2one(
        "coop.shift.role", ondelete="restrict", help="Empty: any task."
    )
    seats_min = fields.Integer(string="Needed", default=0)
    seats_max = fields.Integer(string="Seats", required=True, default=1)

    _seats = models.Constraint(
        "CHECK (seats_min >= 0 AND seats_max >= seats_min)",
        "There are at least as many seats as are needed.",
    )
    _role_once = models.UniqueIndex(
        "(template_id, COALESCE(role_id, 0))", "Each role has one line of seats."
    )

    def _prepare_shift_seat(self):
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "role_id": self.role_id.id,
            "seats_min": self.seats_min,
            "seats_max": self.seats_max,
            **self._prepare_reserve(),
        }

    @api.constrains("reserved_count", "reserved_for", "seats_max")
    def _check_fixed_members(self):
        self.template_id.fixed_ids._check_reserved_seats()

    def _get_reserve_owner(self):
        template = self.template_id
        return template, template.company_id._coop_get_today()
