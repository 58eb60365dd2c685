# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestProposal(ReconciliationCommon):
    """Bills without lines: proposed from receipts, written by a person."""

    def _paper(self, total, **vals):
        form = Form(
            self.env["account.move"]
            .with_user(self.accountant)
            .with_context(default_move_type="in_invoice")
        )
        form.partner_id = self.supplier
        form.ref = "P-1"
        form.invoice_date = "2026-06-17"
        form.keyed_total = total
        bill = form.save()
        bill.write(vals)
        return bill

    def _propose(self, bill):
        action = bill.action_coop_propose_lines()
        wizard = self.env[action["res_model"]].with_user(self.accountant)
        return wizard.browse(action["res_id"])

    def test_paper_bill_of_two_receipts(self):
        """17.28 + 12.00 = 29.28, and not the third receipt."""
        orders = [
            self._order([(self._product(name, price), quantity, price)])
            for name, quantity, price in (
                ("Sel", 8, 1.8),
                ("Riz", 5, 2.0),
                ("Blé", 9, 3),
            )
        ]
        for order in orders:
            self._receive(order)
        bill = self._paper(29.28)
        self.assertTrue(bill.can_propose_lines)
        proposal = self._propose(bill)
        self.assertEqual(proposal.source, "total")
        self.assertFalse(bill.invoice_line_ids)
        proposal.action_confirm()
        self.assertAlmostEqual(bill.amount_total, 29.28)
        self.assertEqual(
            bill.invoice_line_ids.purchase_line_id,
            orders[0].order_line | orders[1].order_line,
        )
        self.assertEqual(bill.match_state, "matched")
        self.assertEqual(set(bill.bill_match_ids.mapped("state")), {"auto"})
        self.assertFalse(bill.can_propose_lines)
        with self.assertRaises(UserError):
            proposal.action_confirm()

    def test_two_receipts_with_the_same_total_are_not_guessed(self):
        for name in ("Sel", "Riz"):
            self._receive(self._order([(self._product(name, 2.0), 5, 2.0)]))
        proposal = self._propose(self._paper(12.0))
        self.assertEqual(proposal.source, "rate")

    def test_the_receipt_that_is_named_wins(self):
        orders = [
            self._order([(self._product(name, 2.0), 5, 2.0)]) for name in ("Sel", "Riz")
        ]
        for number, order in enumerate(orders):
            self._receive(order, note=f"BL-{number}")
        bill = self._paper(12.0)
        bill.bill_reference_ids = [Command.create({"kind": "bt16", "value": "bl 1"})]
        proposal = self._propose(bill)
        self.assertEqual(proposal.source, "cited")
        proposal.action_confirm()
        self.assertEqual(bill.invoice_line_ids.purchase_line_id, orders[1].order_line)

    def test_a_cent_of_rounding_keeps_the_total(self):
        order = self._order([(self._product("Sel", 1.8), 8, 1.8)])
        self._receive(order)
        bill = self._paper(17.30)
        self._propose(bill).action_confirm()
        self.assertAlmostEqual(bill.amount_total, 17.30)
        rest = bill.invoice_line_ids.filtered(lambda x: x.bill_line_kind == "rounding")
        self.assertAlmostEqual(rest.price_subtotal, 0.02)

    def test_nothing_fits(self):
        bill = self._paper(120.0)
        proposal = self._propose(bill)
        self.assertEqual((proposal.source, len(proposal.line_ids)), ("rate", 1))
        proposal.action_confirm()
        self.assertAlmostEqual(bill.amount_total, 120.0)

    def test_file_without_lines(self):
        """Profile BASIC WL: lines from the receipts, the total of the file."""
        bill = self._upload("facturx-fnfe-facture-dom-basicwl.pdf")
        total = bill.amount_total
        self.assertTrue(total)
        self.assertTrue(bill.can_propose_lines)
        bill.partner_id = self.supplier
        proposal = self._propose(bill)
        self.assertEqual(proposal.source, "rate")
        untaxed = sum(bill.invoice_line_ids.mapped("price_subtotal"))
        tax = bill.invoice_line_ids[0].tax_ids
        product = self._product("Sel", untaxed)
        order = self._order([(product, 1, untaxed)])
        order.order_line.tax_ids = tax
        self._receive(order)
        proposal = self._propose(bill)
        self.assertEqual(proposal.source, "total")
        proposal.action_confirm()
        self.assertAlmostEqual(bill.amount_total, total)
        self.assertEqual(bill.invoice_line_ids.product_id, product)

    def test_bills_with_lines_are_left_alone(self):
        bill = self._bill([(self._product("Sel", 1.0), 1, 1.0)])
        self.assertFalse(bill.can_propose_lines)
        with self.assertRaises(UserError):
            bill.action_coop_propose_lines()

    def test_the_buyer_cannot(self):
        bill = self._paper(12.0)
        with self.assertRaises(AccessError):
            bill.with_user(self.buyer).action_coop_propose_lines()
