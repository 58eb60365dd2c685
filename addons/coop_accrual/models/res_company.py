# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    accrual_payable_account_id = fields.Many2one(
        "account.account",
        string="Goods Received Not Invoiced",
        check_company=True,
        ondelete="restrict",
        help="For instance 408100.",
    )
    accrual_tax_account_id = fields.Many2one(
        "account.account",
        string="VAT on Goods Not Invoiced",
        check_company=True,
        ondelete="restrict",
        help="For instance 445860.",
    )
    accrual_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Accruals",
        check_company=True,
        ondelete="restrict",
    )

    def _get_accrual_accounts(self):
        """``{payable, tax, expense: account, journal}``: what was chosen, else what the
        French chart has; a clear sentence where something is missing."""
        self.ensure_one()
        # sudo: the accountant chooses on the closing screen, not on the company.
        company = self.sudo().with_company(self)
        accounts = company.env["account.account"]

        def by_code(code, account_type):
            return accounts.search(
                [
                    *accounts._check_company_domain(company),
                    ("code", "=like", f"{code}%"),
                    ("account_type", "=", account_type),
                ],
                order="code",
                limit=1,
            )

        journals = company.env["account.journal"]
        found = {
            "payable": company.accrual_payable_account_id
            or by_code("408", "liability_current"),
            "tax": company.accrual_tax_account_id or by_code("44586", "asset_current"),
            "journal": company.accrual_journal_id
            or journals.search(
                [
                    *journals._check_company_domain(company),
                    ("type", "=", "general"),
                ],
                limit=1,
            ),
        }
        purchase = journals.search(
            [*journals._check_company_domain(company), ("type", "=", "purchase")],
            limit=1,
        )
        found["expense"] = purchase.default_account_id
        missing = {
            "payable": self.env._("the account of goods received not invoiced (408)"),
            "tax": self.env._("the account of their VAT (445860)"),
            "journal": self.env._("a journal of miscellaneous entries"),
            "expense": self.env._("the expense account of the purchase journal"),
        }
        for key, name in missing.items():
            if not found[key]:
                raise UserError(
                    self.env._("Choose %s first: nothing was booked.", name)
                )
        if not found["payable"].reconcile:
            raise UserError(
                self.env._(
                    "The account %s cannot be lettered: tick “Allow Reconciliation” on "
                    "it, or choose another one.",
                    found["payable"].display_name,
                )
            )
        return found
