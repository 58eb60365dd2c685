# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.coop_base.tools.localtime import to_local

from ..tools.forecast import PRODUCT_DAYS, SHOP_DAYS, Forecaster
from ..tools.shelf import evenings, find_sold_out, summarise

AHEAD = 120  # days
AT_ONCE = 500  # products: some tens of megabytes
WEEKS_AGAIN = 5  # weeks that a later correction may still change
WEEKS_FIRST = 52


class CoopProductForecast(models.Model):
    """What a product will sell on each of the coming days, computed at night.

    Plans take it from here at once; what is not here yet they compute themselves.
    """

    _name = "coop.product.forecast"
    _description = "Sales Forecast of a Product"
    _order = "company_id, product_id, id"
    _rec_name = "product_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="cascade"
    )
    computed_on = fields.Date(
        readonly=True, help="The first day of the forecast. Empty: to compute again."
    )
    daily = fields.Json(readonly=True, help="Expected sales, by day.")
    spread = fields.Float(readonly=True, help="Usual error of a day.")
    days_out = fields.Integer(
        readonly=True, help="Days sold out, in the last twelve weeks."
    )

    _product_unique = models.UniqueIndex("(company_id, product_id)")

    @api.model
    def _forget(self, companies):
        """Have the forecasts computed again, soon."""
        # Whoever changes what they rest on need not be allowed to write them.
        found = self.sudo().search([("company_id", "in", companies.ids)])
        found.write({"computed_on": False})
        self.env.ref(
            "coop_purchase_planner.coop_product_forecast_cron"
        ).sudo()._trigger()

    @api.model
    def _get_company_today(self, company):
        return to_local(fields.Datetime.now(), company.coop_tz).date()

    @api.model
    def _make_forecaster(self, company, today):
        """``(Forecaster, open days of the last year in order)``."""
        shop = self.env["coop.shelf.books"]._read_shop_sales(company, today, SHOP_DAYS)
        origin = today.toordinal()
        closed = self.env["coop.closed.day"]._get_shop_closed_days(
            company, today, today + timedelta(AHEAD)
        )
        open_days = sorted(
            day
            for day, sold in shop.items()
            if sold > 0 and origin - PRODUCT_DAYS <= day < origin
        )
        return Forecaster(shop, origin, closed=closed), open_days

    @api.model
    def _forecast_products(self, company, today, product_ids, forecaster, open_days):
        """Forecasts and what the shelves' days tell, in a constant number of queries.

        :return: ``{product id: (Forecast, sold by day, lost by day, days sold out)}``
        """
        books = self.env["coop.shelf.books"]
        origin = today.toordinal()
        sales = books._read_product_sales(company, today, PRODUCT_DAYS, product_ids)
        flows = books._read_product_flows(company, today, PRODUCT_DAYS, product_ids)
        stock = books._read_sellable_stock(company, product_ids)
        days = range(origin - PRODUCT_DAYS, origin + 1)
        lost, sold_out = {}, {}
        for product_id in product_ids:
            net, lost[product_id] = flows.get(product_id, ({}, {}))
            sold_out[product_id] = find_sold_out(
                evenings(net, stock.get(product_id, 0.0), days),
                sales.get(product_id, {}),
                lost[product_id],
                open_days,
            )
        forecasts = forecaster.forecast_all(
            {product_id: sales.get(product_id, {}) for product_id in product_ids},
            AHEAD,
            sold_out,
        )
        return {
            product_id: (
                forecasts[product_id],
                sales.get(product_id, {}),
                lost[product_id],
                sold_out[product_id],
            )
            for product_id in product_ids
        }

    @api.model
    def _cron_compute(self):
        """Forecast what is sold in each cooperative, some hundreds at a time.

        Interrupted, it goes on where it was: what has today's date is done.
        """
        left = {
            company: self._get_waiting_products(company)
            for company in self.env["res.company"].search([])
        }
        remaining = sum(len(ids) for ids in left.values())
        cron = self.env["ir.cron"]
        if not remaining or not cron._commit_progress(remaining=remaining):
            return
        for company, product_ids in left.items():
            if not product_ids:
                continue
            today = self._get_company_today(company)
            forecaster, open_days = self._make_forecaster(company, today)
            for start in range(0, len(product_ids), AT_ONCE):
                some = product_ids[start : start + AT_ONCE]
                self._store(company, today, some, forecaster, open_days)
                if not cron._commit_progress(len(some)):
                    return

    @api.model
    def _get_waiting_products(self, company):
        """Products that the shelves sold or lost in the last year, without today's."""
        self.env.flush_all()
        today = self._get_company_today(company)
        books = self.env["coop.shelf.books"]
        query = SQL(
            """
            SELECT product.id
              FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE product.active
               AND template.is_storable
               AND product.id IN (
                   SELECT product_id FROM (%(sales)s) sold
                    UNION SELECT product_id FROM (%(flows)s) gone WHERE lost > 0)
               AND NOT EXISTS (
                   SELECT 1 FROM coop_product_forecast done
                    WHERE done.product_id = product.id
                      AND done.company_id = %(company)s
                      AND done.computed_on = %(today)s)
             ORDER BY product.id
            """,
            sales=books._get_sales_sql(company, today, PRODUCT_DAYS),
            flows=books._get_flows_sql(company, today, PRODUCT_DAYS),
            company=company.id,
            today=today,
        )
        return [product_id for (product_id,) in self.env.execute_query(query)]

    @api.model
    def _store(self, company, today, product_ids, forecaster, open_days):
        found = self._forecast_products(
            company, today, product_ids, forecaster, open_days
        )
        origin = today.toordinal()
        query = SQL(
            "SELECT DISTINCT product_id FROM coop_shelf_week"
            " WHERE company_id = %s AND product_id = ANY(%s)",
            company.id,
            product_ids,
        )
        known = {product_id for (product_id,) in self.env.execute_query(query)}
        forecasts, weeks = [], []
        for product_id, (forecast, sold, lost, sold_out) in found.items():
            forecasts.append(
                {
                    "product_id": product_id,
                    "daily": [round(value, 3) for value in forecast.daily],
                    "spread": round(forecast.spread, 4),
                    "days_out": sum(1 for day in sold_out if day >= origin - 84),
                }
            )
            span = WEEKS_AGAIN if product_id in known else WEEKS_FIRST
            first = origin - 7 * span
            weeks += [
                {
                    "product_id": product_id,
                    "date": date.fromordinal(week.start).isoformat(),
                    "open_days": week.open_days,
                    "days_out": week.days_out,
                    "quantity_sold": week.sold,
                    "quantity_missed": week.lost_sales,
                    "quantity_lost": week.lost,
                }
                for week in summarise(sold, lost, sold_out, open_days, first, origin)
            ]
        self._write_forecasts(company, today, forecasts)
        self.env["coop.shelf.week"]._write_weeks(company, weeks)

    def _write_forecasts(self, company, today, rows):
        self.env.execute_query(
            SQL(
                """
                INSERT INTO coop_product_forecast AS old
                       (company_id, product_id, computed_on, daily, spread, days_out,
                        create_uid, write_uid, create_date, write_date)
                SELECT %(company)s, product_id, %(today)s, daily, spread, days_out,
                       %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM jsonb_to_recordset(%(rows)s::jsonb) AS row (
                       product_id int, daily jsonb, spread float, days_out int)
                ON CONFLICT (company_id, product_id) DO UPDATE
                   SET computed_on = EXCLUDED.computed_on, daily = EXCLUDED.daily,
                       spread = EXCLUDED.spread, days_out = EXCLUDED.days_out,
                       write_date = EXCLUDED.write_date
                RETURNING old.id
                """,
                company=company.id,
                today=today,
                uid=self.env.uid,
                now=self.env.cr.now(),
                rows=json.dumps(rows),
            )
        )
        self.invalidate_model()

    @api.model
    def _read_stored(self, company, today, product_ids):
        """``{product id: (daily, spread, days out)}`` of those computed today."""
        query = SQL(
            """
            SELECT product_id, daily, spread, days_out FROM coop_product_forecast
             WHERE company_id = %s AND computed_on = %s AND product_id = ANY(%s)
            """,
            company.id,
            today,
            list(product_ids),
        )
        return {row[0]: row[1:] for row in self.env.execute_query(query)}
