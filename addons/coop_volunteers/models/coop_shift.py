# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.coop_base.tools.localtime import format_local, to_local
from odoo.addons.coop_tools.tools.changed import find_changed

from ..tools.constants import COORDINATOR, TAKING


class CoopShift(models.Model):
    """A shift on a day: seats by role, and who takes them."""

    _name = "coop.shift"
    _description = "Shift"
    _inherit = [
        "coop.state.mixin",
        "mail.thread",
        "coop.shift.booking",
        "coop.shift.calling",
        "coop.shift.closing",
        "coop.shift.forecast",
        "coop.shift.pairing",
        "coop.shift.waiting",
        "coop.shift.reserving",
        "coop.shift.generation",
    ]
    _order = "start_at, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    template_id = fields.Many2one(
        "coop.shift.template",
        string="Recurring Shift",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    template_day = fields.Date(
        readonly=True, help="The day for which the recurring shift made this one."
    )
    is_changed = fields.Boolean(
        string="Changed by Hand",
        copy=False,
        help="Changes to the recurring shift leave it alone.",
    )
    start_at = fields.Datetime(string="Starts at", required=True, index=True)
    end_at = fields.Datetime(string="Ends at", required=True)
    date = fields.Date(
        compute="_compute_local", store=True, precompute=True, index=True
    )
    week_letter = fields.Char(
        string="Week", compute="_compute_local", store=True, precompute=True
    )
    hours = fields.Float(compute="_compute_local", store=True, precompute=True)
    collection_point_id = fields.Many2one(
        "coop.collection.point",
        string="Place",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    referent_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Closed"), ("cancelled", "Cancelled")],
        required=True,
        default="planned",
        index=True,
        copy=False,
        tracking=True,
    )
    closure_id = fields.Many2one(
        "coop.closed.day",
        string="Closed Days",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    note = fields.Text(string="What to do")
    seat_ids = fields.One2many(
        "coop.shift.seat",
        "shift_id",
        string="Seats",
        copy=True,
        default=lambda self: [Command.create({"seats_min": 1, "seats_max": 3})],
    )
    registration_ids = fields.One2many(
        "coop.shift.registration", "shift_id", string="Registrations"
    )
    capacity = fields.Integer(
        string="All Seats", compute="_compute_capacity", store=True
    )
    seats_min = fields.Integer(string="Needed", compute="_compute_capacity", store=True)
    booked_count = fields.Integer(string="Expected", compute="_compute_counts")
    free_count = fields.Integer(string="Free Seats", compute="_compute_counts")
    missing_count = fields.Integer(
        string="Missing", compute="_compute_counts", search="_search_missing_count"
    )
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    present_count = fields.Integer(string="Present", compute="_compute_counts")
    # Written to serialise the bookings of a shift: see _lock_seats.
    change_count = fields.Integer(copy=False, default=0)
    message_shift_ids = fields.One2many(
        "coop.shift.message", "shift_id", groups=COORDINATOR
    )
    pair_ids = fields.One2many("coop.shift.pair", "shift_id", string="Newcomers")

    _times = models.Constraint(
        "CHECK (start_at < end_at)", "A shift must end after it starts."
    )
    _template_day = models.UniqueIndex(
        "(template_id, template_day) WHERE template_id IS NOT NULL",
        "This recurring shift already has a shift that day.",
    )

    @api.depends("start_at", "end_at", "company_id")
    def _compute_local(self):
        for company, shifts in self.grouped("company_id").items():
            policy = (company or self.env.company)._coop_volunteer_policy()
            for shift in shifts:
                if not shift.start_at or not shift.end_at:
                    shift.update({"date": False, "week_letter": False, "hours": 0.0})
                    continue
                day = to_local(shift.start_at, company.coop_tz).date()
                shift.date = day
                shift.week_letter = policy._week_letter(day)
                shift.hours = (shift.end_at - shift.start_at).total_seconds() / 3600

    @api.depends("seat_ids.seats_max", "seat_ids.seats_min")
    def _compute_capacity(self):
        for shift in self:
            shift.capacity = sum(shift.seat_ids.mapped("seats_max"))
            shift.seats_min = sum(shift.seat_ids.mapped("seats_min"))

    @api.depends(
        "capacity",
        "seat_ids.seats_min",
        "registration_ids.state",
        "registration_ids.role_id",
    )
    def _compute_counts(self):
        counts, expected_by_role = {}, {}
        # sudo: numbers are for everybody, names are not.
        rows = (
            self.env["coop.shift.registration"]
            .sudo()
            ._read_group(
                [("shift_id", "in", self.ids)],
                ["shift_id", "role_id", "state"],
                ["__count"],
            )
        )
        for shift, role, state, count in rows:
            counts[shift.id, state] = counts.get((shift.id, state), 0) + count
            if state in TAKING:
                key = shift.id, role.id
                expected_by_role[key] = expected_by_role.get(key, 0) + count
        taken = self._read_taken()
        by_shift = {}
        for (shift_id, _role), number in taken.items():
            by_shift[shift_id] = by_shift.get(shift_id, 0) + number
        for shift in self:
            expected = sum(counts.get((shift._origin.id, state), 0) for state in TAKING)
            shift.booked_count = expected
            shift.free_count = max(
                shift.capacity - by_shift.get(shift._origin.id, 0), 0
            )
            # Too many at the reception do not make up for nobody at the till.
            shift.missing_count = sum(
                max(
                    seat.seats_min
                    - expected_by_role.get((shift._origin.id, seat.role_id.id), 0),
                    0,
                )
                for seat in shift.sudo().seat_ids
            )
            shift.waiting_count = counts.get((shift._origin.id, "waiting"), 0)
            shift.present_count = counts.get(
                (shift._origin.id, "present"), 0
            ) + counts.get((shift._origin.id, "late"), 0)

    def _search_missing_count(self, operator, value):
        """Understaffed shifts: ``> 0``."""
        if operator not in (">", ">=", "=", "<", "<="):
            return NotImplemented
        self.env["coop.shift.seat"].flush_model()
        self.env["coop.shift.registration"].flush_model(
            ["shift_id", "role_id", "state"]
        )
        compare = SQL({">": ">", ">=": ">=", "=": "=", "<": "<", "<=": "<="}[operator])
        query = SQL(
            """(
                SELECT s.id FROM coop_shift s
                LEFT JOIN coop_shift_seat st ON st.shift_id = s.id
                LEFT JOIN (
                    SELECT shift_id, role_id, count(*) AS expected
                    FROM coop_shift_registration
                    WHERE state IN ('booked', 'present', 'late')
                    GROUP BY shift_id, role_id
                ) r ON r.shift_id = s.id AND r.role_id IS NOT DISTINCT FROM st.role_id
                GROUP BY s.id
                HAVING COALESCE(SUM(GREATEST(
                    st.seats_min - COALESCE(r.expected, 0), 0)), 0) %s %s
            )""",
            compare,
            value,
        )
        return [("id", "in", query)]

    @api.depends("name", "start_at", "company_id")
    def _compute_display_name(self):
        for shift in self:
            when = format_local(
                self.env, shift.start_at, shift.company_id, "EEE d MMM, HH:mm"
            )
            shift.display_name = f"{shift.name} – {when}" if when else shift.name

    def _coop_check_state_kept(self, vals):
        """Cancelling is carried through by ``write`` itself; the rest is refused."""
        if vals.get("state") == "cancelled":
            planned = self.filtered(lambda shift: shift.state == "planned")
            vals_left = {key: vals[key] for key in vals.keys() - {"state"}}
            super(CoopShift, planned)._coop_check_state_kept(vals_left)
            return super(CoopShift, self - planned)._coop_check_state_kept(vals)
        return super()._coop_check_state_kept(vals)

    def write(self, vals):
        # Whoever follows the recurring shift says so: `is_changed` as it was.
        watched = {"start_at", "end_at", "name", "note", "referent_id", "seat_ids"}
        if watched & set(vals):
            vals = {"is_changed": True, **vals}
        moved = find_changed(self, vals, ("start_at", "end_at", "collection_point_id"))
        cancelled = find_changed(self, vals, ("state",)).get("state", self.browse())
        cancelled = cancelled.filtered(
            lambda shift: shift.state == "planned" and vals["state"] == "cancelled"
        )
        before = {
            shift: shift._get_where_and_when()
            for shift in self.browse().union(*moved.values())
        }
        # sudo: people one may not read are told all the same.
        people = {shift: shift.sudo()._get_awaited() for shift in cancelled}
        res = super().write(vals)
        for shift, members in people.items():
            shift.sudo()._tell_cancelled(members)
        if cancelled:
            cancelled._free_everybody()
        for shift, place in before.items():
            shift.sudo()._tell_moved(place)
        return res

    def _get_awaited(self):
        """Who is awaited, or waits for a seat, on this shift."""
        self.ensure_one()
        return self.registration_ids.filtered(
            lambda r: r.state in ("booked", "waiting", "excused")
        ).member_id

    def _get_where_and_when(self):
        """The place and the hours, as its people read them."""
        self.ensure_one()
        # sudo: the name of a place.
        point = self.sudo().collection_point_id.name
        day = format_local(
            self.env, self.start_at, self.company_id, "EEEE d MMMM, HH:mm"
        )
        end = format_local(self.env, self.end_at, self.company_id, "HH:mm")
        return ", ".join(part for part in (point, f"{day}–{end}") if part)

    def _tell_cancelled(self, members):
        """Tell who was awaited that the shift does not take place, once."""
        self.ensure_one()
        if self.start_at > fields.Datetime.now() and members:
            self.env["coop.shift.notice"]._tell(
                "cancelled",
                members,
                self,
                key=f"{self.id}",
                shift=self,
                call=True,
                summary=self.env._("%s does not take place", self.display_name),
            )

    def _tell_moved(self, before):
        """Tell who is awaited where and when the shift is now."""
        self.ensure_one()
        after = self._get_where_and_when()
        members = self._get_awaited()
        if before == after or self.state != "planned" or not members:
            return
        if self.start_at > fields.Datetime.now():
            self.env["coop.shift.notice"]._tell(
                "moved",
                members,
                self,
                key=f"{self.id} {after}",
                shift=self,
                call=True,
                summary=self.env._("%s is moved", self.display_name),
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        # sudo: people one may not see are people.
        if self.sudo().registration_ids:
            raise UserError(
                self.env._("People are registered for this shift: cancel it instead.")
            )

    # ------------------------------------------------------------------
    # Seats
    # ------------------------------------------------------------------

    def _read_taken(self):
        """``{(shift id, role id or 0): seats taken or held for an offer}``."""
        # sudo: numbers only.
        rows = (
            self.env["coop.shift.registration"]
            .sudo()
            ._read_group(
                [
                    ("shift_id", "in", self._origin.ids),
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
        return {(shift.id, role.id or 0): count for shift, role, count in rows}

    def _read_free(self):
        """``{(shift id, role id or 0): free seats}``, every role of these shifts."""
        taken = self._read_taken()
        # sudo: numbers only.
        return {
            (seat.shift_id.id, seat.role_id.id or 0): seat.seats_max
            - taken.get((seat.shift_id.id, seat.role_id.id or 0), 0)
            for seat in self.sudo().seat_ids
        }

    def _lock_seats(self):
        """Serialise bookings of these shifts until the end of the transaction.

        Whoever books the same shift meanwhile waits (members, see ``ir.http``) or is
        run again by Odoo: that is why the row is written, not only locked.
        """
        if not self:
            return
        self.flush_recordset(["change_count", "state"])
        self.env.execute_query(
            SQL(
                """
                UPDATE coop_shift SET change_count = change_count + 1
                WHERE id IN (
                    SELECT id FROM coop_shift WHERE id IN %s
                    ORDER BY id FOR NO KEY UPDATE
                ) RETURNING id
                """,
                tuple(sorted(set(self.ids))),
            )
        )
        # Who waited reads what the others left.
        self.env["coop.shift.registration"].flush_model()
        self.invalidate_recordset(["change_count", "state"])

    def _set_seats(self, seats):
        """Seats as given; a role that has people keeps at least their seats."""
        taken = self._read_taken()
        for shift in self:
            by_role = {seat.role_id.id: seat for seat in shift.seat_ids}
            commands = []
            for vals in seats:
                used = taken.get((shift.id, vals["role_id"] or 0), 0)
                vals = {**vals, "seats_max": max(vals["seats_max"], used)}
                seat = by_role.pop(vals["role_id"], None)
                if seat:
                    commands.append(Command.update(seat.id, vals))
                else:
                    commands.append(Command.create(vals))
            for role, seat in by_role.items():
                if not taken.get((shift.id, role or 0)):
                    commands.append(Command.delete(seat.id))
            shift.write({"seat_ids": commands, "is_changed": shift.is_changed})

    def _get_people(self):
        """Members expected or present, and the referent, as sudo."""
        shift = self.sudo()
        taking = shift.registration_ids.filtered(lambda r: r.state in TAKING)
        return taking.member_id | shift.referent_id

    def _is_of_shift(self, member):
        self.ensure_one()
        return member in self._get_people()

    def _get_messages(self, member):
        """What somebody of this shift reads, the oldest first, in one query or two.

        :return: list of ``{id, author, is_mine, body, removed, at}``; ``body`` is
            empty once removed, or its author erased. Nothing for anybody else.
        """
        self.ensure_one()
        if not self._is_of_shift(member):
            return []
        # sudo: names and words for the people of the shift, checked just before.
        messages = self.env["coop.shift.message"].sudo()
        found = messages.search([("shift_id", "=", self.id)], limit=50)
        return [
            {
                "id": message.id,
                "author": message.author_id.name or "",
                "is_mine": message.author_id == member,
                "body": message.body or "",
                "removed": bool(message.hidden_at),
                "at": message.create_date,
            }
            for message in reversed(found)
        ]

    def _book_swapped(self, member, role, kind):
        """`_book` of a seat that was given to this member, past the waiting list."""
        # sudo: the new owner need not write registrations.
        registration = self._book(
            member, role, kind=kind, rules=not kind, gift=True
        ).sudo()
        registration.came_from = "swap"
        return registration
