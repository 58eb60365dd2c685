# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

WEEKS = 52


class CoopShelfWeek(models.Model):
    _inherit = "coop.shelf.week"

    quantity_expired = fields.Float(
        string="Out of Date",
        readonly=True,
        digits="Product Unit",
        help="Of what is lost: lots that were past their date, taken off the shelf or"
        " still on it.",
    )
    amount_expired = fields.Monetary(
        string="Losses out of Date",
        readonly=True,
        help="Of the losses: lots that were past their date, at their cost.",
    )

    @api.model
    def _write_expired(self, company, today, product_ids):
        """Say of a year of weeks what of their losses was out of date."""
        books = self.env["coop.shelf.books"]
        # Ordinal 1 is a Monday.
        monday = SQL("(%s::date + (day - 1 - (day - 1) %% 7)::int)", date.min)
        self.env.execute_query(
            SQL(
                """
                WITH found AS (
                    SELECT product_id, %(monday)s AS date, SUM(quantity) AS quantity
                      FROM (%(expired)s) gone
                     WHERE product_id = ANY(%(products)s)
                     GROUP BY 1, 2
                ), wanted AS (
                    SELECT week.id, LEAST(week.quantity_lost,
                                          COALESCE(found.quantity, 0)) AS quantity
                      FROM coop_shelf_week week
                      LEFT JOIN found ON found.product_id = week.product_id
                                     AND found.date = week.date
                     WHERE week.company_id = %(company)s
                       AND week.product_id = ANY(%(products)s)
                       AND week.date >= %(since)s
                )
                UPDATE coop_shelf_week week
                   SET quantity_expired = wanted.quantity,
                       amount_expired = CASE WHEN week.quantity_lost > 0 THEN ROUND(
                           week.amount_lost * wanted.quantity / week.quantity_lost, 2)
                           ELSE 0 END
                  FROM wanted
                 WHERE wanted.id = week.id
                   AND (week.quantity_expired IS DISTINCT FROM wanted.quantity
                        OR wanted.quantity > 0)
                RETURNING week.id
                """,
                monday=monday,
                expired=books._get_expired_sql(company, today, 7 * WEEKS),
                products=list(product_ids),
                company=company.id,
                since=today - timedelta(weeks=WEEKS),
            )
        )
        self.invalidate_model(["quantity_expired", "amount_expired"])
