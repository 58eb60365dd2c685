# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CoopMemberLeave(models.Model):
    """Days on which nobody expects a member. The reason stays between few."""

    _name = "coop.member.leave"
    _description = "Leave"
    _inherit = ["coop.shift.request.mixin"]
    _order = "date_from desc, id desc"

    type_id = fields.Many2one(
        "coop.member.leave.type", string="Kind", required=True, ondelete="restrict"
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until", help="Last day, included.")
    decision_note = fields.Text(copy=False, help="A word for the member.")
    decide_before = fields.Date(string="To decide before", readonly=True, copy=False)
    decided_on = fields.Date(readonly=True, copy=False)

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_from <= date_to)",
        "A leave must end after it starts.",
    )
    _member_dates = models.Index("(member_id, date_from) WHERE state = 'granted'")

    @api.depends("type_id", "date_from", "date_to")
    def _compute_display_name(self):
        for leave in self:
            leave.display_name = self.env._(
                "%(kind)s from %(start)s to %(end)s",
                kind=leave.type_id.name or "",
                start=format_date(self.env, leave.date_from),
                end=format_date(self.env, leave.date_to) or "…",
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["entered_by_id"] = vals.get("entered_by_id") or self.env.uid
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        if any(leave.state == "granted" for leave in self):
            raise UserError(self.env._("Cancel the leave: its trace stays."))

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    def _check_rules(self):
        """``(verdict, why)``: granted, refused, or asked (a person decides)."""
        self.ensure_one()
        kind = self.type_id
        today = self.company_id._coop_get_today()
        days = self.date_to and (self.date_to - self.date_from).days + 1
        if not days and not kind.open_ended:
            return "refused", self.env._("Give the last day of the leave.")
        if days and kind.min_days and days < kind.min_days:
            return "refused", self.env._(
                "This leave lasts at least %(days)s days. For less, move or swap your"
                " shift.",
                days=kind.min_days,
            )
        if days and kind.max_days and days > kind.max_days:
            return "refused", self.env._(
                "This leave lasts at most %(days)s days.", days=kind.max_days
            )
        if kind.notice_days and self.date_from < today + timedelta(kind.notice_days):
            return "refused", self.env._(
                "This leave is asked at least %(days)s days before.",
                days=kind.notice_days,
            )
        # sudo: only whether the member's leaves overlap.
        overlap = self.sudo().search_count(
            [
                ("member_id", "=", self.member_id.id),
                ("id", "!=", self.id),
                ("state", "=", "granted"),
                ("date_from", "<=", self.date_to or fields.Date.to_date("9999-12-31")),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", self.date_from),
            ],
            limit=1,
        )
        if overlap:
            return "refused", self.env._(
                "You already have a leave on some of these days."
            )
        if kind.needs_decision:
            limit = today + timedelta(days=kind.decision_days)
            return "asked", self.env._(
                "A volunteer coordinator decides, before %(date)s.",
                date=format_date(self.env, limit),
            )
        why = self.env._("Granted by the rules.")
        if days and kind.warn_under_days and days < kind.warn_under_days:
            why = self.env._(
                "Granted by the rules. For less than %(days)s days, moving your shift"
                " would often do: what you owe stays owed.",
                days=kind.warn_under_days,
            )
        return "granted", why

    @api.model
    def _ask(self, member, kind, date_from, date_to=False, reason=False):
        """Ask for a leave and have the answer at once.

        :param member: callers check that the user may act for them
        :param kind: ``coop.member.leave.type``
        :return: the leave: ``state`` granted, asked (with ``decide_before``) or
            refused, ``answer`` says why
        :raise UserError: dates that make no sense
        """
        if date_to and date_to < date_from:
            raise UserError(self.env._("The leave ends before it starts."))
        # sudo: callers answer for the member; a member has no right to create.
        leave = self.sudo().create(
            {
                "member_id": member.id,
                "company_id": member.sudo().company_id.id,
                "type_id": kind.id,
                "date_from": date_from,
                "date_to": date_to,
                "reason": reason,
                "entered_by_id": self.env.uid,
            }
        )
        leave._answer()
        return leave.sudo(False)

    def _answer(self):
        """Grant, refuse or leave to a person, as the rules say."""
        for leave in self:
            verdict, why = leave._check_rules()
            leave.answer = why
            if verdict == "granted":
                leave._grant()
            elif verdict == "refused":
                leave._coop_enter_state({"state": "refused"})
            else:
                today = leave.company_id._coop_get_today()
                leave.decide_before = today + timedelta(leave.type_id.decision_days)

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------

    def action_grant(self):
        self.check_access("write")
        if any(leave.state not in ("asked", "refused") for leave in self):
            raise UserError(self.env._("Only a request can be granted."))
        self._stamp()
        self._grant()
        return True

    def action_refuse(self):
        self.check_access("write")
        if any(leave.state != "asked" for leave in self):
            raise UserError(self.env._("Only a request can be refused."))
        self._stamp()
        self._coop_enter_state({"state": "refused"})
        return True

    def action_cancel(self):
        """The member comes back, or does not leave after all."""
        self.check_access("write")
        self._cancel()
        return True

    def _stamp(self):
        for leave in self:
            leave.write(
                {
                    "decided_by_id": self.env.uid,
                    "decided_on": leave.company_id._coop_get_today(),
                    "answer": leave.decision_note or leave.answer,
                }
            )

    def _grant(self):
        self._coop_enter_state({"state": "granted"})
        self._free_seats()
        # sudo: the status follows the facts.
        self.sudo().member_id._update_volunteer_status()

    def _cancel(self):
        """From today on the leave is over; the days that were stay a leave."""
        # sudo: callers check who asks.
        for leave in self.sudo():
            today = leave.company_id._coop_get_today()
            if leave.state == "granted" and leave.date_from < today:
                leave.date_to = min(leave.date_to or today, today - timedelta(days=1))
            else:
                leave._coop_enter_state({"state": "cancelled"})
            leave._give_seats_back()
        self.sudo().member_id._update_volunteer_status()

    def _free_seats(self):
        """Seats of the days of leave are free for others; nothing is owed."""
        # sudo: seats of the member, freed by the rules.
        for leave in self.sudo():
            domain = [
                ("member_id", "=", leave.member_id.id),
                ("state", "in", ("booked", "waiting")),
                ("start_at", ">", fields.Datetime.now()),
                ("shift_id.date", ">=", leave.date_from),
            ]
            if leave.date_to:
                domain.append(("shift_id.date", "<=", leave.date_to))
            leave.env["coop.shift.registration"].search(domain).write(
                {"state": "cancelled"}
            )

    def _give_seats_back(self):
        """Fixed seats of days that are no longer a leave, where still free."""
        # sudo: as above.
        for leave in self.sudo():
            registrations = (
                leave.env["coop.shift.registration"]
                .search(
                    [
                        ("member_id", "=", leave.member_id.id),
                        ("state", "=", "cancelled"),
                        ("came_from", "=", "template"),
                        ("shift_id.state", "=", "planned"),
                        ("start_at", ">", fields.Datetime.now()),
                        ("shift_id.date", ">=", leave.date_from),
                        ("shift_id.date", "<=", leave.date_to)
                        if leave.state == "cancelled" and leave.date_to
                        else ("shift_id.date", "!=", False),
                    ]
                )
                .filtered(lambda r: r._is_still_fixed())
            )
            registrations.shift_id._lock_seats()
            free = registrations.shift_id._read_open()
            for registration in registrations:
                key = (registration.shift_id.id, registration.role_id.id or 0)
                if free.get(
                    key, 0
                ) > 0 and not registration.member_id._volunteer_on_leave(
                    registration.shift_id.date
                ):
                    free[key] -= 1
                    registration.state = "booked"
            # Shifts made during the leave have no line of this member yet.
            leave.env["coop.shift"].search(
                [
                    ("template_id.fixed_ids.member_id", "=", leave.member_id.id),
                    ("state", "=", "planned"),
                    ("start_at", ">", fields.Datetime.now()),
                ]
            )._make_fixed_registrations()
