# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models

from ..tools.constants import TAKING


class CoopVolunteerPage(models.AbstractModel):
    """What the member's pages read, in few queries."""

    _name = "coop.volunteer.page"
    _description = "Volunteer: Own Pages"

    def _read_shifts_to_book(self, start, end, point=None, role=None, only_free=True):
        """Shifts between two moments with their seats, for this member.

        Rules of the member that do not depend on others are looked at here, in a
        constant number of queries; `coop.shift._book` checks everything.

        :return: list of ``{shift, mine, tutor, seats: [{role, free, needs_skill,
            kept}]}``;
            ``free``: as this member may take them, ``kept``: in words, those that are
            kept for some, ``tutor``: for a newcomer, somebody experienced comes
        """
        self.ensure_one()
        # sudo: the member's own facts, and numbers of seats.
        member = self.sudo()
        now = fields.Datetime.now()
        domain = [
            ("company_id", "=", member.company_id.id),
            ("state", "=", "planned"),
            ("start_at", ">=", max(start, now)),
            ("start_at", "<", end),
        ]
        if point:
            domain.append(("collection_point_id", "=", point.id))
        shifts = member.env["coop.shift"].search(domain, limit=200)
        if only_free:
            shifts = shifts._filter_with_company(member)
        free = shifts._read_free_for(member)
        kept, every = shifts._read_kept(), shifts._read_free()
        own = member.env["coop.shift.registration"].search(
            [
                ("member_id", "=", member.id),
                ("state", "in", (*TAKING, "waiting")),
                ("end_at", ">", start),
                ("start_at", "<", end + timedelta(days=1)),
            ]
        )
        done = self.env["res.partner"]._read_volunteer_experience(member)
        needed = max(member._volunteer_policy().beginner_shifts, 1)
        is_new = done[member.id] < needed
        accompanied = shifts._filter_accompanied() if is_new else shifts.browse()
        rows = []
        for shift in shifts:
            mine = own.filtered(lambda r, shift=shift: r.shift_id == shift)
            if mine:
                if not only_free:
                    rows.append(
                        {"shift": shift, "mine": mine, "seats": [], "tutor": False}
                    )
                continue
            taken = own.filtered(
                lambda r, shift=shift: (
                    r.state in TAKING
                    and r.start_at < shift.end_at
                    and r.end_at > shift.start_at
                )
            )
            if taken:
                continue
            seats = [
                {
                    "role": seat.role_id,
                    "free": max(free.get((shift.id, seat.role_id.id or 0), 0), 0),
                    "needs_skill": not seat.role_id._is_for(member),
                    "kept": seat._describe_kept(count)
                    if (
                        count := min(
                            kept.get((shift.id, seat.role_id.id or 0), 0),
                            every.get((shift.id, seat.role_id.id or 0), 0),
                        )
                    )
                    > 0
                    else "",
                }
                for seat in shift.seat_ids
                if not role or seat.role_id == role
            ]
            if only_free:
                # What is kept for others is shown: it is anybody's from a day on.
                seats = [
                    s
                    for s in seats
                    if (s["free"] or s["kept"]) and not s["needs_skill"]
                ]
            if seats:
                rows.append(
                    {
                        "shift": shift,
                        "mine": own.browse(),
                        "seats": seats,
                        "tutor": shift in accompanied,
                    }
                )
        return rows

    def _read_shifts_with_tutor(self, limit=3):
        """For a newcomer: the first shifts where somebody will show them round.

        :return: rows of `_read_shifts_to_book`, empty for who is no newcomer
        """
        self.ensure_one()
        policy = self._volunteer_policy()
        done = self.env["res.partner"]._read_volunteer_experience(self)
        if done[self.id] >= max(policy.beginner_shifts, 1):
            return []
        now = fields.Datetime.now()
        until = now + timedelta(days=min(policy.booking_days, 28))
        rows = self._read_shifts_to_book(now, until)
        return [
            row
            for row in rows
            if row["tutor"] and any(seat["free"] for seat in row["seats"])
        ][:limit]

    def _next_shift(self):
        """The member's next or current registration, as sudo."""
        self.ensure_one()
        # sudo: the member's own; callers check that it is.
        return (
            self.env["coop.shift.registration"]
            .sudo()
            .search(
                [
                    ("member_id", "=", self.id),
                    ("state", "in", TAKING),
                    ("shift_id.state", "=", "planned"),
                    ("end_at", ">=", fields.Datetime.now()),
                ],
                order="start_at, id",
                limit=1,
            )
        )

    def action_coop_help_shifts(self):
        """The member's own pages, for who does it on their behalf."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/my/coop/shifts?for={self.id}",
            "target": "new",
        }
