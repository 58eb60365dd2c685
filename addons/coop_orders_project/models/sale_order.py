# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _coop_read_lines(self):
        """What is ordered from an offer is a product, and has no milestones."""
        lines = super()._coop_read_lines()
        milestones = self.env["sale.order.line"]._fields["coop_milestone_ids"]
        for line in lines.values():
            milestones._update_cache(line, ())
        return lines
