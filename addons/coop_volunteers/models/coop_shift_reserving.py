# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ..tools.constants import TAKING


class CoopShiftReserving(models.AbstractModel):
    """Seats kept for some: who may take which, and what is left to the others."""

    _name = "coop.shift.reserving"
    _description = "Shift: Kept Seats"

    kept_count = fields.Integer(
        string="Of these, kept",
        compute="_compute_kept_count",
        help="Free seats that are kept for some members today.",
    )

    @api.depends("seat_ids.reserved_opens_at", "registration_ids.state")
    def _compute_kept_count(self):
        kept = self._origin._read_kept()
        free = self._origin._read_free() if kept else {}
        for shift in self:
            shift.kept_count = sum(
                min(count, max(free[key], 0))
                for key, count in kept.items()
                if key[0] == shift._origin.id
            )

    def _get_reserved_seats(self):
        """``{(shift id, role id or 0): seat line}`` of lines that keep seats now."""
        # sudo: for whom seats are kept is for the code; answers say a number.
        return {
            (seat.shift_id.id, seat.role_id.id or 0): seat
            for seat in self.sudo().seat_ids
            if seat._is_reserved_now()
        }

    def _read_kept(self):
        """``{(shift id, role id or 0): seats kept that nobody took yet}``."""
        seats = self._get_reserved_seats()
        if not seats:
            return {}
        # sudo: numbers only.
        rows = (
            self.env["coop.shift.registration"]
            .sudo()
            ._read_group(
                [
                    ("shift_id", "in", [shift for shift, _role in seats]),
                    ("is_reserved", "=", True),
                    "|",
                    ("state", "in", TAKING),
                    "&",
                    ("state", "=", "waiting"),
                    ("offered_until", ">", fields.Datetime.now()),
                ],
                ["shift_id", "role_id"],
                ["__count"],
            )
        )
        taken = {(shift.id, role.id or 0): count for shift, role, count in rows}
        return {
            key: max(seat.reserved_count - taken.get(key, 0), 0)
            for key, seat in seats.items()
        }

    def _read_open(self):
        """`_read_free` without the seats kept for some."""
        kept = self._read_kept()
        return {key: free - kept.get(key, 0) for key, free in self._read_free().items()}

    def _read_free_for(self, member):
        """`_read_free` as this member may take them."""
        free, kept = self._read_free(), self._read_kept()
        seats = self._get_reserved_seats() if any(kept.values()) else {}
        known = {}
        for key, count in kept.items():
            if not count:
                continue
            # A week of shifts asks once for each sort of people.
            sort = seats[key]._get_reserve_key()
            if sort not in known:
                known[sort] = bool(seats[key]._filter_reserved_for(member))
            if not known[sort]:
                free[key] -= count
        return free

    def _filter_may_take(self, members):
        """Of these, who may take a free seat of this shift, kept ones included."""
        self.ensure_one()
        kept = self._read_kept()
        if not any(kept.values()) or any(n > 0 for n in self._read_open().values()):
            return members
        free, seats = self._read_free(), self._get_reserved_seats()
        able = members.browse()
        for key, count in kept.items():
            if count and free[key] > 0:
                able |= seats[key]._filter_reserved_for(members).sudo(False)
        return members & able.with_env(members.env)

    def _is_for_exempted(self, member, role):
        """Whether an exempted member may come all the same: a seat is kept for them."""
        seat = self._get_reserved_seats().get((self.id, role.id if role else 0))
        return bool(
            seat
            and seat.reserved_for == "exempted"
            and seat._filter_reserved_for(member)
        )

    def _why_no_seat(self, key):
        """One sentence: full, or what is left is kept for others."""
        self.ensure_one()
        seat = self._get_reserved_seats().get(key)
        left = min(self._read_free().get(key, 0), self._read_kept().get(key, 0))
        if not seat or left <= 0:
            return self.env._("No seat is left on %(shift)s.", shift=self.display_name)
        # sudo: the sentence names a kind of members, nobody.
        return self.env._(
            "%(kept)s: choose another shift, or join the waiting list.",
            kept=seat.with_env(self.env).sudo()._describe_kept(left),
        )

    def _offer_opened(self):
        """Seats that are kept no longer go first to those who wait.

        Called before each booking too: whoever waits is served before who comes just
        after the day on which the seats become anybody's.
        """
        # sudo: seats of all who wait, whoever books.
        opened = self.sudo().filtered(
            lambda shift: any(
                seat.reserved_count and not seat._is_reserved_now()
                for seat in shift.seat_ids
            )
        )
        if opened:
            opened._offer_seats()

    def _make_fixed_reserved(self):
        """Fixed members for whom seats are kept, once the others have theirs."""
        for (shift_id, role_id), seat in self._get_reserved_seats().items():
            # Who is new today is not for good.
            if seat.reserved_for == "newcomers":
                continue
            shift = seat.shift_id
            known = shift.registration_ids.member_id
            lines = shift.template_id.fixed_ids.filtered(
                lambda f, day=shift.date, role=role_id, known=known: (
                    (f.role_id.id or 0) == role
                    and f.date_from <= day
                    and (not f.date_to or day <= f.date_to)
                    and f.member_id not in known
                )
            )
            left = min(
                shift._read_kept()[shift_id, role_id],
                shift._read_free()[shift_id, role_id],
            )
            able = seat._filter_reserved_for(lines.member_id) if left > 0 else []
            for line in lines.sorted("date_from"):
                member = line.member_id
                if left <= 0 or member not in able or not member.coop_is_active:
                    continue
                if member.coop_left_on or member._volunteer_on_leave(shift.date):
                    continue
                # sudo: fixed members get their seats, whoever wakes the job.
                self.env["coop.shift.registration"].sudo().create(
                    {
                        "shift_id": shift.id,
                        "member_id": member.id,
                        "role_id": line.role_id.id,
                        "kind": "fixed",
                        "came_from": "template",
                    }
                )
                left -= 1
