# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo.fields import Command

from odoo.addons.coop_reconciliation.tests.common import ReconciliationCommon

CLOSING = date(2026, 6, 30)


class AccrualCommon(ReconciliationCommon):
    """A company with the accounts of accruals, and what it received."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["account.account"]
        for field, code, kind in (
            ("accrual_payable_account_id", "408100", "liability_current"),
            ("accrual_tax_account_id", "445860", "asset_current"),
        ):
            cls.company[field] = accounts.search(
                [("code", "=", code), ("company_ids", "in", cls.company.ids)]
            ) or accounts.create(
                {
                    "name": code,
                    "code": code,
                    "account_type": kind,
                    "reconcile": code == "408100",
                }
            )
        cls.payable = cls.company.accrual_payable_account_id
        cls.vat = cls.company.accrual_tax_account_id

    def _received(self, order, quantities=None, day=date(2026, 6, 20), **kwargs):
        picking = self._receive(order, quantities, **kwargs)
        picking.move_ids.date = day
        return picking

    def _wizard(self, day=CLOSING, user=None, **vals):
        wizard = self.env["coop.accrual.wizard"].with_user(user or self.accountant)
        return wizard.create(
            {
                "date": day,
                "partner_ids": [Command.set(self.supplier.ids)],
                **vals,
            }
        )

    def _rows(self, day=CLOSING):
        wizard = self._wizard(day)
        wizard.action_show()
        return wizard.line_ids

    def _book(self, **vals):
        wizard = self._wizard(**vals)
        action = wizard.action_post()
        domain = action.get("domain") or [("id", "=", action["res_id"])]
        return self.env["account.move"].search(domain, order="id")

    def _half_received(self, **kwargs):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0, 10.0)])
        return order, self._received(order, {product: 8}, **kwargs)
