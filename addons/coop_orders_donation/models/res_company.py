# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Where donations wait until the cooperative gives them."""

    _inherit = "res.company"

    coop_donation_account_id = fields.Many2one(
        "account.account",
        string="Account of Donations",
        ondelete="restrict",
        check_company=True,
        domain="[('account_type', 'in', ('liability_current', 'asset_current'))]",
        help="Donations are no sales: they wait on an account of third parties (467 in"
        " the French plan) until the cooperative gives them. Proposed at the first"
        " donation.",
    )
    coop_donation_balance = fields.Monetary(
        string="Donations to Give", compute="_compute_coop_donation_balance"
    )

    @api.constrains("coop_donation_account_id")
    def _check_coop_donation_account(self):
        for company in self:
            # sudo: its type, for whoever sets the cooperative up.
            account = company.sudo().coop_donation_account_id
            if account and account.account_type not in (
                "liability_current",
                "asset_current",
            ):
                raise ValidationError(
                    self.env._(
                        "%(account)s is no account of third parties: donations are not"
                        " sales. Choose one such as 467.",
                        account=account.display_name,
                    )
                )

    @api.depends("coop_donation_account_id")
    def _compute_coop_donation_balance(self):
        for company in self:
            # sudo: one sum, for who sets the cooperative up.
            account = company.sudo().coop_donation_account_id
            lines = self.env["account.move.line"].sudo()
            ((balance,),) = lines._read_group(
                [
                    ("account_id", "=", account.id),
                    ("company_id", "=", company.id),
                    ("parent_state", "=", "posted"),
                ],
                aggregates=["balance:sum"],
            )
            company.coop_donation_balance = -(balance or 0.0) if account else 0.0

    def _coop_get_donation_account(self):
        """The account of donations; the plan's 467, or a new one, the first time."""
        self.ensure_one()
        # sudo: members' invoices are made on behalf of who hands baskets over.
        company = self.sudo()
        if not company.coop_donation_account_id:
            accounts = company.env["account.account"].with_company(company)
            third_parties = [
                *accounts._check_company_domain(company),
                ("account_type", "=", "liability_current"),
            ]
            company.coop_donation_account_id = accounts.search(
                [*third_parties, ("code", "=like", "467%")], order="code", limit=1
            ) or accounts.create(
                {
                    "name": self.env._("Donations of members, to be given"),
                    "code": accounts._search_new_account_code("467100"),
                    "account_type": "liability_current",
                    "company_ids": [(6, 0, company.ids)],
                }
            )
        return company.coop_donation_account_id
