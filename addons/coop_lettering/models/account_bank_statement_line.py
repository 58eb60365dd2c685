# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def action_undo_reconciliation(self):
        """Wherever it is undone, the lettering that had been made is undone too, and is
        not made again by itself."""
        lettered = self.env["coop.lettering.run.line"]
        if self.ids:
            lettered = lettered.search(
                [
                    ("statement_line_ids", "in", self.ids),
                    ("state", "in", ("done", "confirmed")),
                ]
            )
        result = super().action_undo_reconciliation()
        # sudo: who may undo the transaction need not write the log.
        lettered.sudo().write({"state": "undone"})
        return result
