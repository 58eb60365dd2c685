# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL, split_every

# Members told between two commits.
BATCH = 1000

# A summary that comes later than this says nothing new.
CYCLE_LATE = timedelta(days=3)

TOLD_STATUSES = ("up_to_date", "alert", "suspended", "unsubscribed")


class CoopVolunteerTelling(models.AbstractModel):
    """Telling volunteers. Each method tells a batch at a time and yields its size."""

    _name = "coop.volunteer.telling"
    _description = "Company: Telling Volunteers"

    def _coop_tell_volunteers_status(self):
        """Statuses that changed since the member was last told.

        A slip of the hand that is corrected before this runs is told to nobody.
        """
        self.ensure_one()
        Partner = self.env["res.partner"]
        names = ["volunteer_status", "volunteer_told_status", "company_id"]
        Partner.flush_model(names)
        # Whoever has a status for the first time is not told of it.
        self.env.execute_query(
            SQL(
                """
                UPDATE res_partner SET volunteer_told_status = volunteer_status
                WHERE volunteer_status IS NOT NULL AND volunteer_told_status IS NULL
                  AND company_id = %s RETURNING id
                """,
                self.id,
            )
        )
        Partner.invalidate_model(["volunteer_told_status"], flush=False)
        ids = [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                    SELECT id FROM res_partner
                    WHERE company_id = %s AND coop_is_active
                      AND volunteer_status != volunteer_told_status
                    ORDER BY id
                    """,
                    self.id,
                )
            )
        ]
        for batch in split_every(BATCH, ids):
            members = Partner.browse(batch)
            for status, group in members.grouped("volunteer_status").items():
                to_tell = group.filtered(
                    lambda m, status=status: (
                        status in TOLD_STATUSES
                        and m.volunteer_told_status != "leave"
                        and m._volunteer_policy().tell_status
                    )
                )
                for since, those in to_tell.grouped("volunteer_status_since").items():
                    key = f"{status}:{since or self._coop_get_today()}"
                    self.env["coop.shift.notice"]._tell("status", those, those[:1], key)
                group.volunteer_told_status = status
            yield len(batch)

    def _coop_tell_volunteers_reminder(self):
        """Shifts to come: those who are expected, unless they booked just before."""
        self.ensure_one()
        hours = self._coop_volunteer_policy().reminder_hours
        now = fields.Datetime.now()
        shifts = self.env["coop.shift"].search(
            [
                ("company_id", "=", self.id),
                ("state", "=", "planned"),
                ("start_at", ">", now),
                ("start_at", "<=", now + timedelta(hours=hours)),
            ]
        )
        for shift in shifts:
            key = f"shift:{shift.id}"
            due = shift.start_at - timedelta(hours=hours)
            members = shift.registration_ids.filtered(
                lambda r, due=due: (
                    r.state == "booked"
                    and r.create_date <= due
                    and r.member_id.coop_tell_reminder
                )
            ).member_id
            notices = self.env["coop.shift.notice"]._tell(
                "reminder", members, shift, key, shift=shift
            )
            if notices:
                yield len(notices)

    def _coop_tell_volunteers_cycle(self):
        """Where each member stands, in the first days of a cycle."""
        self.ensure_one()
        today = self._coop_get_today()
        members = self.env["res.partner"].search(
            [
                ("coop_is_active", "=", True),
                ("company_id", "=", self.id),
                ("volunteer_since", "<", today),
                ("volunteer_kind", "in", ("fixed", "flying")),
                ("volunteer_status", "not in", (False, "unsubscribed", "exempted")),
                ("coop_tell_cycle", "=", True),
            ],
            order="id",
        )
        by_cycle = {}
        for member in members:
            policy = member._volunteer_policy()
            cycle = policy._cycle_of(today, member.volunteer_since)
            if policy.tell_cycle and cycle and today - cycle.start <= CYCLE_LATE:
                by_cycle.setdefault(cycle.key, []).append(member.id)
        Notice = self.env["coop.shift.notice"]
        members.invalidate_recordset(
            ["volunteer_recent_entry_ids", "volunteer_coming_shift_ids"]
        )
        for key, ids in by_cycle.items():
            told = Notice.search([("kind", "=", "cycle"), ("key", "=", key)])
            left = members.browse(ids) - told.partner_id
            for batch in split_every(BATCH, left.ids):
                batch = members.browse(batch)
                Notice._tell("cycle", batch, batch[:1], key)
                yield len(batch)

    def _coop_tell_volunteers_tutor(self):
        """Each tutor, once a newcomer and shift: somebody comes beside them."""
        self.ensure_one()
        pairs = self.env["coop.shift.pair"].search(
            [
                ("company_id", "=", self.id),
                ("is_told", "=", False),
                ("start_at", ">", fields.Datetime.now()),
            ]
        )
        for row in pairs:
            self.env["coop.shift.notice"]._tell(
                "tutor",
                row.tutor_id,
                row,
                f"{row.shift_id.id}:{row.newcomer_id.id}",
                shift=row.shift_id,
            )
            row.is_told = True
            yield 1

    def _coop_tell_volunteers_call(self):
        """A few of those who could come, each day: one mail each, of a few shifts.

        Who was asked counts: a run that was cut goes on with those who are left.
        """
        self.ensure_one()
        policy = self._coop_volunteer_policy()
        now = fields.Datetime.now()
        shifts = self.env["coop.shift"].search(
            [
                ("company_id", "=", self.id),
                ("state", "=", "planned"),
                ("start_at", ">", now),
                ("start_at", "<=", now + timedelta(hours=policy.call_hours)),
                ("missing_count", ">", 0),
            ]
        )
        calls = shifts._find_members_to_call(policy.call_members, policy.call_shifts)
        for members in split_every(BATCH, calls):
            notices = self.env["coop.shift.notice"]._tell_calls(
                {member: calls[member] for member in members}
            )
            yield len(notices)
