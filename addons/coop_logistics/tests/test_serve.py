# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import LogisticsCommon


@tagged("post_install", "-at_install")
class TestServe(LogisticsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._coop_receive()
        cls.window.distribution_ids.action_prepare()
        cls.window.distribution_ids.action_open()

    def _open_wizard(self, order, user=None, **values):
        action = order.with_user(user or self.user_referent).action_coop_open_payment()
        return (
            self.env["coop.distribution.payment"]
            .with_user(user or self.user_referent)
            .with_context(**action["context"])
            .create(values)
        )

    # 2 kg × 2.00 + 3 × 1.50 + 0.4 kg × 18.00
    AMOUNT = 15.7

    def test_amount_due_is_the_basket(self):
        self.assertAlmostEqual(self.order.coop_amount_due, self.AMOUNT)
        self.assertEqual(self.order.coop_payment_state, "to_pay")

    def test_referent_serves_and_takes_cash(self):
        wizard = self._open_wizard(self.order, method="cash", amount_given=20.0)
        self.assertAlmostEqual(wizard.amount_due, self.AMOUNT)
        self.assertAlmostEqual(wizard.amount_change, 4.3)
        wizard.action_confirm()
        self.assertEqual(self.order.serve_state, "served")
        self.assertEqual(self.order.served_by_id, self.user_referent)
        self.assertEqual(self.order.picking_ids.state, "done")
        invoice = self.order.invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertAlmostEqual(invoice.amount_total, self.AMOUNT)
        self.assertEqual(invoice.payment_state, "paid")
        payment = self.env["account.payment"].search(
            [("coop_order_id", "=", self.order.id)]
        )
        self.assertEqual(payment.journal_id.coop_payment_kind, "cash")
        self.assertEqual(payment.state, "paid")
        self.assertEqual(payment.coop_amount_given, 20.0)
        self.assertEqual(payment.distribution_id, self.distribution)
        self.assertAlmostEqual(self.distribution.amount_cash, self.AMOUNT)
        self.assertEqual(self.order.coop_payment_state, "paid")
        for line in self.order.order_line:
            self.assertEqual(line.qty_delivered, line.quantity_allocated)

    def test_cheque_keeps_bank_and_number_and_waits_on_its_account(self):
        self._open_wizard(
            self.order,
            method="cheque",
            cheque_bank="Crédit Rural",
            cheque_number="0001234",
        ).action_confirm()
        payment = self.env["account.payment"].search(
            [("coop_order_id", "=", self.order.id)]
        )
        self.assertEqual(payment.coop_cheque_bank, "Crédit Rural")
        self.assertEqual(payment.coop_cheque_number, "0001234")
        self.assertTrue(payment.outstanding_account_id.code.startswith("5112"))
        self.assertIn(self.order.invoice_ids.payment_state, ("paid", "in_payment"))
        self.assertAlmostEqual(self.distribution.amount_cheque, self.AMOUNT)

    def test_cheque_without_number_changes_nothing(self):
        wizard = self._open_wizard(self.order, method="cheque")
        with self.assertRaisesRegex(UserError, "cheque|chèque"):
            wizard.action_confirm()
        self.assertEqual(self.order.serve_state, "expected")
        self.assertFalse(self.order.invoice_ids)

    def test_too_little_cash_changes_nothing(self):
        wizard = self._open_wizard(self.order, method="cash", amount_given=10.0)
        self.assertTrue(wizard.is_short)
        with self.assertRaisesRegex(UserError, "10"):
            wizard.action_confirm()
        self.assertEqual(self.order.serve_state, "expected")
        self.assertFalse(self.order.invoice_ids)

    def test_transfer_leaves_the_invoice_open_under_the_order_number(self):
        self._open_wizard(self.order, method="transfer").action_confirm()
        invoice = self.order.invoice_ids
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(invoice.payment_reference, self.order.name)
        self.assertFalse(
            self.env["account.payment"].search([("coop_order_id", "=", self.order.id)])
        )
        self.assertEqual(self.order.coop_payment_state, "to_pay")
        self.assertEqual(self.order.coop_payment_kind, "transfer")

    def test_later_then_cash(self):
        self._open_wizard(self.order, method="later").action_confirm()
        self.assertEqual(self.order.coop_payment_state, "to_pay")
        wizard = self._open_wizard(self.order, method="card")
        self.assertAlmostEqual(wizard.amount_due, self.AMOUNT)
        wizard.action_confirm()
        self.assertEqual(self.order.coop_payment_state, "paid")
        self.assertEqual(len(self.order.invoice_ids), 1)
        self.assertEqual(len(self.order.picking_ids), 1)

    def test_weighed_quantities_make_the_invoice(self):
        """To the gram and the cent: 0.437 kg of cheese at 18.00, no eggs at all."""
        wizard = self._open_wizard(self.order, method="cash")
        rows = {row.product_id: row for row in wizard.line_ids}
        rows[self.cheese].quantity = 0.437
        rows[self.eggs].quantity = 0.0
        rows[self.carrots].quantity = 2.15
        expected = round(0.437 * 18, 2) + round(2.15 * 2, 2)
        self.assertAlmostEqual(wizard.amount_due, expected)
        wizard.action_confirm()
        self.assertAlmostEqual(self.order.invoice_ids.amount_total, expected)
        self.assertEqual(self._line(self.order, self.cheese).qty_delivered, 0.437)
        self.assertEqual(self._line(self.order, self.eggs).qty_delivered, 0.0)
        self.assertEqual(self._line(self.order, self.carrots).qty_delivered, 2.15)
        self.assertFalse(self.order.picking_ids.backorder_ids)
        # Nothing is overwritten up the chain
        self.assertEqual(self._line(self.order, self.eggs).quantity_allocated, 3.0)
        self.assertEqual(self._line(self.order, self.eggs).product_uom_qty, 3.0)

    def test_more_than_shared_out_is_taken_from_stock(self):
        line = self._line(self.order, self.eggs)
        line.quantity_allocated = 0.0
        self.distribution.action_prepare()
        wizard = self._open_wizard(self.order, method="cash")
        row = wizard.line_ids.filtered(lambda r: r.product_id == self.eggs)
        self.assertEqual(row.quantity, 0.0)
        row.quantity = 2.0
        wizard.action_confirm()
        self.assertEqual(line.qty_delivered, 2.0)

    def test_grams_keyed_in_as_kilograms_are_questioned(self):
        wizard = self._open_wizard(self.order, method="cash")
        row = wizard.line_ids.filtered(lambda r: r.product_id == self.cheese)
        row.quantity = 437.0
        with self.assertRaisesRegex(UserError, "437"):
            wizard.action_confirm()
        self.assertEqual(self.order.serve_state, "expected")

    def test_kilograms_keyed_in_as_grams_are_questioned(self):
        """0.7 for 700, and eight hundred thousand: asked, nothing written."""
        for quantity in (0.7, 800000.0):
            wizard = self._open_wizard(self.order, method="cash")
            row = wizard.line_ids.filtered(lambda r: r.product_id == self.cheese)
            row.sale_line_id.sudo().quantity_allocated = 700.0
            row.quantity = quantity
            with self.assertRaisesRegex(UserError, "check the unit|unité"):
                wizard.action_confirm()
            self.assertEqual(self.order.serve_state, "expected")

    def test_few_pieces_of_many_are_not_questioned(self):
        line = self._line(self.order, self.eggs)
        line.quantity_allocated = 300.0
        wizard = self._open_wizard(self.order, method="cash")
        row = wizard.line_ids.filtered(lambda r: r.product_id == self.eggs)
        row.quantity = 2.0
        row._check_quantity()

    def test_price_set_by_hand_stays_for_the_same_weight(self):
        line = self._line(self.order, self.cheese)
        line.price_unit = 11.5 / 0.4
        wizard = self._open_wizard(self.order, method="cash")
        self.assertAlmostEqual(wizard.amount_due, 2 * 2 + 3 * 1.5 + 11.5)
        wizard.action_confirm()
        self.assertAlmostEqual(self.order.invoice_ids.amount_total, 20.0)

    def test_lines_of_another_order_are_ignored(self):
        wizard = self._open_wizard(self.order, method="later")
        wizard.line_ids[0].sudo().sale_line_id = self.order_paper.order_line[0]
        wizard.line_ids[0].quantity = 1.0
        wizard.action_confirm()
        self.assertEqual(self.order_paper.serve_state, "expected")
        self.assertFalse(any(self.order_paper.picking_ids.move_ids.mapped("picked")))

    def test_served_twice_is_refused(self):
        wizard = self._open_wizard(self.order, method="cash")
        again = self._open_wizard(self.order, method="cash")
        wizard.action_confirm()
        with self.assertRaises(UserError):
            again.action_confirm()
        with self.assertRaises(UserError):
            self.order.with_user(self.user_referent).action_coop_serve()
        self.assertEqual(len(self.order.invoice_ids), 1)
        self.assertEqual(
            self.env["account.payment"].search_count(
                [("coop_order_id", "=", self.order.id)]
            ),
            1,
        )

    def test_referent_of_another_point_is_refused(self):
        with self.assertRaises(AccessError):
            self.order_2.with_user(self.user_referent).action_coop_serve()
        self.assertEqual(self.order_2.serve_state, "expected")

    def test_coordinator_serves_everywhere(self):
        orders = self.order | self.order_2
        orders.with_user(self.user_coordinator).action_coop_serve()
        self.assertEqual(set(orders.mapped("serve_state")), {"served"})

    def test_member_serves_nothing(self):
        for user in (self.user_member, self.user_internal, self.user_buyer):
            with self.assertRaises(AccessError):
                self.order.with_user(user).action_coop_serve()
            with self.assertRaises(AccessError):
                self.order.with_user(user)._coop_pay({self.order: {"kind": "cash"}})
        with self.assertRaises(AccessError):
            self.env["coop.distribution.payment"].with_user(self.user_member).create(
                {"order_id": self.order.id}
            )
        with self.assertRaises(AccessError):
            self.order.with_user(self.user_member).write({"serve_state": "served"})

    def test_no_show_frees_the_goods_and_can_come_after_all(self):
        order = self.order.with_user(self.user_referent)
        order.action_coop_no_show()
        self.assertEqual(self.order.serve_state, "no_show")
        self.assertEqual(self.order.picking_ids.state, "cancel")
        self.assertEqual(self.order.coop_amount_due, 0.0)
        order.action_coop_expect_again()
        self.assertEqual(self.order.serve_state, "expected")
        order.action_coop_serve()
        self.assertEqual(self.order.serve_state, "served")
        self.assertAlmostEqual(self.order.invoice_ids.amount_total, self.AMOUNT)

    def test_end_marks_who_did_not_come(self):
        distribution = self.distribution.with_user(self.user_referent)
        self.order.with_user(self.user_referent).action_coop_serve()
        distribution.action_count()
        self.assertEqual(distribution.state, "counted")
        self.assertEqual(self.order_paper.serve_state, "no_show")
        self.assertEqual(self.order.serve_state, "served")
        self.assertEqual(distribution.progress_text, "1 / 2")
        distribution.action_close()
        self.assertEqual(distribution.state, "closed")

    def test_a_donation_is_no_sale(self):
        """It waits on an account of third parties, whose balance is shown."""
        company = self.order.company_id
        self.assertEqual(company.coop_donation_balance, 0)
        for kind, amount in (("person", 5.0), ("round_up", 0.3)):
            self.order._coop_write_donation(kind, amount)
        self._open_wizard(self.order, method="cash", amount_given=25.0).action_confirm()
        account = company.coop_donation_account_id
        self.assertEqual(account.account_type, "liability_current")
        self.assertTrue(account.code.startswith("467"), account.code)
        given = self.order.invoice_ids.invoice_line_ids.filtered(
            lambda line: line.account_id == account
        )
        self.assertAlmostEqual(-sum(given.mapped("balance")), 5.3)
        company.invalidate_recordset(["coop_donation_balance"])
        self.assertAlmostEqual(company.coop_donation_balance, 5.3)
        income = self.env["account.account"].search(
            [("account_type", "=", "income")], limit=1
        )
        with self.assertRaises(ValidationError):
            company.coop_donation_account_id = income

    def test_close_needs_the_end_first(self):
        with self.assertRaises(UserError):
            self.distribution.with_user(self.user_referent).action_close()

    def test_unprepared_and_unreceived_basket_can_be_served(self):
        """The goods are in the room, whatever was keyed in: stock may go below zero."""
        window = self._coop_make_window("Sans réception", days=9)
        order = self._coop_make_orders(window, self.member)
        self._coop_receive(window)
        order.with_user(self.user_coordinator).action_coop_serve()
        self.assertEqual(order.picking_ids.state, "done")
        self.assertAlmostEqual(order.invoice_ids.amount_total, self.AMOUNT)

    def test_empty_basket_makes_no_invoice(self):
        self.order.order_line.quantity_allocated = 0.0
        self.distribution.action_prepare()
        self._open_wizard(self.order, method="cash").action_confirm()
        self.assertEqual(self.order.serve_state, "served")
        self.assertFalse(self.order.invoice_ids)
        self.assertEqual(self.order.coop_payment_state, "nothing")

    def test_ordered_policy_is_still_paid_as_collected(self):
        self.products.invoice_policy = "order"
        wizard = self._open_wizard(self.order, method="later")
        row = wizard.line_ids.filtered(lambda r: r.product_id == self.carrots)
        row.quantity = 1.0
        wizard.action_confirm()
        self.assertAlmostEqual(self.order.invoice_ids.amount_total, self.AMOUNT - 2.0)

    def test_chain_links(self):
        self.order.with_user(self.user_referent).action_coop_serve()
        distribution = self.distribution.with_user(self.user_manager)
        self.assertEqual(distribution.action_view_window()["res_id"], self.window.id)
        self.assertEqual(
            distribution.action_view_batch()["res_id"], self.distribution.batch_id.id
        )
        self.assertEqual(distribution.picking_count, 2)
        self.assertEqual(distribution.invoice_count, 1)
        self.assertEqual(
            distribution.action_view_invoices()["res_id"], self.order.invoice_ids.id
        )
        self.assertEqual(
            self.order.action_view_distribution()["res_id"], self.distribution.id
        )
        self.assertEqual(self.order.picking_ids.distribution_id, self.distribution)
