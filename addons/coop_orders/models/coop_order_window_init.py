# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CoopOrderWindowInit(models.AbstractModel):
    _name = "coop.order.window.init"
    _inherit = ["coop.order.window.settings"]
    _description = "Order Window: Settings of Before"

    def _init_column(self, column_name):
        """Windows that were there before members were told stay silent."""
        if column_name.startswith("tell_"):
            return
        super()._init_column(column_name)
