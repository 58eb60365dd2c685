# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.fields import Domain


class CoopLetteringEngine(models.AbstractModel):
    _inherit = "coop.lettering.engine"

    @api.model
    def _transactions_domain(self, company):
        """But for the journals that keep their suspense account, by their setting."""
        return super()._transactions_domain(company) & Domain(
            "journal_id.reconcile_mode", "=", "edit"
        )

    @api.model
    def _record(self, company, proposals, rules, plain):
        run = super()._record(company, proposals, rules, plain)
        # The screen of the bank looks for its proposal anew.
        run.suggestion_ids.statement_line_ids._coop_forget_proposal()
        return run
