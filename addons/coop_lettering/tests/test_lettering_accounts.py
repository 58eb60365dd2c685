# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import tagged

from .common import LetteringCommon


@tagged("post_install", "-at_install")
class TestLetteringAccounts(LetteringCommon):
    """Any account that can be lettered, but those of other processes."""

    def setUp(self):
        super().setUp()
        account = self.env["account.account"]
        self.debtor, self.transit = account.create(
            [
                {
                    "name": name,
                    "code": code,
                    "account_type": "asset_current",
                    "reconcile": True,
                }
                for name, code in (
                    ("Débiteurs divers", "467998"),
                    ("Paiements en attente", "511998"),
                )
            ]
        )

    def _two_entries(self, account):
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
        )
        expense = self.env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", self.company.ids)],
            limit=1,
        )
        moves = self.env["account.move"].create(
            [
                {
                    "journal_id": journal.id,
                    "date": "2026-06-20",
                    "ref": "CAUTION 77",
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": each.id,
                                "partner_id": self.supplier.id,
                                "balance": sign * side * 45.0,
                            }
                        )
                        for each, sign in ((account, 1), (expense, -1))
                    ],
                }
                for side in (1, -1)
            ]
        )
        moves.action_post()
        return moves.line_ids.filtered(lambda line: line.account_id == account)

    def test_sundry_debtor(self):
        lines = self._two_entries(self.debtor)
        run = self._run()
        self.assertEqual((run.line_ids.rule, run.line_ids.state), ("reference", "done"))
        self.assertEqual(lines.mapped("lettering_code"), ["AAA", "AAA"])

    def test_account_that_cannot_be_lettered(self):
        self.debtor.reconcile = False
        self._two_entries(self.debtor)
        self.assertFalse(self._run())

    def test_money_in_transit_waits_for_its_statement(self):
        self.bank.outbound_payment_method_line_ids.payment_account_id = self.transit
        lines = self._two_entries(self.transit)
        self.assertFalse(self._run())
        self.assertFalse(any(lines.mapped("lettering_code")))

    def test_vat_due_on_payment_is_left_to_its_bill(self):
        self.company.tax_exigibility = True
        self.taxes[20.0].copy(
            {
                "name": "20 % encaissement",
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": self.debtor.id,
            }
        )
        self._two_entries(self.debtor)
        self.assertFalse(self._run())
