# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.fields import Domain


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """What somebody types into a wizard of the suite is theirs until it is done.

        Odoo leaves wizards, and their lines, to all who have the access right. One rule
        for all of them: a new wizard has it without saying so.
        """
        domain = super()._compute_domain(model_name, mode)
        if self.env.su or not model_name.startswith("coop."):
            return domain
        if not self.env[model_name]._transient:
            return domain
        return domain & Domain("create_uid", "=", self.env.uid)
