# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date

from odoo.addons.coop_base.tools.localtime import format_local

from ..tools.constants import COORDINATOR, STATUSES, TAKING


class CoopVolunteerNotices(models.AbstractModel):
    """What volunteers want to be told of, and what the messages say."""

    _name = "coop.volunteer.notices"
    _description = "Volunteer: Messages"

    coop_tell_reminder = fields.Boolean(
        string="Reminded of Shifts",
        default=True,
        help="The member wants a message before each shift.",
    )
    coop_tell_call = fields.Boolean(
        string="Asked Where People Are Missing",
        default=True,
        help="The member may be asked to come where people are missing.",
    )
    coop_tell_cycle = fields.Boolean(
        string="Summary of Each Cycle",
        default=True,
        help="The member wants a summary when a cycle starts.",
    )
    volunteer_told_status = fields.Selection(
        STATUSES,
        string="Status last Told",
        readonly=True,
        copy=False,
        groups=COORDINATOR,
    )

    def _coop_format_shift(self, shift):
        """Day and hours of a shift, in the cooperative's time."""
        company = shift.company_id
        return self.env._(
            "%(start)s to %(end)s",
            start=format_local(self.env, shift.start_at, company),
            end=format_local(self.env, shift.end_at, company, "HH:mm"),
        )

    def _coop_format_when(self, moment):
        return format_local(self.env, moment, self.company_id)

    def _coop_format_balance(self):
        """``+1``, ``−0,5``: the balance as members read it."""
        self.ensure_one()
        entry = self.env["coop.shift.ledger"].new({"points": self.volunteer_balance})
        return entry._format_points() if self.volunteer_balance else "0"

    def _coop_get_cycle_entries(self):
        """Entries of the last and this cycle, the newest first, corrections left out
        with what they correct."""
        self.ensure_one()
        return self.volunteer_recent_entry_ids

    def _compute_volunteer_summary(self):
        """Entries of the last and this cycle, and shifts to come, in two queries."""
        since = {}
        for member in self:
            today = member._coop_company()._coop_get_today()
            cycle = member._volunteer_policy()._cycle_of(today, member.volunteer_since)
            if cycle:
                since[member.id] = cycle.start - timedelta(days=cycle.days)
        Ledger, entries = self.env["coop.shift.ledger"], {}
        if since:
            found = Ledger.search_fetch(
                [
                    ("member_id", "in", list(since)),
                    ("date", ">=", min(since.values())),
                    ("reversed_id", "=", False),
                    ("reversal_ids", "=", False),
                    "|",
                    ("reason", "!=", "cycle"),
                    ("points", "!=", 0),
                ],
                ["member_id", "date", "points", "reason", "note", "reversed_id"],
            )
            for entry in found:
                if entry.date >= since[entry.member_id.id]:
                    entries.setdefault(entry.member_id.id, []).append(entry.id)
        coming = (
            self.env["coop.shift.registration"]
            .search_fetch(
                [
                    ("member_id", "in", self.ids),
                    ("state", "in", TAKING),
                    ("shift_id.state", "=", "planned"),
                    ("start_at", ">", fields.Datetime.now()),
                    ("start_at", "<", fields.Datetime.now() + timedelta(days=180)),
                ],
                ["member_id", "shift_id"],
            )
            .grouped("member_id")
        )
        none = self.env["coop.shift.registration"]
        for member in self:
            member.volunteer_recent_entry_ids = Ledger.browse(
                entries.get(member.id, ())[:20]
            )
            member.volunteer_coming_shift_ids = coming.get(member, none)[:6].shift_id

    def _coop_get_shifts_to_come(self):
        self.ensure_one()
        return self.volunteer_coming_shift_ids

    def _coop_format_day(self, day):
        return format_date(self.env, day, date_format="d MMMM y")

    def _coop_get_calls(self):
        """The shifts that this member is asked to come to, the next first."""
        self.ensure_one()
        told = self._coop_get_told("coop.shift")
        return told or self._coop_get_told_about("coop.shift")

    def _coop_format_calls(self):
        """When the shift is, or how many there are to choose from."""
        shifts = self._coop_get_calls()
        if len(shifts) > 1:
            return self.env._(
                "%(count)s shifts where people are missing", count=len(shifts)
            )
        return self._coop_format_when(shifts.start_at)
