# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.constants import TAKING


class CoopShiftBooking(models.AbstractModel):
    """Booking, by the member or by somebody for them."""

    _name = "coop.shift.booking"
    _description = "Shift: Booking"

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
        if not member.coop_is_active or member.company_id != shift.company_id:
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

    def _book(self, member, role=None, kind=None, wait=False, rules=True, gift=False):
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
        :param gift: the seat was given by another member, past the waiting list
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
        if not gift:
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
        # sudo: the status follows the facts, whoever books.
        member.sudo()._update_volunteer_status()
        return registration.sudo(False)

    def _get_co_shifters(self, member):
        """Names of the people of a shift, for somebody who is on it.

        :return: list of ``{id, name, role, is_referent, is_my_tutor, is_my_newcomer}``,
            empty for anybody else
        """
        self.ensure_one()
        # sudo: names of members, after checking that this one is among them.
        taking = self.sudo().registration_ids.filtered(lambda r: r.state in TAKING)
        if member not in taking.member_id:
            return []
        tutors = self._read_tutors() if len(taking) > 1 else {}
        return [
            {
                "id": registration.member_id.id,
                "name": registration.member_id.name,
                "role": registration.role_id.name or "",
                "is_referent": registration.member_id == taking.shift_id.referent_id,
                "is_my_tutor": tutors.get((self.id, member.id))
                == registration.member_id.id,
                "is_my_newcomer": tutors.get((self.id, registration.member_id.id))
                == member.id,
            }
            for registration in taking
            if registration.member_id != member
        ]
