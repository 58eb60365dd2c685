# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestMatching(ReconciliationCommon):
    """The worked cases of bills: a bill is never rewritten."""

    def test_billed_more_than_received(self):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order, {product: 8})
        bill = self._match(self._bill([(product, 10, 2.0)], order=order))
        self.assertAlmostEqual(bill.amount_untaxed, 20.0)
        exception = bill.bill_exception_ids
        self.assertEqual(exception.kind, "quantity_over")
        self.assertAlmostEqual(exception.quantity, 2.0)
        self.assertAlmostEqual(exception.amount, 4.0)
        self.assertEqual(bill.match_state, "exception")
        claim = order.claim_ids
        self.assertEqual(claim.state, "draft")
        self.assertAlmostEqual(claim.expected_credit, 4.0)
        self.assertAlmostEqual(bill.bill_match_ids.quantity, 8.0)

    def test_price_higher_than_ordered(self):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        bill = self._match(self._bill([(product, 10, 2.10)], order=order))
        self.assertEqual(bill.bill_exception_ids.kind, "price")
        self.assertAlmostEqual(bill.bill_exception_ids.amount, 1.0)
        self.assertEqual(bill.bill_exception_ids.state, "open")
        self.assertAlmostEqual(bill.invoice_line_ids.price_unit, 2.10)

    def test_discount_of_the_supplier_stays(self):
        product = self._product("Huile", 35.0)
        order = self._order([(product, 1, 35.0)])
        self._receive(order)
        line = {
            "product_id": product.id,
            "quantity": 1,
            "price_unit": 35.0,
            "discount": 5.71,
            "tax_ids": [Command.set(self.taxes[20.0].ids)],
        }
        bill = self._match(self._bill([line], order=order))
        self.assertAlmostEqual(bill.invoice_line_ids.discount, 5.71)
        self.assertEqual(bill.bill_exception_ids.kind, "discount")
        self.assertEqual(bill.match_state, "matched")

    def test_unrelated_order_with_the_same_total(self):
        product, other = self._product("Farine", 2.0), self._product("Sel", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        bill = self._bill([(other, 10, 2.0)])
        before = self._snapshot(bill)
        bill._link_bill_origin_to_purchase_orders()
        self.assertEqual(self._snapshot(bill), before)
        self.assertFalse(bill.invoice_line_ids.purchase_line_id)
        self.assertEqual(self._kinds(bill), ["no_order"])

    def test_without_reference_is_only_suggested(self):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        bill = self._match(self._bill([(product, 10, 2.0)]))
        self.assertEqual(bill.bill_match_ids.state, "suggested")
        self.assertFalse(bill.invoice_line_ids.purchase_line_id)
        bill.bill_match_ids.action_confirm()
        bill.action_coop_match()
        self.assertEqual(bill.bill_match_ids.state, "confirmed")
        self.assertEqual(bill.invoice_line_ids.purchase_line_id, order.order_line)
        self.assertFalse(self._kinds(bill))

    def test_carriage_is_kept(self):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        bill = self._bill(
            [
                (product, 10, 2.0),
                {"name": "Frais de port", "quantity": 1, "price_unit": 9.5},
            ],
            order=order,
        )
        self._match(bill)
        self.assertAlmostEqual(bill.amount_untaxed, 29.5)
        freight = bill.bill_exception_ids
        self.assertEqual((freight.kind, freight.state), ("freight", "accepted"))
        self.assertTrue(freight.by_policy)
        self.assertEqual(bill.match_state, "matched")

    def test_core_matching_by_hand_keeps_the_bill(self):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        bill = self._bill(
            [
                (product, 10, 2.0),
                {"name": "Frais de port", "quantity": 1, "price_unit": 9.5},
            ]
        )
        before = self._snapshot(bill)
        self.env.flush_all()
        rows = self.env["purchase.bill.line.match"].search(
            [
                "|",
                ("pol_id", "in", order.order_line.ids),
                ("aml_id", "in", bill.invoice_line_ids.ids),
            ]
        )
        rows.action_match_lines()
        self.assertEqual(self._snapshot(bill), before)
        goods = bill.invoice_line_ids.filtered("product_id")
        self.assertEqual(goods.purchase_line_id, order.order_line)
        self.assertAlmostEqual(order.order_line.qty_invoiced, 10.0)

    def test_same_product_twice_is_one_to_one(self):
        product = self._product("Œufs", 2.0)
        order = self._order([(product, 1, 2.0), (product, 1, 2.0)])
        self._receive(order)
        bill = self._match(
            self._bill([(product, 1, 2.0), (product, 1, 2.0)], order=order)
        )
        self.assertEqual(order.order_line.mapped("qty_invoiced"), [1.0, 1.0])
        self.assertEqual(bill.match_state, "matched")

    def test_unit_of_another_nature(self):
        product = self._product("Fromage", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        line = {
            "product_id": product.id,
            "quantity": 2.5,
            "price_unit": 8.0,
            "product_uom_id": self.env.ref("uom.product_uom_kgm").id,
        }
        bill = self._match(self._bill([line], order=order))
        self.assertEqual(self._kinds(bill), ["uom"])
        self.assertFalse(bill.invoice_line_ids.purchase_line_id)
        self.assertFalse(bill.bill_match_ids)

    def test_pack_unit_is_converted(self):
        """Billed by the dozen what was ordered by the piece."""
        product = self._product("Œufs", 0.3)
        order = self._order([(product, 24, 0.3)])
        self._receive(order)
        line = {
            "product_id": product.id,
            "quantity": 2,
            "price_unit": 3.6,
            "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
        }
        bill = self._match(self._bill([line], order=order))
        self.assertAlmostEqual(bill.bill_match_ids.quantity, 24.0)
        self.assertEqual(bill.match_state, "matched")

    def test_duplicate_number(self):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        self.policy.auto_post = True
        first = self._bill([(product, 10, 2.0)], ref="FA 2026-001", order=order)
        first.action_coop_match()
        self.assertEqual(first.state, "posted")
        second = self._bill([(product, 10, 2.0)], ref="fa2026001", order=order)
        second.action_coop_match()
        self.assertIn("duplicate", self._kinds(second))
        self.assertEqual(second.state, "draft")
        with self.assertRaises(UserError):
            second.action_post()
        other_year = self._bill(
            [(product, 10, 2.0)], ref="fa2026001", invoice_date="2025-06-17"
        )
        other_year.action_coop_match()
        self.assertNotIn("duplicate", self._kinds(other_year))

    def test_references_are_kept_when_nothing_matches(self):
        bill = self._upload("ubl-fr-en16931.xml")
        self.assertEqual(bill.invoice_origin, "PO1242")
        self.assertIn("PO1242", bill.bill_reference_ids.mapped("value"))
        self.assertFalse(bill.bill_match_ids)

    def test_weighed_goods(self):
        kg = self.env.ref("uom.product_uom_kgm")
        product = self._product("Comté", 3.10, uom_id=kg.id)
        order = self._order([(product, 10, 3.10)])
        self._receive(order, {product: 10.24})
        self.policy.auto_post = True
        bill = self._match(self._bill([(product, 10.24, 3.10)], order=order))
        self.assertAlmostEqual(bill.amount_untaxed, 31.74)
        self.assertFalse(bill.bill_exception_ids)
        self.assertEqual(bill.state, "posted")

    def test_weighed_goods_within_three_percent(self):
        kg = self.env.ref("uom.product_uom_kgm")
        product = self._product("Comté", 3.10, uom_id=kg.id)
        order = self._order([(product, 10, 3.10)])
        self._receive(order, {product: 10})
        bill = self._match(self._bill([(product, 10.3, 3.10)], order=order))
        self.assertEqual(bill.match_state, "matched")
        other = self._order([(product, 10, 3.10)])
        self._receive(other, {product: 10})
        bill = self._bill([(product, 10.31, 3.10)], ref="FA-2", order=other)
        self.assertEqual(self._match(bill).match_state, "exception")
