# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import TransactionCase, new_test_user, tagged

MENUS = [
    "coop_reconciliation_bank.coop_bank_import_menu",
    "coop_reconciliation_bank.coop_bank_transaction_menu",
    "coop_reconciliation.account_bank_statement_menu",
]


@tagged("post_install", "-at_install")
class TestBankMenus(TransactionCase):
    def _visible(self, group):
        user = new_test_user(self.env, f"bank_{group}", f"account.{group}")
        return self.env["ir.ui.menu"].with_user(user)._visible_menu_ids(debug=False)

    def test_accountant_sees_them_without_developer_mode(self):
        visible = self._visible("group_account_user")
        for xmlid in MENUS:
            with self.subTest(xmlid):
                self.assertIn(self.env.ref(xmlid).id, visible)

    def test_who_only_invoices_does_not(self):
        visible = self._visible("group_account_invoice")
        for xmlid in MENUS:
            with self.subTest(xmlid):
                self.assertNotIn(self.env.ref(xmlid).id, visible)
