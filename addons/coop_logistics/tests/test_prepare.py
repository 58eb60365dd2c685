# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import suppress
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import coop_distribution_background, coop_distribution_prepare
from .common import LogisticsCommon


@tagged("post_install", "-at_install")
class TestPrepare(LogisticsCommon):
    def test_prepare_makes_one_picking_an_order_in_one_batch(self):
        self._coop_receive(counted={self.carrots: 4.0})
        self.distribution.with_user(self.user_coordinator).action_prepare()
        self.assertEqual(self.distribution.state, "prepared")
        self.assertEqual(self.distribution.prepared_by_id, self.user_coordinator)
        pickings = (self.order | self.order_paper).picking_ids
        self.assertEqual(len(pickings), 2)
        self.assertEqual(pickings.batch_id, self.distribution.batch_id)
        self.assertEqual(self.distribution.batch_id.state, "in_progress")
        self.assertEqual(set(pickings.mapped("state")), {"assigned"})
        self.assertFalse(self.order_2.picking_ids)
        for line in self.order.order_line:
            self.assertEqual(line.move_ids.product_uom_qty, line.quantity_allocated)

    def test_prepare_reserves_the_goods(self):
        self._coop_receive()
        self.distribution.action_prepare()
        quant = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.carrots.id),
                ("location_id.usage", "=", "internal"),
            ]
        )
        self.assertEqual(quant.reserved_quantity, 4.0)
        self.assertEqual(quant.quantity, 6.0)

    def test_prepare_needs_shared_out_goods(self):
        self._coop_close()
        with self.assertRaisesRegex(UserError, "shared out|réparti"):
            self.distribution.with_user(self.user_coordinator).action_prepare()
        self.assertFalse(self.order.picking_ids)

    def test_prepare_again_changes_nothing(self):
        self._coop_receive()
        self.window.distribution_ids.action_prepare()
        moves = self.window.order_ids.picking_ids.move_ids
        self.window.distribution_ids.action_prepare()
        self.assertEqual(self.window.order_ids.picking_ids.move_ids, moves)
        self.assertEqual(len(self.window.distribution_ids.batch_id), 2)

    def test_prepare_follows_a_late_allocation(self):
        self._coop_receive(counted={self.carrots: 0.0})
        self.distribution.action_prepare()
        carrots = self._line(self.order, self.carrots)
        eggs = self._line(self.order, self.eggs)
        self.assertFalse(carrots.move_ids)
        carrots.quantity_allocated = 2.0
        eggs.quantity_allocated = 1.0
        self.distribution.action_prepare()
        self.assertEqual(carrots.move_ids.product_uom_qty, 2.0)
        self.assertEqual(eggs.move_ids.product_uom_qty, 1.0)
        self.assertEqual(eggs.move_ids.quantity, 1.0)

    def test_prepare_taken_back_allocation_cancels_the_move(self):
        self._coop_receive()
        self.distribution.action_prepare()
        eggs = self._line(self.order, self.eggs)
        eggs.quantity_allocated = 0.0
        self.distribution.action_prepare()
        self.assertEqual(eggs.move_ids.state, "cancel")

    def test_crash_in_the_middle_then_again(self):
        """Killed after a committed chunk: nothing is missing nor double afterwards."""
        self._coop_receive()
        distributions = self.window.distribution_ids
        done = []
        original = type(self.env["sale.order"])._coop_create_pickings

        def crash_on_second(orders, lines, added=None):
            if done:
                raise RuntimeError("killed")
            done.append(lines)
            return original(orders, lines, added)

        with (
            patch.object(coop_distribution_prepare, "CHUNK", 1),
            patch.object(
                type(self.env["sale.order"]), "_coop_create_pickings", crash_on_second
            ),
            suppress(RuntimeError),  # assertRaises would roll the first chunk back
        ):
            distributions.action_prepare()
        # As the background job leaves it, each chunk committed
        self.assertEqual(len(self.window.order_ids.picking_ids), 1)
        self.assertIn("planned", distributions.mapped("state"))
        distributions.action_prepare()
        self.assertEqual(len(self.window.order_ids.picking_ids), 3)
        self.assertEqual(len(self.window.order_ids.picking_ids.move_ids), 9)
        self.assertEqual(set(distributions.mapped("state")), {"prepared"})

    def test_many_baskets_go_to_the_background(self):
        self._coop_receive()
        with patch.object(coop_distribution_prepare, "BACKGROUND_FROM", 2):
            action = self.distribution.action_prepare()
        self.assertEqual(action["tag"], "display_notification")
        self.assertTrue(self.distribution.prepare_asked_at)
        self.assertFalse(self.order.picking_ids)
        with self.enter_registry_test_mode():
            self.env.ref(
                "coop_logistics.coop_distribution_cron"
            ).method_direct_trigger()
        self.assertEqual(self.distribution.state, "prepared")
        self.assertFalse(self.distribution.prepare_asked_at)
        self.assertEqual(len(self.order.picking_ids), 1)

    def test_the_page_says_how_far_it_is(self):
        """Stopped after a chunk: it says so, and goes on with what is left."""
        self._coop_receive()
        with patch.object(coop_distribution_prepare, "BACKGROUND_FROM", 2):
            self.distribution.with_user(self.user_referent).action_prepare()
        self.assertIn("0 of 2", self.distribution.background_text)
        Cron = type(self.env["ir.cron"])
        prepared = []
        original = type(self.env["sale.order"])._coop_prepare_deliveries

        def count(orders):
            prepared.append(len(orders))
            return original(orders)

        with (
            patch.object(coop_distribution_background, "CHUNK", 1),
            patch.object(
                type(self.env["sale.order"]), "_coop_prepare_deliveries", count
            ),
        ):
            with patch.object(Cron, "_commit_progress", lambda *a, **k: 0):
                self.env["coop.distribution"]._cron_prepare()
            self.assertIn("1 of 2", self.distribution.background_text)
            self.assertAlmostEqual(self.distribution.background_progress, 50.0)
            self.assertEqual(self.distribution.state, "planned")
            with patch.object(Cron, "_commit_progress", lambda *a, **k: 60):
                self.env["coop.distribution"]._cron_prepare()
        self.assertEqual(prepared, [1, 1], "nothing is gone through twice")
        self.assertFalse(self.distribution.background_text)
        self.assertEqual(self.distribution.state, "prepared")
        self.assertEqual(self.distribution.prepared_by_id, self.user_referent)
        self.assertEqual(len(self.distribution.order_ids.picking_ids), 2)

    def test_all_handed_over_in_the_background(self):
        self._coop_receive()
        distribution = self.distribution.with_user(self.user_referent)
        distribution.action_prepare()
        with self.assertRaises(UserError):
            distribution.action_serve_all()
        distribution.action_open()
        with self.assertRaises(AccessError):
            self.distribution.with_user(self.user_member).action_serve_all()
        with patch.object(coop_distribution_background, "SERVE_BACKGROUND_FROM", 2):
            distribution.action_serve_all()
        self.assertIn("0 of 2", self.distribution.background_text)
        Cron = type(self.env["ir.cron"])
        with patch.object(Cron, "_commit_progress", lambda *a, **k: 60):
            self.env["coop.distribution"]._cron_prepare()
        orders = self.distribution.order_ids
        self.assertEqual(set(orders.mapped("serve_state")), {"served"})
        self.assertEqual(orders.served_by_id, self.user_referent)
        self.assertEqual(set(orders.invoice_ids.mapped("state")), {"posted"})
        self.assertEqual(set(orders.picking_ids.mapped("state")), {"done"})
        self.assertFalse(self.distribution.background_text)

    def test_a_few_are_handed_over_at_once(self):
        self._coop_receive()
        distribution = self.distribution.with_user(self.user_referent)
        distribution.action_prepare()
        distribution.action_open()
        distribution.action_serve_all()
        self.assertEqual(
            set(self.distribution.order_ids.mapped("serve_state")), {"served"}
        )

    def test_referent_prepares_own_point_only(self):
        self._coop_receive()
        self.distribution.with_user(self.user_referent).action_prepare()
        self.assertEqual(self.distribution.state, "prepared")
        with self.assertRaises(AccessError):
            self.distribution_2.with_user(self.user_referent).action_prepare()
        self.assertFalse(self.order_2.picking_ids)

    def test_member_and_others_prepare_nothing(self):
        self._coop_receive()
        for user in (self.user_member, self.user_internal, self.user_producer):
            with self.assertRaises(AccessError):
                self.distribution.with_user(user).action_prepare()

    def test_queries_do_not_grow_with_orders(self):
        members = self.env["res.partner"].create(
            [
                {
                    "name": f"Membre {number:03d}",
                    **self._coop_member_values(self.group_toul, self.point_1),
                }
                for number in range(40)
            ]
        )
        self._coop_make_orders(self.window, members)
        self._coop_receive()
        self.distribution_2.action_prepare()  # warms the caches up
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.distribution.action_prepare()
        self.env.flush_all()
        queries = self.cr.sql_log_count - before
        # 42 orders × 3 lines: the number of each picking is Odoo's own sequence.
        self.assertLess(queries, 42 * 5 + 150)

    def test_window_leads_to_preparing_then_distributing(self):
        self.assertEqual(self.window.next_step, "close")
        self._coop_receive()
        self.window.invalidate_recordset()
        self.assertEqual(self.window.next_step, "baskets")
        window = self.window.with_user(self.user_coordinator)
        window.action_prepare_distributions()
        self.window.invalidate_recordset()
        self.assertEqual(self.window.next_step, "distribute")
        for distribution in self.window.distribution_ids:
            distribution.action_open()
            distribution.action_count()
            distribution.action_close()
        self.window.invalidate_recordset()
        self.assertEqual(self.window.next_step, "finish")
