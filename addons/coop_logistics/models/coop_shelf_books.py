# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import SQL


class CoopShelfBooks(models.AbstractModel):
    _inherit = "coop.shelf.books"

    def _get_shelf_loss_sql(self):
        """Left-overs of a window count as a loss where its sales count as sales."""
        return SQL(
            """%s AND NOT EXISTS (
                SELECT 1
                  FROM coop_distribution_leftover leftover
                  JOIN coop_distribution held ON held.id = leftover.distribution_id
                  JOIN coop_order_window passed ON passed.id = held.window_id
                 WHERE leftover.id = move.coop_leftover_id
                   AND passed.flow != 'stock'
            )""",
            super()._get_shelf_loss_sql(),
        )
