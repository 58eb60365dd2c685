# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models

from ..tools.charge import cycle_points, due_cycles

BATCH = 1000


class CoopShiftLedgerCycle(models.AbstractModel):
    """What a cycle costs: once a member and cycle, nothing for an exempted one."""

    _name = "coop.shift.ledger.cycle"
    _description = "Points: Cycles"

    cycle_end = fields.Date(
        string="Cycle until",
        readonly=True,
        copy=False,
        help="Days up to this one are counted, even if the rules change.",
    )

    @api.model
    def _cron_cycle(self):
        for company in self.env["res.company"].search([("active", "=", True)]):
            members = self.env["res.partner"].search(
                [
                    ("coop_is_active", "=", True),
                    ("company_id", "=", company.id),
                    ("volunteer_since", "!=", False),
                    ("volunteer_kind", "in", ("fixed", "flying")),
                ],
                order="id",
            )
            today = company._coop_get_today()
            for index in range(0, len(members), BATCH):
                batch = members[index : index + BATCH]
                self._post_cycles(batch, today)
                self.env["ir.cron"]._commit_progress(len(batch))

    @api.model
    def _post_cycles(self, members, today):
        """Post the cycles that are due and not posted yet, the oldest first.

        Running it twice takes nothing twice: an entry is known by its member and
        cycle, and days that are counted are not counted again by other rules. A member
        owes nothing for a cycle that an exemption covers, nor while unsubscribed: that
        is written too, so that who comes back does not owe the time away.

        :return: the entries made
        """
        # sudo: facts for the rules, not shown.
        members = members.sudo().filtered("volunteer_since")
        facts = members._read_cycle_facts()
        due = {}
        for member in members:
            policy, since = member._volunteer_policy(), member.volunteer_since
            if policy._cycle_of(since, since):
                due[member] = due_cycles(
                    lambda day, policy=policy, since=since: policy._cycle_of(
                        day, since
                    ),
                    policy._as_charge(member.volunteer_kind),
                    facts[member.id],
                    today,
                )
        late = members.browse([member.id for member, cycles in due.items() if cycles])
        running = self._read_running(late)
        vals_list = []
        for member in late:
            charge = member._volunteer_policy()._as_charge(member.volunteer_kind)
            for cycle, day in due[member]:
                points = 0.0
                if member.volunteer_status != "unsubscribed":
                    balance = running[member.id](day)
                    points = cycle_points(cycle, charge, facts[member.id], balance)
                running[member.id].posted += points
                vals_list.append(
                    {
                        "member_id": member.id,
                        "company_id": member.company_id.id,
                        "date": day,
                        "points": points,
                        "reason": "cycle",
                        "key": cycle.key,
                        "cycle_end": cycle.end,
                    }
                )
        return self._post(vals_list)

    @api.model
    def _read_running(self, members):
        """A function a member that gives the balance of the days before one."""
        entries = defaultdict(list)
        # sudo: sums for the rules, not shown.
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
        # Not the day itself: at which hour of it the job runs must not matter.
        before = sum(points for date, points in self.entries if date < day)
        return round(before + self.posted, 6)


def _as_date(day):
    return day.date() if hasattr(day, "date") else day
