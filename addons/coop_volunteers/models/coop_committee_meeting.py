from datetime import timedelta

from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_base.tools.localtime import to_utc

MAX_AHEAD = timedelta(days=730)


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    coop_committee_id = fields.Many2one(
        "coop.committee",
        string="Committee",
        index="btree_not_null",
        ondelete="set null",
        help="All members of the cooperative read its meetings.",
    )


class CoopCommittee(models.Model):
    """Meetings of a committee: Odoo's own calendar, open to all members."""

    _inherit = "coop.committee"

    meeting_ids = fields.One2many(
        "calendar.event", "coop_committee_id", string="Meetings"
    )
    next_meeting_at = fields.Datetime(
        string="Next Meeting", compute="_compute_next_meeting"
    )
    meeting_place = fields.Char(string="Where", compute="_compute_next_meeting")

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
                    "description": (agenda or "").strip(),
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
            "coop_volunteers.mail_template_committee_meeting",
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

    def _dissolve(self, closing_word, merged_into=None):
        res = super()._dissolve(closing_word, merged_into)
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
        return res
