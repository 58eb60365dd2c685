# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_base.tools.localtime import to_local
from odoo.addons.coop_volunteers.tools.constants import TAKING

# A role of a new call: from setting up to putting away, unless said otherwise.
BEFORE = timedelta(hours=1)
AFTER = timedelta(hours=1)


class CoopDistributionCall(models.Model):
    """Who is needed for a distribution day: asked once, answered from the phone."""

    _name = "coop.distribution.call"
    _description = "Call for a Distribution Day"
    _inherit = ["coop.state.mixin", "mail.thread"]
    _order = "date_start desc, id desc"
    _check_company_auto = True
    _rec_name = "distribution_id"

    distribution_id = fields.Many2one(
        "coop.distribution", required=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(
        related="distribution_id.company_id", store=True, index=True
    )
    collection_point_id = fields.Many2one(
        related="distribution_id.collection_point_id", store=True
    )
    date_start = fields.Datetime(
        related="distribution_id.date_start", store=True, string="Doors Open at"
    )
    date_end = fields.Datetime(related="distribution_id.date_end")
    state = fields.Selection(
        [
            ("draft", "To open"),
            ("open", "Open"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    audience = fields.Selection(
        [("point", "Members of this point"), ("all", "All members")],
        string="Asked",
        required=True,
        default="point",
        help="Of these, those who want to be asked, are free at that time and know or"
        " have what a role needs.",
    )
    message = fields.Text(help="Read by those who are asked, above the roles.")
    line_ids = fields.One2many(
        "coop.distribution.call.line", "call_id", string="Roles", copy=True
    )
    answer_ids = fields.One2many(
        "coop.distribution.call.answer", "call_id", string="Not this Time"
    )
    shift_ids = fields.One2many("coop.shift", "call_id", string="Shifts")
    asked_count = fields.Integer(string="Members Asked", compute="_compute_counts")
    declined_count = fields.Integer(string="Cannot Come", compute="_compute_counts")
    needed_count = fields.Integer(string="Needed", compute="_compute_counts")
    coming_count = fields.Integer(string="Coming", compute="_compute_counts")
    missing_count = fields.Integer(string="Missing", compute="_compute_counts")
    missing_text = fields.Char(string="What Misses", compute="_compute_counts")

    _once = models.UniqueIndex(
        "(distribution_id) WHERE state != 'cancelled'",
        "This distribution already has its call.",
    )

    @api.depends("line_ids.seats_min", "line_ids.taken_count", "answer_ids", "state")
    def _compute_counts(self):
        # sudo: numbers for whoever reads the call.
        told = dict(
            self.env["coop.shift.notice"]
            .sudo()
            ._read_group(
                [("kind", "=", "day"), ("call_id", "in", self.ids)],
                ["call_id"],
                ["__count"],
            )
        )
        for call in self:
            call.asked_count = told.get(call, 0)
            call.declined_count = len(call.answer_ids)
            call.needed_count = sum(call.line_ids.mapped("seats_min"))
            call.coming_count = sum(call.line_ids.mapped("taken_count"))
            missing = call.line_ids.filtered("missing_count")
            call.missing_count = sum(missing.mapped("missing_count"))
            call.missing_text = ", ".join(
                f"{line.missing_count} {line.role_id.name or ''}".strip()
                for line in missing
            )

    def _check_may_call(self):
        """Who runs the distribution, or coordinates the volunteers."""
        self.check_access("write")
        if not self.env.user.has_group(
            "coop_base.coop_base_group_volunteer_coordinator"
        ):
            self.distribution_id._check_can_run()

    # ------------------------------------------------------------------
    # Preparing
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # A call that was cancelled leaves its place: see _once.
        self.flush_model(["state"])
        calls = super().create(vals_list)
        calls._check_may_call()
        for call in calls.filtered(lambda c: not c.line_ids):
            call.line_ids = call._prepare_lines()
        return calls

    def _prepare_lines(self):
        """The roles of the last call here; else those of the check-list."""
        self.ensure_one()
        drivers = self._prepare_driver_lines()
        last = self.search(
            [
                ("collection_point_id", "=", self.collection_point_id.id),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
                ("line_ids", "!=", False),
            ],
            order="date_start desc, id desc",
            limit=1,
        )
        if last:
            shift = self.date_start - last.date_start
            return [
                Command.create(
                    {
                        "sequence": line.sequence,
                        "role_id": line.role_id.id,
                        "seats_min": line.seats_min,
                        "seats_max": line.seats_max,
                        "start_at": line.start_at + shift,
                        "end_at": line.end_at + shift,
                        "step_ids": [Command.set(line.step_ids.ids)],
                    }
                )
                for line in last.line_ids
                if not (drivers and line.role_id.needs_driving)
            ] + drivers
        steps = self.env["coop.preparation.step"].search(
            [
                ("role_id", "!=", False),
                ("company_id", "in", (False, self.company_id.id)),
            ]
        )
        return [
            Command.create({"role_id": role.id, "seats_min": 1, "seats_max": 2})
            for role in steps.role_id.sorted()
        ] + drivers

    def _prepare_driver_lines(self):
        """A driver for each round that stops here and has none yet."""
        self.ensure_one()
        role = self.env["coop.shift.role"].search(
            [
                ("needs_driving", "!=", False),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            limit=1,
        )
        # sudo: which rounds have no driver, for who may call for one.
        rounds = (
            self.env["coop.round"]
            .sudo()
            .search(
                [
                    ("stop_ids.distribution_id", "=", self.distribution_id.id),
                    ("state", "=", "planned"),
                    ("driver_id", "=", False),
                ],
                order="start_at, id",
            )
        )
        if not role:
            return []
        return [
            Command.create(
                {
                    "sequence": 5,
                    "role_id": role.id,
                    "seats_min": 1,
                    "seats_max": 2,
                    "start_at": trip.start_at,
                    "end_at": max(self.date_start, trip.start_at + AFTER),
                    "round_id": trip.id,
                }
            )
            for trip in rounds
        ]

    # ------------------------------------------------------------------
    # The call
    # ------------------------------------------------------------------

    def action_open(self):
        """Make the shifts with their roles, put the check-lists on, and ask."""
        self._check_may_call()
        for call in self:
            if not call.line_ids:
                raise UserError(
                    self.env._("Say who is needed: add a role to this call.")
                )
            if call.date_start <= fields.Datetime.now():
                raise UserError(
                    self.env._("This distribution has started: nobody can be called.")
                )
        calls = self.filtered(lambda c: c.state in ("draft", "closed"))
        calls._coop_enter_state({"state": "open"})
        calls._sync_shifts()
        calls._wake_up()
        return True

    @api.model
    def _coop_get_frozen_fields(self, state):
        if state in ("closed", "cancelled"):
            return ("audience", "message", "line_ids")
        return super()._coop_get_frozen_fields(state)

    def action_close(self):
        """Nobody else is asked; who said yes stays expected."""
        self._check_may_call()
        self.filtered(lambda c: c.state == "open")._coop_enter_state(
            {"state": "closed"}
        )
        return True

    def action_cancel(self):
        """The shifts are cancelled: nobody owes them."""
        self._check_may_call()
        # sudo: who runs the distribution need not hold the shifts.
        shifts = self.sudo().shift_ids.filtered(lambda s: s.state == "planned")
        shifts.action_cancel()
        self.filtered(lambda c: c.state != "cancelled")._coop_enter_state(
            {"state": "cancelled"}
        )
        return True

    def _wake_up(self):
        # sudo: only wakes up a cron that tells what there is to tell.
        self.env.ref("coop_volunteers.coop_shift_notice_cron").sudo()._trigger()

    def _sync_shifts(self):
        """One shift for the roles of the same hours; each round has its own.

        Idempotent; seats that people have stay.
        """
        # sudo: who runs the distribution need not hold the shifts; checked above.
        for call in self.sudo().filtered(lambda c: c.state == "open"):
            for line in call.line_ids.filtered(lambda line: not line.shift_id):
                line.shift_id = call._get_shift_for(line) or call._make_shift(line)
            for shift, lines in call.line_ids.grouped("shift_id").items():
                shift._set_seats([line._prepare_seat() for line in lines])
                shift._offer_seats()
            call.distribution_id._ensure_steps()
            call.line_ids._sync_steps()

    def _get_shift_for(self, line):
        """The shift of the same hours that has not this role yet."""
        self.ensure_one()
        known = self.line_ids.filtered("shift_id")
        for shift, lines in known.grouped("shift_id").items():
            if (
                shift.state == "planned"
                and (shift.start_at, shift.end_at) == (line.start_at, line.end_at)
                and line.role_id not in lines.role_id
                and not (line.round_id or lines.round_id)
            ):
                return shift
        return self.env["coop.shift"]

    def _make_shift(self, line):
        self.ensure_one()
        return self.env["coop.shift"].create(
            {
                "name": self._get_shift_name(),
                "company_id": self.company_id.id,
                "collection_point_id": self.collection_point_id.id,
                "referent_id": self.distribution_id.referent_id.id,
                "start_at": line.start_at,
                "end_at": line.end_at,
                "note": self.message,
                "call_id": self.id,
                "distribution_id": self.distribution_id.id,
                "seat_ids": [Command.create(line._prepare_seat())],
            }
        )

    def _get_shift_name(self):
        self.ensure_one()
        return self.env._("Distribution, %s", self.collection_point_id.name)

    # ------------------------------------------------------------------
    # Who is asked
    # ------------------------------------------------------------------

    def _search_members_to_ask(self):
        """Those who could come for one of the roles, each asked once.

        Those who want to be asked, of this place (or all), who take part, are not on
        leave, are free at the hours of a role that has a seat, and know or have what
        it needs. In a constant number of queries.
        """
        self.ensure_one()
        # sudo: the code chooses whom to ask.
        call = self.sudo()
        told = call.env["coop.shift.notice"]._search(
            [("kind", "=", "day"), ("call_id", "=", call.id)]
        )
        declined = call.answer_ids.member_id
        coming = call.shift_ids.registration_ids.filtered(lambda r: r.state in TAKING)
        day = to_local(call.date_start, call.company_id.coop_tz).date()
        on_leave = call.env["coop.member.leave"]._search(
            [
                ("state", "=", "granted"),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ]
        )
        domain = [
            ("coop_is_active", "=", True),
            ("company_id", "=", call.company_id.id),
            ("coop_left_on", "=", False),
            ("coop_tell_call", "=", True),
            "|",
            ("volunteer_kind", "!=", "none"),
            ("volunteer_kind", "=", False),
            "|",
            ("volunteer_status", "=", False),
            ("volunteer_status", "not in", ("unsubscribed", "leave", "exempted")),
            ("id", "not in", told.subselect("partner_id")),
            ("id", "not in", on_leave.subselect("member_id")),
            ("id", "not in", (declined | coming.member_id).ids),
        ]
        if call.audience == "point":
            point = call.collection_point_id.id
            domain += [
                "|",
                ("collection_point_id", "=", point),
                ("coop_group_id.collection_point_ids", "in", [point]),
            ]
        members = call.env["res.partner"].search(domain, order="id")
        busy = call._read_busy(members)
        lines = call.line_ids.filtered(lambda line: line.free_count > 0)
        return members.filtered(
            lambda m: any(
                line.role_id._is_for(m)
                and not any(
                    start < line.end_at and end > line.start_at
                    for start, end in busy.get(m.id, ())
                )
                for line in lines
            )
        )

    def _read_busy(self, members):
        """``{member id: [(start, end)]}`` of their shifts around the day."""
        first = min(self.line_ids.mapped("start_at"), default=self.date_start)
        last = max(self.line_ids.mapped("end_at"), default=self.date_end)
        rows = self.env["coop.shift.registration"].search_fetch(
            [
                ("member_id", "in", members.ids),
                ("state", "in", TAKING),
                ("start_at", "<", last),
                ("end_at", ">", first),
            ],
            ["member_id", "start_at", "end_at"],
        )
        busy = {}
        for row in rows:
            busy.setdefault(row.member_id.id, []).append((row.start_at, row.end_at))
        return busy

    # ------------------------------------------------------------------
    # What members answer
    # ------------------------------------------------------------------

    def _decline(self, member):
        """Not this time: noted once, nothing else is asked for this day."""
        self.ensure_one()
        # sudo: the caller answers for the member.
        answers = self.env["coop.distribution.call.answer"].sudo()
        known = answers.search(
            [("call_id", "=", self.id), ("member_id", "=", member.id)]
        )
        return known or answers.create({"call_id": self.id, "member_id": member.id})

    def _get_own_registrations(self, member):
        """What this member comes as, on this call."""
        # sudo: the member's own.
        return (
            self.env["coop.shift.registration"]
            .sudo()
            .search(
                [
                    ("shift_id.call_id", "in", self.ids),
                    ("member_id", "=", member.id),
                    ("state", "in", (*TAKING, "waiting")),
                ]
            )
        )

    @api.model
    def _search_to_answer(self, member, told_only=True):
        """Calls to come that this member was asked for and has not answered.

        :param told_only: False for who answers for them: all that they may answer
        """
        # sudo: the member's own.
        calls = self.sudo().search(
            [
                ("state", "=", "open"),
                ("company_id", "=", member.sudo().company_id.id),
                ("date_start", ">", fields.Datetime.now()),
            ],
            order="date_start, id",
        )
        if not calls:
            return calls
        told = not told_only and calls
        # sudo: who was told, by whoever calls
        told = told or (
            self.env["coop.shift.notice"]
            .sudo()
            .search(
                [
                    ("kind", "=", "day"),
                    ("call_id", "in", calls.ids),
                    ("partner_id", "=", member.id),
                ]
            )
            .call_id
        )
        own = calls._get_own_registrations(member).shift_id.call_id
        return (told - own).filtered(lambda c: member not in c.answer_ids.member_id)

    def action_view_answers(self):
        """Who comes, by role."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_volunteers.coop_shift_action"
        )
        return {
            **action,
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("call_id", "=", self.id)],
            "context": {},
        }


class CoopDistributionCallAnswer(models.Model):
    """A member cannot come this time. Who comes is registered on the shift."""

    _name = "coop.distribution.call.answer"
    _description = "Answer to a Call"
    _order = "id desc"
    _rec_name = "member_id"

    call_id = fields.Many2one(
        "coop.distribution.call", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="call_id.company_id", store=True)
    member_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )

    _once = models.UniqueIndex(
        "(call_id, member_id)", "This member has already answered."
    )
