from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date

from odoo.addons.coop_base.tools.localtime import format_local

from .coop_shift import TAKING
from .res_partner import COORDINATOR, STATUSES


class ResPartner(models.Model):
    """What volunteers want to be told of, and what the messages say."""

    # One file a subject; a thousand lines in one would not be read.
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

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
    shift_notice_ids = fields.One2many(
        "coop.shift.notice", "partner_id", groups=COORDINATOR
    )

    def _after_status_change(self, changed):
        """Members are told a little later, by the cron: slips are corrected at once."""
        res = super()._after_status_change(changed)
        # sudo: only wakes up a cron that tells what there is to tell.
        self.env.ref("coop_volunteers.coop_shift_notice_cron").sudo()._trigger()
        return res

    def _coop_get_told_about(self, model):
        """What a message to these members is about; any one for a preview."""
        record = self.env.context.get("coop_record")
        if record is None or record._name != model:
            record = self.env[model].search([], limit=1)
        return record.with_env(self.env)

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

    def _compute_volunteer_summary(self):
        """Entries of the last and this cycle, and shifts to come, in two queries."""
        since = {}
        for member in self:
            today = member._coop_company()._coop_volunteer_today()
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
