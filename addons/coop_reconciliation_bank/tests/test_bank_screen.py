# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import Form, tagged

from .common import BankCommon

FORM = "account_reconcile_oca.bank_statement_line_form_reconcile_view"


@tagged("post_install", "-at_install")
class TestBankScreen(BankCommon):
    """What OCA's screen proposes, and what it leaves in the log of the lettering."""

    def _doubtful(self):
        """The number of the bill, less a part: only a person knows."""
        bill = self._posted(123.0, "FA123")
        return bill, self._transaction(-100.0, "ACOMPTE FA123")

    def test_suggestion_is_prepared(self):
        bill, transaction = self._doubtful()
        transaction = transaction.with_user(self.user)
        self.assertIn("FA123", transaction.lettering_suggestion)
        data = transaction.reconcile_data_info
        self.assertEqual(data["counterparts"], self._payable_line(bill).ids)
        self.assertTrue(data["can_reconcile"])
        amounts = sorted(line["amount"] for line in data["data"])
        self.assertEqual(amounts, [-100.0, 100.0])

    def test_confirmed_on_the_screen(self):
        """Paid in part: the rest of the bill stays open."""
        bill, transaction = self._doubtful()
        transaction.with_user(self.user).reconcile_bank_line()
        self.assertTrue(transaction.is_reconciled)
        self.assertEqual(self._payable_line(bill).amount_residual, -23.0)
        self.assertEqual(transaction.partner_id, self.supplier)
        proposal = self._proposals(transaction)
        self.assertEqual(proposal.state, "confirmed")
        self.assertIn(self._payable_line(transaction.move_id), proposal.move_line_ids)
        proposal.with_user(self.user).action_undo()
        self.assertFalse(transaction.is_reconciled)
        self.assertEqual(self._payable_line(bill).amount_residual, -123.0)

    def test_confirmed_on_the_list_of_the_lettering(self):
        bill, transaction = self._doubtful()
        self._proposals(transaction).with_user(self.user).action_confirm()
        self.assertTrue(transaction.is_reconciled)
        self.assertEqual(self._payable_line(bill).amount_residual, -23.0)

    def test_person_chooses_something_else(self):
        __, transaction = self._doubtful()
        other = self._posted(100.0, "ZZ1")
        with Form(transaction.with_user(self.user), view=FORM) as form:
            form.add_account_move_line_id = self._payable_line(
                self.env["account.move"].search([("ref", "=", "FA123")])
            )
            form.add_account_move_line_id = self._payable_line(other)
        transaction.with_user(self.user).reconcile_bank_line()
        self.assertTrue(self._payable_line(other).reconciled)
        self.assertEqual(self._proposals(transaction).state, "dismissed")

    def test_credit_note_before_the_bill(self):
        bill = self._posted(308.03, "F124212")
        credit = self._posted(16.56, "AV1001", move_type="in_refund")
        self.env.ref("coop_lettering.coop_lettering_rule_numbers").mode = "suggest"
        transaction = self._transaction(-291.47, "VIR F124212 AV1001")
        self.assertFalse(transaction.is_reconciled)
        transaction.with_user(self.user).reconcile_bank_line()
        self.assertTrue(transaction.is_reconciled)
        lines = self._payable_line(bill + credit)
        self.assertEqual(lines.mapped("reconciled"), [True, True])

    def test_bill_that_comes_after_the_bank(self):
        """The screen proposes what the next run finds."""
        transaction = self._transaction(-100.0, "ACOMPTE FA123")
        self.assertFalse(transaction.reconcile_data_info["counterparts"])
        bill = self._posted(123.0, "FA123")
        self.env["coop.lettering.run"].with_user(self.user)._run(self.company)
        self.assertEqual(
            transaction.reconcile_data_info["counterparts"],
            self._payable_line(bill).ids,
        )

    def test_what_a_person_prepared_stays(self):
        transaction = self._transaction(-100.0, "ACOMPTE FA123")
        other = self._posted(55.0, "ZZ1")
        with Form(transaction.with_user(self.user), view=FORM) as form:
            form.add_account_move_line_id = self._payable_line(other)
        self._posted(123.0, "FA123")
        self.env["coop.lettering.run"].with_user(self.user)._run(self.company)
        self.assertEqual(
            transaction.reconcile_data_info["counterparts"],
            self._payable_line(other).ids,
        )

    def test_dismissed_is_not_proposed_any_more(self):
        __, transaction = self._doubtful()
        self._proposals(transaction).with_user(self.user).action_dismiss()
        self.assertFalse(transaction.lettering_suggestion)
        self.assertFalse(transaction.reconcile_data_info["counterparts"])
