# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import SQL

SOLD = ("paid", "done")


class CoopShelfBooks(models.AbstractModel):
    """What the point of sale sold, on the day of the ticket.

    Odoo books the stock of a session in one go when it is closed: its moves have
    neither the day nor the customer.
    """

    _inherit = "coop.shelf.books"

    def _get_move_condition_sql(self):
        return SQL(
            """%s AND NOT EXISTS (
                SELECT 1 FROM stock_picking pos
                 WHERE pos.id = line.picking_id AND pos.pos_session_id IS NOT NULL)
            """,
            super()._get_move_condition_sql(),
        )

    def _get_tickets_sql(self, company, today, days):
        bounds = self._get_bounds(company, today, days)
        return SQL(
            """
            SELECT line.product_id, %(day)s AS day, line.qty AS quantity,
                   'o' || ticket.id AS ticket
              FROM pos_order_line line
              JOIN pos_order ticket ON ticket.id = line.order_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE ticket.state IN %(sold)s
               AND template.type = 'consu'
               AND ticket.company_id = %(company)s
               AND ticket.date_order >= %(start)s
            """,
            day=self._get_day_sql(SQL("ticket.date_order"), bounds),
            sold=SOLD,
            company=bounds["company"],
            start=bounds["start"],
        )

    def _get_sales_sql(self, company, today, days):
        return SQL(
            "%s UNION ALL (%s)",
            super()._get_sales_sql(company, today, days),
            self._get_tickets_sql(company, today, days),
        )

    def _get_flows_sql(self, company, today, days):
        return SQL(
            "%s UNION ALL (SELECT product_id, day, -quantity, 0 FROM (%s) tickets)",
            super()._get_flows_sql(company, today, days),
            self._get_tickets_sql(company, today, days),
        )

    def _read_stock(self, company, product_ids):
        """On hand, less what open sessions sold and have not booked."""
        stock = super()._read_stock(company, product_ids)
        query = SQL(
            """
            SELECT line.product_id, SUM(line.qty)::float
              FROM pos_order_line line
              JOIN pos_order ticket ON ticket.id = line.order_id
              JOIN pos_session session ON session.id = ticket.session_id
             WHERE ticket.state IN %s
               AND ticket.company_id = %s
               AND session.state <> 'closed'
               AND line.product_id = ANY(%s)
               AND NOT EXISTS (SELECT 1 FROM stock_picking picking
                                WHERE picking.pos_order_id = ticket.id)
             GROUP BY line.product_id
            """,
            SOLD,
            company.id,
            list(product_ids),
        )
        for product_id, quantity in self.env.execute_query(query):
            stock[product_id] = stock.get(product_id, 0.0) - quantity
        return stock
