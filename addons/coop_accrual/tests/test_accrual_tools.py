# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest

from odoo.tests import BaseCase, TransactionCase, new_test_user, tagged

from ..tools import accrual


@tagged("post_install", "-at_install")
class TestAccrualDoctests(BaseCase):
    def test_doctests(self):
        results = doctest.testmod(accrual)
        self.assertGreater(results.attempted, 0)
        self.assertEqual(results.failed, 0)


@tagged("post_install", "-at_install")
class TestAccrualMenu(TransactionCase):
    def test_closing_is_the_accountants(self):
        menu = self.env.ref("coop_accrual.coop_accrual_closing_menu").id
        for group, wanted in (
            ("account.group_account_user", True),
            ("account.group_account_invoice", False),
        ):
            user = new_test_user(self.env, group, group)
            menus = self.env["ir.ui.menu"].with_user(user)
            self.assertEqual(menu in menus._visible_menu_ids(debug=False), wanted)
