# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import models

from ..tools.charge import Member


class CoopVolunteerCycle(models.AbstractModel):
    """What the cycles of a member are counted from."""

    _name = "coop.volunteer.cycle"
    _description = "Volunteer: Cycles"

    def _read_cycle_facts(self):
        """``{member id: Member}`` for ``tools.charge``, in two queries."""
        free = self._read_exempted_days()
        counted, opening = {}, {}
        # sudo: facts for the rules, not shown.
        rows = (
            self.env["coop.shift.ledger"]
            .sudo()
            ._read_group(
                [
                    ("member_id", "in", self.ids),
                    ("reason", "in", ("cycle", "opening")),
                    ("reversed_id", "=", False),
                ],
                ["member_id", "reason"],
                ["date:max", "cycle_end:max"],
            )
        )
        for member, reason, last, end in rows:
            if reason == "opening":
                opening[member.id] = last
            else:
                counted[member.id] = end
        return {
            member.id: Member(
                since=member.volunteer_since,
                left=member.coop_left_on or None,
                free=tuple(free.get(member.id, ())),
                counted=counted.get(member.id),
                opening=opening.get(member.id),
            )
            for member in self
        }

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
