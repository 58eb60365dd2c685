# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.coop_volunteers.tools.constants import TAKING

from .coop_distribution_call import AFTER, BEFORE


class CoopDistributionCallLine(models.Model):
    """A role of the day: how many, when, with which check-list, on which round."""

    _name = "coop.distribution.call.line"
    _description = "Role of a Call"
    _order = "call_id, sequence, start_at, id"
    _rec_name = "role_id"

    call_id = fields.Many2one(
        "coop.distribution.call", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="call_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    role_id = fields.Many2one("coop.shift.role", required=True, ondelete="restrict")
    seats_min = fields.Integer(string="Needed", required=True, default=1)
    seats_max = fields.Integer(string="Seats", required=True, default=2)
    start_at = fields.Datetime(
        string="From",
        required=True,
        compute="_compute_times",
        store=True,
        readonly=False,
        precompute=True,
    )
    end_at = fields.Datetime(
        string="To",
        required=True,
        compute="_compute_times",
        store=True,
        readonly=False,
        precompute=True,
    )
    round_id = fields.Many2one(
        "coop.round",
        string="Drives",
        ondelete="set null",
        index="btree_not_null",
        domain="[('state', 'in', ('planned', 'loaded')),"
        " ('company_id', '=', company_id)]",
        help="Whoever accepts first is the driver of this round, the others help.",
    )
    driver_id = fields.Many2one(
        "res.partner", readonly=True, copy=False, ondelete="set null"
    )
    step_ids = fields.Many2many(
        "coop.preparation.step",
        string="Check-list",
        compute="_compute_step_ids",
        store=True,
        readonly=False,
        help="Ticked on the day by those who hold this role, from their phone.",
    )
    shift_id = fields.Many2one(
        "coop.shift", readonly=True, copy=False, ondelete="set null", index=True
    )
    taken_count = fields.Integer(string="Coming", compute="_compute_people")
    free_count = fields.Integer(string="Free Seats", compute="_compute_people")
    missing_count = fields.Integer(string="Missing", compute="_compute_people")
    member_names = fields.Char(string="Who Comes", compute="_compute_people")

    _seats = models.Constraint(
        "CHECK (seats_min >= 0 AND seats_max >= 1 AND seats_max >= seats_min)",
        "There are at least as many seats as are needed, and one at least.",
    )
    _times = models.Constraint(
        "CHECK (start_at < end_at)", "A role must end after it starts."
    )

    @api.depends("call_id.date_start", "call_id.date_end")
    def _compute_times(self):
        for line in self:
            distribution = line.call_id.distribution_id
            line.start_at = line.start_at or (
                distribution.date_start and distribution.date_start - BEFORE
            )
            line.end_at = line.end_at or (
                distribution.date_end and distribution.date_end + AFTER
            )

    @api.depends("role_id")
    def _compute_step_ids(self):
        steps = self.env["coop.preparation.step"].search(
            [("role_id", "in", self.role_id.ids)]
        )
        for line in self:
            line.step_ids = line.step_ids or steps.filtered(
                lambda s, line=line: s.role_id == line.role_id
            )

    @api.depends(
        "seats_min",
        "seats_max",
        "shift_id.registration_ids.state",
        "shift_id.registration_ids.role_id",
    )
    def _compute_people(self):
        # sudo: names of who helps, for whoever runs this distribution.
        shifts = self.sudo().shift_id
        free = shifts._read_free()
        for line in self:
            rows = line.sudo()._get_registrations()
            line.taken_count = len(rows)
            line.member_names = ", ".join(rows.mapped("member_id.name"))
            line.missing_count = max(line.seats_min - len(rows), 0)
            # sudo: a number of seats
            line.free_count = max(
                free.get((line.sudo().shift_id.id, line.role_id.id), line.seats_max), 0
            )

    def _get_registrations(self):
        """Who comes for this role, in the order in which they said so."""
        self.ensure_one()
        return self.shift_id.registration_ids.filtered(
            lambda r: r.role_id == self.role_id and r.state in TAKING
        ).sorted("id")

    @api.constrains("call_id", "role_id", "start_at", "end_at", "round_id")
    def _check_once(self):
        for call in self.call_id:
            keys = [
                (line.role_id, line.start_at, line.end_at, line.round_id)
                for line in call.line_ids
            ]
            if len(set(keys)) < len(keys):
                raise ValidationError(
                    self.env._(
                        "Each role has one line for the same hours: add seats to it."
                    )
                )

    # ------------------------------------------------------------------
    # Once open
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.call_id.filtered(lambda c: c.state == "open")._sync_shifts()
        return lines

    def write(self, vals):
        if any(line.shift_id and line._is_moved(vals) for line in self):
            raise UserError(
                self.env._(
                    "Members were asked for this role and these hours: add another"
                    " line, or cancel the call and make a new one."
                )
            )
        res = super().write(vals)
        if {"seats_min", "seats_max", "step_ids"} & set(vals):
            self.call_id.filtered(lambda c: c.state == "open")._sync_shifts()
        if "round_id" in vals:
            self.filtered("shift_id")._sync_driver()
        return res

    def _is_moved(self, vals):
        """Whether these values change the role or the hours."""
        self.ensure_one()
        for name in ("start_at", "end_at"):
            if name in vals and fields.Datetime.to_datetime(vals[name]) != self[name]:
                return True
        return "role_id" in vals and vals["role_id"] != self.role_id.id

    @api.ondelete(at_uninstall=False)
    def _unlink_except_people(self):
        if any(line.taken_count for line in self):
            raise UserError(
                self.env._("Somebody comes for this role: it cannot be taken off.")
            )

    def unlink(self):
        calls, seats = self.call_id, [(line.shift_id, line.role_id) for line in self]
        res = super().unlink()
        for shift, role in seats:
            # sudo: who runs the distribution need not hold the shifts.
            own = shift.sudo().seat_ids.filtered(lambda s, r=role: s.role_id == r)
            own.unlink()
            if shift and not shift.sudo().seat_ids:
                shift.sudo().action_cancel()
        calls.exists()._sync_shifts()
        return res

    def _prepare_seat(self):
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "role_id": self.role_id.id,
            "seats_min": self.seats_min,
            "seats_max": self.seats_max,
        }

    def _sync_steps(self):
        """The check-list of each role is on the distribution's own."""
        # sudo: callers have checked who runs it.
        Step = self.env["coop.distribution.step"].sudo()
        for distribution, lines in (
            self.sudo().grouped(lambda line: line.call_id.distribution_id).items()
        ):
            known = distribution.step_ids.grouped("step_id")
            Step.create(
                [
                    {"distribution_id": distribution.id, "step_id": step.id}
                    for step in lines.step_ids
                    if step not in known
                ]
            )

    # ------------------------------------------------------------------
    # Rounds
    # ------------------------------------------------------------------

    def _sync_driver(self):
        """Who accepted first drives the round; the others help; who gave up leaves.

        A driver whom somebody chose by hand stays: those who accept help them.
        """
        # sudo: members accept from their phone, without rights on rounds.
        for line in self.sudo().filtered("round_id"):
            trip = line.round_id
            if trip.state not in ("planned", "loaded"):
                continue
            people = line._get_registrations().member_id
            former = line.driver_id
            by_hand = trip.driver_id and trip.driver_id != former
            driver = trip.driver_id if by_hand else people[:1]
            values = {"helper_ids": []}
            for gone in trip.helper_ids & (line._get_given_up() - people):
                values["helper_ids"].append(Command.unlink(gone.id))
            for person in people - driver:
                values["helper_ids"].append(Command.link(person.id))
            if driver in trip.helper_ids:
                values["helper_ids"].append(Command.unlink(driver.id))
            if not by_hand:
                values["driver_id"] = driver.id
                line.driver_id = driver
            if not values["helper_ids"]:
                values.pop("helper_ids")
            if values:
                trip.write(values)

    def _get_given_up(self):
        self.ensure_one()
        return self.shift_id.registration_ids.filtered(
            lambda r: r.state not in TAKING
        ).member_id

    # ------------------------------------------------------------------
    # Members
    # ------------------------------------------------------------------

    def _accept(self, member):
        """I come as …: the seat of this role, or one sentence that says why not."""
        self.ensure_one()
        # sudo: the caller answers for the member; seats and rules are `_book`'s.
        line = self.sudo()
        if line.call_id.state != "open" or not line.shift_id:
            raise UserError(self.env._("This call is closed. Thank you all the same."))
        answers = line.call_id.answer_ids
        answers.filtered(lambda a: a.member_id == member).unlink()
        shift = self.env["coop.shift"].browse(line.shift_id.id)
        return shift._book(member, line.role_id.with_env(self.env))
