# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from odoo import api, fields, models
from odoo.tools import SQL


class CoopShelfWeek(models.Model):
    """A product's week on the shelves: sold, sold out, lost. Written at night.

    A table of its own because an evening's stock is a sum over all later moves: too
    much to add up again each time that somebody looks.
    """

    _name = "coop.shelf.week"
    _description = "Stock-outs and Losses"
    _order = "date desc, id desc"
    _rec_name = "product_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="cascade"
    )
    categ_id = fields.Many2one(
        "product.category", string="Category", readonly=True, ondelete="set null"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Supplier", readonly=True, index=True, ondelete="set null"
    )
    date = fields.Date(string="Week", readonly=True, required=True, index=True)
    open_days = fields.Integer(
        readonly=True, help="Days on which the shop sold something."
    )
    days_out = fields.Integer(
        string="Days Sold Out",
        readonly=True,
        help="Open days that ended with an empty shelf.",
    )
    quantity_sold = fields.Float(
        string="Sold", readonly=True, digits="Product Unit", aggregator="sum"
    )
    quantity_missed = fields.Float(
        string="Missed Sales",
        readonly=True,
        digits="Product Unit",
        help="Estimate: what the last same weekdays sold, less what was sold.",
    )
    quantity_lost = fields.Float(
        string="Lost",
        readonly=True,
        digits="Product Unit",
        help="Scrapped, or missing at an inventory.",
    )
    amount_missed = fields.Monetary(
        string="Missed Turnover",
        readonly=True,
        help="Missed sales at the sales price, as it was when the week was counted.",
    )
    amount_lost = fields.Monetary(
        string="Losses", readonly=True, help="Lost goods at their cost."
    )
    out_rate = fields.Float(
        string="Sold Out",
        compute="_compute_rates",
        store=True,
        aggregator="avg",
        help="Days sold out, over the open days.",
    )
    loss_rate = fields.Float(
        compute="_compute_rates",
        store=True,
        aggregator="avg",
        help="Lost, over sold and lost.",
    )

    _week_unique = models.UniqueIndex("(company_id, product_id, date)")

    @api.depends("open_days", "days_out", "quantity_sold", "quantity_lost")
    def _compute_rates(self):
        for week in self:
            lost = week.quantity_lost
            gone = max(week.quantity_sold, 0.0) + lost
            week.loss_rate = lost / gone if gone else 0.0
            week.out_rate = week.days_out / week.open_days if week.open_days else 0.0

    def _read_group_select(self, aggregate_spec, query):
        """Rates of a group: sums over sums, not a mean of rates."""
        parts = {
            "out_rate:avg": ("days_out", ("open_days",)),
            "loss_rate:avg": ("quantity_lost", ("quantity_sold", "quantity_lost")),
        }.get(aggregate_spec)
        if parts is None:
            return super()._read_group_select(aggregate_spec, query)
        above, below = parts
        return SQL(
            "COALESCE(SUM(%s)::float / NULLIF(SUM(%s)::float, 0), 0)",
            self._field_to_sql(self._table, above, query),
            SQL(" + ").join(
                self._field_to_sql(self._table, name, query) for name in below
            ),
        )

    @api.model
    def _write_weeks(self, company, rows):
        """Insert or correct weeks.

        :param rows: list of dicts: product_id, date (ISO), open_days, days_out,
            quantity_sold, quantity_missed, quantity_lost
        """
        if not rows:
            return
        self.env.execute_query(
            SQL(
                """
                WITH supplier AS (
                    SELECT DISTINCT ON (product.id) product.id, seller.partner_id
                      FROM product_product product
                      JOIN product_supplierinfo seller
                        ON seller.product_tmpl_id = product.product_tmpl_id
                       AND (seller.product_id IS NULL
                            OR seller.product_id = product.id)
                       AND (seller.company_id IS NULL
                            OR seller.company_id = %(company)s)
                     WHERE product.id = ANY(%(products)s)
                     ORDER BY product.id, seller.sequence, seller.min_qty, seller.id
                )
                INSERT INTO coop_shelf_week AS old
                       (company_id, product_id, partner_id, categ_id, date, open_days,
                        days_out, quantity_sold, quantity_missed, quantity_lost,
                        amount_missed, amount_lost, out_rate, loss_rate,
                        create_uid, write_uid, create_date, write_date)
                SELECT %(company)s, row.product_id, supplier.partner_id,
                       template.categ_id, row.date, row.open_days, row.days_out,
                       row.quantity_sold, row.quantity_missed, row.quantity_lost,
                       ROUND(row.quantity_missed * template.list_price, 2),
                       ROUND(row.quantity_lost * COALESCE(
                           (product.standard_price ->> %(key)s)::numeric, 0), 2),
                       CASE WHEN row.open_days > 0
                            THEN row.days_out::float / row.open_days ELSE 0 END,
                       CASE WHEN row.quantity_lost > 0
                            THEN row.quantity_lost / (
                                GREATEST(row.quantity_sold, 0) + row.quantity_lost)
                            ELSE 0 END,
                       %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM jsonb_to_recordset(%(rows)s::jsonb) AS row (
                       product_id int, date date, open_days int, days_out int,
                       quantity_sold numeric, quantity_missed numeric,
                       quantity_lost numeric)
                  JOIN product_product product ON product.id = row.product_id
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id
                  LEFT JOIN supplier ON supplier.id = product.id
                ON CONFLICT (company_id, product_id, date) DO UPDATE
                   SET open_days = EXCLUDED.open_days,
                       days_out = EXCLUDED.days_out,
                       quantity_sold = EXCLUDED.quantity_sold,
                       quantity_missed = EXCLUDED.quantity_missed,
                       quantity_lost = EXCLUDED.quantity_lost,
                       amount_missed = EXCLUDED.amount_missed,
                       amount_lost = EXCLUDED.amount_lost,
                       out_rate = EXCLUDED.out_rate,
                       loss_rate = EXCLUDED.loss_rate,
                       write_date = EXCLUDED.write_date
                RETURNING old.id
                """,
                company=company.id,
                key=str(company.id),
                products=list({row["product_id"] for row in rows}),
                uid=self.env.uid,
                now=self.env.cr.now(),
                rows=json.dumps(rows),
            )
        )
        self.invalidate_model()
