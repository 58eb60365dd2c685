# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models

from ..tools.constants import COORDINATOR, DRIVES, MAY_SHOP, STATUSES, TAKING


class ResPartner(models.Model):
    """A member as a volunteer. Where they stand is theirs and the coordinators'."""

    _name = "res.partner"
    _inherit = [
        "res.partner",
        "coop.volunteer.status",
        "coop.volunteer.notices",
        "coop.volunteer.cycle",
        "coop.volunteer.attached",
        "coop.volunteer.birthday",
        "coop.volunteer.keys",
        "coop.volunteer.page",
        "coop.volunteer.privacy",
    ]

    volunteer_kind = fields.Selection(
        [("fixed", "Fixed"), ("flying", "Flying"), ("none", "No shifts")],
        string="Volunteers as",
        copy=False,
        groups=COORDINATOR,
        help="Fixed: always the same shift. Flying: books freely. No shifts: gives time"
        " in a committee, or none.",
    )
    volunteer_since = fields.Date(
        string="Volunteers since",
        copy=False,
        groups=COORDINATOR,
        help="Cycles count from that day.",
    )
    volunteer_policy_id = fields.Many2one(
        "coop.volunteer.policy",
        string="Own Rules",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
        groups=COORDINATOR,
        help="Empty: the cooperative's.",
    )
    shift_role_ids = fields.Many2many(
        "coop.shift.role",
        "coop_shift_role_member_rel",
        "member_id",
        "role_id",
        string="Skills",
        copy=False,
        groups=COORDINATOR,
    )
    shift_registration_ids = fields.One2many(
        "coop.shift.registration", "member_id", string="Shifts", groups=COORDINATOR
    )
    volunteer_ledger_ids = fields.One2many(
        "coop.shift.ledger", "member_id", string="Points", groups=COORDINATOR
    )
    # Computed from dated facts by _update_volunteer_status, never edited.
    volunteer_status = fields.Selection(
        STATUSES,
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=COORDINATOR,
    )
    volunteer_status_since = fields.Date(
        string="Status since", readonly=True, copy=False, groups=COORDINATOR
    )
    volunteer_status_until = fields.Date(
        string="Status until", readonly=True, copy=False, groups=COORDINATOR
    )
    volunteer_next_change = fields.Date(
        string="Status may change on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=COORDINATOR,
    )
    volunteer_status_on = fields.Date(
        string="Status computed on", readonly=True, copy=False, groups=COORDINATOR
    )
    volunteer_explanation = fields.Char(readonly=True, copy=False, groups=COORDINATOR)
    volunteer_balance = fields.Float(
        string="Balance", digits=(16, 2), readonly=True, copy=False, groups=COORDINATOR
    )
    volunteer_make_up_balance = fields.Float(
        string="Make-ups",
        digits=(16, 2),
        readonly=True,
        copy=False,
        groups=COORDINATOR,
    )
    shift_notice_ids = fields.One2many(
        "coop.shift.notice", "partner_id", groups=COORDINATOR
    )
    # Computed for all who are told at once: a summary each costs no query each.
    volunteer_recent_entry_ids = fields.Many2many(
        "coop.shift.ledger",
        compute="_compute_volunteer_summary",
        compute_sudo=True,
        groups=COORDINATOR,
    )
    volunteer_coming_shift_ids = fields.Many2many(
        "coop.shift",
        compute="_compute_volunteer_summary",
        compute_sudo=True,
        groups=COORDINATOR,
    )
    coop_drives = fields.Selection(
        DRIVES,
        string="Drives",
        copy=False,
        groups=COORDINATOR,
        help="Said by the member: for rounds and errands.",
    )
    volunteer_is_tutor = fields.Boolean(
        string="Welcomes newcomers",
        copy=False,
        groups=COORDINATOR,
        help="Shows those round who come for a first time.",
    )
    coop_tell_message = fields.Boolean(
        string="Messages of the Shift",
        default=True,
        help="The member wants the messages of the people of the same shift by e-mail.",
    )
    volunteer_is_muted = fields.Boolean(
        string="May not write to others",
        copy=False,
        groups=COORDINATOR,
        help="After messages that did not belong there.",
    )
    volunteer_attached_ids = fields.One2many(
        "res.partner", "volunteer_head_id", string="Attached People", groups=COORDINATOR
    )

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Grouping by a list of records asks for the right to read it.

        Odoo checks it for every field but these: who knows how to do what would be
        told to whoever sees the members.
        """
        field = self._fields.get(groupby_spec)
        if field and field.type == "many2many":
            self._check_field_access(field, "read")
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _volunteer_policy(self):
        """The rules of this member: own, or the cooperative's."""
        self.ensure_one()
        # sudo: numbers of the rules, public to members.
        member = self.sudo()
        return (
            member.volunteer_policy_id
            or (member.company_id or self.env.company)._coop_volunteer_policy()
        )

    def _volunteer_on_leave(self, day):
        """Whether a granted leave covers a local day."""
        self.ensure_one()
        # sudo: a yes or no, without the reason.
        return bool(
            self.env["coop.member.leave"]
            .sudo()
            .search_count(
                [
                    ("member_id", "=", self.id),
                    ("state", "=", "granted"),
                    ("date_from", "<=", day),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", day),
                ],
                limit=1,
            )
        )

    def _get_volunteer_balances(self):
        """``(shifts, make-ups)`` of one member, from the ledger."""
        self.ensure_one()
        return self.env["coop.shift.ledger"]._read_balances(self)[self.id]

    def _volunteer_booking_kind(self):
        """What a booking of this member is: flying, a make-up owed, or an extra."""
        member = self._volunteer_account()
        if member.volunteer_kind != "fixed":
            return "flying"
        owed = -sum(min(balance, 0.0) for balance in member._get_volunteer_balances())
        # sudo: the member's own bookings.
        booked = member.env["coop.shift.registration"].search(
            [
                ("member_id", "=", member.id),
                ("kind", "=", "make_up"),
                ("state", "=", "booked"),
            ]
        )
        policy = member._volunteer_policy()
        paid = sum(
            policy._points("present", "make_up", r.shift_id.hours)["shift"]
            for r in booked
        )
        return "make_up" if owed > paid else "extra"

    @api.model
    def _read_volunteer_experience(self, members):
        """``{member id: shifts attended}``, in one query."""
        # sudo: counts for the rules.
        rows = (
            self.env["coop.shift.registration"]
            .sudo()
            ._read_group(
                [
                    ("member_id", "in", members.ids),
                    ("state", "in", ("present", "late")),
                ],
                ["member_id"],
                ["__count"],
            )
        )
        result = defaultdict(int)
        result.update({member.id: count for member, count in rows})
        return result

    def _may_shop(self):
        """``(yes or no, next step)`` for the door and the till: no reason, no status.

        Members without a status (no volunteering yet) may shop.
        """
        self.ensure_one()
        # sudo: the answer is a yes or no.
        member = self.sudo()
        head = member.volunteer_head_id
        if head and head._volunteer_policy().attached_shop:
            member = head
        today = (member.company_id or self.env.company)._coop_get_today()
        if member.volunteer_next_change and member.volunteer_next_change <= today:
            member._update_volunteer_status()
        if not member.volunteer_status or member.volunteer_status in MAY_SHOP:
            return True, ""
        if member.volunteer_status == "unsubscribed":
            return False, self.env._("See the members' desk.")
        return False, self.env._("Book a make-up on the shifts page, or see the desk.")

    def _volunteer_summary(self):
        """Where a member stands, for their own page; callers check it is theirs.

        :return: dict ``status, label, since, until, balance, make_up, explanation,
            policy, kind, upcoming`` (registrations to come, as sudo)
        """
        self.ensure_one()
        # sudo: the fields are the member's own; see the caller's check.
        member = self.sudo()
        labels = dict(self._fields["volunteer_status"]._description_selection(self.env))
        return {
            "status": member.volunteer_status or False,
            "label": labels.get(member.volunteer_status, ""),
            "since": member.volunteer_status_since,
            "until": member.volunteer_status_until,
            "balance": member.volunteer_balance,
            "make_up": member.volunteer_make_up_balance,
            "explanation": member._explain_volunteer_status(),
            "policy": member._volunteer_policy(),
            "kind": member.volunteer_kind,
            "upcoming": member.env["coop.shift.registration"].search(
                [
                    ("member_id", "=", member.id),
                    ("state", "in", (*TAKING, "waiting")),
                    ("shift_id.state", "=", "planned"),
                    ("end_at", ">=", fields.Datetime.now()),
                ]
            ),
        }

    def action_coop_open_points(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_volunteers.coop_shift_ledger_action"
        )
        return {
            **action,
            "domain": [("member_id", "=", self.id)],
            "context": {"default_member_id": self.id},
        }

    # ------------------------------------------------------------------
    # Privacy
    # ------------------------------------------------------------------

    def _coop_get_due(self):
        """Shifts to come, and those that come back."""
        # sudo: for who looks after this member.
        person = self.sudo()
        booked = person.shift_registration_ids.filtered(
            lambda r: r.state in TAKING and r.shift_id.state == "planned"
        ).filtered(lambda r: r.end_at > fields.Datetime.now())
        fixed = self.env["coop.shift.template.fixed"].sudo()
        fixed = fixed.search([("member_id", "=", self.id), ("date_to", "=", False)])
        return super()._coop_get_due() + [
            *(
                self.env._("shift %(shift)s", shift=registration.shift_id.display_name)
                for registration in booked.sorted("start_at")
            ),
            *(
                self.env._(
                    "fixed seat in %(shift)s", shift=line.template_id.display_name
                )
                for line in fixed
            ),
        ]

    def _coop_privacy_export(self):
        return super()._coop_privacy_export() + self._get_volunteer_privacy_sections()

    def _coop_privacy_erase(self, dry_run=False):
        return self._erase_volunteer_data(dry_run) + super()._coop_privacy_erase(
            dry_run
        )
