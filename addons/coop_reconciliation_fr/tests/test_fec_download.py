# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestFecDownload(HttpCase):
    """From the menu to the file, by the accountant, without developer mode."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.groups"]._offer_accounting(True)
        cls.company = cls.env.company
        cls.company.write({"vat": False, "company_registry": "552 100 554 00054"})
        cls.accountant = new_test_user(
            cls.env, "fec_download", "account.group_account_manager"
        )

    def _wizard(self, **vals):
        model = self.env["l10n_fr.fec.export.wizard"].with_user(self.accountant)
        return model.create(vals)

    def test_the_year_that_ended_last(self):
        with freeze_time("2026-02-03"):
            wizard = self._wizard()
        self.assertEqual(str(wizard.date_from), "2025-01-01")
        self.assertEqual(str(wizard.date_to), "2025-12-31")
        self.assertTrue(wizard.test_file)

    def test_download(self):
        with freeze_time("2026-02-03"):
            wizard = self._wizard()
        action = wizard.action_download()
        self.assertIn("552100554FEC20251231.txt", action["url"])
        self.authenticate("fec_download", "fec_download")
        answer = self.url_open(action["url"])
        self.assertTrue(answer.text.startswith("JournalCode|JournalLib|"))
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        # A trial locks nothing.
        self.assertFalse(self.company.fiscalyear_lock_date)

    def test_official_without_siren(self):
        self.company.company_registry = False
        with freeze_time("2026-02-03"):
            wizard = self._wizard(test_file=False)
        with self.assertRaisesRegex(UserError, "SIREN"):
            wizard.action_download()

    def test_dates_exchanged(self):
        wizard = self._wizard(date_from="2025-12-31", date_to="2025-01-01")
        with self.assertRaises(UserError):
            wizard.action_download()

    def test_menu_without_developer_mode(self):
        menu = self.env.ref("coop_reconciliation_fr.fec_export_wizard_menu")
        visible = self.env["ir.ui.menu"].with_user(self.accountant)
        self.assertIn(menu.id, visible._visible_menu_ids(debug=False))
