# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_base.tools.localtime import format_local


class CoopShiftRegistrationBooking(models.AbstractModel):
    """Giving a seat back, or exchanging it for a free one."""

    _name = "coop.shift.registration.booking"
    _description = "Registration: Cancel and Move"

    def _get_cancel_terms(self):
        """What cancelling would mean now: ``{allowed, points, message}``."""
        self.ensure_one()
        # sudo: the rules and the times of this registration, to answer its member.
        registration = self.sudo()
        policy = registration.member_id._volunteer_policy()
        limit = registration.start_at - timedelta(hours=policy.cancel_hours)
        if registration.state == "waiting":
            return {
                "allowed": True,
                "points": 0.0,
                "message": self.env._("You leave the waiting list."),
            }
        if registration.state != "booked" or registration.shift_id.state != "planned":
            return {
                "allowed": False,
                "points": 0.0,
                "message": self.env._("This shift can no longer be cancelled."),
            }
        if fields.Datetime.now() > limit:
            return {
                "allowed": False,
                "points": 0.0,
                "message": self.env._(
                    "It was possible to cancel until %(when)s. Call the shift's"
                    " referent so that nobody waits for you.",
                    when=format_local(self.env, limit, registration.company_id),
                ),
            }
        points = 0.0
        if registration.kind == "fixed":
            points = policy._points("excused", "fixed", registration.shift_id.hours)[
                "shift"
            ]
        if points < 0:
            message = self.env._(
                "Your seat is freed for others. This shift will count %(points)s in"
                " your balance, until you make it up.",
                points=self.env["coop.shift.ledger"]
                .new({"points": points})
                ._format_points(),
            )
        else:
            message = self.env._("Your seat is freed for others. You owe nothing.")
        return {"allowed": True, "points": points, "message": message}

    def _cancel(self, reason=None, rules=True):
        """Give the seat back. A fixed shift becomes an excused absence.

        :raise UserError: too late for the rules
        """
        self.ensure_one()
        terms = self._get_cancel_terms()
        if rules and not terms["allowed"]:
            raise UserError(terms["message"])
        # sudo: callers check that the user may act for the member.
        registration = self.sudo()
        excused = registration.kind == "fixed" and registration.state == "booked"
        vals = {"state": "excused" if excused else "cancelled"}
        if reason:
            vals["reason"] = reason
        registration.write(vals)
        registration.member_id._update_volunteer_status()
        return True

    def _why_not_move(self):
        self.ensure_one()
        # sudo: the rules and the times of this registration, to answer its member.
        registration = self.sudo()
        policy = registration.member_id._volunteer_policy()
        limit = registration.start_at - timedelta(hours=policy.move_hours)
        if registration.state != "booked" or registration.shift_id.state != "planned":
            return self.env._("This shift can no longer be moved.")
        if fields.Datetime.now() > limit:
            return self.env._(
                "It was possible to move until %(when)s.",
                when=format_local(self.env, limit, registration.company_id),
            )
        return False

    def _move(self, shift, role=None, rules=True):
        """Exchange the seat for a free one: same kind, nothing owed.

        :return: the new registration
        """
        self.ensure_one()
        why = self._why_not_move() if rules else False
        if why:
            raise UserError(why)
        # sudo: callers check that the user may act for the member.
        old = self.sudo()
        if old.shift_id == shift:
            raise UserError(self.env._("You already have this shift."))
        (old.shift_id | shift.sudo())._lock_seats()
        member, kind = old.member_id, old.kind
        # Freed first: a shift at the same time may replace it.
        old.write({"state": "cancelled"})
        new = shift._book(member.sudo(False), role, kind=kind, rules=rules)
        new.sudo().write({"came_from": "move", "moved_from_id": old.id})
        return new
