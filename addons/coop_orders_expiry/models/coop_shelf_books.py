# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import SQL


class CoopShelfBooks(models.AbstractModel):
    """A lot leaves the shelf on the day from which it cannot be sold.

    Whether somebody takes it away on that day, a month later or not yet: the loss has
    one date, and is counted once.
    """

    _inherit = "coop.shelf.books"

    def _get_expiry_sql(self):
        """Lots with ``gone_at``, from which they cannot be sold (UTC).

        The removal date, which Odoo's own stock rules follow, else the expiry date.
        """
        return SQL(
            """
            SELECT lot.id, LEAST(lot.removal_date, lot.expiration_date) AS gone_at
              FROM stock_lot lot
              JOIN product_product product ON product.id = lot.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE template.use_expiration_date
               AND COALESCE(lot.removal_date, lot.expiration_date) IS NOT NULL
            """
        )

    def _get_dated_stock_sql(self, bounds):
        """Lots on hand: ``product_id``, ``day`` from which they cannot be sold,
        ``quantity``.
        """
        return SQL(
            """
            SELECT quant.product_id, %(day)s AS day, quant.quantity
              FROM stock_quant quant
              JOIN stock_location location ON location.id = quant.location_id
              JOIN (%(expiry)s) dated ON dated.id = quant.lot_id
             WHERE location.usage = 'internal'
               AND quant.quantity > 0
               AND quant.company_id = %(company)s
            """,
            day=self._get_day_sql(SQL("dated.gone_at"), bounds),
            expiry=self._get_expiry_sql(),
            company=bounds["company"],
        )

    def _get_flow_day_sql(self, bounds):
        """What is thrown away after its date was lost on its date.

        Not before the first day that is read, or the sums of a period would lack it.
        """
        day = super()._get_flow_day_sql(bounds)
        return SQL(
            """
            CASE WHEN target.usage = 'inventory' AND line.lot_id IS NOT NULL
                 THEN GREATEST(%(first)s, LEAST(%(day)s, (
                     SELECT %(gone)s FROM (%(expiry)s) dated
                      WHERE dated.id = line.lot_id)))
                 ELSE %(day)s END
            """,
            first=self._get_day_sql(SQL("%s::timestamp", bounds["start"]), bounds),
            day=day,
            gone=self._get_day_sql(SQL("dated.gone_at"), bounds),
            expiry=self._get_expiry_sql(),
        )

    def _get_flows_sql(self, company, today, days):
        """And what is out of date on the shelf: not there any more, and lost."""
        bounds = self._get_bounds(company, today, days)
        return SQL(
            """
            %(flows)s UNION ALL (
                SELECT product_id, day, -quantity, quantity FROM (%(stock)s) dated
                 WHERE day BETWEEN %(first)s AND %(today)s)
            """,
            flows=super()._get_flows_sql(company, today, days),
            stock=self._get_dated_stock_sql(bounds),
            first=today.toordinal() - days,
            today=today.toordinal(),
        )

    def _read_dated_stock(self, company, today, product_ids):
        """``{product id: [(days from today, quantity)]}`` of the lots with a date."""
        bounds = self._get_bounds(company, today, 0)
        query = SQL(
            """
            SELECT product_id, day, SUM(quantity)::float FROM (%s) dated
             WHERE product_id = ANY(%s)
             GROUP BY product_id, day
             ORDER BY product_id, day
            """,
            self._get_dated_stock_sql(bounds),
            list(product_ids),
        )
        result = {}
        for product_id, day, quantity in self.env.execute_query(query):
            row = (day - today.toordinal(), quantity)
            result.setdefault(product_id, []).append(row)
        return result

    def _read_sellable_stock(self, company, product_ids):
        stock = super()._read_sellable_stock(company, product_ids)
        today = self.env["coop.product.forecast"]._get_company_today(company)
        dated = self._read_dated_stock(company, today, product_ids)
        for product_id, lots in dated.items():
            gone = sum(quantity for ahead, quantity in lots if ahead <= 0)
            stock[product_id] = stock.get(product_id, 0.0) - gone
        return stock

    def _get_expired_sql(self, company, today, days):
        """Lost because out of date: ``product_id``, ``day``, ``quantity``.

        Still on the shelf, or taken off it on that day or later.
        """
        bounds = self._get_bounds(company, today, days)
        gone = self._get_day_sql(SQL("dated.gone_at"), bounds)
        return SQL(
            """
            SELECT line.product_id, %(gone)s AS day, line.quantity_product_uom
                   AS quantity
              FROM stock_move_line line
              JOIN stock_location source ON source.id = line.location_id
              JOIN stock_location target ON target.id = line.location_dest_id
              JOIN (%(expiry)s) dated ON dated.id = line.lot_id
             WHERE line.state = 'done'
               AND line.company_id = %(company)s
               AND line.date >= %(start)s
               AND source.usage = 'internal' AND target.usage = 'inventory'
               AND %(gone)s <= %(day)s
             UNION ALL
            SELECT product_id, day, quantity FROM (%(stock)s) dated
             WHERE day <= %(today)s
            """,
            gone=gone,
            day=self._get_day_sql(SQL("line.date"), bounds),
            expiry=self._get_expiry_sql(),
            company=bounds["company"],
            start=bounds["start"],
            stock=self._get_dated_stock_sql(bounds),
            today=today.toordinal(),
        )
