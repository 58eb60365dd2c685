# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class CoopClosedDay(models.Model):
    """Days on which nothing is handed over sell nothing either."""

    _inherit = "coop.closed.day"

    @api.model_create_multi
    def create(self, vals_list):
        closings = super().create(vals_list)
        closings._forget_forecasts()
        return closings

    def write(self, vals):
        self._forget_forecasts()
        result = super().write(vals)
        self._forget_forecasts()
        return result

    def unlink(self):
        self._forget_forecasts()
        return super().unlink()

    def _forget_forecasts(self):
        """What was forecast with other closed days is computed again."""
        companies = self.company_id
        if companies:
            self.env["coop.product.forecast"]._forget(companies)

    @api.model
    def _get_shop_closed_days(self, company, first, last):
        """Ordinals of the days between two dates, both included, without any sale.

        A collection point that is closed does not close the shop.
        """
        closings = self._get_closures(company, [first, last])
        return {
            day
            for closing in closings
            if closing.no_distribution and not closing.collection_point_ids
            for day in range(
                max(closing.date_from, first).toordinal(),
                min(closing.date_to, last).toordinal() + 1,
            )
        }
