# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import datetime, timedelta

from odoo import fields, models

from ..tools.constants import TAKING

# Who was asked is left in peace that long.
PEACE = timedelta(days=1)


class CoopShiftCalling(models.AbstractModel):
    """Where people are missing: who could come, and is asked."""

    _name = "coop.shift.calling"
    _description = "Shift: Whom to Call"

    def _find_members_to_call(self, limit, at_most):
        """Who is asked to come to which of these shifts, the nearest served first.

        Those who owe a shift come first, then those who were not asked for long. As
        many queries for a hundred shifts as for one.

        :param limit: members asked a day for one shift
        :param at_most: shifts that one member is asked for, a day
        :return: ``{member: shifts}``
        """
        # sudo: the code chooses whom to ask; nobody reads the list but its readers.
        shifts = self.sudo()
        if not shifts or limit <= 0 or at_most <= 0:
            return {}
        skills = shifts._read_skills_to_call()
        notices, asked_today = shifts._read_asked()
        members = shifts._search_members_to_call() - asked_today
        unable = shifts._read_unable(notices, members)
        may_begin = shifts._read_may_begin(members)
        result = defaultdict(shifts.browse)
        for shift in shifts.filtered(lambda s: s.id in skills).sorted("start_at"):
            left, roles = limit - notices[shift]["today"], skills[shift.id]
            for member in members:
                if left <= 0:
                    break
                if (
                    member.id not in unable[shift]
                    and len(result.get(member, ())) < at_most
                    and (not roles or any(role._is_for(member) for role in roles))
                    and may_begin(member, shift)
                ):
                    result[member] += shift
                    left -= 1
        return dict(result)

    def _read_skills_to_call(self):
        """``{shift id: roles of which one must hold one}``; none: anybody may come.

        Shifts without a free seat are left out.
        """
        free_roles = defaultdict(list)
        for (shift_id, role_id), count in self._read_free().items():
            if count > 0:
                free_roles[shift_id].append(role_id)
        roles = self.seat_ids.role_id
        return {
            shift_id: roles.browse(role_ids)
            if all(role_ids)
            and all(r.needs_skill or r.needs_driving for r in roles.browse(role_ids))
            else roles.browse()
            for shift_id, role_ids in free_roles.items()
        }

    def _read_asked(self):
        """Who was asked, by shift, and who was asked for anything today.

        :return: ``({shift: {"ever": member ids, "today": how many}}, members)``
        """
        Notice = self.env["coop.shift.notice"]
        since = fields.Datetime.now() - PEACE
        asked = {shift: {"ever": set(), "today": 0} for shift in self}
        for notice in Notice.search_fetch(
            [("kind", "=", "call"), ("shift_id", "in", self.ids)],
            ["partner_id", "shift_id", "told_at"],
        ):
            row = asked[notice.shift_id]
            row["ever"].add(notice.partner_id.id)
            row["today"] += notice.told_at > since
        rows = Notice._read_group(
            [
                ("kind", "=", "call"),
                ("company_id", "in", self.company_id.ids),
                ("told_at", ">", since),
            ],
            [],
            ["partner_id:recordset"],
        )
        return asked, rows[0][0]

    def _search_members_to_call(self):
        """Members who may be asked, who owes most first, then who was not for long."""
        members = self.env["res.partner"].search_fetch(
            [
                ("coop_is_active", "=", True),
                ("company_id", "in", self.company_id.ids),
                ("coop_left_on", "=", False),
                ("coop_tell_call", "=", True),
                ("volunteer_kind", "in", ("fixed", "flying")),
                (
                    "volunteer_status",
                    "in",
                    ("up_to_date", "alert", "suspended", "extension"),
                ),
            ],
            ["volunteer_balance", "volunteer_policy_id", "company_id"],
            order="id",
        )
        last = dict(
            self.env["coop.shift.notice"]._read_group(
                [("kind", "=", "call"), ("company_id", "in", self.company_id.ids)],
                ["partner_id"],
                ["told_at:max"],
            )
        )
        return members.sorted(
            lambda member: (
                member.volunteer_balance,
                last.get(member) or datetime.min,
                member.id,
            )
        )

    def _read_unable(self, notices, members):
        """``{shift: ids of the members who cannot come, or know of it already}``."""
        first, last = min(self.mapped("start_at")), max(self.mapped("end_at"))
        registrations = self.env["coop.shift.registration"].search_fetch(
            [("start_at", "<", last), ("end_at", ">", first)],
            ["member_id", "shift_id", "start_at", "end_at", "state"],
        )
        leaves = self.env["coop.member.leave"].search_fetch(
            [
                ("state", "=", "granted"),
                ("date_from", "<=", max(self.mapped("date"))),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", min(self.mapped("date"))),
            ],
            ["member_id", "date_from", "date_to"],
        )
        unable = {}
        for shift in self:
            # Who cancelled this shift, or waits for it, knows of it.
            busy = {
                row.member_id.id
                for row in registrations
                if row.shift_id == shift
                or (
                    row.state in TAKING
                    and row.start_at < shift.end_at
                    and row.end_at > shift.start_at
                )
            }
            away = {
                leave.member_id.id
                for leave in leaves
                if leave.date_from <= shift.date
                and (not leave.date_to or leave.date_to >= shift.date)
            }
            unable[shift] = busy | away | notices[shift]["ever"]
        for shift in self._filter_all_kept():
            unable[shift].update((members - shift._filter_may_take(members)).ids)
        return unable

    def _filter_all_kept(self):
        """Those of these shifts whose free seats are all kept for some."""
        kept = {
            shift_id for (shift_id, _role), count in self._read_kept().items() if count
        }
        if not kept:
            return self.browse()
        free = {
            shift_id
            for (shift_id, _role), count in self._read_open().items()
            if count > 0
        }
        return self.filtered(lambda shift: shift.id in kept - free)

    def _read_may_begin(self, members):
        """A function of a member and a shift: may they come, be it a first time?"""
        here = {
            shift: shift.registration_ids.filtered(
                lambda r: r.state in TAKING
            ).member_id
            for shift in self
        }
        people = members.browse().union(*here.values())
        done = members._read_volunteer_experience(members | people)
        most = {
            shift: max((done[member.id] for member in there), default=0)
            for shift, there in here.items()
        }

        def may_begin(member, shift):
            policy = member._volunteer_policy()
            return (
                not policy.beginner_needs_company
                or max(done[member.id], most[shift]) >= policy.beginner_shifts
            )

        return may_begin
