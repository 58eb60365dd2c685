# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, time, timedelta

from odoo import Command, api, fields, models

from odoo.addons.coop_base.tools.localtime import to_utc

from ..tools.cycle import monday

# Shifts made between two commits of the cron.
BATCH = 2000


class CoopShiftTemplateGeneration(models.AbstractModel):
    """Shifts and fixed registrations made ahead, once, in bulk."""

    _name = "coop.shift.template.generation"
    _description = "Recurring Shift: Shifts Made Ahead"

    @api.model
    def _cron_generate(self):
        """Make what is missing ahead, company by company."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            policy = company._coop_volunteer_policy()
            templates = self.search([("company_id", "=", company.id)])
            if not templates:
                continue
            today = company._coop_get_today()
            until = today + timedelta(days=policy.generation_days)
            templates._generate(until, commit=True)

    def action_generate(self):
        """Make the shifts ahead now.

        :raise AccessError: without the right to change these recurring shifts
        """
        self.check_access("write")
        for company, templates in self.grouped("company_id").items():
            policy = company._coop_volunteer_policy()
            today = company._coop_get_today()
            templates._generate(today + timedelta(days=policy.generation_days))
        return True

    def _generate(self, until, start=None, commit=False):
        """Make the missing shifts of these templates and their fixed registrations.

        Idempotent: a shift is known by its template and day, a registration by its
        shift and member. What was made and then changed or cancelled stays so.

        :param until: last day
        :param start: first day; today by default
        :param commit: from a cron: commit after each batch
        :return: the shifts made
        """
        made = self.env["coop.shift"]
        # sudo: the job of the cooperative, whoever wakes it.
        for company, templates in self.sudo().grouped("company_id").items():
            first = start or company._coop_get_today()
            vals_list = templates._prepare_missing_shifts(company, first, until)
            for index in range(0, len(vals_list), BATCH):
                shifts = (
                    made.sudo()
                    .with_context(tracking_disable=True)
                    .create(vals_list[index : index + BATCH])
                )
                shifts._apply_closures()
                shifts._make_fixed_registrations()
                made += shifts
                if commit:
                    self.env["ir.cron"]._commit_progress(len(shifts))
        return made.sudo(False)

    def _prepare_missing_shifts(self, company, first, until):
        known = {
            (template.id, day)
            for template, day in self.env["coop.shift"]._read_group(
                [
                    ("template_id", "in", self.ids),
                    ("template_day", ">=", first),
                    ("template_day", "<=", until),
                ],
                ["template_id", "template_day:day"],
            )
        }
        known = {(tid, fields.Date.to_date(day)) for tid, day in known}
        policy = company._coop_volunteer_policy()
        vals_list = []
        for template in self.filtered("active"):
            base = template._prepare_shift_values()
            for day in template._get_days(first, until, policy):
                if (template.id, day) not in known:
                    vals_list.append(
                        {**base, **template._prepare_shift_times(day, company)}
                    )
        vals_list.sort(key=lambda vals: vals["start_at"])
        return vals_list

    def _get_days(self, first, until, policy):
        """Local days of this recurring shift between two days, both included."""
        self.ensure_one()
        first = max(first, self.date_from)
        if self.date_to:
            until = min(until, self.date_to)
        offset = (int(self.weekday) - first.weekday()) % 7
        day, days = first + timedelta(days=offset), []
        while day <= until:
            if self._is_week(day, policy):
                days.append(day)
            day += timedelta(days=7)
        return days

    def _is_week(self, day, policy):
        if self.recurrence == "letters":
            return policy._week_letter(day) in self.letters
        if self.recurrence == "interval":
            weeks = (monday(day) - monday(self.date_from)).days // 7
            return weeks % self.interval == 0
        return True

    def _prepare_shift_values(self):
        self.ensure_one()
        return {
            "name": self.name,
            "template_id": self.id,
            "company_id": self.company_id.id,
            "collection_point_id": self.collection_point_id.id,
            "referent_id": self.referent_id.id,
            "note": self.note,
            "seat_ids": [
                Command.create(seat._prepare_shift_seat()) for seat in self.seat_ids
            ],
        }

    def _prepare_shift_times(self, day, company):
        """Hours of the wall clock: what recurs, also when summer time starts."""
        self.ensure_one()
        start = datetime.combine(day, time.min) + timedelta(
            minutes=round(self.start_hour * 60)
        )
        end = start + timedelta(minutes=round(self.duration * 60))
        return {
            "template_day": day,
            "start_at": to_utc(start, company.coop_tz),
            "end_at": to_utc(end, company.coop_tz),
        }

    # ------------------------------------------------------------------
    # Changes
    # ------------------------------------------------------------------

    def _sync_fixed(self):
        """Registrations to come follow the list of fixed members.

        Who is no longer on it frees the seats to come; who is new gets them where a
        seat is free. What a member did with a seat (cancelled, moved, swapped) stays.
        """
        # sudo: whoever keeps the list of fixed members may not write registrations.
        templates = self.sudo()
        templates.flush_model()
        shifts = templates.env["coop.shift"].search(
            [
                ("template_id", "in", templates.ids),
                ("state", "=", "planned"),
                ("start_at", ">", fields.Datetime.now()),
            ]
        )
        if not shifts:
            return
        held = set()
        for line in templates.fixed_ids:
            held.add((line.template_id.id, line.member_id.id))
        # sudo: registrations of everybody follow the list.
        registrations = (
            self.env["coop.shift.registration"]
            .sudo()
            .search(
                [
                    ("shift_id", "in", shifts.ids),
                    ("kind", "=", "fixed"),
                    ("state", "=", "booked"),
                    ("came_from", "=", "template"),
                ]
            )
        )
        gone = registrations.filtered(lambda r: not r._is_still_fixed())
        gone.write({"state": "cancelled"})
        shifts._make_fixed_registrations()

    def _update_following(self, day, vals):
        """Change the template and its shifts from a day on; registrations stay.

        :param day: local date; earlier shifts keep what they were
        :param vals: values of the template (name, hours, place, referent, seats…)
        """
        self.ensure_one()
        self.check_access("write")
        self.write(vals)
        shifts = self.env["coop.shift"].search(
            [
                ("template_id", "=", self.id),
                ("template_day", ">=", day),
                ("state", "=", "planned"),
                ("is_changed", "=", False),
            ]
        )
        base = self._prepare_shift_values()
        seats = [seat._prepare_shift_seat() for seat in self.seat_ids]
        base.pop("seat_ids")
        for shift in shifts:
            moved = shift.template_day + timedelta(
                days=int(self.weekday) - shift.template_day.weekday()
            )
            times = self._prepare_shift_times(moved, self.company_id)
            shift.write({**base, **times, "is_changed": False})
            if "seat_ids" in vals:
                shift._set_seats(seats)
        return shifts
