# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestMatchingSiblings(ReconciliationCommon):
    """Cases beside the worked ones: what real suppliers write."""

    def _received(self, quantity=10, price=2.0, received=None, **vals):
        product = self._product("Farine", price)
        order = self._order([(product, quantity, price)], **vals)
        self._receive(order, {product: quantity if received is None else received})
        return product, order

    def test_two_prices_of_one_article_are_not_crossed(self):
        product = self._product("Tomates", 3.0)
        order = self._order([(product, 5, 3.0), (product, 5, 2.0)])
        self._receive(order, {product: 5})
        bill = self._match(
            self._bill([(product, 5, 2.0), (product, 5, 3.0)], order=order)
        )
        self.assertEqual(bill.match_state, "matched")
        self.assertFalse(bill.bill_exception_ids)
        prices = [
            (line.price_unit, line.purchase_line_id.price_unit)
            for line in bill.invoice_line_ids
        ]
        self.assertEqual(prices, [(2.0, 2.0), (3.0, 3.0)])

    def test_two_bill_lines_for_one_order_line(self):
        product, order = self._received()
        bill = self._match(
            self._bill([(product, 6, 2.0), (product, 4, 2.0)], order=order)
        )
        self.assertEqual(bill.match_state, "matched")
        self.assertEqual(bill.bill_match_ids.mapped("quantity"), [6.0, 4.0])

    def test_one_bill_line_for_two_receipts(self):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order, {product: 6}, backorder=True)
        self._receive(order, {product: 4})
        bill = self._match(self._bill([(product, 10, 2.0)], order=order))
        self.assertEqual(sorted(bill.bill_match_ids.mapped("quantity")), [4.0, 6.0])
        self.assertEqual(bill.match_state, "matched")

    def test_billed_twice_under_another_number(self):
        """Everything is billed: it is billed too much, and does not wait for goods."""
        product, order = self._received()
        first = self._match(self._bill([(product, 10, 2.0)], ref="B1", order=order))
        again = self._match(self._bill([(product, 10, 2.0)], ref="B2", order=order))
        exception = again.bill_exception_ids
        self.assertEqual((exception.kind, exception.amount), ("quantity_over", 20.0))
        self.assertEqual(again.match_state, "exception")
        self.assertFalse(again.bill_match_ids)
        self.assertAlmostEqual(order.order_line.qty_invoiced, 20.0)
        with self._assert_writes_nothing():
            self._match(first)
            self._match(again)

    def test_rest_of_the_order_is_awaited(self):
        """Half received and billed; the bill of the other half comes before it."""
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order, {product: 5}, backorder=True)
        first = self._match(self._bill([(product, 5, 2.0)], ref="B1", order=order))
        early = self._match(self._bill([(product, 5, 2.0)], ref="B2", order=order))
        # The one that waits takes nothing from the one that has its goods.
        with self._assert_writes_nothing():
            self._match(first)
        self.assertEqual(self._kinds(early), ["no_receipt"])
        self.assertEqual(early.match_state, "waiting")
        self._receive(order)
        self.assertEqual(early.match_state, "matched")

    def test_nothing_came_and_nothing_will(self):
        product = self._product("Farine", 2.0)
        other = self._product("Sel", 1.0)
        order = self._order([(product, 10, 2.0), (other, 1, 1.0)])
        self._receive(order, {product: 0})
        order.picking_ids.filtered(lambda p: p.state == "assigned").action_cancel()
        bill = self._match(self._bill([(product, 10, 2.0)], order=order))
        self.assertEqual(self._kinds(bill), ["quantity_over"])
        self.assertAlmostEqual(order.claim_ids.expected_credit, 20.0)

    def test_price_of_a_discounted_order(self):
        product = self._product("Huile", 2.0)
        order = self._order([(product, 10, 2.0, 10.0)])
        self._receive(order)
        bill = self._match(self._bill([(product, 10, 1.8)], ref="D1", order=order))
        self.assertEqual(bill.match_state, "matched")
        other = self._order([(product, 10, 2.0, 10.0)])
        self._receive(other)
        bill = self._match(self._bill([(product, 10, 2.0)], ref="D2", order=other))
        self.assertEqual(self._kinds(bill), ["price"])
        self.assertAlmostEqual(bill.bill_exception_ids.amount, 2.0)

    def test_ordered_by_the_dozen_billed_by_the_piece(self):
        product = self._product("Œufs", 0.3)
        order = self._order([(product, 2, 3.6)])
        order.button_cancel()
        order.button_draft()
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.order_line.price_unit = 3.6
        order.button_confirm()
        self._receive(order)
        bill = self._match(self._bill([(product, 24, 0.3)], order=order))
        self.assertEqual(bill.match_state, "matched")
        self.assertAlmostEqual(bill.bill_match_ids.quantity, 24.0)

    def test_delivery_note_number_of_another_supplier(self):
        """Two suppliers number their notes alike: each bill finds its own."""
        product = self._product("Farine", 2.0)
        other = self.supplier.copy({"name": "Autre moulin", "vat": False})
        orders = [self._order([(product, 5, 2.0)])]
        orders.append(self._order([(product, 5, 2.0)], partner=other))
        pickings = [self._receive(order, note="BL-1") for order in orders]
        bill = self._bill([(product, 5, 2.0)], partner_id=other.id)
        bill.bill_reference_ids = [Command.create({"kind": "bt16", "value": "BL-1"})]
        self._match(bill)
        self.assertEqual(bill.bill_match_ids.picking_id, pickings[1])
        self.assertEqual(bill.bill_match_ids.state, "auto")

    def test_bill_of_the_accounting_address(self):
        child = self.env["res.partner"].create(
            {"name": "Compta", "parent_id": self.supplier.id, "type": "invoice"}
        )
        product, order = self._received()
        bill = self._bill([(product, 10, 2.0)], order=order, partner_id=child.id)
        self.assertEqual(self._match(bill).match_state, "matched")

    def test_same_number_where_it_is_no_duplicate(self):
        other = self.supplier.copy({"name": "Autre moulin", "vat": False})
        product = self._product("Farine", 2.0)
        self._bill([(product, 1, 2.0)], ref="FA 2026-001").action_coop_match()
        alike = [
            self._bill([(product, 1, 2.0)], ref="fa2026001", partner_id=other.id),
            self._bill([(product, 1, 2.0)], ref="fa2026001", invoice_date="2025-12-01"),
            self._bill([(product, 1, 2.0)], ref="fa2026001", move_type="in_refund"),
        ]
        for bill in alike:
            self._match(bill)
            self.assertNotIn("duplicate", self._kinds(bill))
        again = self._match(self._bill([(product, 1, 2.0)], ref="FA.2026/001"))
        self.assertIn("duplicate", self._kinds(again))

    def test_charges_at_the_limits_of_the_policy(self):
        product, order = self._received()

        def side(name, amount):
            line = {"name": name, "quantity": 1, "price_unit": amount}
            return self._match(
                self._bill(
                    [(product, 1, 2.0), line], ref=f"{name}{amount}", order=order
                )
            )

        cases = [
            ("Frais de port", 15.0, "freight", "accepted"),
            ("Frais de port", 15.01, "freight", "open"),
            ("Consigne", 3.0, "deposit", "open"),
            ("Déconsigne", -3.0, "deposit", "accepted"),
        ]
        for name, amount, kind, state in cases:
            with self.subTest(name=name, amount=amount):
                found = side(name, amount).bill_exception_ids.filtered(
                    lambda e, k=kind: e.kind == k
                )
                self.assertEqual(found.state, state)
                self.assertAlmostEqual(found.amount, amount)

    def test_gift_takes_nothing_from_what_is_paid(self):
        """Ten received; the bill gives one more, which never came, before the ten."""
        product, order = self._received(12, received=12)
        bill = self._match(
            self._bill([(product, 3, 0.0), (product, 12, 2.0)], order=order)
        )
        self.assertNotIn("quantity_over", self._kinds(bill))
        self.assertEqual(self._kinds(bill, "accepted"), ["free_goods"])
        paid = bill.invoice_line_ids.filtered("price_unit").bill_match_ids
        self.assertAlmostEqual(sum(paid.mapped("quantity")), 12.0)

    def test_name_alone_is_a_suggestion(self):
        __, order = self._received()
        line = {"name": "farine", "quantity": 10, "price_unit": 2.0}
        bill = self._match(self._bill([line]))
        self.assertEqual(bill.bill_match_ids.state, "suggested")
        self.assertEqual(bill.bill_match_ids.purchase_line_id, order.order_line)
        self.assertEqual(self._kinds(bill), ["unknown_item"])
        self.assertFalse(bill.invoice_line_ids.purchase_line_id)

    def test_confirming_never_takes_more_than_came(self):
        """Two bills without reference are both proposed the same ten."""
        product, order = self._received()
        first = self._match(self._bill([(product, 6, 2.0)], ref="S1"))
        second = self._match(self._bill([(product, 6, 2.0)], ref="S2"))
        third = self._match(self._bill([(product, 6, 2.0)], ref="S3"))
        first.bill_match_ids.action_confirm()
        second.bill_match_ids.action_confirm()
        self.assertAlmostEqual(second.bill_match_ids.quantity, 4.0)
        self.assertAlmostEqual(second.bill_match_ids.amount, 8.0)
        with self.assertRaisesRegex(UserError, "billed already"):
            third.bill_match_ids.action_confirm()
        self.assertEqual(third.bill_match_ids.state, "suggested")
        self.assertFalse(third.invoice_line_ids.purchase_line_id)

    def test_refused_for_one_line_only(self):
        """Refusing a link for one line leaves the receipt to the other line."""
        product, order = self._received()
        bill = self._match(
            self._bill([(product, 4, 2.0), (product, 10, 2.0)], order=order)
        )
        lines = bill.invoice_line_ids
        self.assertAlmostEqual(lines[1].bill_match_ids.quantity, 10.0)
        lines[1].bill_match_ids.action_reject()
        self.assertEqual(lines[0].bill_match_ids.mapped("quantity"), [4.0])
        self.assertEqual(lines[1].bill_match_ids.state, "rejected")

    def test_closed_period(self):
        """A posted bill of a closed period is matched; one that would post says why."""
        product, order = self._received()
        posted = self._bill([(product, 4, 2.0)], ref="L1", date="2026-06-17")
        posted.invoice_origin = order.name
        posted.action_post()
        self.company.sudo().fiscalyear_lock_date = "2026-06-30"
        self._match(posted)
        self.assertEqual(posted.bill_match_ids.state, "auto")
        self.assertEqual(posted.invoice_line_ids.purchase_line_id, order.order_line)
        self.assertAlmostEqual(order.order_line.qty_invoiced, 4.0)
        self.assertEqual(str(posted.date), "2026-06-17")
