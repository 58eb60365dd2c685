# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.coop_base.tools.localtime import format_local
from odoo.addons.coop_orders.tests.common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestEarlyOrder(CoopOrdersCommon):
    """Two members, the baker who closes early (products 0 and 3) and the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("coop_orders.coop_order_window_cron")
        cls.window.write({"send_early_orders": True})
        cls.window.with_user(cls.coordinator).action_open()
        cls.baker = cls.window.supplier_ids.filtered(
            lambda row: row.partner_id == cls.producers[0]
        )
        cls.deadline = cls.now + timedelta(days=1)
        cls.baker.with_user(cls.coordinator).closes_at = cls.deadline
        cls.first = cls._order(cls.window, cls.member, {0: 2, 1: 1})

    def _run(self, moment=None):
        self.env.flush_all()
        with freeze_time(moment or self.deadline), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def _quantities(self, purchase):
        return {line.product_id: line.product_qty for line in purchase.order_line}

    def _mails_to(self, partner):
        return self.env["mail.mail"].search([("recipient_ids", "in", partner.ids)])

    def test_sent_at_the_deadline_while_the_window_stays_open(self):
        self._run(self.deadline - timedelta(seconds=1))
        self.assertFalse(self.window.purchase_order_ids)
        self._run()
        order = self.window.purchase_order_ids
        self.assertEqual(order.partner_id, self.baker.partner_id)
        self.assertEqual(self._quantities(order), {self.products[0]: 2})
        self.assertEqual(order.state, "purchase")
        self.assertEqual(len(self._mails_to(self.baker.partner_id)), 1)
        self.assertEqual(self.window.state, "open")
        # Totals by point count orders that are not confirmed yet.
        _points, rows = order._coop_get_point_totals()
        self.assertEqual(rows[0]["quantities"], [2])

    def test_only_if_the_window_says_so(self):
        self.window.send_early_orders = False
        self._run()
        self.assertFalse(self.window.purchase_order_ids)

    def test_twice_then_closing_orders_nothing_again(self):
        self._run()
        early = self.window.purchase_order_ids
        self._run(self.deadline + timedelta(minutes=1))
        with freeze_time(self.window.closes_at - timedelta(hours=1)):
            self._change(self.window, self.member_b, (self.window.offer_ids[1], 4))[
                0
            ]._coop_validate(self.window.distribution_ids[0])
        self.window.with_user(self.buyer).action_close()
        self.assertEqual(self.window.next_step, "order")
        self.window.with_user(self.buyer).action_create_purchase_orders()
        self.window.with_user(self.buyer).action_create_purchase_orders()
        self.window.with_user(self.buyer).action_send_purchase_orders()
        orders = self.window.purchase_order_ids
        self.assertEqual(len(orders), 2)
        self.assertEqual(self._quantities(early), {self.products[0]: 2})
        self.assertEqual(self._quantities(orders - early), {self.products[1]: 5})
        self.assertEqual(len(self._mails_to(self.baker.partner_id)), 1)

    def test_basket_not_confirmed_is_dropped_for_this_producer_only(self):
        basket = self._order(self.window, self.member_b, {0: 5, 1: 3}, state="draft")
        self._run()
        self.assertEqual(
            self._quantities(self.window.purchase_order_ids), {self.products[0]: 2}
        )
        self.assertEqual(basket.order_line.product_id, self.products[1])
        self.assertEqual(basket.state, "draft")
        mail = self._mails_to(self.member_b)
        self.assertIn("Product 0", mail.body_html)
        self.assertIn(self.baker.partner_id.name, mail.body_html)
        self._run(self.deadline + timedelta(minutes=5))
        self.assertEqual(len(self._mails_to(self.member_b)), 1)
        # The rest can still be confirmed.
        basket._coop_validate(self.window.distribution_ids[0])
        self.assertEqual(basket.state, "sent")

    def test_basket_is_taken_where_the_window_says_so(self):
        self.window.basket_policy = "take"
        basket = self._order(self.window, self.member_b, {0: 5, 1: 3}, state="draft")
        self._run()
        self.assertEqual(
            self._quantities(self.window.purchase_order_ids), {self.products[0]: 7}
        )
        self.assertEqual(len(basket.order_line), 2)
        self.window.action_close()
        self.assertEqual(basket.state, "sale")

    def test_members_cannot_change_or_cancel_what_was_sent(self):
        self._run()
        with freeze_time(self.deadline + timedelta(hours=1)):
            _order, rejected = self._change(
                self.window,
                self.member,
                (self.window.offer_ids[0], 1),
                (self.window.offer_ids[1], 6),
            )
            self.assertEqual(
                [row["offer_id"] for row in rejected], [self.window.offer_ids[0].id]
            )
            with self.assertRaisesRegex(UserError, "Product 0: that stays"):
                self.first._coop_cancel()
        self.assertEqual(self.first.state, "sent")
        self.assertEqual(self.first.order_line.mapped("product_uom_qty"), [2, 6])

    def test_restored_order_comes_back_without_it(self):
        self.first._coop_cancel()
        self._order(self.window, self.member_b, {0: 1})
        self._run()
        with freeze_time(self.deadline + timedelta(hours=1)):
            self.first._coop_restore()
        self.assertEqual(self.first.order_line.product_id, self.products[1])

    def test_order_made_too_small_since_keeps_what_was_sent(self):
        self.window.minimum_order_amount = 6
        self._run()
        with freeze_time(self.deadline + timedelta(hours=1)):
            self._change(self.window, self.member, (self.window.offer_ids[1], 0))
        self.assertEqual(self.first.state, "draft")
        self.window.action_close()
        self.assertEqual(self.first.state, "sale")
        self.assertEqual(self.first.order_line.product_id, self.products[0])

    def test_resumed_after_each_step(self):
        Row = type(self.baker)
        self._order(self.window, self.member_b, {0: 5, 1: 3}, state="draft")
        for step in ("_settle_some_baskets", "_create_early_order"):
            with (
                patch.object(Row, step, side_effect=RuntimeError("killed")),
                self.assertLogs("odoo.addons.coop_orders_decision", "ERROR"),
            ):
                self._run()
            self.assertFalse(self.window.purchase_order_ids)
        with (
            patch.object(Row, "_send_early_order", side_effect=RuntimeError("killed")),
            self.assertLogs("odoo.addons.coop_orders_decision", "ERROR"),
        ):
            self._run()
        self.assertEqual(self.window.purchase_order_ids.state, "draft")
        self._run(self.deadline + timedelta(minutes=2))
        self.assertEqual(self.window.purchase_order_ids.state, "purchase")
        self.assertEqual(len(self._mails_to(self.member_b)), 1)
        self.assertEqual(len(self._mails_to(self.baker.partner_id)), 1)

    def test_deadline_stays_once_ordered(self):
        self._run()
        with self.assertRaisesRegex(ValidationError, "its deadline stays"):
            self.baker.with_user(self.coordinator).closes_at += timedelta(hours=3)

    def test_minimum_is_the_buyers_decision_early_too(self):
        self.baker.minimum_amount = 500
        self._run()
        self.assertFalse(self.window.purchase_order_ids)
        self.assertIn(self.baker.partner_id.name, self.window.activity_ids.summary)
        self.baker.with_user(self.buyer).action_order_anyway()
        self.assertEqual(self.baker.purchase_order_id.state, "purchase")
        self.assertTrue(self.baker.early_ordered_at)

    def test_lead_time_gives_the_deadline(self):
        self.company.coop_tz = "Europe/Paris"
        self.producers[0].coop_lead_days = 4
        self.producers[1].coop_lead_days = 1
        with freeze_time("2026-10-18 08:00:00"):
            # Closes on Wednesday at 20:00, handed over on Saturday at 10:00, summer
            # time; the baker needs four days: Tuesday at 20:00.
            window = self._create_window(
                self.env,
                closes_at="2026-10-21 18:00:00",
                distribution_ids=[
                    (
                        0,
                        0,
                        {
                            "collection_point_id": self.point.id,
                            "date_start": "2026-10-24 08:00:00",
                            "date_end": "2026-10-24 10:00:00",
                        },
                    )
                ],
            )
        deadlines = {row.partner_id: row.closes_at for row in window.supplier_ids}
        self.assertEqual(str(deadlines[self.producers[0]]), "2026-10-20 18:00:00")
        self.assertFalse(deadlines[self.producers[1]])


@tagged("post_install", "-at_install")
class TestEarlyDecision(CoopOrdersCommon):
    """The baker closed early under the minimum; the window is open for the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.write({"send_early_orders": True})
        cls.window.with_user(cls.coordinator).action_open()
        cls.baker = cls.window.supplier_ids.filtered(
            lambda row: row.partner_id == cls.producers[0]
        )
        cls.order = cls._order(cls.window, cls.member, {0: 2, 1: 1})
        cls.baker.write(
            {"closes_at": cls.now - timedelta(minutes=1), "minimum_amount": 10}
        )
        cls.offer = cls.window.offer_ids[0]

    def setUp(self):
        super().setUp()
        with self.enter_registry_test_mode():
            self.env.ref("coop_orders.coop_order_window_cron").method_direct_trigger()
        self.env.invalidate_all()

    def _decide(self, decision, **values):
        action = self.baker.with_user(self.buyer).action_decide_minimum()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        form = Form(wizard.with_user(self.buyer))
        form.decision = decision
        for name, value in values.items():
            setattr(form, name, value)
        form.save().action_apply()

    def _mails_to(self, partner):
        return self.env["mail.mail"].search([("recipient_ids", "in", partner.ids)])

    def test_asks_for_a_decision_only_once_closed(self):
        self.assertTrue(self.baker.needs_decision)
        other = self.window.supplier_ids - self.baker
        other.minimum_amount = 500
        self.assertFalse(any(other.mapped("needs_decision")))
        with self.assertRaisesRegex(UserError, "nothing to decide"):
            other[0].with_user(self.buyer).action_decide_minimum()

    def test_completed_and_sent_at_once(self):
        self._decide("complete")
        order = self.baker.purchase_order_id
        self.assertEqual(order.state, "purchase")
        self.assertGreaterEqual(order.amount_untaxed, 10)
        self.assertEqual(self.window.purchase_order_ids, order)
        self.assertEqual(self.window.state, "open")
        self.assertFalse(self.baker.needs_decision)

    def test_taken_longer(self):
        until = self.now + timedelta(hours=5)
        self._decide("extend", closes_at=until)
        self.assertEqual(self.baker.closes_at, until)
        self.assertFalse(self.baker.early_closed_at)
        self.assertFalse(self._change(self.window, self.member, (self.offer, 12))[1])
        mail = self._mails_to(self.member)
        self.assertIn(
            format_local(self.env(context={"lang": "en_US"}), until, self.company),
            mail.body_html,
        )
        with freeze_time(until), self.enter_registry_test_mode():
            self.env.ref("coop_orders.coop_order_window_cron").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.baker.purchase_order_id.state, "purchase")
        self.assertEqual(self.baker.purchase_order_id.order_line.product_qty, 12)

    def test_not_longer_than_the_window(self):
        with self.assertRaisesRegex(UserError, "The window closes on"):
            self._decide("extend", closes_at=self.window.closes_at + timedelta(hours=1))

    def test_given_up_now(self):
        self._decide("cancel")
        line = self.order.order_line.filtered(lambda line: line.offer_id == self.offer)
        self.assertEqual((line.product_uom_qty, line.quantity_allocated), (2, 0))
        self.assertEqual(len(self._mails_to(self.member)), 1)
        self.assertFalse(self.window.allocated_at)
        self.window.with_user(self.buyer).action_close()
        self.window.with_user(self.buyer).action_create_purchase_orders()
        self.assertFalse(self.baker.purchase_order_id)
        self.assertTrue(self.window.purchase_order_ids)
        self.assertEqual(len(self._mails_to(self.member)), 1)
        self.assertEqual(line.quantity_allocated, 0)

    def test_stock_waits_for_the_end(self):
        with self.assertRaisesRegex(UserError, "once the window is closed"):
            self._decide("stock")
