# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_base.tools.localtime import to_utc
from odoo.addons.coop_tools.tools.text import text_to_html

from ..tools.match import best_match

MAX_AHEAD = timedelta(days=730)


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
    meeting_ids = fields.One2many(
        "calendar.event", "coop_committee_id", string="Meetings"
    )
    next_meeting_at = fields.Datetime(
        string="Next Meeting", compute="_compute_next_meeting"
    )
    meeting_place = fields.Char(string="Where", compute="_compute_next_meeting")
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

    @api.depends("meeting_ids.start", "meeting_ids.location", "meeting_ids.active")
    def _compute_next_meeting(self):
        # sudo: meetings of committees are open, whoever wrote them down.
        events = (
            self.env["calendar.event"]
            .sudo()
            .search(
                [
                    ("coop_committee_id", "in", self.ids),
                    ("stop", ">=", fields.Datetime.now()),
                ],
                order="start desc, id desc",
            )
        )
        # The last one written for a committee is the first to come.
        first = {event.coop_committee_id.id: event for event in events}
        for committee in self:
            event = first.get(committee._origin.id)
            committee.next_meeting_at = event.start if event else False
            committee.meeting_place = event.location if event else False

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
                "founded_on": member.company_id._coop_get_today(),
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
        # sudo: who is in a committee is read by all members.
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
                    "date_from": self.company_id._coop_get_today(),
                }
            )
        )

    def _leave(self, member):
        self.ensure_one()
        self._get_line(member).date_to = self.company_id._coop_get_today()
        return True

    def _may_lead(self, member):
        """Contacts may dissolve and merge; everybody where there is none left."""
        line = self._get_line(member)
        # sudo: who is in a committee is read by all members.
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
            today = committee.company_id._coop_get_today()
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
        self._end_meetings(merged_into)
        return True

    def _merge_into(self, other, closing_word):
        other._check_alive()
        if self == other or self.company_id != other.company_id:
            raise UserError(self.env._("Choose another committee."))
        return self._dissolve(closing_word, merged_into=other)

    # ------------------------------------------------------------------
    # Meetings: Odoo's own calendar, open to all members
    # ------------------------------------------------------------------

    def _announce_meeting(self, member, start, hours, place="", agenda=""):
        """A meeting announced by somebody of the committee; its members are told.

        :param start: naive local datetime, on the cooperative's wall
        :param hours: how long
        :raise UserError: one sentence
        """
        self.ensure_one()
        self._check_alive()
        if not self._get_line(member):
            raise UserError(self.env._("Join the committee first."))
        if not 0 < hours <= 12:
            raise UserError(self.env._("A meeting lasts between 0 and 12 hours."))
        start = to_utc(start, self.company_id.coop_tz)
        now = fields.Datetime.now()
        if not now < start < now + MAX_AHEAD:
            raise UserError(self.env._("Choose a day to come, within two years."))
        # sudo: members have no right on calendars; callers say who announces.
        event = (
            self.env["calendar.event"]
            .sudo()
            .with_context(no_mail_to_attendees=True, mail_create_nosubscribe=True)
            .create(
                {
                    "name": self.env._(
                        "Meeting of the committee %(name)s", name=self.sudo().name
                    ),
                    "start": start,
                    "stop": start + timedelta(hours=hours),
                    "location": (place or "").strip(),
                    "description": text_to_html((agenda or "").strip()),
                    "coop_committee_id": self.id,
                    # Nobody's own calendar: the committee's.
                    "user_id": False,
                    "partner_ids": [Command.clear()],
                }
            )
        )
        others = self.sudo().line_ids.filtered(lambda line: not line.date_to).member_id
        # As the cooperative's robot: a mail never leaves from a member's address.
        (others - member).with_user(SUPERUSER_ID)._coop_tell(
            event,
            "coop_committee.mail_template_committee_meeting",
            self.env._("a meeting of their committee"),
            call=False,
        )
        return event.sudo(False)

    def _cancel_meeting(self, member, event):
        self.ensure_one()
        if not self._get_line(member):
            raise UserError(self.env._("Join the committee first."))
        if event.sudo().coop_committee_id != self:
            raise UserError(self.env._("This is a meeting of another committee."))
        # sudo: as above; a meeting that was stays in the story.
        if event.sudo().start <= fields.Datetime.now():
            raise UserError(self.env._("This meeting is over."))
        event.sudo().with_context(no_mail_to_attendees=True).active = False
        return True

    def _read_meetings(self):
        """``(to come, past)``, as sudo: what all members read."""
        self.ensure_one()
        # sudo: open to all members.
        events = (
            self.env["calendar.event"]
            .sudo()
            .search([("coop_committee_id", "=", self.id)], order="start", limit=100)
        )
        now = fields.Datetime.now()
        coming = events.filtered(lambda e: e.stop >= now)
        return coming, (events - coming)[::-1][:5]

    def _end_meetings(self, merged_into=None):
        """Those to come go to the committee that takes over, or do not take place."""
        # sudo: callers check who asks; meetings that do not take place any more.
        coming = (
            self.env["calendar.event"]
            .sudo()
            .search(
                [
                    ("coop_committee_id", "in", self.ids),
                    ("start", ">", fields.Datetime.now()),
                ]
            )
        )
        if merged_into:
            coming.coop_committee_id = merged_into
        else:
            coming.with_context(no_mail_to_attendees=True).active = False

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
