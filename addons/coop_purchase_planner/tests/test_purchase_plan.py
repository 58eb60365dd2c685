# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon

TODAY = date(2022, 3, 21)  # a Monday


class PurchasePlanCommon(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("stock.group_stock_user")
        cls.startClassPatcher(freeze_time(f"{TODAY} 08:00:00"))
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.shelf = cls.warehouse.lot_stock_id
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.supplier = cls.producers[0]
        cls.bread, cls.jam = cls.products[0], cls.products[3]

    @classmethod
    def _sell(cls, product, quantity, weeks=4, weekdays=range(6)):
        """Done deliveries: ``quantity`` a day, Monday to Saturday."""
        days = [TODAY - timedelta(ago) for ago in range(1, 7 * weeks + 1)]
        moves = cls.env["stock.move"].create(
            [
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "location_id": cls.shelf.id,
                    "location_dest_id": cls.customers.id,
                }
                for day in days
                if day.weekday() in weekdays
            ]
        )
        open_days = [day for day in days if day.weekday() in weekdays]
        moves._action_confirm()
        for move in moves:
            move.quantity = quantity
            move.picked = True
        moves._action_done()
        for move, day in zip(moves, open_days, strict=True):
            moment = datetime.combine(day, datetime.min.time()) + timedelta(hours=11)
            move.date = moment
            move.move_line_ids.date = moment
        cls._set_stock(product, 0)

    @classmethod
    def _set_stock(cls, product, quantity):
        quants = cls.env["stock.quant"]
        present = quants._get_available_quantity(
            product, cls.shelf, allow_negative=True
        )
        quants._update_available_quantity(product, cls.shelf, quantity - present)

    def _plan(self, user=None, **values):
        return (
            self.env["coop.purchase.plan"]
            .with_user(user or self.buyer)
            .create(
                {
                    "partner_id": self.supplier.id,
                    "delivery_date": TODAY + timedelta(2),
                    "next_delivery_date": TODAY + timedelta(9),
                    "safety_days": 0,
                    **values,
                }
            )
        )

    def _line(self, plan, product):
        return plan.line_ids.filtered(lambda line: line.product_id == product)


