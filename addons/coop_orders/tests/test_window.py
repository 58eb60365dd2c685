# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestWindow(CoopOrdersCommon):
    def test_code_given_by_itself(self):
        other = self._create_window(self.env)
        self.assertTrue(self.window.code)
        self.assertNotEqual(self.window.code, other.code)

    def test_open_by_coordinator_is_idempotent(self):
        window = self.window.with_user(self.coordinator)
        window.action_open()
        opened_at = window.opened_at
        window.action_open()
        self.assertEqual(window.state, "open")
        self.assertEqual(window.opened_by_id, self.coordinator)
        self.assertEqual(window.opened_at, opened_at)

    def test_open_without_offer_is_refused(self):
        self.window.offer_ids.unlink()
        with self.assertRaisesRegex(UserError, "Add what members can order"):
            self.window.with_user(self.coordinator).action_open()

    def test_open_after_closing_time_is_refused(self):
        self.window.closes_at = self.now - timedelta(hours=1)
        with self.assertRaisesRegex(UserError, "choose a later"):
            self.window.action_open()
        self.assertEqual(self.window.state, "draft")

    def test_referent_cannot_open(self):
        with self.assertRaises(AccessError):
            self.window.with_user(self.referent).action_open()

    def test_suppliers_follow_offers(self):
        self.assertEqual(self.window.supplier_ids.partner_id, self.producers)

    def test_price_is_frozen_by_the_first_order(self):
        offer = self.window.offer_ids[0]
        offer.price_unit = 2.5
        self._order(self.window, self.member, {0: 2})
        with self.assertRaisesRegex(UserError, "already ordered"):
            offer.price_unit = 3.0
        offer.product_id.list_price = 99
        line = offer.line_ids
        line.product_uom_qty = 3
        self.assertAlmostEqual(line.price_unit, 2.5)
        self.assertAlmostEqual(line.order_id.amount_total, 7.5)

    def test_cron_opens_and_closes_at_the_minute(self):
        self.window.opens_at = self.now + timedelta(hours=1)
        cron = self.env.ref("coop_orders.coop_order_window_cron")
        with self.enter_registry_test_mode():
            with freeze_time(self.now + timedelta(minutes=59)):
                cron.method_direct_trigger()
                self.assertEqual(self.window.state, "draft")
            with freeze_time(self.now + timedelta(minutes=60, seconds=1)):
                cron.method_direct_trigger()
                self.assertEqual(self.window.state, "open")
            self._order(self.window, self.member, {0: 1})
            with freeze_time(self.window.closes_at - timedelta(seconds=1)):
                cron.method_direct_trigger()
                self.assertEqual(self.window.state, "open")
            with freeze_time(self.window.closes_at):
                cron.method_direct_trigger()
        self.assertEqual(self.window.state, "closed")
        self.assertEqual(self.window.order_ids.state, "sale")

    def test_triggers_wake_the_cron(self):
        cron = self.env.ref("coop_orders.coop_order_window_cron")
        self.window.action_open()
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn(self.window.closes_at, triggers.mapped("call_at"))

    def test_one_failing_window_does_not_stop_the_others(self):
        other = self._create_window(self.env, name="Other")
        windows = self.window | other
        windows.action_open()
        closes_at = self.window.closes_at
        Window = type(self.window)
        close_door = Window._close_door

        def fail_for_one(window):
            if window.id == self.window.id:
                raise UserError("broken")  # pylint: disable=translation-required
            return close_door(window)

        cron = self.env.ref("coop_orders.coop_order_window_cron")
        with (
            self.enter_registry_test_mode(),
            freeze_time(closes_at + timedelta(minutes=1)),
            patch.object(Window, "_close_door", fail_for_one),
            self.assertLogs("odoo.addons.coop_orders", "ERROR"),
        ):
            cron.method_direct_trigger()
        self.assertEqual(other.state, "closed")
        self.assertEqual(self.window.state, "open")

    def test_closing_confirms_validated_and_drops_baskets(self):
        self.window.action_open()
        sent = self._order(self.window, self.member, {0: 2})
        basket = self._order(self.window, self.member_b, {1: 1}, state="draft")
        empty = self._order(self.window, self.paper_member, {}, state="draft")
        self.window.with_user(self.buyer).action_close()
        self.assertEqual(
            (sent.state, basket.state, empty.state), ("sale", "cancel", "cancel")
        )
        mails = self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "in", (sent + basket).ids)]
        )
        self.assertEqual(mails.recipient_ids, self.member_b)

    def test_closing_takes_baskets_if_the_window_says_so(self):
        self.window.basket_policy = "take"
        self.window.minimum_order_amount = 10
        self.window.action_open()
        basket = self._order(self.window, self.member, {5: 3}, state="draft")
        too_small = self._order(self.window, self.member_b, {0: 1}, state="draft")
        self.window.action_close()
        self.assertEqual((basket.state, too_small.state), ("sale", "cancel"))

    def test_dropped_basket_of_member_without_email_is_told_by_the_referent(self):
        self.window.action_open()
        self._order(self.window, self.paper_member, {0: 1}, state="draft")
        self.window.action_close()
        activity = self.paper_member.activity_ids
        self.assertEqual(activity.user_id, self.referent)

    def test_close_twice_changes_nothing(self):
        self.window.action_open()
        order = self._order(self.window, self.member, {0: 2})
        self.window.action_close()
        closed_at, date_order = self.window.closed_at, order.date_order
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            self.window.action_close()
        self.assertEqual(self.window.closed_at, closed_at)
        self.assertEqual(order.date_order, date_order)

    def test_closing_creates_no_delivery(self):
        self.window.action_open()
        order = self._order(self.window, self.member, {0: 2})
        self.window.action_close()
        self.assertFalse(order.picking_ids)

    def test_reopen(self):
        self.window.action_open()
        order = self._order(self.window, self.member, {0: 2})
        self.window.action_close()
        self.window.with_user(self.coordinator).action_reopen()
        self.assertEqual((self.window.state, order.state), ("open", "sent"))

    def test_reopen_is_refused_once_ordered(self):
        self.window.action_open()
        self._order(self.window, self.member, {0: 2})
        self.window.action_close()
        self.window.action_create_purchase_orders()
        with self.assertRaisesRegex(UserError, "already exist"):
            self.window.action_reopen()

    def test_cancel_tells_the_members(self):
        self.window.action_open()
        order = self._order(self.window, self.member, {0: 2})
        self.window.with_user(self.coordinator).action_cancel()
        self.assertEqual((self.window.state, order.state), ("cancelled", "cancel"))
        mail = self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        self.assertEqual(mail.recipient_ids, self.member)

    def test_opened_window_cannot_be_deleted(self):
        self.window.action_open()
        with self.assertRaises(UserError):
            self.window.unlink()

    def test_steps_of_the_board(self):
        self.assertEqual(self.window.next_step, "open")
        self.window.action_open()
        self.assertEqual(self.window.next_step, "close")
        self._order(self.window, self.member, {0: 2})
        self.window.action_close()
        self.assertEqual(self.window.next_step, "order")
        self.window.action_create_purchase_orders()
        self.assertEqual(self.window.next_step, "send")
        self.window.action_send_purchase_orders()
        self.assertEqual(self.window.next_step, "receive")
        self._receive(self.window, {})
        # "finish" here; add-ons that hand goods over put their steps before it.
        self.assertNotIn(self.window.next_step, ("open", "order", "send", "receive"))
        board = self.window.with_user(self.referent).board
        # All up to shared out; what came needs no answer from the producers any more.
        self.assertEqual(board.count("fa-check-circle"), 7)

    def test_template_prepares_the_next_window_over_summer_time(self):
        template = self.env["coop.order.window.template"].create(
            {
                "name": "Weekly",
                "recurrence": "weekly",
                "weekday": "6",
                "closing_hour": 20,
                "open_days": 3,
                "collection_point_ids": [(6, 0, self.point.ids)],
            }
        )
        self.company.coop_tz = "Europe/Paris"
        with freeze_time("2026-03-24 12:00:00"):
            self.window.write({"template_id": template.id})
            self.window.closes_at = "2026-03-22 19:00:00"
            template.with_user(self.coordinator).action_create_window()
        window = template.window_ids - self.window
        # Sunday 29 March 2026 is the first day of summer time: 20:00 is 18:00 UTC.
        self.assertEqual(str(window.closes_at), "2026-03-29 18:00:00")
        self.assertEqual(str(window.opens_at), "2026-03-26 19:00:00")
        self.assertEqual(len(window.offer_ids), len(self.window.offer_ids))
        self.assertEqual(window.distribution_ids.collection_point_id, self.point)
