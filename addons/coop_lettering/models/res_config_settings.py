# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    offer_accounting_groups = fields.Boolean(
        string="Accounting Menus for Accountants",
        help="The accounting groups of Odoo can be chosen on a user's form, and an "
        "accounting administrator has them.",
    )

    @api.model
    def get_values(self):
        values = super().get_values()
        values["offer_accounting_groups"] = self.env["res.groups"]._offers_accounting()
        return values

    def set_values(self):
        res = super().set_values()
        self.env["res.groups"]._offer_accounting(self.offer_accounting_groups)
        return res
