# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestMatchingReferences(ReconciliationCommon):
    """What a bill cites decides what it pays for; returns and several documents."""

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
            "_coop_check_duplicates",
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
