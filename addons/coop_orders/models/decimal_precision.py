# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

GRAM_DIGITS = 3
# What the units had before, to be put back.
DIGITS_BEFORE = "coop_orders.unit_digits_before"


class DecimalPrecision(models.Model):
    """Weights to the gram: a choice, because it is the whole database's.

    Odoo has one precision for all quantities of sales, purchases, stock and bills, and
    each unit's rounding comes from it: weights cannot have one of their own. So it is
    raised where somebody says so, and put back when they say otherwise or uninstall.
    """

    _inherit = "decimal.precision"

    @api.model
    def _coop_weighs_to_gram(self):
        return self.precision_get("Product Unit") >= GRAM_DIGITS

    @api.model
    def _coop_weigh_to_gram(self, wanted):
        """Keep quantities with three decimals, or with as many as before."""
        if wanted == self._coop_weighs_to_gram():
            return
        precision = self.env.ref("uom.decimal_product_uom")
        # sudo: a technical memory, beside a precision that the user may write.
        parameters = self.env["ir.config_parameter"].sudo()
        if wanted:
            parameters.set_param(DIGITS_BEFORE, str(precision.digits))
            precision.digits = GRAM_DIGITS
        else:
            precision.digits = int(parameters.get_param(DIGITS_BEFORE, "2"))
            parameters.set_param(DIGITS_BEFORE, False)
        self.env["uom.uom"].invalidate_model(["rounding"])

    @api.model
    def _coop_forget_gram(self):
        """At uninstallation: what was not there before goes, and nothing else."""
        # sudo: see `_coop_weigh_to_gram`.
        if self.env["ir.config_parameter"].sudo().get_param(DIGITS_BEFORE):
            self._coop_weigh_to_gram(False)
