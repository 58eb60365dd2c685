# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models import coop_product_forecast
from ..tools.forecast import Forecaster
from . import test_purchase_plan

TODAY = test_purchase_plan.TODAY


@tagged("post_install", "-at_install")
class TestProductForecast(test_purchase_plan.PurchasePlanCommon):
    def _stored(self, product):
        return self.env["coop.product.forecast"].search(
            [("product_id", "=", product.id)]
        )

    def _compute(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "coop_purchase_planner.coop_product_forecast_cron"
            ).method_direct_trigger()

    def test_the_night_forecasts_what_the_plan_uses(self):
        self._sell(self.bread, 10)
        self._compute()
        stored = self._stored(self.bread)
        self.assertEqual(stored.computed_on, TODAY)
        self.assertEqual(stored.daily[:7], [10, 10, 10, 10, 10, 10, 0])
        # Marked, to see that the plan reads it and computes nothing.
        self.env.cr.execute(
            "UPDATE coop_product_forecast SET daily = %s WHERE id = %s",
            (str([3.0] * 120), stored.id),
        )
        plan = self._plan()
        plan.action_compute()
        self.assertAlmostEqual(self._line(plan, self.bread).forecast, 27)

    def test_the_forecast_is_the_one_that_the_benchmark_measures(self):
        """From the stock moves as from a file of daily sales."""
        weekdays = {self.bread.id: (10, range(6)), self.jam.id: (3, (0, 4))}
        sales = {}
        for product in self.bread | self.jam:
            quantity, sold_on = weekdays[product.id]
            self._sell(product, quantity, weekdays=sold_on)
            # Nothing was ever sold out.
            self._set_stock(product, 500)
            days = [TODAY - timedelta(ago) for ago in range(1, 29)]
            sales[product.id] = {
                day.toordinal(): quantity for day in days if day.weekday() in sold_on
            }
        shop = {}
        for history in sales.values():
            for day, quantity in history.items():
                shop[day] = shop.get(day, 0) + quantity
        expected = Forecaster(shop, TODAY.toordinal()).forecast_all(sales, 28)
        self.env.flush_all()
        found = self._plan()._get_forecasts(TODAY, list(sales))
        for product_id, (daily, spread, _days_out) in found.items():
            for ours, theirs in zip(
                daily[:28], expected[product_id].daily, strict=True
            ):
                self.assertAlmostEqual(ours, theirs, 6)
            self.assertAlmostEqual(spread, expected[product_id].spread, 6)

    def test_interrupted_it_goes_on_where_it_was(self):
        self._sell(self.bread, 10)
        self._sell(self.jam, 4)
        Cron = self.env.registry["ir.cron"]
        with (
            patch.object(coop_product_forecast, "AT_ONCE", 1),
            patch.object(Cron, "_commit_progress", side_effect=[60, 0]),
        ):
            self.env["coop.product.forecast"]._cron_compute()
        self.assertEqual(len(self._stored(self.bread) | self._stored(self.jam)), 1)
        with patch.object(Cron, "_commit_progress", return_value=60) as progress:
            self.env["coop.product.forecast"]._cron_compute()
        self.assertEqual(len(self._stored(self.bread) | self._stored(self.jam)), 2)
        # One was left: what was done is not done again.
        self.assertEqual(progress.call_args_list[0].kwargs, {"remaining": 1})

    def test_closed_days_sell_nothing_and_are_asked_once(self):
        self._sell(self.bread, 10)
        self._compute()
        self.env["coop.closed.day"].with_user(self.coordinator).create(
            {
                "name": "Stocktaking",
                "date_from": TODAY + timedelta(1),
                "date_to": TODAY + timedelta(2),
            }
        )
        self.assertFalse(self._stored(self.bread).computed_on)
        plan = self._plan()
        plan.action_compute()
        # Eight open days are left, less the two.
        self.assertAlmostEqual(self._line(plan, self.bread).forecast, 60)
        self._compute()
        self.assertEqual(self._stored(self.bread).daily[:7], [10, 0, 0, 10, 10, 10, 0])

    def test_a_closed_point_does_not_close_the_shop(self):
        self.env["coop.closed.day"].create(
            {
                "name": "The hall is let",
                "date_from": TODAY + timedelta(1),
                "collection_point_ids": self.point.ids,
            }
        )
        self._sell(self.bread, 10)
        self._compute()
        self.assertEqual(self._stored(self.bread).daily[1], 10)

    def test_sold_out_days_do_not_lower_the_forecast(self):
        """Ten a day until the shelf is empty; two came in the last week."""
        self._sell(self.bread, 10, weeks=8)
        moves = self.env["stock.move.line"].search(
            [
                ("product_id", "=", self.bread.id),
                ("state", "=", "done"),
                ("date", ">=", TODAY - timedelta(7)),
            ]
        )
        for line in moves:
            self.env.cr.execute(
                "UPDATE stock_move_line SET quantity_product_uom = 2 WHERE id = %s",
                (line.id,),
            )
        # Each morning two came: every evening of that week the shelf was empty.
        receipts = self.env["stock.move"].create(
            [
                {
                    "product_id": self.bread.id,
                    "product_uom_qty": 2,
                    "location_id": self.env.ref("stock.stock_location_suppliers").id,
                    "location_dest_id": self.shelf.id,
                }
                for _line in moves
            ]
        )
        receipts._action_confirm()
        for receipt in receipts:
            receipt.quantity = 2
            receipt.picked = True
        receipts._action_done()
        for receipt, line in zip(receipts, moves, strict=True):
            receipt.move_line_ids.date = line.date - timedelta(hours=3)
        self._set_stock(self.bread, 0)
        self._compute()
        stored = self._stored(self.bread)
        # And the Saturday before, when all had been sold.
        self.assertEqual(stored.days_out, 7)
        self.assertAlmostEqual(sum(stored.daily[:7]), 60, delta=2)
        week = self.env["coop.shelf.week"].search(
            [
                ("product_id", "=", self.bread.id),
                ("date", "=", TODAY - timedelta(7)),
            ]
        )
        self.assertEqual((week.days_out, week.open_days), (6, 6))
        self.assertAlmostEqual(week.quantity_sold, 12)
        self.assertAlmostEqual(week.quantity_missed, 48)
        self.assertAlmostEqual(week.amount_missed, 48 * self.bread.list_price)
        self.assertEqual(week.partner_id, self.supplier)
        self.assertAlmostEqual(week.out_rate, 1)

    def test_losses_are_counted_at_cost(self):
        self.bread.standard_price = 1.5
        self._sell(self.bread, 10)
        self._set_stock(self.bread, 100)
        self.env["stock.scrap"].create(
            {"product_id": self.bread.id, "scrap_qty": 20, "location_id": self.shelf.id}
        ).do_scrap()
        quant = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.bread.id),
                ("location_id", "=", self.shelf.id),
            ]
        )
        quant.inventory_quantity = 70
        quant.action_apply_inventory()
        for line in self.env["stock.move.line"].search(
            [
                ("product_id", "=", self.bread.id),
                ("location_dest_id.usage", "=", "inventory"),
            ]
        ):
            line.date -= timedelta(days=3)
        self._compute()
        found = (
            self.env["coop.shelf.week"]
            .with_user(self.buyer)
            ._read_group(
                [("product_id", "=", self.bread.id)],
                ["partner_id"],
                [
                    "quantity_lost:sum",
                    "amount_lost:sum",
                    "loss_rate:avg",
                    "days_out:sum",
                ],
            )
        )
        self.assertEqual(len(found), 1)
        supplier, lost, amount, rate, days_out = found[0]
        self.assertEqual((supplier, days_out), (self.supplier, 0))
        self.assertAlmostEqual(lost, 30)
        self.assertAlmostEqual(amount, 45)
        # Over all four weeks: 240 sold.
        self.assertAlmostEqual(rate, 30 / 270)

    def test_counted_again_it_is_corrected_not_doubled(self):
        self._sell(self.bread, 10)
        self._compute()
        weeks = self.env["coop.shelf.week"].search([("product_id", "=", self.bread.id)])
        before = sum(weeks.mapped("quantity_sold"))
        self.env["coop.product.forecast"]._forget(self.company)
        self._compute()
        weeks = self.env["coop.shelf.week"].search([("product_id", "=", self.bread.id)])
        self.assertAlmostEqual(before, 240)
        self.assertAlmostEqual(sum(weeks.mapped("quantity_sold")), before)

    def test_queries_do_not_depend_on_the_number_of_products(self):
        counts = []
        Forecast = self.env["coop.product.forecast"]
        forecaster, open_days = Forecast._make_forecaster(self.company, TODAY)
        for size in (5, 400):
            products = self.env["product.product"].create(
                [
                    {"name": f"Good {index}", "is_storable": True}
                    for index in range(size)
                ]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            Forecast._store(self.company, TODAY, products.ids, forecaster, open_days)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 10)

    def test_customers_are_counted(self):
        self._sell(self.bread, 10)
        plan = self._plan()
        plan.action_compute()
        # One delivery a day, six days a week.
        self.assertEqual(plan.weekly_visits[-4:], [6, 6, 6, 6])
        self.assertAlmostEqual(plan.visits_per_day, 24 / 28, delta=0.05)

    def test_the_chart_says_what_the_plan_says(self):
        self._sell(self.bread, 10)
        plan = self._plan()
        plan.action_compute()
        line = self._line(plan, self.bread)
        self.assertEqual(line.daily["start"], TODAY.toordinal() - 56)
        self.assertEqual(sum(line.daily["sold"]), 240)
        self.assertAlmostEqual(sum(line.daily["expected"]), line.forecast)
        self.assertEqual(line.daily["lead"], 2)

    def test_other_roles_and_companies_see_nothing(self):
        self._sell(self.bread, 10)
        self._compute()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "coop_other_buyer",
            "coop_base.coop_base_group_buyer",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in ("coop.product.forecast", "coop.shelf.week"):
            self.assertTrue(self.env[model].with_user(self.buyer).search_count([]))
            self.assertFalse(self.env[model].with_user(stranger).search_count([]))
            for user in (self.member_user, self.producer_user, self.referent):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search_count([])
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.buyer).search([]).unlink()
