# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CoopOrderWindow(models.Model):
    _name = "coop.order.window"
    _inherit = ["coop.order.window", "coop.order.window.settings"]

    def _init_column(self, column_name):
        """Windows that were there before members were told stay silent."""
        if column_name.startswith("tell_"):
            return
        super()._init_column(column_name)