@tagged("post_install", "-at_install")
class TestPurchasePlan(PurchasePlanCommon):
    def test_suggests_what_is_sold_until_the_next_delivery(self):
        self._sell(self.bread, 10)
        self._set_stock(self.bread, 30)
        plan = self._plan()
        plan.action_compute()
        line = self._line(plan, self.bread)
        # Two days before, seven days with a Sunday after; ten are left by then.
        self.assertEqual(line.packs, 50)
        self.assertAlmostEqual(line.stock, 30)
        self.assertAlmostEqual(line.forecast, 80)
        self.assertEqual(line.weekly_sales[-4:], [60, 60, 60, 60])
        self.assertEqual(plan.line_ids.product_id, self.bread | self.jam)

    def test_days_are_the_cooperative_s_own(self):
        self._sell(self.bread, 10, weekdays=[6])
        lines = self.env["stock.move.line"].search(
            [("product_id", "=", self.bread.id), ("state", "=", "done")]
        )
        # 00:30 on Sunday in Paris is still Saturday in UTC.
        for line in lines:
            line.date = line.date.replace(hour=0) - timedelta(minutes=30)
        plan = self._plan(delivery_date=TODAY, next_delivery_date=TODAY + timedelta(6))
        plan.action_compute()
        self.assertAlmostEqual(self._line(plan, self.bread).forecast, 0)

    def test_incoming_and_losses_count(self):
        self._sell(self.bread, 10)
        self._set_stock(self.bread, 100)
        scrap = self.env["stock.scrap"].create(
            {"product_id": self.bread.id, "scrap_qty": 60, "location_id": self.shelf.id}
        )
        scrap.do_scrap()
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.supplier.id,
                "order_line": [
                    Command.create({"product_id": self.bread.id, "product_qty": 5})
                ],
            }
        )
        order.button_confirm()
        plan = self._plan()
        plan.action_compute()
        line = self._line(plan, self.bread)
        self.assertAlmostEqual(line.incoming, 5)
        self.assertAlmostEqual(line.loss_rate, 60 / 300)
        # 40 + 5 - 20 are left at the delivery; 60 are sold and 15 lost after it.
        self.assertEqual(line.packs, 50)

    def test_what_is_missing_at_an_inventory_is_lost(self):
        self._sell(self.bread, 10)
        self._set_stock(self.bread, 100)
        quant = self.bread.stock_quant_ids.filtered(
            lambda q: q.location_id == self.shelf
        )
        quant.inventory_quantity = 40
        quant.action_apply_inventory()
        plan = self._plan()
        plan.action_compute()
        self.assertAlmostEqual(self._line(plan, self.bread).loss_rate, 60 / 300)

    def test_what_a_window_bought_is_neither_sales_nor_stock_to_come(self):
        window = self.window
        window.action_open()
        self._order(window, self.member, {0: 4})
        window.action_close_and_send()
        plan = self._plan(next_delivery_date=TODAY + timedelta(30))
        plan.action_compute()
        self.assertAlmostEqual(self._line(plan, self.bread).incoming, 0)
        self._receive(window, {})
        plan.action_compute()
        # On the shelf for an hour, and put aside for its member.
        self.assertAlmostEqual(self._line(plan, self.bread).stock, 0)

    def test_supplier_s_carton_and_minimum(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.bread.seller_ids.write({"product_uom_id": dozen.id, "min_qty": 6})
        self.bread.seller_ids.price = 24
        self._sell(self.bread, 1)
        plan = self._plan()
        plan.action_compute()
        line = self._line(plan, self.bread)
        self.assertEqual((line.packs, line.pack_size), (6, 12))
        self.assertAlmostEqual(line.price_unit, 2)
        self.assertAlmostEqual(line.price_subtotal, 144)
        plan.action_order()
        bought = plan.purchase_order_id.order_line
        self.assertEqual((bought.product_uom_id, bought.product_qty), (dozen, 6))
        self.assertAlmostEqual(bought.price_unit, 24)

    def test_shelf_life(self):
        self.bread.coop_shelf_life_days = 2
        self._sell(self.bread, 10)
        plan = self._plan()
        plan.action_compute()
        self.assertEqual(self._line(plan, self.bread).packs, 20)

    def test_closed_day(self):
        self._sell(self.bread, 10)
        closed = TODAY + timedelta(3)
        plan = self._plan(closed_dates=closed.strftime("%d/%m/%Y"))
        plan.action_compute()
        self.assertAlmostEqual(self._line(plan, self.bread).forecast, 70)

    def test_closed_days_that_are_no_dates(self):
        with self.assertRaisesRegex(ValidationError, "separated by commas"):
            self._plan(closed_dates="Christmas")

    def test_the_buyer_s_packs_are_kept(self):
        self._sell(self.bread, 10)
        plan = self._plan()
        plan.action_compute()
        self._line(plan, self.bread).packs = 7
        self._set_stock(self.bread, 40)
        plan.action_compute()
        line = self._line(plan, self.bread)
        self.assertEqual((line.packs, line.suggested_packs), (7, 40))
        plan.action_use_suggestions()
        self.assertEqual(line.packs, 40)

    def test_one_click_orders_and_sends_once(self):
        self._sell(self.bread, 10)
        plan = self._plan()
        plan.action_compute()
        plan.action_order()
        order = plan.purchase_order_id
        self.assertEqual((order.state, plan.state), ("purchase", "ordered"))
        self.assertEqual(order.order_line.product_id, self.bread)
        self.assertEqual(order.order_line.product_qty, 60)
        self.assertAlmostEqual(order.order_line.price_unit, 1)
        # Nine o'clock in Paris.
        self.assertEqual(order.date_planned, datetime(2022, 3, 23, 8))
        domain = [("model", "=", "purchase.order"), ("res_id", "=", order.id)]
        mails = self.env["mail.mail"].search(domain)
        self.assertEqual(len(mails), 1)
        self.assertNotIn("window", mails.body_html)
        self.assertEqual(len(mails.attachment_ids), 1)
        plan.action_order()
        self.assertEqual(plan.purchase_order_id, order)
        self.assertEqual(self.env["mail.mail"].search(domain), mails)

    def test_interrupted_before_sending_is_finished(self):
        self._sell(self.bread, 10)
        plan = self._plan()
        plan.action_compute()
        order = self.env["purchase.order"].create(plan._prepare_purchase_order_vals())
        plan.purchase_order_id = order
        plan.action_order()
        self.assertEqual(plan.purchase_order_id, order)
        self.assertTrue(order.coop_sent_at)

    def test_a_cancelled_order_can_be_made_again(self):
        self._sell(self.bread, 10)
        plan = self._plan()
        plan.action_compute()
        plan.action_order()
        first = plan.purchase_order_id
        first.sudo().button_cancel()
        self.assertEqual(plan.state, "draft")
        plan.action_order()
        self.assertNotEqual(plan.purchase_order_id, first)

    def test_nothing_to_order(self):
        plan = self._plan()
        plan.action_compute()
        with self.assertRaisesRegex(UserError, "Nothing to order"):
            plan.action_order()
        self.assertFalse(plan.purchase_order_id)

    def test_ordered_is_not_changed(self):
        self._sell(self.bread, 10)
        plan = self._plan()
        plan.action_compute()
        plan.action_order()
        with self.assertRaises(UserError):
            self._line(plan, self.bread).packs = 1
        with self.assertRaises(UserError):
            plan.action_compute()
        with self.assertRaises(UserError):
            plan.unlink()

    def test_dates_in_the_wrong_order(self):
        with self.assertRaises(UserError):
            self._plan(delivery_date=TODAY - timedelta(1)).action_compute()
        with self.assertRaisesRegex(ValidationError, "earlier date"):
            self._plan(next_delivery_date=TODAY + timedelta(400))

    def test_default_dates_follow_the_supplier_s_delay(self):
        self.bread.seller_ids.delay = 3
        plan = (
            self.env["coop.purchase.plan"]
            .with_user(self.buyer)
            .create({"partner_id": self.supplier.id})
        )
        self.assertEqual(plan.delivery_date, TODAY + timedelta(3))
        self.assertEqual(plan.next_delivery_date, TODAY + timedelta(10))

    def test_why_is_a_sentence(self):
        self._sell(self.bread, 10)
        self._set_stock(self.bread, 5)
        plan = self._plan()
        plan.action_compute()
        line = self._line(plan, self.bread)
        self.assertEqual(line.urgency, 0)
        self.assertEqual(
            line.why,
            "20 to sell before the delivery · 60 to sell in the 7 days after it"
            " · stock 5 · 15 will be missing before the delivery",
        )

    def test_why_leaves_out_what_says_nothing(self):
        self._sell(self.bread, 10)
        plan = self._plan(delivery_date=TODAY, next_delivery_date=TODAY + timedelta(7))
        plan.action_compute()
        why = self._line(plan, self.bread).why
        self.assertTrue(
            why.startswith("60 to sell in the 7 days after the delivery"), why
        )

    def test_other_roles_are_refused(self):
        plan = self._plan()
        for user in (self.referent, self.member_user, self.producer_user):
            with self.assertRaises(AccessError):
                self._plan(user=user)
            with self.assertRaises(AccessError):
                plan.with_user(user).read(["partner_id"])
            with self.assertRaises(AccessError):
                plan.with_user(user).action_compute()
            with self.assertRaises(AccessError):
                plan.with_user(user).action_order()

    def test_another_company_s_plan_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Other"})
        supplier = self.supplier
        plan = self.env["coop.purchase.plan"].create(
            {
                "partner_id": supplier.id,
                "company_id": other.id,
                "delivery_date": TODAY + timedelta(2),
            }
        )
        self.assertFalse(
            self.env["coop.purchase.plan"]
            .with_user(self.buyer)
            .search([("id", "=", plan.id)])
        )

    def test_queries_do_not_depend_on_the_number_of_products(self):
        counts = []
        for size in (10, 1500):
            supplier = self.env["res.partner"].create({"name": f"Supplier of {size}"})
            self.env["product.product"].create(
                [
                    {
                        "name": f"Good {index}",
                        "is_storable": True,
                        "seller_ids": [
                            Command.create({"partner_id": supplier.id, "price": 1})
                        ],
                    }
                    for index in range(size)
                ]
            )
            plan = self._plan(partner_id=supplier.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plan.action_compute()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(plan.line_ids), size)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 45)
