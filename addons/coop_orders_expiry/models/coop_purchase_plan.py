# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import SQL


class CoopPurchasePlan(models.Model):
    _inherit = "coop.purchase.plan"

    def _get_expiring_quantities(self, product_ids):
        """Lots on the shelf that cannot be sold until the end of the plan."""
        found = super()._get_expiring_quantities(product_ids)
        today = self._get_today()
        last = (self.next_delivery_date - today).days
        dated = self.env["coop.shelf.books"]._read_dated_stock(
            self.company_id, today, product_ids
        )
        for product_id, lots in dated.items():
            lots = [(ahead, quantity) for ahead, quantity in lots if ahead <= last]
            if lots:
                found[product_id] = [*found.get(product_id, ()), *lots]
        return found

    def _read_assortment(self, today):
        """How long a product is sold, where nobody said it for the planner."""
        products = super()._read_assortment(today)
        unknown = [key for key, values in products.items() if not values["shelf_life"]]
        query = SQL(
            """
            SELECT product.id, template.expiration_time
                   - COALESCE(template.removal_time, 0)
              FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE template.use_expiration_date
               AND template.expiration_time > 0
               AND product.id = ANY(%s)
            """,
            unknown,
        )
        for product_id, days in self.env.execute_query(query):
            products[product_id]["shelf_life"] = max(days, 0)
        return products
