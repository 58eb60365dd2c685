# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from ..tools.bulk_run import BulkRun, get_book


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _check_company(self, fnames=None):
        # See stock.move
        if get_book(self.env) is not None:
            return None
        return super()._check_company(fnames)

    @api.model
    def _create_in_bulk(self, vals_list):
        """Draft pickings with their moves, as core's ``create`` makes them."""
        pickings = self.with_context(**BulkRun().get_context()).create(vals_list)
        return pickings.with_env(self.env)
