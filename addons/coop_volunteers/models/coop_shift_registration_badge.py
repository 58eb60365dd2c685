# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_base.tools.localtime import format_local

from ..tools.badge import badge_answer


class CoopShiftRegistrationBadge(models.AbstractModel):
    """Badging in. Plain answers: what happened and what to do next."""

    _name = "coop.shift.registration.badge"
    _description = "Registration: Badge"

    done_by_id = fields.Many2one(
        "res.partner",
        string="Came instead",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The person attached to the member, who did the shift.",
    )

    @api.model
    def _badge_number(self, number, now=None, point=None):
        """`_badge` by member number, in the current company."""
        # sudo: the kiosk has no right on members; it gets one answer, no record.
        member = (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    ("coop_number", "=", (number or "").strip()),
                    ("coop_number", "!=", False),
                    ("coop_is_active", "=", True),
                    ("company_id", "=", self.env.company.id),
                ],
                limit=1,
            )
        )
        if not member:
            return {
                "result": "unknown",
                "message": self.env._(
                    "This number is not known. Check it, or ask the shift's referent."
                ),
                "registration_id": False,
                "back_at": False,
            }
        return self._badge(member, now, point)

    @api.model
    def _badge(self, member, now=None, point=None):
        """A member says "I am here". Idempotent: again gives the same answer.

        :param member: ``res.partner``
        :param now: naive UTC; a kiosk that was cut off sends when it was
        :param point: only shifts at this ``coop.collection.point``
        :return: ``{result, message, registration_id, back_at}``; result in
            ``present late already too_early refused not_expected``; ``back_at`` naive
            UTC if too early
        """
        now = now or fields.Datetime.now()
        # sudo: the answer is about this member only.
        member = member.sudo()
        policy = member._volunteer_policy()
        registrations = self.sudo()._find_to_badge(member, now, point)
        if not registrations:
            return self.sudo()._badge_unexpected(member, now, policy, point)
        answers = [
            (
                registration,
                badge_answer(
                    registration.start_at,
                    now,
                    policy.badge_before,
                    policy.badge_after,
                    policy.badge_late,
                ),
            )
            for registration in registrations
        ]
        # Of two shifts in a row, the one that can be badged for.
        order = ("present", "late", "refused", "too_early")
        registration, answer = min(answers, key=lambda a: order.index(a[1].state))
        if registration.state in ("present", "late") and answer.state != "too_early":
            pending = [
                a
                for a in answers
                if a[0].state == "booked" and a[1].state in ("present", "late")
            ]
            if not pending:
                return self._badge_result("already", registration)
            registration, answer = pending[0]
        if answer.state in ("present", "late"):
            registration._badge_write(answer.state, member, now)
        return self._badge_result(answer.state, registration, answer.back_at)

    @api.model
    def _find_to_badge(self, member, now, point):
        """An attached person badges for the member's seat, unless they have one."""
        found = self._search_to_badge(member, now, point)
        account = member._volunteer_account()
        if found or account == member:
            return found
        return self._search_to_badge(account, now, point).filtered(
            lambda r: r.state == "booked" or r.done_by_id == member
        )

    @api.model
    def _search_to_badge(self, member, now, point):
        domain = [
            ("member_id", "=", member.id),
            ("state", "in", ("booked", "present", "late")),
            ("shift_id.state", "=", "planned"),
            ("start_at", ">=", now - timedelta(hours=12)),
            ("start_at", "<=", now + timedelta(hours=12)),
            ("end_at", ">=", now),
        ]
        if point:
            domain.append(("shift_id.collection_point_id", "=", point.id))
        return self.search(domain, order="start_at, id")

    @api.model
    def _badge_unexpected(self, member, now, policy, point):
        """Nobody expected them: a free seat of the shift that starts, if any."""
        if not policy.badge_adds:
            return self._badge_result("not_expected")
        domain = [
            ("company_id", "=", member.company_id.id),
            ("state", "=", "planned"),
            ("start_at", "<=", now + timedelta(minutes=policy.badge_before)),
            ("start_at", ">=", now - timedelta(minutes=policy.badge_late)),
            ("end_at", ">", now),
        ]
        if point:
            domain.append(("collection_point_id", "=", point.id))
        # sudo: seats of the shifts that start, for the member who stands there.
        shifts = self.env["coop.shift"].sudo().search(domain, order="start_at, id")
        shifts._lock_seats()
        free = shifts._read_free()
        for shift in shifts:
            for seat in shift.seat_ids:
                role = seat.role_id
                if not role._is_for(member):
                    continue
                if free.get((shift.id, role.id or 0), 0) <= 0:
                    continue
                try:
                    registration = shift._book(member, role, rules=False)
                except UserError:
                    continue
                answer = badge_answer(
                    shift.start_at,
                    now,
                    policy.badge_before,
                    policy.badge_after,
                    policy.badge_late,
                )
                # sudo: booked just before for the member who stands there.
                registration.sudo().write(
                    {
                        "state": answer.state,
                        "badged_at": now,
                        "came_from": "badge",
                        "entered_by_id": False,
                    }
                )
                return self._badge_result(answer.state, registration)
        return self._badge_result("not_expected")

    @api.model
    def _badge_result(self, result, registration=None, back_at=None):
        registration = registration or self.browse()
        at = format_local(self.env, back_at, registration.company_id, "HH:mm")
        message = {
            "present": self.env._("Present, thank you!"),
            "late": self.env._(
                "You are late, but you are counted as present. Thank you!"
            ),
            "already": self.env._(
                "You are already marked as present. Have a good shift!"
            ),
            "too_early": self.env._("Too early: come back at %(time)s.", time=at),
            "refused": self.env._(
                "Too late to badge: your shift has been under way for too long. See"
                " the shift's referent."
            ),
            "not_expected": self.env._(
                "You are not expected now and no seat is free. See the shift's"
                " referent."
            ),
        }[result]
        return {
            "result": result,
            "message": message,
            "registration_id": registration.id or False,
            "back_at": back_at or False,
        }

    def _badge_write(self, state, member, now):
        vals = {"state": state, "badged_at": now}
        if self.member_id != member:
            vals["done_by_id"] = member.id
        self.write(vals)

    def _is_badge_time(self):
        """Whether the badge counts now, on time or late."""
        self.ensure_one()
        # sudo: the member's own registration, a yes or no.
        registration = self.sudo()
        if registration.state != "booked":
            return False
        policy = registration.member_id._volunteer_policy()
        now = fields.Datetime.now()
        return (
            registration.start_at - timedelta(minutes=policy.badge_before)
            <= now
            < registration.start_at + timedelta(minutes=policy.badge_late + 1)
        )

    def _badges_at_kiosk(self):
        """Where a kiosk stands, one badges there: being there is the point."""
        self.ensure_one()
        # sudo: where the shift takes place, not who comes.
        shift = self.sudo().shift_id
        points = [False, shift.collection_point_id.id]
        # sudo: whether there is one, not its address.
        return bool(
            self.env["coop.shift.kiosk"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", shift.company_id.id),
                    ("collection_point_id", "in", points),
                    ("mode", "in", ("badge", "both")),
                ],
                limit=1,
            )
        )
