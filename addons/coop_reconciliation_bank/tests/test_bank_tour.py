# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .common import BankCommon


@tagged("post_install", "-at_install")
class TestBankTour(BankCommon, HttpCase):
    def test_confirm_and_take_back(self):
        """On OCA's screen, in the browser, from the accountant's own menu."""
        bill = self._posted(123.0, "FA123")
        transaction = self._transaction(-100.0, "ACOMPTE FA123")
        action = "coop_reconciliation_bank.coop_bank_transaction_action"
        self.start_tour(
            f"/odoo/action-{action}",
            "coop_reconciliation_bank_transactions",
            login=self.user.login,
        )
        transaction.invalidate_recordset()
        self.assertFalse(transaction.is_reconciled)
        self.assertEqual(self._payable_line(bill).amount_residual, -123.0)
        self.assertEqual(self._proposals(transaction).state, "undone")
        self.assertEqual(len(self._suspense(transaction)), 1)
