# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import TransactionCase, new_test_user, tagged

MENUS = [
    "account.menu_action_move_journal_line_form",
    "account.menu_action_account_moves_all",
    "coop_reconciliation.account_bank_statement_menu",
    "coop_lettering.coop_lettering_run_accounting_menu",
    "coop_reconciliation.account_move_match_menu",
    "coop_lettering.coop_lettering_work_menu",
]


@tagged("post_install", "-at_install")
class TestAccountantMenus(TransactionCase):
    """What an accountant sees in Odoo Community, without developer mode."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.groups"]._offer_accounting(True)

    def _visible(self, group):
        user = new_test_user(self.env, f"menus_{group}", f"account.{group}")
        return self.env["ir.ui.menu"].with_user(user)._visible_menu_ids(debug=False)

    def test_accountant_and_administrator(self):
        for group in ("group_account_user", "group_account_manager"):
            visible = self._visible(group)
            for xmlid in MENUS:
                with self.subTest(f"{group} {xmlid}"):
                    self.assertIn(self.env.ref(xmlid).id, visible)

    def test_who_only_invoices_is_not_shown_the_books(self):
        visible = self._visible("group_account_invoice")
        for xmlid in MENUS[:4]:
            with self.subTest(xmlid):
                self.assertNotIn(self.env.ref(xmlid).id, visible)

    def test_can_be_chosen_on_the_user_form(self):
        privilege = self.env.ref("account.res_groups_privilege_accounting")
        self.assertIn(self.env.ref("account.group_account_user"), privilege.group_ids)
