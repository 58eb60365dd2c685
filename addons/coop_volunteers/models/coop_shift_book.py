from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_base.tools.localtime import format_local

from .coop_shift import TAKING


class CoopShift(models.Model):
    """Booking, by the member or by somebody for them."""

    # One file a subject; a thousand lines in one would not be read.
    _inherit = "coop.shift"  # pylint: disable=consider-merging-classes-inherited

    def _why_not_book(self, member, role=None, rules=True):
        """A sentence that says why a member may not book, or False.

        Free seats are not looked at: who may book may also wait for one.

        :param role: ``coop.shift.role``, empty for the seats for any task
        :param rules: False for a coordinator, who may overrule what is not a fact
        """
        self.ensure_one()
        # sudo: facts about the member are answered, not shown.
        shift, member = self.sudo(), member.sudo()
        now = fields.Datetime.now()
        if not member.is_coop_member or member.company_id != shift.company_id:
            return self.env._("Only members of the cooperative take shifts.")
        if shift.state != "planned":
            return self.env._("This shift does not take place, or is over.")
        role_id = role.id if role else False
        if role_id not in [seat.role_id.id for seat in shift.seat_ids]:
            return self.env._("This shift has no seat for this role.")
        mine = shift.env["coop.shift.registration"].search(
            [("member_id", "=", member.id), ("state", "in", TAKING)]
            + [("start_at", "<", shift.end_at), ("end_at", ">", shift.start_at)],
            limit=1,
        )
        if mine.shift_id == shift:
            return self.env._("You already have this shift.")
        if mine:
            return self.env._(
                "At that time you already have %(shift)s.",
                shift=mine.shift_id.display_name,
            )
        if not rules:
            return False
        policy = member._volunteer_policy()
        if shift.start_at <= now:
            return self.env._("This shift has already started.")
        if shift.start_at > now + timedelta(days=policy.booking_days):
            return self.env._(
                "Shifts are booked at most %(days)s days ahead.",
                days=policy.booking_days,
            )
        if member.coop_left_on or member.volunteer_status == "unsubscribed":
            return self.env._(
                "You no longer take part in the shifts: write to the coordinators."
            )
        if member._volunteer_on_leave(shift.date) and not shift._is_for_exempted(
            member, role
        ):
            return self.env._("You are on leave that day. End the leave first.")
        why = role and role.with_env(self.env)._why_not(member)
        if why:
            return why
        return shift._why_not_beginner(member, policy)

    def _why_not_beginner(self, member, policy):
        if not policy.beginner_needs_company:
            return False
        others = self.registration_ids.filtered(
            lambda r: r.state in TAKING and r.member_id != member
        ).member_id
        experience = self.env["res.partner"]._read_volunteer_experience(member | others)
        if experience[member.id] >= policy.beginner_shifts or any(
            experience[other.id] >= policy.beginner_shifts for other in others
        ):
            return False
        return self.env._(
            "For a first shift, choose one where somebody experienced is expected."
        )

    def _book(self, member, role=None, kind=None, wait=False, rules=True):
        """Give a seat to a member, or a place in the waiting list.

        The one door to bookings: the seats are locked, then counted. Nobody gets a
        seat that is held for somebody on the waiting list.

        :param member: ``res.partner``; callers check that the user may act for them
        :param role: ``coop.shift.role`` or nothing (seats for any task)
        :param kind: ``fixed|flying|make_up|extra``; by default what the member's
            situation says
        :param wait: take a place in the waiting list when no seat is free
        :param rules: False for a coordinator, who may also give the seats kept for
            others; capacity is never overruled
        :return: the ``coop.shift.registration`` (``state`` ``booked`` or ``waiting``)
        :raise UserError: one sentence, if it cannot be
        """
        self.ensure_one()
        # sudo: the caller answers for the member; rules and seats are checked here.
        shift = self.sudo()
        shift._lock_seats()
        why = shift._why_not_book(member, role, rules)
        if why:
            raise UserError(why)
        # Whoever waits is served before who comes when seats are kept no longer.
        shift._offer_opened()
        registration = shift.env["coop.shift.registration"].search(
            [("shift_id", "=", shift.id), ("member_id", "=", member.id)]
        )
        key = (shift.id, role.id if role else 0)
        held = bool(
            registration.offered_until
            and registration.offered_until > fields.Datetime.now()
            and (registration.role_id.id or 0) == key[1]
        )
        free = shift._read_free_for(member) if rules else shift._read_free()
        free = free[key] + held
        if free <= 0 and not wait:
            raise UserError(shift._why_no_seat(key))
        own = self.env.user.partner_id == member
        vals = {
            "role_id": role.id if role else False,
            "kind": kind or member._volunteer_booking_kind(),
            "state": "booked" if free > 0 else "waiting",
            "waiting_since": False if free > 0 else fields.Datetime.now(),
            "came_from": "member" if own else "staff",
            "entered_by_id": False if own else self.env.uid,
        }
        if registration:
            registration.write(vals)
        else:
            registration = registration.create(
                {"shift_id": shift.id, "member_id": member.id, **vals}
            )
        member.sudo()._update_volunteer_status()
        return registration.sudo(False)

    def _get_co_shifters(self, member):
        """Names of the people of a shift, for somebody who is on it.

        :return: list of ``{id, name, role, is_referent}``, empty for anybody else
        """
        self.ensure_one()
        # sudo: names of members, after checking that this one is among them.
        taking = self.sudo().registration_ids.filtered(lambda r: r.state in TAKING)
        if member not in taking.member_id:
            return []
        return [
            {
                "id": registration.member_id.id,
                "name": registration.member_id.name,
                "role": registration.role_id.name or "",
                "is_referent": registration.member_id == self.sudo().referent_id,
            }
            for registration in taking
            if registration.member_id != member
        ]


class CoopShiftRegistration(models.Model):
    # One file a subject; a thousand lines in one would not be read.
    _inherit = "coop.shift.registration"  # pylint: disable=consider-merging-classes-inherited

    def _get_cancel_terms(self):
        """What cancelling would mean now: ``{allowed, points, message}``."""
        self.ensure_one()
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
