# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coop_weigh_to_gram = fields.Boolean(
        string="Weigh to the Gram",
        help="Quantities of all products, in sales, purchases, stock and bills, are"
        " kept with three decimals: 1.234 kg instead of 1.23 kg.",
    )
    coop_takes_donations = fields.Boolean(
        related="company_id.coop_takes_donations", readonly=False
    )

    @api.model
    def get_values(self):
        values = super().get_values()
        grams = self.env["decimal.precision"]._coop_weighs_to_gram()
        return {**values, "coop_weigh_to_gram": grams}

    def set_values(self):
        res = super().set_values()
        self.env["decimal.precision"]._coop_weigh_to_gram(self.coop_weigh_to_gram)
        return res
