# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestMinimum(CoopOrdersCommon):
    """Worked case: a minimum of 150 € and 14 kg, 192 € and 12 kg ordered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window = cls._create_window(
            cls.env, offers={2: {"pack_size": 6}, 5: {"pack_size": 4}}
        )
        cls.first, cls.second = cls.window.offer_ids[2], cls.window.offer_ids[5]
        cls.first.product_id.weight = 0.5
        cls.second.product_id.weight = 0.25
        cls.first.purchase_price = 8.0
        cls.second.purchase_price = 3.0
        cls.window.action_open()
        cls.order = cls._order(cls.window, cls.member, {2: 20, 0: 2})
        cls._order(cls.window, cls.member_b, {2: 4, 3: 2})
        cls._order(cls.window, cls.paper_member, {0: 2})
        cls.row = cls.window.supplier_ids.filtered(
            lambda row: row.partner_id == cls.first.supplier_id
        )
        cls.row.write({"minimum_amount": 150, "minimum_weight": 14})

    def _close(self):
        window = self.window.with_user(self.buyer)
        window.action_close()
        window.action_create_purchase_orders()
        return window

    def _decide(self, decision, **values):
        action = self.row.with_user(self.buyer).action_decide_minimum()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        form = Form(wizard.with_user(self.buyer))
        form.decision = decision
        for name, value in values.items():
            setattr(form, name, value)
        return form

    def test_weight_missing_goes_to_the_buyer(self):
        self._close()
        self.assertEqual((self.row.amount_ordered, self.row.weight_ordered), (192, 12))
        self.assertEqual(self.row.minimum_state, "weight")
        self.assertFalse(self.row.purchase_order_id)
        self.assertTrue(self.row.needs_decision)
        form = self._decide("complete")
        self.assertEqual(form.missing_text.replace(",", "."), "2.00 kg")
        self.assertEqual(form.order_count, 2)

    def test_amount_missing_goes_to_the_buyer(self):
        """120 € and 14.25 kg of 150 € and 14 kg: refused for the amount."""
        self.first.purchase_price = 5.0
        self.first.product_id.weight = 14.25 / 24
        self._close()
        self.assertEqual(self.row.minimum_state, "amount")
        self.assertEqual(
            self._decide("complete").missing_text.replace("\xa0", " "),
            self.row.currency_id.format(30).replace("\xa0", " "),
        )

    def test_empty_is_skipped(self):
        self.window.order_ids.order_line.filtered(
            lambda line: line.offer_id == self.first
        ).product_uom_qty = 0
        self._close()
        self.assertEqual(self.row.minimum_state, "empty")
        self.assertFalse(self.row.needs_decision)
        self.assertFalse(self.window.activity_ids)
        with self.assertRaisesRegex(UserError, "nothing to decide"):
            self.row.with_user(self.buyer).action_decide_minimum()

    def test_completed_for_the_stock(self):
        """One pack of 6 × 500 g brings the 2 kg: members' quantity stays beside it."""
        self._close()
        form = self._decide("complete")
        form.save().action_apply()
        self.assertEqual(self.first.quantity_ordered, 24)
        self.assertEqual(self.first.quantity_extra, 6)
        self.assertEqual(self.first.quantity_to_order, 30)
        line = self.row.purchase_order_id.order_line
        self.assertEqual(line.product_qty, 30)
        self.assertEqual(self.row.minimum_state, "reached")
        self.assertFalse(self.window.activity_ids)
        self.assertIn("for its stock", self.window.message_ids[0].body)

    def test_extra_stays_with_the_cooperative(self):
        self._close()
        self._decide("complete").save().action_apply()
        self.window.with_user(self.buyer).action_send_purchase_orders()
        self._receive(self.window, {})
        self.assertEqual(self.first.quantity_received, 30)
        self.assertEqual(self.first.quantity_allocated, 24)
        self.assertEqual(self.first.product_id.qty_available, 30)

    def test_too_little_added_writes_nothing(self):
        self._close()
        form = self._decide("complete")
        with form.line_ids.edit(0) as line:
            line.quantity_extra = 0
        with self.assertRaisesRegex(UserError, r"Still missing: 2[.,]00 kg"):
            form.save().action_apply()

    def test_half_a_pack_is_refused(self):
        self._close()
        form = self._decide("complete")
        with form.line_ids.edit(0) as line:
            line.quantity_extra = 7
        with self.assertRaisesRegex(ValidationError, "packs of 6"):
            form.save().action_apply()

    def test_extended_for_this_producer_only(self):
        window = self._close()
        others = self.window.purchase_order_ids
        until = fields.Datetime.now() + timedelta(days=1)
        form = self._decide("extend", closes_at=until)
        self.assertIn("2 members", form.consequence)
        form.save().action_apply()
        self.assertEqual(self.window.state, "open")
        told = self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "in", self.window.order_ids.ids)]
        )
        self.assertEqual(told.recipient_ids, self.member | self.member_b)
        _order, rejected = self._change(
            self.window, self.member, (self.first, 26), (self.window.offer_ids[0], 9)
        )
        self.assertEqual(len(rejected), 1)
        self.assertIn("closed on", rejected[0]["message"])
        window.action_close()
        window.action_create_purchase_orders()
        self.assertEqual(self.first.quantity_to_order, 30)
        self.assertEqual(self.row.purchase_order_id.order_line.product_qty, 30)
        self.assertEqual(
            self.window.purchase_order_ids - others, self.row.purchase_order_id
        )

    def test_what_others_were_ordered_cannot_be_cancelled_meanwhile(self):
        self._close()
        self._decide("extend").save().action_apply()
        with self.assertRaisesRegex(UserError, "already ordered from its producer"):
            self.order._coop_cancel()
        # A basket again, under the window's minimum: taken all the same.
        self.order.state = "draft"
        self.window.with_user(self.buyer).action_close()
        self.assertEqual(self.order.state, "sale")

    def test_past_deadline_is_refused(self):
        self._close()
        form = self._decide("extend", closes_at=fields.Datetime.now())
        with self.assertRaisesRegex(UserError, "still to come"):
            form.save().action_apply()

    def test_ordered_anyway_and_given_up(self):
        self._close()
        self._decide("anyway").save().action_apply()
        self.assertEqual(self.row.purchase_order_id.order_line.product_qty, 24)
        self.row.purchase_order_id.button_cancel()
        self.row.minimum_waived = False
        self._decide("cancel").save().action_apply()
        self.assertTrue(self.first.is_given_up)
        told = self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "in", self.window.order_ids.ids)]
        )
        self.assertEqual(told.recipient_ids, self.member | self.member_b)

    def test_referent_does_not_decide(self):
        self._close()
        with self.assertRaises(AccessError):
            self.row.with_user(self.referent).action_decide_minimum()

    def test_served_from_the_stock(self):
        """Nothing is ordered; 22 of the 24 asked are there: shared, and told."""
        self.env["stock.quant"]._update_available_quantity(
            self.first.product_id,
            self.env["stock.warehouse"].search([], limit=1).lot_stock_id,
            22,
        )
        self._close()
        form = self._decide("stock")
        self.assertIn("members get what the stock has", form.consequence)
        self.assertIn("Product 2", form.consequence)
        with form.line_ids.edit(0) as line:
            self.assertEqual((line.quantity_free, line.quantity_stock), (22, 22))
        form.save().action_apply()
        self.assertFalse(self.row.purchase_order_id)
        self.assertFalse(self.row.needs_decision)
        self.assertEqual(self.first.quantity_allocated, 22)
        asked = self.first.line_ids.sorted("product_uom_qty")
        self.assertEqual(asked.mapped("quantity_allocated"), [2, 20])
        self.assertFalse(self.window.activity_ids)
        told = self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "in", self.window.order_ids.ids)]
        )
        self.assertEqual(told.recipient_ids, self.member_b)
        self.assertIn("from the stock", self.window.message_ids[0].body)
        # What arrives from the other producers is shared out beside it.
        self.window.with_user(self.buyer).action_send_purchase_orders()
        self._receive(self.window, {})
        self.assertEqual(self.first.quantity_allocated, 22)

    def test_not_more_than_the_stock_has(self):
        self._close()
        with self.assertRaisesRegex(UserError, "in stock: choose another way"):
            self._decide("stock").save().action_apply()
        form = self._decide("stock")
        with form.line_ids.edit(0) as line:
            line.quantity_stock = 3
        with self.assertRaisesRegex(UserError, "take at most 0"):
            form.save().action_apply()
        self.assertFalse(self.first.is_given_up)
