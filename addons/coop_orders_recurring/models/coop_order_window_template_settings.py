# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CoopOrderWindowTemplate(models.Model):
    _name = "coop.order.window.template"
    _inherit = ["coop.order.window.template", "coop.order.window.settings"]

    def _prepare_window_vals(self, day, last):
        values = super()._prepare_window_vals(day, last)
        values.update({name: self[name] for name in self._get_settings_fields()})
        return values
