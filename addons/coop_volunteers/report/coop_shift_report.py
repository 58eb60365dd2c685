# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class CoopShiftReport(models.Model):
    """One row a shift: who was expected, came, did not; what is still missing."""

    _name = "coop.shift.report"
    _description = "Presence on Shifts"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "shift_id"

    shift_id = fields.Many2one("coop.shift", readonly=True)
    template_id = fields.Many2one(
        "coop.shift.template", string="Recurring Shift", readonly=True
    )
    collection_point_id = fields.Many2one(
        "coop.collection.point", string="Place", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(readonly=True)
    week_letter = fields.Char(string="Week", readonly=True)
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Closed")], readonly=True
    )
    seats = fields.Integer(string="All Seats", readonly=True)
    needed = fields.Integer(readonly=True)
    expected = fields.Integer(readonly=True)
    present = fields.Integer(readonly=True)
    absent = fields.Integer(string="No-shows", readonly=True)
    excused = fields.Integer(readonly=True)
    missing = fields.Integer(readonly=True)
    filled = fields.Integer(string="Seats taken", readonly=True)
    fill_rate = fields.Float(
        string="Fill Rate (%)",
        readonly=True,
        aggregator="avg",
        help="Seats taken, of all seats: of several shifts, of all their seats.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT s.id, s.id AS shift_id, s.template_id, s.collection_point_id,
                   s.company_id, s.date, s.week_letter, s.state,
                   s.capacity AS seats, s.seats_min AS needed,
                   count(r.id) FILTER (WHERE r.state IN
                       ('booked', 'present', 'late', 'absent')) AS expected,
                   count(r.id) FILTER (WHERE r.state IN ('present', 'late'))
                       AS present,
                   count(r.id) FILTER (WHERE r.state = 'absent') AS absent,
                   count(r.id) FILTER (WHERE r.state = 'excused') AS excused,
                   GREATEST(s.seats_min - count(r.id) FILTER (WHERE r.state IN
                       ('booked', 'present', 'late')), 0) AS missing,
                   count(r.id) FILTER (WHERE r.state IN
                       ('booked', 'present', 'late')) AS filled,
                   100.0 * count(r.id) FILTER (WHERE r.state IN
                       ('booked', 'present', 'late')) / NULLIF(s.capacity, 0)
                       AS fill_rate
            FROM coop_shift s
            LEFT JOIN coop_shift_registration r ON r.shift_id = s.id
            WHERE s.state != 'cancelled'
            GROUP BY s.id
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        """A rate of several shifts is the ratio of two sums, not a mean of rates."""
        if aggregate_spec.split(":")[0] != "fill_rate":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "filled", query),
            self._field_to_sql(self._table, "seats", query),
        )
