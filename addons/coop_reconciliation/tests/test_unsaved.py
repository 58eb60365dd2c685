# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import Form, tagged

from .lettering_common import LetteringCommon


@tagged("post_install", "-at_install")
class TestUnsaved(LetteringCommon):
    """Records that have no id, no number or no kind yet."""

    def _draft_entry(self):
        """A miscellaneous entry that owes the supplier 100, not posted: no number."""
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
        )
        other = self.bank.default_account_id
        return self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.payable.id,
                            "partner_id": self.supplier.id,
                            "balance": -100,
                        }
                    ),
                    Command.create({"account_id": other.id, "balance": 100}),
                ],
            }
        )

    def test_a_draft_entry_is_paid_and_lettered(self):
        # Without an account Odoo 19 makes no entry, and nothing to letter.
        methods = self.bank.outbound_payment_method_line_ids
        methods.payment_account_id = self.bank.default_account_id
        entry = self._draft_entry()
        self.assertFalse(entry.name)
        wizard = (
            self.env["account.payment.register"]
            .with_context(
                active_model="account.move.line",
                active_ids=self._payable_line(entry).ids,
            )
            .create({"journal_id": self.bank.id})
        )
        payment = wizard._create_payments()
        lines = self._payable_line(entry) | self._payable_line(payment.move_id)
        self.assertTrue(lines.full_reconcile_id)
        code = self.env["coop.lettering.code"].search(
            [("full_reconcile_id", "=", lines.full_reconcile_id.id)]
        )
        self.assertIn(payment.move_id.name, code.content)
        self.assertIn(entry.display_name, code.content)

    def test_first_line_of_a_purchase_order(self):
        form = Form(self.env["purchase.order"].with_user(self.buyer))
        form.partner_id = self.supplier
        with form.order_line.new() as line:
            line.product_id = self.oil
            line.product_qty = 12
        order = form.save()
        self.assertEqual(order.order_line.product_qty, 12)
        self.assertEqual(order.invoice_count, 0)

    def test_an_order_in_a_form_keeps_its_bills(self):
        """New orders, saved ones and ones in a form, all at once."""
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.supplier.id,
                "order_line": [
                    Command.create({"product_id": self.oil.id, "product_qty": 2})
                ],
            }
        )
        order.button_confirm()
        order.order_line.qty_received = 2
        order.action_create_invoice()
        self.assertEqual(order.invoice_count, 1)
        edited = order.new(origin=order)
        new = order.new({"partner_id": self.supplier.id})
        for several in (edited | new, order | edited | new):
            several.invalidate_recordset(["invoice_ids", "invoice_count"])
            several._compute_invoice()
            counts = {each: each.invoice_count for each in several}
            self.assertEqual((counts[edited], counts[new]), (1, 0))
        self.assertEqual(counts[order], 1)

    def test_an_exception_without_a_kind_has_no_words(self):
        wrong = self.env["coop.bill.exception"].new({"kind": False})
        self.assertFalse(wrong.description)
