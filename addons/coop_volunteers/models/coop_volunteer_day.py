# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.constants import STATUSES


class CoopVolunteerDay(models.Model):
    """How many volunteers had each status on a day: numbers, nobody's name."""

    _name = "coop.volunteer.day"
    _description = "Volunteers by Status and Day"
    _order = "date desc, status, id"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True, readonly=True, index=True)
    status = fields.Selection(STATUSES, required=True, readonly=True)
    member_count = fields.Integer(string="Members", readonly=True)

    _once = models.UniqueIndex(
        "(company_id, date, status)", "A day is counted once for each status."
    )

    @api.model
    def _count(self, company, day):
        """Count the volunteers of today, in one statement; again counts anew."""
        self.env["res.partner"].flush_model(["volunteer_status", "coop_is_active"])
        self.flush_model()
        # A status that nobody has any more is zero, not what it was this morning.
        self.env.execute_query(
            SQL(
                """
                INSERT INTO coop_volunteer_day (
                    company_id, date, status, member_count, create_uid, create_date)
                SELECT %(company)s, %(day)s, known.status, count(p.id), %(uid)s, %(now)s
                FROM unnest(%(statuses)s) AS known (status)
                LEFT JOIN res_partner p ON p.volunteer_status = known.status
                 AND p.company_id = %(company)s AND p.coop_is_active AND p.active
                GROUP BY known.status
                ON CONFLICT (company_id, date, status)
                DO UPDATE SET member_count = EXCLUDED.member_count
                RETURNING id
                """,
                company=company.id,
                day=day,
                statuses=[status for status, _label in STATUSES],
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_model()
