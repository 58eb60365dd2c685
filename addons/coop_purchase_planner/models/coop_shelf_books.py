# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, time, timedelta

from odoo import models
from odoo.tools import SQL

from odoo.addons.coop_base.tools.localtime import to_utc


class CoopShelfBooks(models.AbstractModel):
    """What the shop's shelves sold, lost and received, read from the stock moves.

    Sums by product and day in plain SQL: a constant number of queries, whatever the
    products. The caller checks access; the company is in every query. Add-ons that sell
    otherwise (a point of sale) extend the ``_get_*_sql`` methods.
    """

    _name = "coop.shelf.books"
    _description = "Sales and Losses of the Shelves"

    def _get_bounds(self, company, today, days):
        """Values that every query needs: company, time zone, first moment."""
        start = datetime.combine(today - timedelta(days), time())
        return {
            "company": company.id,
            "tz": company.coop_tz,
            "zero": date.min,
            "start": to_utc(start, company.coop_tz),
        }

    def _get_day_sql(self, column, bounds):
        """The ordinal of the cooperative's own day of a UTC column."""
        return SQL(
            "((%(column)s AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date"
            " - %(zero)s::date + 1)",
            column=column,
            tz=bounds["tz"],
            zero=bounds["zero"],
        )

    def _get_sales_sql(self, company, today, days):
        """Lines sold and given back, with ``day`` (ordinal) and signed ``quantity``.

        What order windows pass straight on to members is not the shelves' (hook).
        """
        bounds = self._get_bounds(company, today, days)
        return SQL(
            """
            SELECT line.product_id, %(day)s AS day,
                   CASE WHEN target.usage = 'customer' THEN 1 ELSE -1 END
                   * line.quantity_product_uom AS quantity,
                   'p' || COALESCE(line.picking_id, -line.id) AS ticket
              FROM stock_move_line line
              JOIN stock_location source ON source.id = line.location_id
              JOIN stock_location target ON target.id = line.location_dest_id
              JOIN stock_move move ON move.id = line.move_id
              LEFT JOIN sale_order_line sale_line ON sale_line.id = move.sale_line_id
              LEFT JOIN coop_order_offer offer ON offer.id = sale_line.offer_id
              LEFT JOIN coop_order_window w ON w.id = offer.window_id
             WHERE line.state = 'done'
               AND line.company_id = %(company)s
               AND line.date >= %(start)s
               AND (source.usage = 'internal' AND target.usage = 'customer'
                    OR source.usage = 'customer' AND target.usage = 'internal')
               AND (w.id IS NULL OR w.flow = 'stock')
               AND %(condition)s
            """,
            day=self._get_day_sql(SQL("line.date"), bounds),
            company=bounds["company"],
            start=bounds["start"],
            condition=self._get_move_condition_sql(),
        )

    def _get_move_condition_sql(self):
        """Which stock moves (``move``, ``line``) count on their own day (hook)."""
        return SQL("TRUE")

    def _get_flow_day_sql(self, bounds):
        """The day on which a stock move (``line``, ``target``) counts (hook)."""
        return self._get_day_sql(SQL("line.date"), bounds)

    def _get_flows_sql(self, company, today, days):
        """All that came and went: ``product_id``, ``day``, ``net`` and ``lost`` (hook).

        Lost: scrapped, or missing at an inventory.
        """
        bounds = self._get_bounds(company, today, days)
        return SQL(
            """
            SELECT line.product_id, %(day)s AS day,
                   CASE WHEN target.usage = 'internal' THEN 1 ELSE -1 END
                   * line.quantity_product_uom AS net,
                   CASE WHEN target.usage = 'inventory' AND %(shelf)s
                        THEN line.quantity_product_uom ELSE 0 END AS lost
              FROM stock_move_line line
              JOIN stock_location source ON source.id = line.location_id
              JOIN stock_location target ON target.id = line.location_dest_id
              JOIN stock_move move ON move.id = line.move_id
             WHERE line.state = 'done'
               AND line.company_id = %(company)s
               AND line.date >= %(start)s
               AND (source.usage = 'internal') <> (target.usage = 'internal')
               AND %(condition)s
            """,
            day=self._get_flow_day_sql(bounds),
            company=bounds["company"],
            start=bounds["start"],
            shelf=self._get_shelf_loss_sql(),
            condition=self._get_move_condition_sql(),
        )

    def _get_shelf_loss_sql(self):
        """Which losses (``move``) are the shelves' own (hook).

        What is lost of an order window that passes goods straight on is not: its sales
        are not the shelves' either.
        """
        return SQL("TRUE")

    def _read_shop_sales(self, company, today, days):
        """``{day: quantity}`` of the whole shop."""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT day, SUM(quantity)::float FROM (%s) sold GROUP BY day",
                    self._get_sales_sql(company, today, days),
                )
            )
        )

    def _read_visits(self, company, today, days):
        """``{day: customers served}``."""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT day, COUNT(DISTINCT ticket) FROM (%s) sold"
                    " WHERE quantity > 0 GROUP BY day",
                    self._get_sales_sql(company, today, days),
                )
            )
        )

    def _read_product_sales(self, company, today, days, product_ids):
        """``{product id: {day: quantity}}``."""
        query = SQL(
            """
            SELECT product_id, ARRAY_AGG(day), ARRAY_AGG(quantity)
              FROM (SELECT product_id, day, SUM(quantity)::float AS quantity
                      FROM (%s) sold
                     WHERE product_id = ANY(%s)
                     GROUP BY product_id, day) days
             GROUP BY product_id
            """,
            self._get_sales_sql(company, today, days),
            list(product_ids),
        )
        return {
            product_id: dict(zip(found, quantities, strict=True))
            for product_id, found, quantities in self.env.execute_query(query)
        }

    def _read_product_flows(self, company, today, days, product_ids):
        """``{product id: ({day: net}, {day: lost})}``."""
        query = SQL(
            """
            SELECT product_id, ARRAY_AGG(day), ARRAY_AGG(net), ARRAY_AGG(lost)
              FROM (SELECT product_id, day, SUM(net)::float AS net,
                           SUM(lost)::float AS lost
                      FROM (%s) flows
                     WHERE product_id = ANY(%s)
                     GROUP BY product_id, day) days
             GROUP BY product_id
            """,
            self._get_flows_sql(company, today, days),
            list(product_ids),
        )
        return {
            product_id: (
                dict(zip(found, net, strict=True)),
                {
                    day: quantity
                    for day, quantity in zip(found, lost, strict=True)
                    if quantity
                },
            )
            for product_id, found, net, lost in self.env.execute_query(query)
        }

    def _read_stock(self, company, product_ids):
        """``{product id: on hand}``."""
        query = SQL(
            """
            SELECT quant.product_id, SUM(quant.quantity)::float
              FROM stock_quant quant
              JOIN stock_location location ON location.id = quant.location_id
             WHERE location.usage = 'internal'
               AND quant.company_id = %s
               AND quant.product_id = ANY(%s)
             GROUP BY quant.product_id
            """,
            company.id,
            list(product_ids),
        )
        return dict(self.env.execute_query(query))

    def _read_sellable_stock(self, company, product_ids):
        """``{product id: on hand that can still be sold}`` (hook)."""
        return self._read_stock(company, product_ids)
