# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils

WEEKS = (4, 12, 26)
# Days since the bill's date, from and to.
AGES = ((0, 7), (8, 30), (31, 60), (61, None))
TOP = 8


class CoopBillDashboard(models.AbstractModel):
    """Dashboard of the matching."""

    _name = "coop.bill.dashboard"
    _description = "Dashboard of the matching"

    @api.model
    def coop_match_dashboard(self, weeks=12):
        """How much passes by itself, what waits and since when, what it saves.

        :param int weeks: how many, this one included
        :return: ``{'weeks': [{'week', 'total', 'touchless'}], 'total', 'touchless',
            'hours_saved', 'minutes', 'kinds', 'suppliers', 'ages', 'waiting_count',
            'waiting_amount', 'credits_amount', 'credits_count', 'currency_id'}``; a
            fixed number of queries
        """
        self.env["coop.bill.exception"].check_access("read")
        weeks = weeks if weeks in WEEKS else 12
        series = self._coop_weekly_touchless(weeks)
        touchless = sum(week["touchless"] for week in series)
        # sudo: whoever reads the bills need not read the policy.
        policy = self.env["coop.match.policy"].sudo()
        policy = policy._get_policy(self.env.company, self.env["res.partner"])
        credits = self.env["coop.supplier.claim"]._read_group(
            self._coop_company_domain()
            & Domain("state", "in", ("sent", "acknowledged")),
            [],
            ["expected_credit:sum", "__count"],
        )[0]
        ages = self._coop_ages()
        return {
            "weeks": series,
            "period": weeks,
            "total": sum(week["total"] for week in series),
            "touchless": touchless,
            "minutes": policy.minutes_per_bill,
            "hours_saved": round(touchless * policy.minutes_per_bill / 60, 1),
            "kinds": self._coop_open_by_kind(),
            "suppliers": self._coop_open_by_supplier(),
            "ages": ages,
            "waiting_count": sum(age["count"] for age in ages),
            "waiting_amount": sum(age["amount"] for age in ages),
            "credits_amount": credits[0] or 0.0,
            "credits_count": credits[1],
            "currency_id": self.env.company.currency_id.id,
        }

    @api.model
    def _coop_company_domain(self):
        return Domain("company_id", "in", self.env.companies.ids)

    @api.model
    def _coop_weekly_touchless(self, weeks):
        """Bills matched, week by week from Monday, and those nobody had to look at."""
        monday = date_utils.start_of(fields.Date.context_today(self), "week")
        first = monday - timedelta(weeks=weeks - 1)
        groups = self._read_group(
            self._coop_company_domain()
            & Domain("move_type", "in", ("in_invoice", "in_refund"))
            & Domain("match_date", ">=", fields.Datetime.to_datetime(first))
            & Domain("match_state", "!=", "none"),
            ["match_date:day", "match_state"],
            ["__count"],
        )
        total, touchless = Counter(), Counter()
        for day, state, count in groups:
            # By the day, not by the week: a week starts on Sunday in some languages.
            week = date_utils.start_of(fields.Date.to_date(day), "week")
            total[week] += count
            touchless[week] += count if state == "matched" else 0
        days = [first + timedelta(weeks=number) for number in range(weeks)]
        return [
            {
                "week": fields.Date.to_string(day),
                "total": total[day],
                "touchless": touchless[day],
            }
            for day in days
        ]

    @api.model
    def _coop_open_by_kind(self):
        exceptions = self.env["coop.bill.exception"]
        groups = exceptions._read_group(
            self._coop_company_domain() & Domain("state", "=", "open"),
            ["kind"],
            ["__count", "amount:sum"],
        )
        words = exceptions.fields_get(["kind"], ["selection"])["kind"]["selection"]
        words = dict(words)
        rows = [
            {"kind": kind, "name": words[kind], "count": count, "amount": amount}
            for kind, count, amount in groups
        ]
        return sorted(rows, key=lambda row: (-row["count"], row["name"]))

    @api.model
    def _coop_open_by_supplier(self):
        groups = self.env["coop.bill.exception"]._read_group(
            self._coop_company_domain()
            & Domain("state", "=", "open")
            & Domain("partner_id", "!=", False),
            ["partner_id"],
            ["__count", "amount:sum"],
            order="__count DESC, partner_id",
            limit=TOP,
        )
        return [
            {
                "id": partner.id,
                "name": partner.display_name,
                "count": count,
                "amount": amount,
            }
            for partner, count, amount in groups
        ]

    @api.model
    def _coop_ages(self):
        """Bills that wait for a person or for goods, by age of the bill."""
        today = fields.Date.context_today(self)
        waiting = (
            self._coop_company_domain()
            & Domain("move_type", "in", ("in_invoice", "in_refund"))
            & Domain("state", "!=", "cancel")
            & (
                Domain("match_state", "in", ("exception", "waiting"))
                | self._coop_unread_domain()
            )
        )
        rows = []
        for start, end in AGES:
            newest = Domain("invoice_date", "<=", today - timedelta(days=start))
            if not start:
                # Dated tomorrow, or not yet: as young as can be.
                newest = Domain.TRUE
            domain = waiting & newest
            if end is not None:
                oldest = Domain("invoice_date", ">=", today - timedelta(days=end))
                domain &= oldest | Domain("invoice_date", "=", False)
                if start:
                    domain &= Domain("invoice_date", "!=", False)
            count, amount = self._read_group(
                domain, [], ["__count", "match_amount:sum"]
            )[0]
            rows.append(
                {"start": start, "end": end, "count": count, "amount": amount or 0.0}
            )
        return rows
