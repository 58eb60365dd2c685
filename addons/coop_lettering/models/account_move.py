# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.fields import Domain


class AccountMove(models.Model):
    _inherit = "account.move"

    def _coop_with_cash_basis(self):
        """Those of these moves that have a tax due on payment."""
        due = "on_payment"
        lines = self.env["account.move.line"]._read_group(
            Domain("move_id", "in", self.ids)
            & (
                Domain("tax_line_id.tax_exigibility", "=", due)
                | Domain("tax_ids.tax_exigibility", "=", due)
                | Domain("tax_ids.children_tax_ids.tax_exigibility", "=", due)
            ),
            ["move_id"],
        )
        return self.browse(move.id for (move,) in lines)

    def _coop_with_paid_followers(self):
        """Those of these moves of which somebody asked to know when they are paid."""
        # sudo: that somebody follows, not who.
        followers = self.env["mail.followers"].sudo()
        found = followers._read_group(
            [
                ("res_model", "=", "account.move"),
                ("res_id", "in", self.ids),
                ("subtype_ids", "in", self.env.ref("account.mt_invoice_paid").ids),
            ],
            ["res_id"],
        )
        return self.browse(res_id for (res_id,) in found)
