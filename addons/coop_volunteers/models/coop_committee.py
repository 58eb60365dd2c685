from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.match import best_match


class CoopCommittee(models.Model):
    """People who take care of something, from its foundation to its burial."""

    _name = "coop.committee"
    _description = "Committee"
    _inherit = ["mail.thread"]
    _order = "dissolved_on desc, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    purpose = fields.Text(
        required=True,
        tracking=True,
        help="What for, in words that members would use: requests are sent by them.",
    )
    founded_on = fields.Date(required=True, default=fields.Date.context_today)
    founded_by_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", ondelete="set null"
    )
    dissolved_on = fields.Date(readonly=True, copy=False, tracking=True)
    closing_word = fields.Text(
        readonly=True, copy=False, help="What was done, and what becomes of it."
    )
    merged_into_id = fields.Many2one(
        "coop.committee",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    projects = fields.Text(
        string="Current Projects", help="What goes on now, one a line."
    )
    line_ids = fields.One2many(
        "coop.committee.member", "committee_id", string="Members"
    )
    hours_ids = fields.One2many("coop.committee.hours", "committee_id")
    request_ids = fields.One2many("coop.committee.request", "committee_id")
    member_count = fields.Integer(compute="_compute_counts")
    open_request_count = fields.Integer(
        string="Open Requests", compute="_compute_counts"
    )

    _name_once = models.UniqueIndex(
        "(company_id, lower(name)) WHERE dissolved_on IS NULL",
        "A committee of this name already exists: join it.",
    )

    @api.depends("line_ids.date_to", "request_ids.state")
    def _compute_counts(self):
        members = dict(
            self.env["coop.committee.member"]._read_group(
                [("committee_id", "in", self.ids), ("date_to", "=", False)],
                ["committee_id"],
                ["__count"],
            )
        )
        asked = dict(
            self.env["coop.committee.request"]._read_group(
                [("committee_id", "in", self.ids), ("state", "=", "open")],
                ["committee_id"],
                ["__count"],
            )
        )
        for committee in self:
            committee.member_count = members.get(committee, 0)
            committee.open_request_count = asked.get(committee, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A committee is dissolved, not deleted: its story stays.")
        )

    # ------------------------------------------------------------------
    # Its life
    # ------------------------------------------------------------------

    @api.model
    def _found(self, member, name, purpose):
        """Anybody founds a committee, and is its first member."""
        name, purpose = (name or "").strip(), (purpose or "").strip()
        if not name or not purpose:
            raise UserError(
                self.env._("Give the committee a name, and say what it is for.")
            )
        # sudo: the rule is that any member may; callers say who.
        Committee = self.sudo()
        if Committee.search_count(
            [
                ("company_id", "=", member.company_id.id),
                ("name", "=ilike", name),
                ("dissolved_on", "=", False),
            ],
            limit=1,
        ):
            raise UserError(
                self.env._("A committee of this name already exists: join it.")
            )
        committee = Committee.create(
            {
                "name": name,
                "purpose": purpose,
                "company_id": member.company_id.id,
                "founded_by_id": member.id,
                "founded_on": member.company_id._coop_volunteer_today(),
            }
        )
        committee._join(member, role="contact")
        return committee.sudo(False)

    def _check_alive(self):
        for committee in self.sudo():
            if committee.dissolved_on:
                raise UserError(
                    self.env._("%(name)s is dissolved.", name=committee.name)
                )

    def _get_line(self, member):
        """The membership that runs, if any."""
        return self.sudo().line_ids.filtered(
            lambda line: line.member_id == member and not line.date_to
        )

    def _join(self, member, role="member"):
        self.ensure_one()
        self._check_alive()
        line = self._get_line(member)
        if line:
            return line
        # sudo: any member joins; callers say who.
        return (
            self.env["coop.committee.member"]
            .sudo()
            .create(
                {
                    "committee_id": self.id,
                    "member_id": member.id,
                    "role": role,
                    "date_from": self.company_id._coop_volunteer_today(),
                }
            )
        )

    def _leave(self, member):
        self.ensure_one()
        self._get_line(member).date_to = self.company_id._coop_volunteer_today()
        return True

    def _may_lead(self, member):
        """Contacts may dissolve and merge; everybody where there is none left."""
        line = self._get_line(member)
        contacts = self.sudo().line_ids.filtered(
            lambda line: line.role == "contact" and not line.date_to
        )
        return bool(line and (line.role == "contact" or not contacts))

    def _dissolve(self, closing_word, merged_into=None):
        """Bury it: a date and a word; open asked go on elsewhere, or wait."""
        self._check_alive()
        if not (closing_word or "").strip():
            raise UserError(
                self.env._("Say in a few words what was done and why it ends.")
            )
        # sudo: callers check who asks.
        for committee in self.sudo():
            today = committee.company_id._coop_volunteer_today()
            committee.request_ids.filtered(lambda r: r.state == "open").write(
                {"committee_id": merged_into.id if merged_into else False}
            )
            lines = committee.line_ids.filtered(lambda line: not line.date_to)
            if merged_into:
                for line in lines:
                    merged_into._join(line.member_id, line.role)
            lines.date_to = today
            committee.write(
                {
                    "dissolved_on": today,
                    "closing_word": closing_word.strip(),
                    "merged_into_id": merged_into.id if merged_into else False,
                }
            )
        return True

    def _merge_into(self, other, closing_word):
        other._check_alive()
        if self == other or self.company_id != other.company_id:
            raise UserError(self.env._("Choose another committee."))
        return self._dissolve(closing_word, merged_into=other)

    # ------------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------------

    @api.model
    def _guess(self, text, company):
        """``(committee, words)``: in charge of what a text speaks of, and why."""
        # sudo: names and purposes, which all members read.
        committees = self.sudo().search(
            [("company_id", "=", company.id), ("dissolved_on", "=", False)]
        )
        match = best_match(text, {c.id: f"{c.name} {c.purpose}" for c in committees})
        if not match:
            return self.browse(), ()
        return self.browse(match.key), match.words


class CoopCommitteeMember(models.Model):
    """Who was in a committee, from when to when."""

    _name = "coop.committee.member"
    _description = "Member of a Committee"
    _order = "committee_id, date_to desc, role, date_from, id"
    _rec_name = "member_id"
    _check_company_auto = True

    committee_id = fields.Many2one(
        "coop.committee",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="committee_id.company_id", store=True)
    member_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('is_coop_member', '=', True)]",
    )
    role = fields.Selection(
        [("contact", "Contact"), ("member", "Member")], required=True, default="member"
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Until")

    _once = models.UniqueIndex(
        "(committee_id, member_id) WHERE date_to IS NULL",
        "This member is already in the committee.",
    )


class CoopCommitteeHours(models.Model):
    """Time given in a committee; it counts like a shift, by the rules."""

    _name = "coop.committee.hours"
    _description = "Hours in a Committee"
    _order = "date desc, id desc"
    _check_company_auto = True

    committee_id = fields.Many2one(
        "coop.committee",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(related="committee_id.company_id", store=True)
    member_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict"
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    hours = fields.Float(required=True)
    note = fields.Char()
    ledger_id = fields.Many2one(
        "coop.shift.ledger", readonly=True, copy=False, ondelete="restrict"
    )
    cancelled = fields.Boolean(readonly=True, copy=False)

    _positive = models.Constraint(
        "CHECK (hours > 0 AND hours <= 24)", "Hours of a day are between 0 and 24."
    )

    @api.model
    def _declare(self, committee, member, day, hours, note=""):
        """Post what these hours are worth; the same day twice is told, not counted."""
        committee._check_alive()
        if not committee._get_line(member):
            raise UserError(self.env._("Join the committee first."))
        if not 0 < hours <= 24:
            raise UserError(self.env._("Hours of a day are between 0 and 24."))
        if day > committee.company_id._coop_volunteer_today():
            raise UserError(self.env._("Declare hours once they are given."))
        # sudo: the member's own; the ledger has no other door.
        Hours = self.sudo()
        same = [
            ("committee_id", "=", committee.id),
            ("member_id", "=", member.id),
            ("date", "=", day),
            ("cancelled", "=", False),
        ]
        if Hours.search_count(same, limit=1):
            raise UserError(
                self.env._("You have already declared that day: undo it first.")
            )
        record = Hours.create(
            {
                "committee_id": committee.id,
                "member_id": member.id,
                "date": day,
                "hours": hours,
                "note": note,
            }
        )
        policy = member._volunteer_policy()
        if policy.unit == "hour":
            points = hours
        else:
            points = round(hours / (policy.committee_hours or 1.0), 2)
        record.ledger_id = self.env["coop.shift.ledger"]._post(
            [
                {
                    "member_id": member.id,
                    "company_id": committee.company_id.id,
                    "date": day,
                    "points": points,
                    "reason": "committee",
                    "note": self.env._(
                        "%(hours)g h in the committee %(name)s",
                        hours=hours,
                        name=committee.sudo().name,
                    ),
                    "key": f"committee:{record.id}",
                }
            ]
        )
        return record.sudo(False)

    def _cancel(self):
        # sudo: callers check whose hours these are.
        for record in self.sudo().filtered(lambda r: not r.cancelled):
            record.ledger_id._reverse()
            record.cancelled = True
        return True


class CoopVolunteerPolicy(models.Model):
    _inherit = "coop.volunteer.policy"

    committee_hours = fields.Float(
        string="Committee hours for a shift",
        default=3.0,
        help="So many hours declared in a committee are worth one shift.",
    )

    _committee_hours = models.Constraint(
        "CHECK (committee_hours > 0)", "Hours for a shift are more than zero."
    )
