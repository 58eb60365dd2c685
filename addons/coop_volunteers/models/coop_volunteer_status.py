# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..tools.status import Entry, Spell, member_status

BATCH = 2000


class CoopVolunteerStatus(models.AbstractModel):
    """The status of volunteers: computed from dated facts, stored for searching."""

    _name = "coop.volunteer.status"
    _description = "Volunteer: Status"

    @api.model
    def _cron_volunteer_status(self):
        """Once a day, in batches; a run that was cut goes on where it was.

        Then the figures of the day, and who may be missing in the next weeks.
        """
        for company in self.env["res.company"].search([("active", "=", True)]):
            today = company._coop_get_today()
            domain = [
                ("is_coop_member", "=", True),
                ("company_id", "=", company.id),
                ("volunteer_since", "!=", False),
                "|",
                ("volunteer_status_on", "=", False),
                ("volunteer_status_on", "<", today),
            ]
            while members := self.search(domain, limit=BATCH, order="id"):
                members._update_volunteer_status(today)
                self.env["ir.cron"]._commit_progress(len(members))
                # Each member is stamped with the day: the next batch is others.
        for company in self.env["res.company"].search([("active", "=", True)]):
            today = company._coop_get_today()
            self.env["coop.volunteer.day"]._count(company, today)
            self.env["coop.shift"]._forecast(company)
            self.env["ir.cron"]._commit_progress(1)

    def _update_volunteer_status(self, today=None):
        """Compute and store where these members stand, in a constant number of queries.

        :return: ``{member: (former, new)}`` of those whose status changed
        """
        # sudo: facts and results that few may read, computed for everybody.
        members = self.sudo().filtered(lambda m: m.is_coop_member or m.volunteer_status)
        if not members:
            return {}
        entries = members._read_status_entries()
        spells = members._read_status_spells()
        changed, rows = {}, []
        policies = {}
        for member in members:
            company = member.company_id or self.env.company
            if company not in policies:
                policies[company] = (
                    company._coop_volunteer_policy(),
                    company._coop_get_today(),
                )
            rules, now = policies[company]
            rules = member.volunteer_policy_id or rules
            status = member_status(
                entries[member.id],
                spells[member.id],
                rules._as_policy(),
                today or now,
            )
            rows.append(
                (
                    member.id,
                    str(status),
                    status.since or None,
                    status.until or None,
                    status.next_change or None,
                    status.explanation,
                    status.balance,
                    status.make_up,
                    today or now,
                )
            )
            if member.volunteer_status != status:
                changed[member] = (member.volunteer_status, str(status))
        members._write_statuses(rows)
        if changed:
            members._after_status_change(changed)
        return changed

    def _write_statuses(self, rows):
        names = [
            "volunteer_status",
            "volunteer_status_since",
            "volunteer_status_until",
            "volunteer_next_change",
            "volunteer_explanation",
            "volunteer_balance",
            "volunteer_make_up_balance",
            "volunteer_status_on",
        ]
        self.flush_recordset(names)
        self.env.execute_query(
            SQL(
                """
                UPDATE res_partner p SET
                    volunteer_status = v.status,
                    volunteer_status_since = v.since::date,
                    volunteer_status_until = v.until::date,
                    volunteer_next_change = v.next::date,
                    volunteer_explanation = v.why,
                    volunteer_balance = v.balance,
                    volunteer_make_up_balance = v.make_up,
                    volunteer_status_on = v.day::date
                FROM (VALUES %s) AS v (
                    id, status, since, until, next, why, balance, make_up, day)
                WHERE p.id = v.id
                RETURNING p.id
                """,
                SQL(", ").join(SQL("%s", row) for row in rows),
            )
        )
        self.invalidate_recordset(names, flush=False)
        self.modified(["volunteer_status"])

    def _after_status_change(self, changed):
        """Statuses changed: seats of the unsubscribed are freed, members are told.

        A little later, by the cron: slips are corrected at once.

        :param changed: ``{member: (former, new)}``, members with sudo
        """
        gone = self.browse(
            [
                member.id
                for member, (_f, new) in changed.items()
                if new == "unsubscribed"
            ]
        )
        if gone:
            # sudo: seats to come of who no longer takes part.
            self.env["coop.shift.registration"].sudo().search(
                [
                    ("member_id", "in", gone.ids),
                    ("state", "in", ("booked", "waiting")),
                    ("start_at", ">", fields.Datetime.now()),
                ]
            ).write({"state": "cancelled"})
        # sudo: only wakes up a cron that tells what there is to tell.
        self.env.ref("coop_volunteers.coop_shift_notice_cron").sudo()._trigger()

    def _read_status_entries(self):
        """``{member id: [Entry]}``: one row a member, day and counter."""
        result = defaultdict(list)
        self.env["coop.shift.ledger"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT member_id, date, counter, sum(points),
                       sum(CASE WHEN reason != 'absent' THEN 0
                                WHEN reversed_id IS NULL THEN 1 ELSE -1 END),
                       sum(CASE WHEN reason NOT LIKE 'present%%'
                                 AND reason NOT LIKE 'late%%' THEN 0
                                WHEN reversed_id IS NULL THEN 1 ELSE -1 END)
                FROM coop_shift_ledger WHERE member_id IN %s
                GROUP BY member_id, date, counter
                """,
                tuple(self.ids),
            )
        )
        for member_id, day, counter, points, absence, attended in rows:
            # Absences are counted once, on the counter that always has a line.
            main = counter == "shift"
            result[member_id].append(
                Entry(
                    day,
                    float(points),
                    counter,
                    int(absence) if main else 0,
                    int(attended),
                )
            )
        return result

    def _read_status_spells(self):
        """``{member id: [Spell]}`` of leaves, extensions, bookings and departures."""
        result = defaultdict(list)
        for model in ("coop.member.leave", "coop.shift.extension"):
            self.env[model].flush_model()
        self.env["coop.shift.registration"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.member_id, t.status, l.date_from, l.date_to
                FROM coop_member_leave l
                JOIN coop_member_leave_type t ON t.id = l.type_id
                WHERE l.state = 'granted' AND l.member_id IN %(ids)s
                UNION ALL
                SELECT member_id, 'extension', date_from, date_to
                FROM coop_shift_extension
                WHERE state = 'granted' AND member_id IN %(ids)s
                UNION ALL
                SELECT r.member_id, 'booked', '2000-01-01'::date, s.date
                FROM coop_shift_registration r JOIN coop_shift s ON s.id = r.shift_id
                WHERE r.kind IN ('make_up', 'flying') AND r.state = 'booked'
                  AND s.state = 'planned' AND r.member_id IN %(ids)s
                """,
                ids=tuple(self.ids),
            )
        )
        for member_id, kind, start, end in rows:
            result[member_id].append(Spell(kind, start, end))
        for member in self:
            if member.coop_left_on:
                result[member.id].append(Spell("left", member.coop_left_on))
        return result

    def _explain_volunteer_status(self):
        """The status in a sentence, for its member and the coordinators."""
        self.ensure_one()
        # sudo: the sentence is for its member; callers check it is theirs.
        member = self.sudo()
        until = format_date(self.env, member.volunteer_status_until)
        since = format_date(self.env, member.volunteer_status_since)
        return {
            "up_to_date": self.env._("You are up to date. Thank you!"),
            "alert": self.env._(
                "You owe a shift: make it up before %(date)s.", date=until
            ),
            "suspended": self.env._(
                "You owe a shift since %(date)s. Book a make-up to shop again.",
                date=since,
            ),
            "extension": self.env._(
                "You have until %(date)s to make up your shift.", date=until
            ),
            "leave": self.env._("You are on leave until %(date)s.", date=until)
            if until
            else self.env._("You are on leave."),
            "exempted": self.env._("You are exempted from shifts."),
            "unsubscribed": self.env._(
                "You no longer take part in the shifts. Write to the coordinators to"
                " come back."
            ),
        }.get(member.volunteer_status, "")
