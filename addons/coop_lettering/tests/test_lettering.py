# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..hooks import post_init_hook
from .common import LetteringCommon


@tagged("post_install", "-at_install")
class TestLettering(LetteringCommon):
    """Rules carried out, codes given, undone and logged."""

    # -------------------------------------------------------------------------

    def test_number_in_the_label(self):
        bill = self._posted(123.0, "FA 2026-123")
        entry = self._entry(123.0, "VIR SEPA FA2026123")
        run = self._run()
        self.assertEqual((run.line_ids.rule, run.line_ids.state), ("number", "done"))
        lines = self._payable_line(bill) + self._payable_line(entry)
        self.assertTrue(all(lines.mapped("reconciled")))
        self.assertEqual(set(lines.mapped("lettering_code")), {"AAA"})
        self.assertEqual(run.line_ids.code, "AAA")
        self.assertEqual(
            set(lines.mapped("lettering_date")), {fields.Date.context_today(run)}
        )

    def test_codes_follow_per_account_and_partner(self):
        codes = []
        for number in range(3):
            self._posted(10.0 + number, f"FA90{number}")
            self._entry(10.0 + number, f"VIR FA90{number}")
            codes.append(self._run().line_ids.code)
        self.assertEqual(codes, ["AAA", "AAB", "AAC"])
        other = self.env["res.partner"].create({"name": "Autre"})
        bill = self._posted(5.0, "Z99", partner_id=other.id)
        entry = self._entry(5.0, "VIR Z99", partner=other)
        (self._payable_line(bill) + self._payable_line(entry)).reconcile()
        self.assertEqual(self._payable_line(bill).lettering_code, "AAA")

    def test_undone_code_is_retired_and_logged(self):
        bill = self._posted(123.0, "FA123")
        self._entry(123.0, "VIR FA123")
        run = self._run()
        run.line_ids.action_undo()
        self.assertFalse(self._payable_line(bill).lettering_code)
        log = self.env["coop.lettering.code"].search(
            [("partner_id", "=", self.supplier.id)]
        )
        self.assertEqual((log.name, log.state), ("AAA", "retired"))
        self.assertEqual(log.retired_by_id, self.accountant)
        self.assertTrue(log.retired_on)
        # What a person undid is not done again by itself.
        self.assertFalse(self._run())
        (
            self._payable_line(bill)
            + self._payable_line(
                self.env["account.move.line"]
                .search(
                    [("name", "=", "VIR FA123"), ("account_id", "=", self.payable.id)]
                )
                .move_id
            )
        ).reconcile()
        self.assertEqual(self._payable_line(bill).lettering_code, "AAB")

    def test_several_bills_in_the_label(self):
        bills = self._posted(123.0, "FA123") + self._posted(124.0, "FA124")
        self._entry(247.0, "VIR FA123 FA124")
        run = self._run()
        self.assertEqual(run.line_ids.rule, "numbers")
        self.assertEqual(set(bills.mapped("payment_state")), {"paid"})

    def test_credit_on_two_bills(self):
        first, second = self._posted(550.0, "F550"), self._posted(300.0, "F300")
        credit = self._posted(150.0, "AV150", move_type="in_refund")
        entry = self._entry(400.0, "VIR F550 AV150")
        run = self._run()
        lettered = run.line_ids.filtered(lambda x: x.state == "done").move_line_ids
        self.assertEqual(
            lettered,
            self._payable_line(first + credit) + self._payable_line(entry),
        )
        self.assertEqual(second.payment_state, "not_paid")

    def test_two_equal_bills_and_one_payment(self):
        bills = self._posted(50.0, "FA501") + self._posted(50.0, "FA502")
        self._entry(50.0, "VIREMENT")
        run = self._run()
        self.assertEqual(run.line_ids.mapped("state"), ["suggested"])
        self.assertEqual(set(bills.mapped("payment_state")), {"not_paid"})
        run.line_ids.with_user(self.accountant).action_confirm()
        self.assertEqual(run.line_ids.state, "confirmed")
        self.assertEqual(bills.filtered(lambda b: b.payment_state == "paid"), bills[0])

    def test_second_run_writes_nothing(self):
        self._posted(123.0, "FA123")
        self._posted(50.0, "FA501")
        self._posted(50.0, "FA502")
        self._entry(123.0, "VIR FA123")
        self._entry(50.0, "VIREMENT")
        self.assertTrue(self._run())
        with self._assert_writes_nothing():
            self.assertFalse(self._run())

    def test_bank_payment_of_bill_and_credit_note(self):
        """The bank pays the bill less its credit note, citing both."""
        bill = self._posted(308.03, "F124212")
        credit = self._posted(16.56, "AV1001", move_type="in_refund")
        transaction = self._statement_line(-291.47, "VIR SEPA F124212 AV1001")
        run = self._run()
        self.assertEqual(run.line_ids.rule, "numbers")
        self.assertTrue(transaction.is_reconciled)
        item = self._payable_line(transaction.move_id)
        lines = self._payable_line(bill + credit) + item
        self.assertEqual(set(lines.mapped("lettering_code")), {"AAA"})
        self.assertEqual(item.partner_id, self.supplier)
        self.assertEqual(transaction.move_id.state, "posted")
        self.assertIn(bill.payment_state, ("paid", "in_payment"))

    def test_bank_label_finds_its_bills(self):
        """`VIR SEPA X FA123 FA124`, without partner: the bills say whose it is."""
        bills = self._posted(123.0, "FA123") + self._posted(124.0, "FA124")
        self._posted(125.0, "FA125")
        transaction = self._statement_line(-247.0, "VIR SEPA X FA123 FA124")
        run = self._run()
        self.assertEqual((run.line_ids.rule, run.line_ids.state), ("numbers", "done"))
        self.assertTrue(transaction.is_reconciled)
        item = self._payable_line(transaction.move_id)
        lines = self._payable_line(bills) + item
        self.assertEqual(set(lines.mapped("lettering_code")), {"AAA"})
        self.assertEqual(item.partner_id, self.supplier)

    def test_undone_bank_transaction_waits_again(self):
        """On its suspense account, its code retired, and not lettered by itself."""
        bills = self._posted(123.0, "FA123") + self._posted(124.0, "FA124")
        transaction = self._statement_line(-247.0, "VIR SEPA X FA123 FA124")
        proposal = self._run().line_ids
        proposal.with_user(self.accountant).action_undo()
        self.assertEqual(proposal.state, "undone")
        self.assertFalse(transaction.is_reconciled)
        __, suspense, __ = transaction._seek_for_lines()
        self.assertEqual(suspense.balance, 247.0)
        self.assertFalse(any(self._payable_line(bills).mapped("lettering_code")))
        self.assertFalse(self._run())

    def test_bank_label_of_the_partner_of_another_bill(self):
        """The label cites a bill of somebody else than the partner named: a guess."""
        other = self.env["res.partner"].create({"name": "Autre"})
        self._posted(50.0, "FA500")
        self._posted(50.0, "XY9", partner_id=other.id)
        transaction = self._statement_line(-50.0, "VIR FA500", other)
        run = self.env["coop.lettering.run"].with_user(self.accountant)
        proposal = run._run(self.company, partners=self.supplier + other).line_ids
        self.assertEqual(proposal.mapped("state"), ["suggested"])
        self.assertFalse(transaction.is_reconciled)

    def test_bank_label_of_two_suppliers_is_left_alone(self):
        """One transaction pays two suppliers: nobody's, until a person splits it."""
        other = self.env["res.partner"].create({"name": "Autre"})
        self._posted(123.0, "FA123")
        self._posted(124.0, "FA124", partner_id=other.id)
        transaction = self._statement_line(-247.0, "VIR SEPA X FA123 FA124")
        self.env["coop.lettering.run"].with_user(self.accountant)._run(
            self.company, partners=self.supplier + other
        )
        self.assertFalse(transaction.is_reconciled)

    def test_credit_note_linked_by_the_claim(self):
        """The credit note of a bill and the rest by the bank, without any number."""
        bill = self._posted(308.03, "F124212")
        credit = self._posted(
            16.56, "AV1001", move_type="in_refund", reversed_entry_id=bill.id
        )
        transaction = self._statement_line(-291.47, "VIREMENT", self.supplier)
        self._run()
        self.assertTrue(transaction.is_reconciled)
        lines = self._payable_line(bill + credit + transaction.move_id)
        self.assertEqual(len(lines), 3)
        self.assertEqual(set(lines.mapped("lettering_code")), {"AAA"})

    def test_bank_payment_of_an_unknown_partner_is_left_alone(self):
        self._posted(308.03, "F124212")
        transaction = self._statement_line(-308.03, "VIREMENT")
        self.assertFalse(self._run())
        self.assertFalse(transaction.is_reconciled)

    def test_registered_payment_is_lettered(self):
        """Odoo's own “Pay” letters too: same code, same journal."""
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
        # Without an account Odoo 19 makes no entry, and nothing to letter.
        methods = bank.outbound_payment_method_line_ids
        methods.payment_account_id = bank.default_account_id
        bill = self._posted(80.0, "FA800")
        self.env["account.payment.register"].with_user(self.accountant).with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({"journal_id": bank.id})._create_payments()
        line = self._payable_line(bill)
        self.assertTrue(line.reconciled)
        self.assertEqual(line.lettering_code, "AAA")

    def test_across_partners_never(self):
        other = self.env["res.partner"].create({"name": "Autre"})
        self._posted(61.0, "FA610")
        self._entry(61.0, "VIR FA610", partner=other)
        self.assertFalse(self._run())

    # -------------------------------------------------------------------------
    # Small differences and closed periods
    # -------------------------------------------------------------------------

    def test_small_difference_without_policy_is_not(self):
        bill = self._posted(50.03, "FA503")
        self._entry(50.0, "VIR FA503")
        run = self._run()
        self.assertEqual(set(run.line_ids.mapped("state")), {"suggested"})
        self.assertFalse(self._payable_line(bill).reconciled)

    def test_closed_period_can_be_lettered(self):
        bill = self._posted(123.0, "FA123")
        self._entry(123.0, "VIR FA123")
        self.company.sudo().fiscalyear_lock_date = "2026-06-30"
        self._run()
        self.assertEqual(self._payable_line(bill).lettering_code, "AAA")

    # -------------------------------------------------------------------------

    def test_days_of_one_rule(self):
        """Fewer days for equal amounts, whatever the other rules keep."""
        rule = self.env.ref("coop_lettering.coop_lettering_rule_amount")
        for days, amount, state in ((10, 77.0, "suggested"), (11, 78.0, "done")):
            rule.days = days
            self._posted(amount, f"FA{amount:.0f}0")
            self._entry(amount, "VIREMENT", date="2026-06-28")
            proposal = self._run().line_ids.filtered(lambda x, a=amount: x.amount == a)
            self.assertEqual(proposal.state, state)

    def test_rule_can_be_switched_off(self):
        self.env.ref("coop_lettering.coop_lettering_rule_number").mode = "suggest"
        bill = self._posted(123.0, "FA123")
        self._entry(123.0, "VIR FA123")
        run = self._run()
        self.assertEqual(
            (run.line_ids.rule, run.line_ids.state), ("number", "suggested")
        )
        self.assertFalse(self._payable_line(bill).reconciled)

    def test_codes_are_not_written_by_hand(self):
        with self.assertRaises(AccessError):
            self.env["coop.lettering.code"].with_user(self.accountant).create(
                {"name": "AAA"}
            )

    def test_cron(self):
        bill = self._posted(123.0, "FA123")
        self._entry(123.0, "VIR FA123")
        with self.enter_registry_test_mode():
            self.env.ref("coop_lettering.coop_lettering_cron").method_direct_trigger()
        self.assertEqual(self._payable_line(bill).lettering_code, "AAA")

    def test_installing_gives_codes_to_what_is_lettered_already(self):
        bill = self._posted(123.0, "FA123")
        entry = self._entry(123.0, "VIR FA123")
        lines = self._payable_line(bill) + self._payable_line(entry)
        lines.reconcile()
        # As before the add-on: reconciled, without a code.
        self.env["coop.lettering.code"].search([]).unlink()
        self.env["coop.lettering.counter"].search([]).unlink()
        self.env.cr.execute("UPDATE account_move_line SET lettering_code = NULL")
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertEqual(set(lines.mapped("lettering_code")), {"AAA"})
