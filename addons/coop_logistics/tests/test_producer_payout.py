# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_reports import ReportCase


@tagged("post_install", "-at_install")
class TestProducerPayout(ReportCase):
    """4 kg of carrots came for 6 ordered, 9 boxes of eggs, 1.2 kg of cheese."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purchase = cls.window.purchase_order_ids

    def _read(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            self.env["coop.producer.payout"]
            .with_user(user or self.user_coordinator)
            .search([("window_id", "=", self.window.id)])
        )

    def _bill(self, post=True):
        self.purchase.action_create_invoice()
        bill = self.purchase.invoice_ids
        bill.write({"invoice_date": "2026-06-15", "ref": "FA-77"})
        if post:
            bill.action_post()
        return bill

    def test_delivered_and_not_billed_yet(self):
        payout = self._read()
        self.assertEqual(payout.state, "to_bill")
        # 6 × 1.00 + 9 × 0.75 + 1.2 × 9.00; then 4 × 1.00
        self.assertAlmostEqual(payout.amount_ordered, 23.55)
        self.assertAlmostEqual(payout.amount_received, 21.55)
        self.assertAlmostEqual(payout.amount_to_pay, payout.amount_received_total)

    def test_billed_then_paid(self):
        bill = self._bill()
        payout = self._read()
        self.assertEqual(payout.state, "to_pay")
        self.assertAlmostEqual(payout.amount_billed, bill.amount_total)
        self.assertAlmostEqual(payout.amount_to_pay, bill.amount_total)
        journal = self.env["account.journal"]._coop_get_payment_journal(
            self.company, "cash"
        )
        method = journal.outbound_payment_method_line_ids[:1]
        method.payment_account_id = journal.default_account_id
        for amount, left, state in (
            (5.0, bill.amount_total - 5.0, "to_pay"),
            (bill.amount_total - 5.0, 0.0, "paid"),
        ):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=bill.ids
            ).create(
                {
                    "journal_id": journal.id,
                    "payment_method_line_id": method.id,
                    "amount": amount,
                }
            )._create_payments()
            payout = self._read()
            self.assertEqual(payout.state, state)
            self.assertAlmostEqual(payout.amount_to_pay, left, 2)

    def test_a_claim_is_held_back(self):
        self._bill()
        claim = self.env["coop.supplier.claim"].create(
            {
                "partner_id": self.producer.id,
                "purchase_order_id": self.purchase.id,
                "state": "sent",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.eggs.id,
                            "name": "Œufs",
                            "quantity": 2.0,
                            "price_unit": 0.75,
                        }
                    )
                ],
            }
        )
        payout = self._read()
        self.assertAlmostEqual(payout.amount_claimed, claim.expected_credit_total)
        self.assertAlmostEqual(
            payout.amount_to_pay, payout.amount_billed - claim.expected_credit_total
        )

    def test_on_paper_and_for_whom(self):
        self._bill()
        for user in (self.user_coordinator, self.user_buyer):
            text = self._render(
                "coop_logistics.report_producer_payout", self._read(user), user
            )
            for word in (self.producer.name, "Carottes", "FA-77", self.purchase.name):
                self.assertIn(word, text)
        action = self.window.with_user(self.user_coordinator).action_view_payouts()
        self.assertEqual(
            self.env["coop.producer.payout"].search(action["domain"]), self._read()
        )
        for user in (self.user_referent, self.user_member, self.user_producer):
            with self.assertRaises(AccessError):
                self._read(user)
