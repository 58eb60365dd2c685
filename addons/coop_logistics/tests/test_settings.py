# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from .common import LogisticsCommon


@tagged("post_install", "-at_install")
class TestSettings(LogisticsCommon):
    def test_temperatures_are_set_on_the_settings_page(self):
        self.user_manager.group_ids += self.env.ref("base.group_system")
        settings = (
            self.env["res.config.settings"]
            .with_user(self.user_manager)
            .create({"coop_chilled_max": 3.0, "coop_frozen_max": -20.0})
        )
        settings.execute()
        self.assertEqual(
            self.company._coop_get_temperature_limits(),
            {"chilled": 3.0, "frozen": -20.0},
        )
        arch = settings.get_view(view_type="form")["arch"]
        self.assertIn("coop_frozen_max", arch)

    def test_one_menu_of_distributions(self):
        menus = (
            self.env["ir.ui.menu"]
            .with_user(self.user_coordinator)
            .search([("id", "child_of", self.env.ref("coop_base.coop_menu_root").id)])
        )
        # sudo: which action a menu opens.
        actions = [
            menu
            for menu in menus.sudo()
            if menu.action
            and menu.action._name == "ir.actions.act_window"
            and menu.action.res_model == "coop.distribution"
            and menu.name == "Distributions"
        ]
        self.assertEqual(len(actions), 1)

    def test_a_branch_has_its_company_s_journals(self):
        """Odoo's branches share journals and accounts: ours makes none for them."""
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.cr.precommit.run()  # Odoo loads the chart of a new branch there
        Journal = self.env["account.journal"]
        self.assertFalse(Journal.search([("company_id", "=", branch.id)]))
        for kind in ("cash", "cheque", "transfer", "card"):
            journal = Journal._coop_get_payment_journal(branch, kind)
            self.assertEqual(journal.company_id, self.company, kind)
