# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

# What changes the shifts that do not take place.
SHIFT_FIELDS = {"date_from", "date_to", "collection_point_ids", "no_shift", "owed"}


class CoopClosedDay(models.Model):
    """Days without shifts, and whether those who had one owe it."""

    _inherit = "coop.closed.day"

    no_shift = fields.Boolean(
        string="No shift",
        default=True,
        help="Shifts on these days are cancelled, and take place again if you delete"
        " the line.",
    )
    owed = fields.Selection(
        [("nothing", "Nothing is owed"), ("points", "The shift is to be made up")],
        required=True,
        default="nothing",
        help="What fixed members owe for a shift that does not take place. The points"
        " are those of the rules.",
    )
    shift_ids = fields.One2many("coop.shift", "closure_id", string="Shifts")

    def _covers_shift(self, shift):
        self.ensure_one()
        return (
            self.no_shift
            and self.company_id == shift.company_id
            and self._covers(shift.date, shift.collection_point_id)
        )

    @api.model_create_multi
    def create(self, vals_list):
        closures = super().create(vals_list)
        closures._apply()
        return closures

    def write(self, vals):
        res = super().write(vals)
        if SHIFT_FIELDS & set(vals):
            self._release()
            self._apply()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_release(self):
        self._release(everything=True)

    def _apply(self):
        """Cancel the shifts to come on these days."""
        # sudo: whoever keeps the closed days need not write shifts.
        for closure in self.sudo():
            self.env["coop.shift"].sudo().search(
                [
                    ("company_id", "=", closure.company_id.id),
                    ("date", ">=", closure.date_from),
                    ("date", "<=", closure.date_to),
                    ("state", "=", "planned"),
                    ("start_at", ">", fields.Datetime.now()),
                ]
            )._apply_closures(closure)

    def _release(self, everything=False):
        """Shifts to come that these closures no longer cover take place again.

        :param everything: the closures go: whatever they cover
        """
        # sudo: whoever keeps the closed days need not write shifts.
        for closure in self.sudo():
            shifts = closure.shift_ids.filtered(
                lambda s, c=closure: (
                    s.start_at > fields.Datetime.now()
                    and (everything or not c._covers_shift(s) or c.owed == "nothing")
                )
            )
            shifts._reopen_closed()
            # Another closed day may cover them all the same.
            others = self._get_closures(closure.company_id, shifts.mapped("date"))
            shifts._apply_closures(others - self)

    def _prepare_entries(self, registrations):
        """What fixed members owe for these shifts."""
        self.ensure_one()
        vals_list = []
        for registration in registrations:
            policy = registration.member_id._volunteer_policy()
            factor = registration.shift_id.hours if policy.unit == "hour" else 1.0
            if policy.points_closure:
                vals_list.append(
                    {
                        "member_id": registration.member_id.id,
                        "company_id": self.company_id.id,
                        "date": registration.shift_id.date,
                        "points": policy.points_closure * factor,
                        "reason": "closure",
                        "registration_id": registration.id,
                    }
                )
        return vals_list
