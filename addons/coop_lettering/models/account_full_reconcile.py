# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class AccountFullReconcile(models.Model):
    """Whoever reconciles (bank screen, payment, lettering run) gets a code."""

    _inherit = "account.full.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        fulls = super().create(vals_list)
        # sudo: codes are given by the system, nobody writes them by hand.
        self.env["coop.lettering.code"].sudo()._assign(fulls)
        return fulls

    def unlink(self):
        # sudo: as in create.
        self.env["coop.lettering.code"].sudo()._retire(self)
        return super().unlink()
