# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from odoo.addons.coop_reconciliation.tests.lettering_common import LetteringCommon

DATA = Path(__file__).parent / "data"
IBAN = "FR7642559100000800123456771"


class BankCommon(LetteringCommon):
    """A bank account whose statements an accountant imports."""

    def setUp(self):
        super().setUp()
        self.bank = self.env["account.journal"].create(
            {
                "name": "Crédit Coopératif",
                "type": "bank",
                "code": "CCOOP",
                "company_id": self.company.id,
                "bank_account_id": self.env["res.partner.bank"]
                .create({"acc_number": IBAN, "partner_id": self.company.partner_id.id})
                .id,
            }
        )
        self.user = new_test_user(
            self.env, "bank_accountant", "account.group_account_user"
        )
        self.other = self.env["res.partner"].create({"name": "Laiterie des prés"})

    # What the test mode of OCA's add-on leaves out is what is tested here.
    def _by(self, model):
        return (
            self.env[model]
            .with_user(self.user)
            .with_context(_test_account_reconcile_oca=True)
        )

    def _import(self, name, data=None, **vals):
        """Import by the accountant's own wizard; the transactions, in their order."""
        data = (DATA / name).read_bytes() if data is None else data
        before = self.env["account.bank.statement.line"].search([])
        wizard = self._by("account.statement.import").create(
            {
                "statement_file": base64.b64encode(data),
                "statement_filename": name,
                **vals,
            }
        )
        self.action = wizard.import_file_button()
        found = self.env["account.bank.statement.line"].search([]) - before
        return found.sorted("sequence")

    def _refused(self, name, data, **vals):
        """The one sentence that refuses a file, of which nothing is left."""
        lines = self.env["account.bank.statement.line"]
        before = lines.search_count([])
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self._import(name, data, **vals)
        self.assertEqual(lines.search_count([]), before)
        text = str(caught.exception)
        self.assertEqual(text.count(". "), 0, text)
        self.assertNotIn("\n", text)
        return text

    def _transaction(self, amount, label, date="2026-07-02", **vals):
        return self._by("account.bank.statement.line").create(
            {
                "journal_id": self.bank.id,
                "date": date,
                "payment_ref": label,
                "amount": amount,
                **vals,
            }
        )

    def _proposals(self, transactions):
        return self.env["coop.lettering.run.line"].search(
            [("statement_line_ids", "in", transactions.ids)], order="id"
        )

    def _suspense(self, transaction):
        return transaction._seek_for_lines()[1]
