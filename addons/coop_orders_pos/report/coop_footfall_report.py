# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class CoopFootfallReport(models.Model):
    """One row a ticket: when customers come, in the cooperative's own time."""

    _name = "coop.footfall.report"
    _description = "Customers by Hour"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    config_id = fields.Many2one("pos.config", string="Point of Sale", readonly=True)
    date = fields.Date(readonly=True)
    weekday = fields.Selection(
        [
            ("1", "Monday"),
            ("2", "Tuesday"),
            ("3", "Wednesday"),
            ("4", "Thursday"),
            ("5", "Friday"),
            ("6", "Saturday"),
            ("7", "Sunday"),
        ],
        string="Day of the Week",
        readonly=True,
    )
    hour = fields.Char(readonly=True)
    ticket_count = fields.Integer(string="Tickets", readonly=True)
    amount_total = fields.Monetary(string="Turnover", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT ticket.id, ticket.company_id, ticket.config_id,
                   ticket.moment::date AS date,
                   EXTRACT(ISODOW FROM ticket.moment)::int::text AS weekday,
                   TO_CHAR(ticket.moment, 'HH24 "h"') AS hour,
                   1 AS ticket_count, ticket.amount_total
              FROM (
                    SELECT pos_order.id, pos_order.company_id, pos_order.amount_total,
                           session.config_id,
                           pos_order.date_order AT TIME ZONE 'UTC'
                               AT TIME ZONE company.coop_tz AS moment
                      FROM pos_order
                      JOIN pos_session session ON session.id = pos_order.session_id
                      JOIN res_company company ON company.id = pos_order.company_id
                     WHERE pos_order.state IN ('paid', 'done')
                       AND pos_order.amount_total >= 0
                   ) ticket
            """,
        )
