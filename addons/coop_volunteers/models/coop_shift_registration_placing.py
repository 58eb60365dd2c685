# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.constants import COORDINATOR

# Of the shifts that suit, so many of the nearest are tried.
TRIED = 20


class CoopShiftRegistrationPlacing(models.AbstractModel):
    """Newcomers without a tutor: found, and placed beside one."""

    _name = "coop.shift.registration.placing"
    _description = "Registration: Newcomers Placed"

    needs_tutor = fields.Boolean(
        string="Without a Tutor",
        compute="_compute_needs_tutor",
        search="_search_needs_tutor",
        groups=COORDINATOR,
        help="A newcomer's first shift, where nobody experienced is expected.",
    )

    def _compute_needs_tutor(self):
        alone = self.search([("id", "in", self.ids), ("needs_tutor", "=", True)])
        for registration in self:
            registration.needs_tutor = registration in alone

    def _search_needs_tutor(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        self.flush_model(["shift_id", "state", "member_id", "start_at"])
        self.env["coop.shift.pair"].flush_model()
        # sudo: rules of each cooperative, not its settings.
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        needed = SQL(", ").join(
            SQL(
                "(%s, %s)",
                company.id,
                max(company._coop_volunteer_policy().beginner_shifts, 1),
            )
            for company in companies
        )
        query = SQL(
            """(
                SELECT r.id FROM (
                    SELECT b.id, b.shift_id, b.member_id, b.company_id, row_number()
                        OVER (PARTITION BY b.member_id ORDER BY b.start_at, b.id)
                        AS rank
                    FROM coop_shift_registration b
                    JOIN coop_shift s ON s.id = b.shift_id AND s.state = 'planned'
                    WHERE b.state = 'booked' AND b.start_at > %s
                ) r
                JOIN (VALUES %s) AS rules (company_id, needed)
                  ON rules.company_id = r.company_id
                WHERE r.rank + (
                    SELECT count(*) FROM coop_shift_registration past
                    WHERE past.member_id = r.member_id
                      AND past.state IN ('present', 'late')
                ) <= rules.needed
                AND NOT EXISTS (
                    SELECT FROM coop_shift_pair p
                    WHERE p.shift_id = r.shift_id AND p.newcomer_id = r.member_id)
            )""",
            fields.Datetime.now(),
            needed,
        )
        return [("id", operator, query)]

    def _place(self):
        """Put a newcomer beside somebody experienced: here, or on the nearest shift.

        The shift nearest in time and at the same place first, where somebody agreed to
        welcome; what is owed does not change.

        :return: the registration beside a tutor; empty when there is none
        """
        self.ensure_one()
        # sudo: callers check who may place; the rules of the member are checked.
        own = self.sudo()
        own.shift_id._sync_pairs()
        if own._get_pair():
            return self
        for shift in own._get_shifts_with_tutor():
            role = own.role_id
            if role.id not in shift.seat_ids.role_id.ids and role:
                role = role.browse()
            try:
                with self.env.cr.savepoint():
                    placed = own._place_on(shift, role)
            except UserError:
                continue
            self.env["coop.shift.notice"]._tell(
                "placed",
                placed.member_id,
                placed,
                f"{placed.id}",
                shift=placed.shift_id,
                call=True,
                summary=self.env._("their first shift was moved beside a tutor"),
            )
            return placed
        return self.browse()

    def _place_on(self, shift, role):
        """Move there, as the member could; all or nothing."""
        member = self.member_id
        busy = shift._why_not_book(member, role or None)
        if busy or shift._read_free_for(member).get((shift.id, role.id or 0), 0) <= 0:
            raise UserError(busy or shift._why_no_seat((shift.id, role.id or 0)))
        # sudo: the newcomer's own new registration.
        placed = self._move(shift, role or None, rules=False).sudo()
        if not placed._get_pair():
            raise UserError(self.env._("Nobody experienced is left on this shift."))
        return placed

    def _get_pair(self):
        self.ensure_one()
        return self.env["coop.shift.pair"].search(
            [
                ("shift_id", "=", self.shift_id.id),
                ("newcomer_id", "=", self.member_id.id),
            ]
        )

    def _get_shifts_with_tutor(self):
        """Shifts to come with somebody experienced, the most alike first."""
        now = fields.Datetime.now()
        policy = self.member_id._volunteer_policy()
        shifts = self.env["coop.shift"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "planned"),
                ("id", "!=", self.shift_id.id),
                ("start_at", ">", now + timedelta(hours=policy.move_hours)),
                ("start_at", "<", now + timedelta(days=policy.booking_days)),
            ]
        )
        free = shifts._read_free()
        open_ids = {shift for (shift, _role), count in free.items() if count > 0}
        shifts = shifts.filtered(lambda s: s.id in open_ids)._filter_accompanied()
        willing = {row[0] for row in shifts._read_people() if row[3]}
        place = self.shift_id.collection_point_id
        return shifts.sorted(
            lambda s: (
                s.collection_point_id != place,
                s.id not in willing,
                abs(s.start_at - self.start_at),
                s.id,
            )
        )[:TRIED]

    def action_place(self):
        """The coordinators' one button: each beside a tutor, whoever can be."""
        self.check_access("write")
        placed = self.browse()
        alone = self.browse()
        for registration in self:
            if registration._place():
                placed += registration
            else:
                alone += registration
        parts = []
        if placed:
            parts.append(
                self.env._(
                    "Beside a tutor: %(names)s.",
                    names=", ".join(placed.member_id.mapped("name")),
                )
            )
        if alone:
            parts.append(
                self.env._(
                    "No shift with somebody experienced and a free seat for"
                    " %(names)s: ask a tutor to come, or add a seat.",
                    names=", ".join(alone.member_id.mapped("name")),
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if alone else "success",
                "message": " ".join(parts),
                "sticky": bool(alone),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
