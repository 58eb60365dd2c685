# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.coop_base.tools.localtime import format_local

from ..tools.constants import TAKING

FINAL = ("present", "late", "excused", "absent")
KINDS = [
    ("fixed", "Fixed"),
    ("flying", "Flying"),
    ("make_up", "Make-up"),
    ("extra", "Extra"),
]
# Given as `coop_gift` by a swap: the seat that is freed is another's gift, not one to
# offer to those who wait. An object, so that no client can send it.
GIFT = object()


class CoopShiftRegistration(models.Model):
    """A member on a shift: one line for good, whose state tells the story."""

    _name = "coop.shift.registration"
    _inherit = [
        "coop.shift.registration.badge",
        "coop.shift.registration.booking",
        "coop.shift.registration.placing",
        "coop.shift.registration.waiting",
        "coop.shift.registration.reserving",
        "coop.shift.registration.calendar",
    ]
    _description = "Shift Registration"
    _order = "start_at, shift_id, role_id, id"
    _check_company_auto = True
    _rec_name = "member_id"

    shift_id = fields.Many2one(
        "coop.shift", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="shift_id.company_id", store=True, index=True, precompute=True
    )
    start_at = fields.Datetime(
        related="shift_id.start_at", store=True, index=True, precompute=True
    )
    end_at = fields.Datetime(related="shift_id.end_at", store=True, precompute=True)
    member_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('coop_is_active', '=', True)]",
        check_company=True,
    )
    member_number = fields.Char(related="member_id.coop_number", string="Number")
    role_id = fields.Many2one("coop.shift.role", index=True, ondelete="restrict")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("booked", "Expected"),
            ("present", "Present"),
            ("late", "Late"),
            ("excused", "Excused"),
            ("absent", "Absent"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="booked",
        index=True,
    )
    kind = fields.Selection(KINDS, required=True, default="flying")
    came_from = fields.Selection(
        [
            ("template", "Fixed shift"),
            ("member", "The member"),
            ("staff", "Somebody for the member"),
            ("badge", "The badge"),
            ("move", "Moved from another shift"),
            ("swap", "Swapped"),
        ],
        required=True,
        default="staff",
        readonly=True,
    )
    moved_from_id = fields.Many2one(
        "coop.shift.registration",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    entered_by_id = fields.Many2one(
        "res.users",
        string="Entered by",
        readonly=True,
        ondelete="set null",
        help="Who did it on behalf of the member.",
    )
    badged_at = fields.Datetime(readonly=True, copy=False)
    waiting_since = fields.Datetime(readonly=True, copy=False)
    offered_until = fields.Datetime(string="Seat held until", readonly=True, copy=False)
    reason = fields.Char(
        help="Why the member does not come. Read by the volunteer coordinators and by"
        " the member only.",
        groups="coop_base.coop_base_group_volunteer_coordinator",
    )
    ledger_ids = fields.One2many(
        "coop.shift.ledger", "registration_id", string="Points"
    )
    member_phone = fields.Char(related="member_id.phone", string="Phone")

    _member_once = models.UniqueIndex(
        "(shift_id, member_id)", "This member is already on this shift."
    )
    _shift_state = models.Index("(shift_id, state)")

    @api.depends("member_id", "shift_id")
    def _compute_display_name(self):
        for registration in self:
            # sudo: members read the names of the people of their shift, not their
            # cards.
            registration.display_name = self.env._(
                "%(member)s, %(shift)s",
                member=registration.member_id.sudo().name or "",
                shift=registration.shift_id.display_name or "",
            )

    # ------------------------------------------------------------------
    # CRUD: no path around capacity, nor around the ledger
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        shifts = self.env["coop.shift"].browse(
            {vals["shift_id"] for vals in vals_list if vals.get("shift_id")}
        )
        shifts.sudo()._lock_seats()
        registrations = super().create(vals_list)
        registrations._check_capacity()
        registrations._sync_ledger()
        registrations._mark_reserved()
        registrations.filtered(lambda r: r.state in TAKING).shift_id._sync_pairs()
        return registrations

    def write(self, vals):
        if "shift_id" in vals or "member_id" in vals:
            raise UserError(
                self.env._("A registration keeps its member and shift: make another.")
            )
        watched = {"state", "kind", "role_id", "offered_until"} & set(vals)
        if not watched:
            return super().write(vals)
        moved = self.browse()
        if "state" in vals:
            taking = vals["state"] in TAKING
            moved = self.filtered(lambda r: (r.state in TAKING) != taking)
        # sudo: locks and free seats concern people one may not read.
        shifts = self.sudo().shift_id
        shifts._lock_seats()
        before = shifts._read_free()
        rekind = "kind" in vals and any(r.kind != vals["kind"] for r in self)
        if vals.get("state", "waiting") != "waiting":
            vals = {**vals, "offered_until": False}
        res = super().write(vals)
        self._check_capacity()
        if "state" in vals or rekind:
            self._sync_ledger(force=rekind)
        if self.env.context.get("coop_gift") is not GIFT:
            shifts._offer_freed(before)
        if watched != {"kind"}:
            self._mark_reserved()
        # A badge changes nothing; a shift that is over has no newcomer any more.
        moved.shift_id._sync_pairs()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if any(r.state != "waiting" or r.sudo().ledger_ids for r in self):
            raise UserError(
                self.env._("A registration is cancelled, not deleted: it is history.")
            )

    def _check_capacity(self):
        """Nobody over the seats, also two people on the last one (see _lock_seats)."""
        self.flush_recordset()
        # sudo: seats are counted, whoever has them.
        taking = self.sudo().filtered(
            lambda r: r.state in TAKING or (r.state == "waiting" and r.offered_until)
        )
        if not taking:
            return
        free = taking.shift_id._read_free()
        for registration in taking:
            key = (registration.shift_id.id, registration.role_id.id or 0)
            if key not in free:
                raise ValidationError(
                    self.env._(
                        "%(shift)s has no seat for this role.",
                        shift=registration.shift_id.display_name,
                    )
                )
            if free[key] < 0:
                raise ValidationError(
                    self.env._(
                        "No seat is left on %(shift)s.",
                        shift=registration.shift_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # Points
    # ------------------------------------------------------------------

    def _sync_ledger(self, force=False):
        """Make the ledger say what these registrations are, undoing what they were.

        Entries are never changed: the ones of the former state are undone by their
        reverse, on the same date, then the new ones are posted. Calling it again posts
        nothing.
        """
        # sudo: nobody may write in the ledger by hand.
        ledger = self.env["coop.shift.ledger"].sudo()
        registrations = self.sudo()
        live = ledger.search(
            [
                ("registration_id", "in", registrations.ids),
                ("reason", "!=", "closure"),
                ("reversed_id", "=", False),
                ("reversal_ids", "=", False),
            ]
        ).grouped("registration_id")
        to_post, to_undo = [], ledger.browse()
        for registration in registrations:
            entries = live.get(registration, ledger.browse())
            reason = registration._ledger_reason()
            if entries and set(entries.mapped("reason")) == {reason} and not force:
                continue  # as posted, with the rules of that day
            to_undo += entries
            to_post.append(registration)
        to_undo._reverse()
        # Prepared once the former points are undone: a make-up pays what is owed now.
        vals_list = [v for r in to_post for v in r._prepare_ledger_entries()]
        ledger._post(vals_list)
        (to_undo.member_id | registrations.member_id)._update_volunteer_status()

    def _ledger_reason(self):
        self.ensure_one()
        if self.state in ("present", "late"):
            return f"{self.state}_{self.kind}"
        return self.state

    def _prepare_ledger_entries(self):
        self.ensure_one()
        if self.state not in FINAL:
            return []
        account = self.member_id._volunteer_account()
        policy = account._volunteer_policy()
        points = policy._points(self.state, self.kind, self.shift_id.hours)
        common = {
            "member_id": account.id,
            "company_id": self.company_id.id,
            "date": self.shift_id.date,
            "reason": self._ledger_reason(),
            "registration_id": self.id,
        }
        if self.state in ("present", "late") and self.kind == "make_up":
            return [
                {**common, "counter": counter, "points": value}
                for counter, value in self._share_make_up(policy, points["shift"])
            ]
        # A presence that gives nothing is still written: members read it.
        return [
            {**common, "counter": counter, "points": value}
            for counter, value in points.items()
            if value or (counter == "shift" and self.state != "excused")
        ]

    def _share_make_up(self, policy, points):
        """A make-up pays the make-up counter back first, where there is one."""
        if not policy.two_counters:
            return [("shift", points)]
        account = self.member_id._volunteer_account()
        balances = self.env["coop.shift.ledger"]._read_balances(account, without=self)
        owed = max(-balances[account.id][1], 0.0)
        paid = min(owed, points)
        shares = [("make_up", paid), ("shift", points - paid)]
        return [share for share in shares if share[1]] or [("shift", points)]

    # ------------------------------------------------------------------
    # The sheet
    # ------------------------------------------------------------------

    def _check_sheet_access(self):
        """The shift's referent and the volunteer coordinators fill in the sheet."""
        user = self.env.user
        if self.env.su or user.has_group(
            "coop_base.coop_base_group_volunteer_coordinator"
        ):
            self.check_access("read")
            return
        # sudo: only whose sheet it is, asked to refuse.
        if not user.has_group("coop_base.coop_base_group_referent") or any(
            registration.shift_id.referent_id != user.partner_id
            for registration in self.sudo()
        ):
            raise AccessError(
                self.env._("Only the shift's referent fills in its sheet.")
            )

    def _set_state(self, state):
        """Fill in the sheet; presences only once the shift may have started."""
        self._check_sheet_access()
        # sudo: checked just before; referents have no right to write otherwise.
        registrations = self.sudo()
        for registration in registrations:
            if registration.shift_id.state == "cancelled":
                raise UserError(self.env._("This shift is cancelled."))
            policy = registration.member_id._volunteer_policy()
            opening = registration.start_at - timedelta(minutes=policy.badge_before)
            if state in ("present", "late", "absent") and (
                fields.Datetime.now() < opening
            ):
                raise UserError(
                    self.env._(
                        "The sheet opens on %(when)s.",
                        when=format_local(self.env, opening, registration.company_id),
                    )
                )
        registrations.write({"state": state})
        return True

    def action_present(self):
        return self._set_state("present")

    def action_late(self):
        return self._set_state("late")

    def action_absent(self):
        return self._set_state("absent")

    def action_excuse(self):
        return self._set_state("excused")

    def action_reset(self):
        """A slip of the hand: expected again; the points are undone."""
        return self._set_state("booked")

    def _is_still_fixed(self):
        self.ensure_one()
        day = self.shift_id.date
        return any(
            line.member_id == self.member_id
            and line.role_id == self.role_id
            and line.date_from <= day
            and (not line.date_to or day <= line.date_to)
            for line in self.shift_id.template_id.fixed_ids
        )
