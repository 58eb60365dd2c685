# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CoopSaleOrderCredit(models.AbstractModel):
    """What the cooperative owes a member pays the next basket."""

    _name = "coop.sale.order.credit"
    _description = "Member's Order: Credit"

    def _coop_get_credit_lines(self):
        """Open credits of the member: credit notes, and payments made in advance."""
        self.ensure_one()
        # sudo: callers have checked who serves; this member's own credits only.
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    (
                        "partner_id",
                        "=",
                        self.partner_invoice_id.commercial_partner_id.id,
                    ),
                    ("company_id", "=", self.company_id.id),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("amount_residual", "<", 0),
                ],
                order="date, id",
            )
        )

    def _coop_get_credit(self):
        """How much of the next basket is paid already, in the company's currency."""
        return -sum(self._coop_get_credit_lines().mapped("amount_residual"))

    def _coop_use_credits(self):
        """Letter this basket's invoice with what the member has in advance."""
        self.ensure_one()
        # sudo: as above.
        order = self.sudo()
        lines = order._coop_get_open_invoices().line_ids.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and not line.reconciled
                and line.balance > 0
            )
        )
        for account, some in lines.grouped("account_id").items():
            credits = order._coop_get_credit_lines().filtered(
                lambda line, account=account: line.account_id == account
            )
            if credits:
                (some | credits).reconcile()
        order.invalidate_recordset(["coop_amount_due", "coop_payment_state"])
