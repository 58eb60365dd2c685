from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL, split_every

from .coop_shift import TAKING

# Members told between two commits.
BATCH = 200
# A summary that comes later than this says nothing new.
CYCLE_LATE = timedelta(days=3)
TOLD_STATUSES = ("up_to_date", "alert", "suspended", "unsubscribed")


class ResCompany(models.Model):
    """Telling volunteers. Each method tells a batch at a time and yields its size."""

    # One file a subject; a thousand lines in one would not be read.
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

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
                    WHERE company_id = %s AND is_coop_member
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
                    key = f"{status}:{since or fields.Date.today()}"
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

    def _coop_tell_volunteers_call(self):
        """Shifts where people are missing: a few of those who could come, each day."""
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
        Notice = self.env["coop.shift.notice"]
        asked_today = Notice.search(
            [
                ("kind", "=", "call"),
                ("shift_id", "in", shifts.ids),
                ("told_at", ">", now - timedelta(days=1)),
            ]
        ).shift_id
        for shift in shifts - asked_today:
            members = shift._search_members_to_call(policy.call_members)
            notices = Notice._tell(
                "call", members, shift, f"shift:{shift.id}", shift=shift
            )
            if notices:
                yield len(notices)

    def _coop_tell_volunteers_cycle(self):
        """Where each member stands, in the first days of a cycle."""
        self.ensure_one()
        today = self._coop_volunteer_today()
        members = self.env["res.partner"].search(
            [
                ("is_coop_member", "=", True),
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


class CoopShift(models.Model):
    # One file a subject; a thousand lines in one would not be read.
    _inherit = "coop.shift"  # pylint: disable=consider-merging-classes-inherited

    def _search_members_to_call(self, limit):
        """Members who could take a free seat, those who owe a shift first."""
        self.ensure_one()
        if limit <= 0:
            return self.env["res.partner"]
        # sudo: the code chooses whom to ask; nobody reads the list but its readers.
        shift = self.sudo()
        Registration = shift.env["coop.shift.registration"]
        busy = Registration._search(
            [
                ("start_at", "<", shift.end_at),
                ("end_at", ">", shift.start_at),
                ("state", "in", TAKING),
            ]
        )
        # Who cancelled this shift, or waits for it, knows of it.
        known = Registration._search([("shift_id", "=", shift.id)])
        told = shift.env["coop.shift.notice"]._search(
            [("kind", "=", "call"), ("shift_id", "=", shift.id)]
        )
        on_leave = shift.env["coop.member.leave"]._search(
            [
                ("state", "=", "granted"),
                ("date_from", "<=", shift.date),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", shift.date),
            ]
        )
        free = shift._read_free()
        roles = shift.seat_ids.role_id.browse(
            [role for (_shift, role), count in free.items() if count > 0 and role]
        )
        domain = [
            ("is_coop_member", "=", True),
            ("company_id", "=", shift.company_id.id),
            ("coop_left_on", "=", False),
            ("coop_tell_call", "=", True),
            ("volunteer_kind", "in", ("fixed", "flying")),
            (
                "volunteer_status",
                "in",
                ("up_to_date", "alert", "suspended", "extension"),
            ),
            ("id", "not in", busy.subselect("member_id")),
            ("id", "not in", known.subselect("member_id")),
            ("id", "not in", told.subselect("partner_id")),
            ("id", "not in", on_leave.subselect("member_id")),
        ]
        if not any(count > 0 for count in free.values()):
            return shift.env["res.partner"]
        if free.get((shift.id, 0), 0) <= 0 and all(r.needs_skill for r in roles):
            domain.append(("shift_role_ids", "in", roles.ids))
        candidates = shift.env["res.partner"].search(
            domain, order="volunteer_balance, id", limit=2 * limit
        )
        candidates = shift._filter_may_take(candidates)
        return shift._filter_not_beginners(candidates)[:limit]

    def _filter_not_beginners(self, candidates):
        """Those who may come to this shift, also for a first time, in one query."""
        self.ensure_one()
        here = self.registration_ids.filtered(lambda r: r.state in TAKING).member_id
        done = self.env["res.partner"]._read_volunteer_experience(here | candidates)
        return candidates.filtered(
            lambda member: (
                not (policy := member._volunteer_policy()).beginner_needs_company
                or any(done[m.id] >= policy.beginner_shifts for m in here | member)
            )
        )


class CoopShiftRegistration(models.Model):
    # One file a subject; a thousand lines in one would not be read.
    _inherit = "coop.shift.registration"  # pylint: disable=consider-merging-classes-inherited

    def _after_offer(self):
        """Whoever waits is told at once; without an e-mail, somebody calls."""
        res = super()._after_offer()
        Notice = self.env["coop.shift.notice"]
        for registration in self:
            Notice._tell(
                "offer",
                registration.member_id,
                registration,
                f"{registration.id}:{registration.offered_until}",
                shift=registration.shift_id,
                call=True,
                summary=self.env._("a seat is free for them"),
            )
        return res
