from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestMatching(ReconciliationCommon):
    """The worked cases of bills: a bill is never rewritten."""

    def _match(self, bill):
        before = self._snapshot(bill)
        bill.action_coop_match()
        self.assertEqual(self._snapshot(bill), before)
        return bill

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

    # -------------------------------------------------------------------------
    # References
    # -------------------------------------------------------------------------

    def _real_order(self, received=18):
        order = self._order(
            [(self.oil, 10, 13.5), (self.nougat, 20, 6.9)], name="PO1242"
        )
        return order, self._receive(
            order, {self.nougat: received}, note="BL-2026/05/12"
        )

    def test_french_example(self):
        order, picking = self._real_order()
        self.assertEqual(picking.delivery_note_state, "disputed")
        bill = self._upload("ubl-fr-en16931.xml")
        self.assertAlmostEqual(bill.amount_total, 308.03, 2)
        self.assertEqual(self._kinds(bill), ["quantity_over"])
        exception = bill.bill_exception_ids.filtered(lambda e: e.state == "open")
        self.assertAlmostEqual(exception.quantity, 2.0)
        self.assertAlmostEqual(exception.amount, 13.80)
        self.assertEqual(exception.stock_move_id.picking_id, picking)
        self.assertEqual(bill.bill_match_ids.picking_id, picking)
        self.assertEqual(set(bill.bill_match_ids.mapped("state")), {"auto"})
        evidence = bill.bill_match_ids[0].evidence
        self.assertIn("BL-2026/05/12", evidence["references"])
        self.assertAlmostEqual(order.claim_ids.expected_credit, 13.80)
        self.assertAlmostEqual(order.claim_ids.expected_credit_total, 16.56)

    def test_everything_received_posts_itself(self):
        self.policy.auto_post = True
        self._real_order(received=20)
        bill = self._upload("ubl-fr-en16931.xml")
        self.assertEqual(bill.match_state, "matched")
        self.assertEqual(bill.state, "posted")
        self.assertAlmostEqual(bill.amount_total, 308.03, 2)

    def test_what_cannot_post_itself_says_why(self):
        self.policy.auto_post = True
        self._real_order(received=20)
        refuse = patch.object(
            type(self.env["account.move"]),
            "_check_coop_duplicates",
            side_effect=UserError("parce que"),
        )
        with refuse:
            bill = self._upload("ubl-fr-en16931.xml")
        self.assertEqual((bill.state, bill.match_state), ("draft", "matched"))
        self.assertIn("parce que", "".join(bill.message_ids.mapped("body")))

    def test_delivery_note_before_order_number(self):
        """Two receipts of one order: the bill cites the second one's delivery note."""
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order, {product: 5}, note="BL-1", backorder=True)
        second = self._receive(order, {product: 5}, note="BL-2")
        bill = self._bill([(product, 5, 2.0)], order=order)
        bill.bill_reference_ids = [
            Command.create({"kind": "bt16", "value": "bl 2"}),
        ]
        self._match(bill)
        self.assertEqual(bill.bill_match_ids.picking_id, second)

    def test_bill_before_the_goods(self):
        """It waits, and passes when the goods come."""
        self.policy.auto_post = True
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        bill = self._match(self._bill([(product, 10, 2.0)], order=order))
        self.assertEqual(bill.match_state, "waiting")
        self.assertEqual(self._kinds(bill), ["no_receipt"])
        bill.bill_reference_ids = [
            Command.create({"kind": "bt13", "value": order.name})
        ]
        self._receive(order)
        self.assertEqual(bill.match_state, "matched")
        self.assertEqual(bill.state, "posted")

    def test_monthly_bill_of_two_deliveries(self):
        product = self._product("Farine", 2.0)
        orders = [self._order([(product, 5, 2.0)]) for __ in range(2)]
        pickings = [self._receive(o, note=f"N{o.id}") for o in orders]
        bill = self._bill([(product, 10, 2.0)])
        bill.bill_reference_ids = [
            Command.create({"kind": "bt16", "value": picking.delivery_note_ref})
            for picking in pickings
        ]
        self._match(bill)
        self.assertEqual(len(bill.bill_match_ids), 2)
        self.assertEqual(bill.match_state, "matched")

    def test_one_delivery_on_two_bills(self):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        first = self._match(self._bill([(product, 6, 2.0)], ref="A1", order=order))
        second = self._match(self._bill([(product, 6, 2.0)], ref="A2", order=order))
        self.assertAlmostEqual(sum(first.bill_match_ids.mapped("quantity")), 6.0)
        self.assertAlmostEqual(sum(second.bill_match_ids.mapped("quantity")), 4.0)
        self.assertEqual(self._kinds(second), ["quantity_over"])

    def test_returned_goods_are_not_billed(self):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        picking = self._receive(order)
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_ids=picking.ids,
                active_id=picking.id,
                active_model="stock.picking",
            )
        ).save()
        wizard.product_return_moves.quantity = 3
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        returned.move_ids.picked = True
        returned.button_validate()
        self.assertEqual(returned.state, "done")
        bill = self._match(self._bill([(product, 10, 2.0)], order=order))
        self.assertAlmostEqual(bill.bill_match_ids.quantity, 7.0)
        self.assertAlmostEqual(bill.bill_exception_ids.quantity, 3.0)

    def test_bill_made_from_the_order(self):
        """Core's own “Create Bill” is understood: its lines say which they bill."""
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        order.action_create_invoice()
        bill = order.invoice_ids.with_user(self.accountant)
        bill.write({"ref": "B1", "invoice_date": "2026-06-17"})
        self._match(bill)
        self.assertEqual(bill.match_state, "matched")
        self.assertEqual(bill.bill_match_ids.state, "auto")

    # -------------------------------------------------------------------------
    # Again, and at once
    # -------------------------------------------------------------------------

    def test_second_run_writes_nothing(self):
        self._real_order()
        bill = self._upload("ubl-fr-en16931.xml")
        self.env.flush_all()
        written = []
        execute = type(self.env.cr).execute

        def spy(cursor, query, *args, **kwargs):
            text = str(getattr(query, "code", query)).lstrip().upper()
            if text.startswith(("INSERT", "UPDATE", "DELETE")):
                written.append(text[:100])
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", spy):
            bill.action_coop_match()
            self.env.flush_all()
        self.assertFalse(written)

    def test_confirmed_and_rejected_are_not_recomputed(self):
        self._real_order()
        bill = self._upload("ubl-fr-en16931.xml")
        matches = bill.bill_match_ids
        nougat = matches.filtered(lambda m: m.product_id == self.nougat)
        nougat.action_reject()
        self.assertFalse(nougat.bill_line_id.purchase_line_id)
        (matches - nougat).action_confirm()
        bill.action_coop_match()
        self.assertEqual(nougat.state, "rejected")
        self.assertEqual((matches - nougat).state, "confirmed")
        self.assertEqual(bill.bill_match_ids, matches)

    def test_cron_matches_in_batches(self):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        bills = self.env["account.move"]
        for number in range(3):
            bills |= self._bill([(product, 2, 2.0)], ref=f"C{number}", order=order)
        self.assertEqual(set(bills.mapped("match_state")), {"none"})
        with self.enter_registry_test_mode():
            self.env.ref(
                "coop_reconciliation.coop_bill_match_cron"
            ).method_direct_trigger()
        self.assertEqual(set(bills.mapped("match_state")), {"matched"})

    def test_queries_do_not_grow_with_the_lines(self):
        def cost(count):
            products = [self._product(f"P{count}-{n}", 2.0) for n in range(count)]
            order = self._order([(p, 1, 2.0) for p in products])
            self._receive(order)
            bill = self._bill(
                [(p, 1, 2.0) for p in products], ref=f"Q{count}", order=order
            ).sudo()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            bill._coop_match()
            self.env.flush_all()
            self.assertEqual(bill.match_state, "matched")
            return self.env.cr.sql_log_count - start

        cost(2)
        small, large = cost(5), cost(40)
        self.assertLessEqual(large - small, 35, (small, large))

    def test_another_company_is_never_matched(self):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        other = self.env["res.company"].create({"name": "Autre"})
        bill = self._bill([(product, 10, 2.0)], order=order)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_order SET company_id = %s WHERE id = %s",
            (other.id, order.id),
        )
        order.invalidate_recordset()
        bill.action_coop_match()
        self.assertFalse(bill.bill_match_ids)

    # -------------------------------------------------------------------------
    # Rights
    # -------------------------------------------------------------------------

    def test_warehouse_cannot_match(self):
        product = self._product("Farine", 2.0)
        bill = self._bill([(product, 10, 2.0)])
        user = new_test_user(self.env, "reco_stock2", "stock.group_stock_user")
        with self.assertRaises(UserError):
            bill.with_user(user).action_coop_match()

    def test_lower_policy_of_one_supplier(self):
        self.env["coop.match.policy"].create(
            {
                "partner_id": self.supplier.id,
                "price_percent_over": 10.0,
                "price_amount_over": 5.0,
            }
        )
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        bill = self._match(self._bill([(product, 10, 2.10)], order=order))
        self.assertEqual(bill.match_state, "matched")

    def test_billed_less_than_the_delivery_note(self):
        """The bill cites the delivery note: what it leaves is told, in our favour."""
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order, note="BL-5")
        bill = self._bill([(product, 8, 2.0)], order=order)
        bill.bill_reference_ids = [Command.create({"kind": "bt16", "value": "BL 5"})]
        self._match(bill)
        under = bill.bill_exception_ids
        self.assertEqual((under.kind, under.quantity), ("quantity_under", 2.0))
        self.assertAlmostEqual(under.amount, -4.0)
        self.assertEqual(bill.match_state, "matched")
        rest = self._match(self._bill([(product, 2, 2.0)], ref="FA-2", order=order))
        self.assertEqual(rest.match_state, "matched")
        bill.action_coop_match()
        self.assertEqual(bill.bill_exception_ids.quantity, 2.0)

    def test_order_in_another_currency(self):
        """Ordered at 2.50 $, billed at 2.00 €: the same price that day."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        dollar.rate_ids = [Command.create({"name": "2026-06-01", "rate": 1.25})]
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.5)], currency_id=dollar.id)
        self._receive(order)
        bill = self._match(self._bill([(product, 10, 2.0)], order=order))
        self.assertEqual(bill.match_state, "matched")
        self.assertAlmostEqual(bill.bill_match_ids.amount, 20.0)
        other = self._order([(product, 10, 2.5)], currency_id=dollar.id)
        self._receive(other)
        bill = self._match(
            self._bill(
                [(product, 10, 2.75)], ref="US-2", order=other, currency_id=dollar.id
            )
        )
        self.assertEqual(self._kinds(bill), ["price"])
        self.assertAlmostEqual(bill.bill_exception_ids.amount, 2.5)
        self.assertEqual(bill.bill_exception_ids.currency_id, dollar)

    def test_reverse_charge(self):
        """VAT that the supplier does not bill changes neither total nor matching."""
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
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order, {product: 8})
        line = {
            "product_id": product.id,
            "quantity": 10,
            "price_unit": 2.0,
            "tax_ids": [Command.set(tax.ids)],
        }
        bill = self._match(self._bill([line], order=order))
        self.assertAlmostEqual(bill.amount_total, 20.0)
        self.assertAlmostEqual(order.claim_ids.expected_credit_total, 4.0)
