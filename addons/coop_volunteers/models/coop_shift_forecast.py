# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.constants import COORDINATOR
from ..tools.staffing import presence_rate, risk, shortfall

# Beyond, people have not booked yet: what is missing says nothing.
FORECAST_WEEKS = 8

# How far back presences and absences are looked at.
MEMORY_DAYS = 365


class CoopShiftForecast(models.AbstractModel):
    """Shifts to come where people may be missing, reckoned each night.

    For volunteer coordinators: of a shift with one person, it says how often that
    person came.
    """

    _name = "coop.shift.forecast"
    _description = "Shift: Forecast"

    forecast_present = fields.Float(
        string="Likely to come",
        readonly=True,
        copy=False,
        digits=(16, 1),
        aggregator="sum",
        groups=COORDINATOR,
        help="Of those expected (leaves are off), each as often as they came in the"
        " last twelve months. As of last night.",
    )
    forecast_risk = fields.Float(
        string="Risk of missing people",
        readonly=True,
        copy=False,
        aggregator="avg",
        groups=COORDINATOR,
        help="How likely it is that fewer than needed come, if nobody else books. As"
        " of last night.",
    )

    forecast_missing = fields.Float(
        string="Likely missing",
        readonly=True,
        copy=False,
        digits=(16, 1),
        aggregator="sum",
        groups=COORDINATOR,
        help="How many people are missing on average, of those needed. As of last"
        " night.",
    )

    @api.model
    def _forecast(self, company):
        """Reckon the next weeks of a cooperative, in four queries."""
        now = fields.Datetime.now()
        self.env["coop.shift.registration"].flush_model(
            ["shift_id", "member_id", "state"]
        )
        self.flush_model(["state", "start_at", "seats_min", "company_id"])
        until = now + timedelta(weeks=FORECAST_WEEKS)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.id, s.seats_min, r.member_id
                FROM coop_shift s
                LEFT JOIN coop_shift_registration r
                  ON r.shift_id = s.id AND r.state = 'booked'
                WHERE s.company_id = %s AND s.state = 'planned'
                  AND s.start_at > %s AND s.start_at <= %s
                """,
                company.id,
                now,
                until,
            )
        )
        rates = self._read_presence_rates(company, {row[2] for row in rows if row[2]})
        people, needed = {}, {}
        for shift_id, seats_min, member_id in rows:
            needed[shift_id] = seats_min
            expected = people.setdefault(shift_id, [])
            if member_id:
                expected.append(rates[member_id])
        values = [
            (
                shift_id,
                round(sum(expected), 1),
                risk(expected, needed[shift_id]),
                round(shortfall(expected, needed[shift_id]), 2),
            )
            for shift_id, expected in people.items()
        ]
        if values:
            self.env.execute_query(
                SQL(
                    """
                    UPDATE coop_shift s
                    SET forecast_present = v.present, forecast_risk = v.risk,
                        forecast_missing = v.missing
                    FROM (VALUES %s) AS v (id, present, risk, missing)
                    WHERE s.id = v.id RETURNING s.id
                    """,
                    SQL(", ").join(SQL("%s", row) for row in values),
                )
            )
            self.invalidate_model(
                ["forecast_present", "forecast_risk", "forecast_missing"], flush=False
            )
        return len(values)

    @api.model
    def _read_presence_rates(self, company, member_ids):
        """``{member id: how likely to come}``, from the last twelve months."""
        since = fields.Datetime.now() - timedelta(days=MEMORY_DAYS)
        found = {
            member_id: (came, missed)
            for member_id, came, missed in self.env.execute_query(
                SQL(
                    """
                    SELECT member_id,
                           count(*) FILTER (WHERE state IN ('present', 'late')),
                           count(*) FILTER (WHERE state = 'absent')
                    FROM coop_shift_registration
                    WHERE company_id = %s AND start_at > %s
                      AND state IN ('present', 'late', 'absent')
                    GROUP BY member_id
                    """,
                    company.id,
                    since,
                )
            )
        }
        return {
            member_id: presence_rate(*found.get(member_id, (0, 0)))
            for member_id in member_ids
        }
