# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import CLOSING, AccrualCommon


@tagged("post_install", "-at_install")
class TestAccrual(AccrualCommon):
    """408: what was received and is not invoiced, at any date."""

    # -------------------------------------------------------------------------
    # Report
    # -------------------------------------------------------------------------

    def test_report_at_any_date(self):
        order, __ = self._half_received()
        row = self._rows()
        self.assertAlmostEqual(row.quantity, 8.0)
        self.assertAlmostEqual(row.amount, 14.40)
        self.assertAlmostEqual(row.amount_tax, 2.88)
        self.assertFalse(self._rows(date(2026, 6, 19)))
        bill = self._bill(
            [(order.order_line.product_id, 5, 1.8)],
            order=order,
            invoice_date="2026-07-03",
        )
        bill.action_coop_match()
        self.assertAlmostEqual(self._rows(date(2026, 7, 31)).quantity, 8.0)
        bill.action_post()
        self.assertAlmostEqual(self._rows(date(2026, 7, 31)).quantity, 3.0)
        self.assertAlmostEqual(self._rows().quantity, 8.0)

    def test_returned_goods(self):
        order, picking = self._half_received()
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_ids=picking.ids,
                active_id=picking.id,
                active_model="stock.picking",
            )
        ).save()
        wizard.product_return_moves.quantity = 3
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back.button_validate()
        back.move_ids.date = date(2026, 6, 25)
        self.assertAlmostEqual(self._rows().quantity, 5.0)
        self.assertAlmostEqual(self._rows(date(2026, 6, 24)).quantity, 8.0)

    def test_billed_and_not_received(self):
        """Negative until the credit note comes; a price credit changes no quantity."""
        order, __ = self._half_received()
        product = order.order_line.product_id
        bill = self._bill([(product, 10, 1.8)], order=order)
        bill.action_coop_match()
        bill.action_coop_accept()
        bill.action_post()
        row = self._rows()
        self.assertAlmostEqual(row.quantity, -2.0)
        self.assertAlmostEqual(row.amount, -3.60)
        for ref, quantity, price in (("AV-1", 2, 1.8), ("AV-2", 8, 0.1)):
            credit = self._bill(
                [(product, quantity, price)], ref=ref, move_type="in_refund"
            )
            credit.invoice_line_ids.sudo().purchase_line_id = order.order_line
            credit.action_post()
            self.assertFalse(self._rows())

    def test_units_of_purchase(self):
        """Two dozens received of eggs counted one by one."""
        product = self._product("Œufs", 3.6)
        order = self._order([(product, 2, 3.6)])
        order.button_cancel()
        order.button_draft()
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.order_line.price_unit = 3.6
        order.button_confirm()
        self._received(order)
        row = self._rows()
        self.assertAlmostEqual(row.quantity, 24.0)
        self.assertAlmostEqual(row.amount, 7.20)

    def test_foreign_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        dollar.rate_ids = [
            Command.create({"name": "2026-06-01", "rate": 1.25}),
        ]
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)], currency_id=dollar.id)
        self._received(order)
        self.assertAlmostEqual(self._rows().amount, 16.0)

    def test_queries_do_not_grow(self):
        def cost(count):
            products = [self._product(f"Q{count}-{n}", 2.0) for n in range(count)]
            order = self._order([(p, 1, 2.0) for p in products])
            self._received(order)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.env["coop.accrual"]._get_rows(self.company, CLOSING, self.supplier)
            return self.env.cr.sql_log_count - start

        cost(2)
        few, many = cost(3), cost(30)
        self.assertLessEqual(many - few, 3, (few, many))

    # -------------------------------------------------------------------------
    # Entries
    # -------------------------------------------------------------------------

    def test_worked_case(self):
        """8 received at 2.00 less 10 %: 14.40 on 408100 with the partner, its VAT on
        445860; the reversal of the next day is lettered with it."""
        __, picking = self._half_received(note="BL-77")
        entries = self._book()
        entry, reversal = entries
        self.assertEqual(entry.state, "posted")
        self.assertEqual(entry.date, CLOSING)
        self.assertEqual(entry.accrual_picking_id, picking)
        self.assertIn("BL-77", entry.ref)
        on_408 = entry.line_ids.filtered(lambda line: line.account_id == self.payable)
        self.assertEqual(on_408.mapped("balance"), [-14.40, -2.88])
        self.assertEqual(on_408.partner_id, self.supplier)
        on_vat = entry.line_ids.filtered(lambda line: line.account_id == self.vat)
        self.assertEqual(on_vat.mapped("balance"), [2.88])
        self.assertEqual(on_vat.partner_id, self.supplier)
        expense = entry.line_ids - on_408 - on_vat
        self.assertEqual(expense.balance, 14.40)
        self.assertEqual(reversal.date, CLOSING + timedelta(days=1))
        self.assertEqual(reversal.reversed_entry_id, entry)
        both = (entries).line_ids.filtered(lambda li: li.account_id == self.payable)
        self.assertTrue(all(both.mapped("reconciled")))
        self.assertEqual(len(set(both.mapped("lettering_code"))), 1)
        self.assertTrue(both[0].lettering_code)
        self.assertAlmostEqual(sum(entries.line_ids.mapped("balance")), 0.0)

    def test_nothing_is_booked_twice(self):
        self._half_received()
        self._book(reversal="billed")
        with self.assertRaises(UserError):
            self._book(reversal="billed")
        self.assertAlmostEqual(self._rows().accrued_quantity, 8.0)
        with self.assertRaises(UserError):
            self._book(day=CLOSING + timedelta(days=31), reversal="billed")

    def test_reversed_when_billed(self):
        """Billed in two times: 3 of 8, then the rest; the parts add up to the cent."""
        order, __ = self._half_received()
        product = order.order_line.product_id
        entry = self._book(reversal="billed")
        self.assertEqual(len(entry), 1)
        on_408 = entry.line_ids.filtered(lambda line: line.account_id == self.payable)
        self.assertFalse(any(on_408.mapped("reconciled")))
        for ref, quantity, left in (("A1", 3, -10.80), ("A2", 5, 0.0)):
            bill = self._bill(
                [(product, quantity, 1.8)],
                ref=ref,
                order=order,
                invoice_date="2026-07-05",
            )
            bill.action_coop_match()
            bill.action_post()
            self.assertAlmostEqual(sum(on_408.mapped("amount_residual")), left)
        self.assertTrue(all(on_408.mapped("reconciled")))
        lines = (entry | entry.reversal_move_ids).line_ids
        self.assertAlmostEqual(
            sum(li.balance for li in lines if li.account_id == self.payable), 0.0
        )
        self.assertEqual(len(set(on_408.mapped("lettering_code"))), 1)
        self.assertFalse(self._rows(date(2026, 12, 31)))

    @freeze_time("2027-02-15")
    def test_reversed_on_the_day_of_a_bill_that_is_dated_back(self):
        """At the end of the year that it belongs to, it is billed and not accrued."""
        order, __ = self._half_received()
        entry = self._book(reversal="billed")
        bill = self._bill(
            [(order.order_line.product_id, 8, 1.8)],
            order=order,
            invoice_date="2026-07-05",
        )
        bill.action_coop_match()
        bill.action_post()
        self.assertLessEqual(bill.date, date(2026, 12, 31))
        self.assertEqual(entry.reversal_move_ids.mapped("date"), [bill.date])
        self.assertFalse(self._rows(date(2026, 12, 31)))

    def test_locked_period(self):
        self._half_received()
        self.company.sudo().fiscalyear_lock_date = CLOSING
        with self.assertRaisesRegex(UserError, "2026"):
            self._book()
        self.assertFalse(self.payable.sudo().current_balance)

    def test_reverse_charge_has_no_vat(self):
        """Intra-community goods: what is due to the supplier is without VAT."""
        tax = self.env["account.tax"].create(
            {
                "name": "20 % autoliquidation",
                "amount": 20.0,
                "type_tax_use": "purchase",
                "price_include_override": "tax_excluded",
                "invoice_repartition_line_ids": [
                    Command.create({"repartition_type": "base"}),
                    Command.create({"repartition_type": "tax"}),
                    Command.create(
                        {"repartition_type": "tax", "factor_percent": -100.0}
                    ),
                ],
                "refund_repartition_line_ids": [
                    Command.create({"repartition_type": "base"}),
                    Command.create({"repartition_type": "tax"}),
                    Command.create(
                        {"repartition_type": "tax", "factor_percent": -100.0}
                    ),
                ],
            }
        )
        order, __ = self._half_received()
        order.order_line.tax_ids = tax
        entry = self._book(reversal="billed")
        self.assertFalse(entry.line_ids.filtered(lambda li: li.account_id == self.vat))
        self.assertEqual(sorted(entry.line_ids.mapped("balance")), [-14.40, 14.40])

    # -------------------------------------------------------------------------
    # Rights
    # -------------------------------------------------------------------------

    def test_the_warehouse_cannot_book(self):
        self._half_received()
        with self.assertRaises(AccessError):
            self._wizard(user=self.warehouse)

    def test_a_reader_sees_and_cannot_book(self):
        self._half_received()
        reader = self.accountant.copy(
            {
                "login": "reco_reader",
                "group_ids": [
                    Command.set(
                        [
                            self.env.ref("base.group_user").id,
                            self.env.ref("account.group_account_readonly").id,
                        ]
                    )
                ],
            }
        )
        wizard = self._wizard(user=reader)
        wizard.action_show()
        self.assertEqual(len(wizard.line_ids), 1)
        self.assertTrue(wizard.line_ids.picking_id)
        with self.assertRaises(AccessError):
            wizard.action_post()
