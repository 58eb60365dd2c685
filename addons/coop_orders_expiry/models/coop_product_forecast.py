# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class CoopProductForecast(models.Model):
    _inherit = "coop.product.forecast"

    @api.model
    def _store(self, company, today, product_ids, forecaster, open_days):
        res = super()._store(company, today, product_ids, forecaster, open_days)
        self.env["coop.shelf.week"]._write_expired(company, today, product_ids)
        return res
