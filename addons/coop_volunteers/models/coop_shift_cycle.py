from collections import defaultdict
from datetime import timedelta

from odoo import api, models

from ..tools.cycle import cycles_between
from ..tools.quota import prorated

BATCH = 1000


class CoopShiftLedger(models.Model):
    """What a cycle costs: once a member and cycle, nothing for an exempted one."""

    # One file a subject; a thousand lines in one would not be read.
    _inherit = "coop.shift.ledger"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_cycle(self):
        for company in self.env["res.company"].search([("active", "=", True)]):
            members = self.env["res.partner"].search(
                [
                    ("is_coop_member", "=", True),
                    ("company_id", "=", company.id),
                    ("volunteer_since", "!=", False),
                    ("volunteer_kind", "in", ("fixed", "flying")),
                    ("volunteer_status", "!=", "unsubscribed"),
                ],
                order="id",
            )
            today = company._coop_volunteer_today()
            for index in range(0, len(members), BATCH):
                batch = members[index : index + BATCH]
                self._post_cycles(batch, today)
                self.env["ir.cron"]._commit_progress(len(batch))

    @api.model
    def _post_cycles(self, members, today):
        """Post the cycles that are due and not posted yet, the oldest first.

        Running it twice takes nothing twice: an entry is known by its member and
        cycle. A member owes nothing for a cycle that an exemption covers.

        :return: the entries made
        """
        members = members.sudo()
        due = {member: member._get_due_cycles(today) for member in members}
        keys = {cycle.key for cycles in due.values() for cycle, _day in cycles}
        if not keys:
            return self.browse()
        rows = self.sudo()._read_group(
            [("member_id", "in", members.ids), ("key", "in", list(keys))],
            ["member_id", "key"],
        )
        known = {(member.id, key) for member, key in rows}
        missing = {
            member: [pair for pair in cycles if (member.id, pair[0].key) not in known]
            for member, cycles in due.items()
        }
        late = self.env["res.partner"].browse(
            [member.id for member, cycles in missing.items() if cycles]
        )
        exempted = late._read_exempted_days()
        running = self._read_running(late, missing)
        vals_list = []
        for member in late:
            for cycle, day in missing[member]:
                balance = running[member.id](day)
                points = member._get_cycle_points(
                    cycle, balance, exempted.get(member.id, [])
                )
                running[member.id].posted += points
                vals_list.append(
                    {
                        "member_id": member.id,
                        "company_id": member.company_id.id,
                        "date": day,
                        "points": points,
                        "reason": "cycle",
                        "key": cycle.key,
                    }
                )
        return self._post(vals_list)

    @api.model
    def _read_running(self, members, missing):
        """A function a member that gives the balance before a day."""
        entries = defaultdict(list)
        rows = self.sudo()._read_group(
            [("member_id", "in", members.ids), ("counter", "=", "shift")],
            ["member_id", "date:day"],
            ["points:sum"],
        )
        for member, day, points in rows:
            entries[member.id].append((_as_date(day), points))
        return {member.id: _Running(entries[member.id]) for member in members}


class _Running:
    def __init__(self, entries):
        self.entries = entries
        self.posted = 0.0

    def __call__(self, day):
        before = sum(points for date, points in self.entries if date <= day)
        return round(before + self.posted, 6)


def _as_date(day):
    return day.date() if hasattr(day, "date") else day


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_due_cycles(self, today):
        """``[(cycle, day on which it counts)]`` since the member volunteers."""
        self.ensure_one()
        policy = self._volunteer_policy()
        since = self.volunteer_since
        if not since or not policy._cycle_of(since, since):
            return []
        first = since
        if policy.cycle_prorated or policy.cycle_due == "end":
            # The cycle in which one joins is owed too, in part or at its end.
            first = policy._cycle_of(since, since).start
        last = today
        if self.coop_left_on:
            last = min(today, self.coop_left_on)
        found = cycles_between(first, last, lambda day: policy._cycle_of(day, since))
        if policy.cycle_due == "start":
            return [(cycle, max(cycle.start, since)) for cycle in found]
        return [(cycle, cycle.end) for cycle in found if cycle.end <= today]

    def _get_cycle_points(self, cycle, balance, exempted):
        self.ensure_one()
        policy = self._volunteer_policy()
        for start, end in exempted:
            if start <= cycle.start and (end is None or cycle.end <= end):
                return 0.0
        if self.volunteer_kind == "fixed":
            points = policy.cycle_points_fixed
        else:
            points = policy.cycle_points_flying
            if balance + points < 0:
                points = policy.cycle_points_unpaid
        if policy.cycle_prorated:
            share = prorated(
                abs(points),
                cycle.start,
                cycle.end,
                joined=self.volunteer_since,
                left=self.coop_left_on and self.coop_left_on - timedelta(days=1),
                step="1" if policy.unit == "shift" else "0.25",
            )
            points = float(share) * (-1 if points < 0 else 1)
        return points

    def _read_exempted_days(self):
        """``{member id: [(first, last or None)]}`` of leaves that exempt cycles."""
        # sudo: facts for the rules, not shown.
        leaves = (
            self.env["coop.member.leave"]
            .sudo()
            .search(
                [
                    ("member_id", "in", self.ids),
                    ("state", "=", "granted"),
                    ("type_id.exempts_cycle", "=", True),
                ]
            )
        )
        result = defaultdict(list)
        for leave in leaves:
            result[leave.member_id.id].append((leave.date_from, leave.date_to or None))
        return result
