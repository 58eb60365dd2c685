# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BankCommon


@tagged("post_install", "-at_install")
class TestBankLettering(BankCommon):
    """A new transaction is lettered where it is safe, and nowhere else."""

    def test_several_bills_in_one_transfer(self):
        bills = self._posted(123.0, "FA123") + self._posted(124.0, "FA124")
        transaction = self._transaction(-247.0, "VIR SEPA X FA123 FA124")
        self.assertTrue(transaction.is_reconciled)
        self.assertFalse(self._suspense(transaction))
        self.assertEqual(transaction.partner_id, self.supplier)
        self.assertEqual(transaction.move_id.partner_id, self.supplier)
        self.assertEqual(
            transaction.move_id.line_ids.partner_id,
            self.supplier,
            "the bank's item too",
        )
        self.assertEqual(
            set(bills.mapped("payment_state")) - {"paid", "in_payment"}, set()
        )
        self.assertEqual(self._proposals(transaction).run_id.user_id, self.user)

    def test_credit_note_and_bill(self):
        bill = self._posted(308.03, "F124212")
        credit = self._posted(16.56, "AV1001", move_type="in_refund")
        transaction = self._transaction(-291.47, "VIR SEPA F124212 AV1001")
        lines = self._payable_line(bill + credit + transaction.move_id)
        self.assertEqual(len(lines), 3)
        self.assertEqual(set(lines.mapped("lettering_code")), {"AAA"})

    def test_cited_in_the_reference_or_in_the_notes(self):
        for number, vals in (
            ("FA771", {"ref": "FA771"}),
            ("FA772", {"narration": "Référence (RmtInf/Ustrd): FA772"}),
        ):
            with self.subTest(number):
                self._posted(50.0, number)
                self.assertTrue(
                    self._transaction(-50.0, "VIREMENT", **vals).is_reconciled
                )

    def test_an_address_cites_no_bill(self):
        self._posted(50.0, "54200")
        transaction = self._transaction(
            -50.0, "VIREMENT", narration="Adresse (PstlAdr): 54200 Toul"
        )
        self.assertFalse(transaction.is_reconciled)

    def test_member_pays_an_invoice(self):
        invoice = self._posted(40.0, False, move_type="out_invoice")
        transaction = self._transaction(40.0, f"VIR RECU {invoice.name}")
        self.assertTrue(transaction.is_reconciled)
        self.assertEqual(transaction.partner_id, self.supplier)

    def test_unique_amount_of_the_partner_named(self):
        """Without number: the account number of the other side says who it is."""
        self.env["res.partner.bank"].create(
            {
                "acc_number": "FR1420041010050500013M02606",
                "partner_id": self.supplier.id,
            }
        )
        self._posted(77.0, "FA77")
        transaction = self._transaction(
            -77.0, "VIREMENT", account_number="FR1420041010050500013M02606"
        )
        self.assertTrue(transaction.is_reconciled)
        self.assertEqual(self._proposals(transaction).rule, "amount")

    # -------------------------------------------------------------------------
    # What is left to a person
    # -------------------------------------------------------------------------

    def _left(self, transaction):
        self.assertFalse(transaction.is_reconciled)
        self.assertEqual(len(self._suspense(transaction)), 1)
        self.assertNotIn("done", self._proposals(transaction).mapped("state"))

    def test_two_equal_bills(self):
        self._posted(50.0, "FA501")
        self._posted(50.0, "FA502")
        transaction = self._transaction(-50.0, "VIREMENT", partner_id=self.supplier.id)
        self._left(transaction)
        self.assertEqual(self._proposals(transaction).rule, "fifo")

    def test_an_older_transaction_of_the_same_amount(self):
        """Two transactions for one bill: which pays it is not known."""
        self._transaction(-50.0, "VIREMENT", partner_id=self.supplier.id)
        self._posted(50.0, "FA501")
        self._left(self._transaction(-50.0, "VIREMENT", partner_id=self.supplier.id))

    def test_same_number_at_two_suppliers(self):
        self._posted(50.0, "FA500")
        self._posted(60.0, "FA500", partner_id=self.other.id)
        transaction = self._transaction(-60.0, "VIR FA500")
        self._left(transaction)
        proposal = self._proposals(transaction)
        self.assertEqual(
            (proposal.partner_id, proposal.state), (self.other, "suggested")
        )
        proposal.with_user(self.user).action_confirm()
        self.assertTrue(transaction.is_reconciled)

    def test_two_suppliers(self):
        """Across partners, never by itself; the screen puts them together."""
        bills = self._posted(123.0, "FA123")
        bills += self._posted(124.0, "FA124", partner_id=self.other.id)
        transaction = self._transaction(-247.0, "VIR SEPA X FA123 FA124")
        self._left(transaction)
        data = transaction.reconcile_data_info
        self.assertTrue(data["can_reconcile"])
        self.assertEqual(set(data["counterparts"]), set(self._payable_line(bills).ids))

    def test_bill_of_another_partner_than_the_one_named(self):
        """The label cites a bill of A, the account is B's, who has a bill as large."""
        self._posted(50.0, "FA500")
        self._posted(50.0, "XY9", partner_id=self.other.id)
        transaction = self._transaction(-50.0, "VIR FA500", partner_id=self.other.id)
        self._left(transaction)
        self.assertEqual(self._proposals(transaction).state, "suggested")

    def test_wrong_total(self):
        self._posted(123.0, "FA123")
        self._posted(124.0, "FA124")
        transaction = self._transaction(-240.0, "VIR FA123 FA124")
        self._left(transaction)
        self.assertEqual(self._proposals(transaction).rule, "fifo")

    def test_other_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        bill = self._posted(50.0, "FA500", currency_id=dollar.id)
        transaction = self._transaction(-50.0, "VIR FA500")
        self._left(transaction)
        self.assertFalse(self._proposals(transaction))
        self.assertNotIn(
            self._payable_line(bill).id, transaction.reconcile_data_info["counterparts"]
        )

    def test_part_of_a_label_is_no_number(self):
        """OCA's own search takes the one bill whose reference holds the label."""
        bill = self._posted(123.0, "FA123", payment_reference="FA123")
        self._left(self._transaction(-5.0, "FA12"))
        self._left(self._transaction(-5.0, "FA123"))
        self.assertFalse(self._payable_line(bill).reconciled)

    def test_name_that_is_only_the_beginning_of_one(self):
        """“MARTIN” is not the first of the Martins, nor is the payment hers."""
        for name in ("Martin Anne", "Martin Paul"):
            partner = self.env["res.partner"].create({"name": name})
            self._posted(33.0, f"FA{name[-4:]}", partner_id=partner.id)
        transaction = self._transaction(-33.0, "VIREMENT", partner_name="MARTIN")
        self.assertFalse(transaction.partner_id)
        self._left(transaction)
        whole = self._transaction(-33.0, "VIREMENT", partner_name="MARTIN ANNE")
        self.assertEqual(whole.partner_id.name, "Martin Anne")

    def test_rule_that_only_suggests(self):
        self.env.ref("coop_lettering.coop_lettering_rule_number").mode = "suggest"
        self._posted(50.0, "FA500")
        transaction = self._transaction(-50.0, "VIR FA500")
        self._left(transaction)
        self.assertEqual(self._proposals(transaction).state, "suggested")

    def test_journal_that_keeps_its_suspense_account(self):
        self.bank.reconcile_mode = "keep"
        self._posted(50.0, "FA500")
        transaction = self._transaction(-50.0, "VIR FA500")
        self._left(transaction)
        self.assertFalse(self._proposals(transaction))

    def test_cash_waits_for_the_night(self):
        """A till that closes must not wait for the lettering."""
        cash = self.env["account.journal"].create(
            {"name": "Caisse", "type": "cash", "code": "CAISB"}
        )
        self._posted(50.0, "FA500")
        transaction = self._transaction(-50.0, "FA500", journal_id=cash.id)
        self._left(transaction)
        self.env["coop.lettering.run"]._run(self.company)
        self.assertTrue(transaction.is_reconciled)

    # -------------------------------------------------------------------------
    # Closed periods
    # -------------------------------------------------------------------------

    def test_bill_of_a_closed_period(self):
        bill = self._posted(50.0, "FA500")
        self.company.sudo().fiscalyear_lock_date = "2026-06-30"
        self._transaction(-50.0, "VIR FA500")
        self.assertTrue(self._payable_line(bill).reconciled)

    def _lock(self, day):
        """Odoo closes no period with open transactions: they may be older than that."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_company SET fiscalyear_lock_date = %s WHERE id = %s",
            [day, self.company.id],
        )
        self.env.invalidate_all()

    def test_transaction_of_a_closed_period(self):
        """Its suspense account cannot change any more: it waits, with the reason."""
        transaction = self._transaction(-50.0, "VIR FA500")
        self._lock("2026-07-31")
        self._posted(50.0, "FA500", date="2026-08-01")
        self.env["coop.lettering.run"].with_user(self.user)._run(self.company)
        self._left(transaction)
        proposal = self._proposals(transaction)
        self.assertEqual(proposal.state, "refused")
        self.assertTrue(proposal.message)
        self.assertFalse(transaction.partner_id)

    def test_lettering_of_a_closed_period_is_not_undone(self):
        bill = self._posted(50.0, "FA500")
        transaction = self._transaction(-50.0, "VIR FA500")
        self.company.sudo().fiscalyear_lock_date = "2026-07-31"
        proposal = self._proposals(transaction).with_user(self.user)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            proposal.action_undo()
        self.assertEqual(proposal.state, "done")
        self.assertTrue(transaction.is_reconciled)
        self.assertTrue(self._payable_line(bill).reconciled)

    # -------------------------------------------------------------------------
    # Again, and undone
    # -------------------------------------------------------------------------

    def test_a_second_run_finds_nothing(self):
        self._posted(50.0, "FA501")
        self._posted(50.0, "FA502")
        self._transaction(-50.0, "VIREMENT", partner_id=self.supplier.id)
        self._posted(70.0, "FA700")
        self._transaction(-70.0, "VIR FA700")
        self.assertFalse(
            self.env["coop.lettering.run"]
            .with_user(self.user)
            ._run(self.company, partners=self.supplier)
        )

    def test_undone_from_the_lettering(self):
        bills = self._posted(123.0, "FA123") + self._posted(124.0, "FA124")
        transaction = self._transaction(-247.0, "VIR SEPA X FA123 FA124")
        proposal = self._proposals(transaction)
        proposal.with_user(self.user).action_undo()
        self.assertEqual(proposal.state, "undone")
        self._waits_again(transaction, bills)

    def test_undone_from_the_bank(self):
        bills = self._posted(123.0, "FA123") + self._posted(124.0, "FA124")
        transaction = self._transaction(-247.0, "VIR SEPA X FA123 FA124")
        transaction.with_user(self.user).unreconcile_bank_line()
        self.assertEqual(self._proposals(transaction).state, "undone")
        self._waits_again(transaction, bills)
        # It is proposed again, and settles its bills if a person says so.
        transaction.with_user(self.user).reconcile_bank_line()
        self.assertTrue(all(self._payable_line(bills).mapped("reconciled")))

    def _waits_again(self, transaction, bills):
        """On its suspense account, and not lettered again by itself."""
        suspense = self._suspense(transaction)
        self.assertEqual(suspense.account_id, self.bank.suspense_account_id)
        self.assertEqual(suspense.balance, 247.0)
        self.assertFalse(transaction.is_reconciled)
        self.assertFalse(any(self._payable_line(bills).mapped("reconciled")))
        codes = self.env["coop.lettering.code"].search(
            [
                ("account_id", "=", self.payable.id),
                ("partner_id", "=", self.supplier.id),
            ]
        )
        self.assertEqual(codes.mapped("state"), ["retired"])
        self.env["coop.lettering.run"].with_user(self.user)._run(self.company)
        self.assertFalse(transaction.is_reconciled)

    # -------------------------------------------------------------------------
    # Cost
    # -------------------------------------------------------------------------

    def _queries(self, count, start):
        """Queries of the lettering alone, for `count` transactions."""
        for n in range(start, start + count):
            self._posted(100.0 + n, f"FB{n:04}")
        lines = self._by("account.bank.statement.line").with_context(
            _test_account_reconcile_oca=False
        )
        transactions = lines.create(
            [
                {
                    "journal_id": self.bank.id,
                    "date": "2026-07-02",
                    "payment_ref": f"VIR FB{n:04}",
                    "amount": -100.0 - n,
                }
                for n in range(start, start + count)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        transactions._coop_letter()
        self.env.flush_all()
        spent = self.env.cr.sql_log_count - before
        self.assertTrue(all(transactions.mapped("is_reconciled")))
        return spent

    def test_queries_do_not_grow_with_the_transactions(self):
        self._queries(2, 0)
        few, many = self._queries(5, 100), self._queries(25, 200)
        self.assertLessEqual(many, few + 5, f"{few} for 5, {many} for 25")
