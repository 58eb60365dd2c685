# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class CoopBillMatcher(models.AbstractModel):
    _inherit = "coop.bill.matcher"

    @api.model
    def _write_plan(self, plan, duplicates):
        res = super()._write_plan(plan, duplicates)
        posted = self.env["account.move"].union(
            *(bill for bill, *__ in plan if bill.state == "posted")
        )
        if posted:
            # Posted before it was matched: its accrual is known only now.
            posted._coop_reverse_billed_accruals()
        return res
