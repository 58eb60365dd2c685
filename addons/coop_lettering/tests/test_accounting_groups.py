# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import Form, TransactionCase, new_test_user, tagged

from ..hooks import uninstall_hook

MENU = "account.menu_action_move_journal_line_form"


@tagged("post_install", "-at_install")
class TestAccountingGroups(TransactionCase):
    """Odoo's own groups are changed for everybody only where somebody asked for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.groups = cls.env["res.groups"]
        cls.was_on = cls.groups._offers_accounting()
        cls.groups._offer_accounting(False)
        cls.manager = new_test_user(
            cls.env, "groups_manager", "account.group_account_manager,base.group_system"
        )

    def _state(self):
        user = self.env.ref("account.group_account_user")
        readonly = self.env.ref("account.group_account_readonly")
        manager = self.env.ref("account.group_account_manager")
        return [
            (group.privilege_id, group.sequence, group.implied_ids)
            for group in (readonly, user, manager)
        ]

    def _sees_the_books(self):
        menus = self.env["ir.ui.menu"].with_user(self.manager)
        return self.env.ref(MENU).id in menus._visible_menu_ids(debug=False)

    def _set(self, wanted):
        with Form(self.env["res.config.settings"].with_user(self.manager)) as form:
            form.offer_accounting_groups = wanted
        form.record.execute()

    def test_off_for_who_installs(self):
        """The demonstration asks for it; nothing else does."""
        demo = self.env["ir.module.module"].search([("name", "=", "coop_demo")])
        self.assertEqual(self.was_on, demo.state == "installed")
        self.assertFalse(self._sees_the_books())
        user = self.env.ref("account.group_account_user")
        self.assertFalse(user.privilege_id)
        self.assertNotIn(
            user, self.env.ref("account.group_account_manager").implied_ids
        )

    def test_on_and_off_by_the_setting(self):
        before = self._state()
        self._set(True)
        self.assertTrue(self._sees_the_books())
        privilege = self.env.ref("account.res_groups_privilege_accounting")
        self.assertIn(self.env.ref("account.group_account_user"), privilege.group_ids)
        self._set(True)
        self._set(False)
        self.assertEqual(self._state(), before)
        self.assertFalse(self._sees_the_books())

    def test_what_somebody_had_set_is_kept(self):
        """Who had given the group to administrators by hand has it afterwards, too."""
        user = self.env.ref("account.group_account_user")
        self.env.ref("account.group_account_manager").implied_ids += user
        before = self._state()
        self.groups._offer_accounting(True)
        self.groups._offer_accounting(False)
        self.assertEqual(self._state(), before)

    def test_put_back_at_uninstall(self):
        before = self._state()
        uninstall_hook(self.env)
        self.assertEqual(self._state(), before)
        self.groups._offer_accounting(True)
        self.assertNotEqual(self._state(), before)
        uninstall_hook(self.env)
        self.assertEqual(self._state(), before)
        self.assertFalse(self.groups._offers_accounting())
