# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, timedelta
from itertools import count

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.coop_purchase_planner.tests.test_purchase_plan import (
    TODAY,
    PurchasePlanCommon,
)

from ..hooks import post_init_hook

NUMBERS = count(1)


@tagged("post_install", "-at_install")
class TestExpiry(PurchasePlanCommon):
    """Ten loaves a day, Monday to Saturday; delivery in two days and a week later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bread.write(
            {"tracking": "lot", "use_expiration_date": True, "standard_price": 2}
        )
        cls.supplier.email = "farm@example.com"

    @classmethod
    def _sell(cls, product, *args, **kwargs):
        """Sales of lots that are not known: what they did is done."""
        product.tracking = "none"
        res = super()._sell(product, *args, **kwargs)
        product.tracking = "lot"
        return res

    def _add_lot(self, quantity, removal, product=None, shelf=None):
        """A lot on the shelf; ``removal`` is a date, or a moment in UTC."""
        product = product or self.bread
        if not isinstance(removal, datetime):
            removal = datetime.combine(removal, datetime.min.time())
        lot = self.env["stock.lot"].create(
            {
                "name": f"{product.name} {next(NUMBERS)}",
                "product_id": product.id,
                "expiration_date": removal + timedelta(1),
            }
        )
        lot.removal_date = removal
        self.env["stock.quant"]._update_available_quantity(
            product, shelf or self.shelf, quantity, lot_id=lot
        )
        return lot

    def _scrap(self, lot, quantity, day):
        """Thrown away at noon of a day."""
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "scrap_qty": quantity,
                "location_id": self.shelf.id,
            }
        )
        scrap.do_scrap()
        moment = datetime.combine(day, datetime.min.time()) + timedelta(hours=12)
        scrap.move_ids.date = moment
        scrap.move_ids.move_line_ids.date = moment

    def _compute(self, **values):
        plan = self._plan(**values)
        plan.action_compute()
        return self._line(plan, self.bread)

    def _count(self, product=None):
        """The weeks of the nightly task, as a buyer reads them: by date."""
        product = product or self.bread
        Forecast = self.env["coop.product.forecast"]
        self.env.flush_all()
        forecaster, open_days = Forecast._make_forecaster(self.company, TODAY)
        Forecast._store(self.company, TODAY, product.ids, forecaster, open_days)
        weeks = self.env["coop.shelf.week"].with_user(self.buyer)
        found = weeks.search([("product_id", "=", product.id)])
        return {week.date: week for week in found}

    # ------------------------------------------------------------------
    # What is no stock to count on
    # ------------------------------------------------------------------

    def test_what_goes_off_before_the_delivery_is_no_cover(self):
        self._sell(self.bread, 10)
        self._add_lot(30, TODAY + timedelta(1))
        line = self._compute()
        # Ten of thirty are sold today. Nothing is left for the seven days after.
        self.assertEqual(line.packs, 60)
        self.assertAlmostEqual(line.stock, 30)
        self.assertIn("20 will go off before the delivery", line.why)
        self.assertIn("stock 10", line.why)

    def test_what_keeps_is_cover(self):
        self._sell(self.bread, 10)
        self._add_lot(30, TODAY + timedelta(60))
        line = self._compute()
        self.assertEqual(line.packs, 50)
        self.assertNotIn("go off", line.why)

    def test_what_goes_off_after_the_delivery(self):
        self._sell(self.bread, 10)
        self._add_lot(50, TODAY + timedelta(3))
        line = self._compute()
        # Thirty are sold in three days, ten of them after the delivery.
        self.assertEqual(line.packs, 50)
        self.assertIn("20 will go off before it is sold", line.why)

    def test_what_is_out_of_date_already(self):
        self._sell(self.bread, 10)
        self._add_lot(30, TODAY - timedelta(2))
        line = self._compute()
        self.assertIn("30 out of date", line.why)
        self.assertIn("20 will be missing before the delivery", line.why)
        self.assertEqual(line.urgency, 0)
        # A loss of the last weeks, too: 30 of 240 + 30.
        self.assertAlmostEqual(line.loss_rate, 30 / 270)

    def test_weights_say_their_unit(self):
        self.bread.uom_id = self.env.ref("uom.product_uom_kgm")
        self.bread.seller_ids.product_uom_id = self.bread.uom_id
        self._sell(self.bread, 10)
        self._add_lot(13, TODAY + timedelta(1))
        self.assertIn("3 kg will go off before the delivery", self._compute().why)

    def test_the_day_is_the_cooperative_s(self):
        self._sell(self.bread, 10)
        # 23:30 UTC is half past midnight of the next day in Paris.
        self._add_lot(30, datetime(2022, 3, 21, 23, 30))
        line = self._compute()
        self.assertIn("20 will go off before the delivery", line.why)

    def test_removal_date_counts_before_expiry_date(self):
        self._sell(self.bread, 10)
        lot = self._add_lot(30, TODAY + timedelta(30))
        lot.removal_date = False
        lot.expiration_date = datetime(2022, 3, 22, 8)
        self.assertIn("20 will go off before the delivery", self._compute().why)

    def test_products_without_dates_are_as_before(self):
        self._sell(self.bread, 10)
        self._add_lot(30, TODAY + timedelta(1))
        self.bread.use_expiration_date = False
        self.assertEqual(self._compute().packs, 50)

    def test_shelf_life_is_the_product_s_expiry(self):
        self._sell(self.bread, 10)
        self.bread.write({"expiration_time": 5, "removal_time": 3})
        self.assertEqual(self._compute().packs, 20)
        self.bread.coop_shelf_life_days = 4
        self.assertEqual(self._compute().packs, 40)

    def test_another_company_s_lots_are_not_read(self):
        other = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", other.id)], limit=1
        )
        self._sell(self.bread, 10)
        self._add_lot(30, TODAY + timedelta(1), shelf=warehouse.lot_stock_id)
        self.assertNotIn("go off", self._compute().why)

    # ------------------------------------------------------------------
    # What is lost
    # ------------------------------------------------------------------

    def test_a_lot_is_lost_on_its_date_and_once(self):
        self._sell(self.bread, 10)
        lot = self._add_lot(30, date(2022, 3, 11))
        week = date(2022, 3, 7)
        expected = [{"quantity_lost": 30, "quantity_expired": 30, "amount_expired": 60}]
        self.assertRecordValues(self._count()[week], expected)
        # Half of it is taken away ten days later, in another week.
        self._scrap(lot, 15, TODAY - timedelta(1))
        weeks = self._count()
        self.assertRecordValues(weeks.pop(week), expected)
        self.assertEqual(sum(w.quantity_lost for w in weeks.values()), 0)

    def test_thrown_away_before_its_date_is_no_expiry(self):
        self._sell(self.bread, 10)
        lot = self._add_lot(30, TODAY + timedelta(20))
        self._scrap(lot, 6, date(2022, 3, 11))
        self.assertRecordValues(
            self._count()[date(2022, 3, 7)],
            [{"quantity_lost": 6, "quantity_expired": 0, "amount_expired": 0}],
        )

    def test_a_shelf_of_old_goods_is_sold_out(self):
        self._sell(self.bread, 10, weekdays=range(3))
        self._sell(self.jam, 1)
        self._add_lot(30, date(2022, 3, 16))
        # Wednesday something was thrown away; Thursday, Friday and Saturday nothing
        # could be sold any more, though thirty were there.
        with_dates = self._count()[date(2022, 3, 14)].days_out
        self.bread.use_expiration_date = False
        self.assertEqual(with_dates, self._count()[date(2022, 3, 14)].days_out + 3)

    def test_a_corrected_date_corrects_the_report(self):
        self._sell(self.bread, 10)
        lot = self._add_lot(30, date(2022, 3, 11))
        self._count()
        lot.removal_date = datetime(2022, 4, 30)
        lot.expiration_date = datetime(2022, 5, 1)
        week = self._count()[date(2022, 3, 7)]
        self.assertEqual((week.quantity_lost, week.quantity_expired), (0, 0))

    def test_what_was_counted_before_is_counted_again(self):
        self._sell(self.bread, 10, weeks=20)
        self._count()
        # As if dates were read from now on: eight weeks ago is not rewritten.
        self._add_lot(30, date(2022, 1, 21))
        week = date(2022, 1, 17)
        self.assertEqual(self._count()[week].quantity_lost, 0)
        post_init_hook(self.env)
        self.assertEqual(self._count()[week].quantity_expired, 30)

    def test_only_buyers_read_it(self):
        for user in (self.member_user, self.referent, self.producer_user):
            with self.assertRaises(AccessError):
                self.env["coop.shelf.week"].with_user(user).search_read(
                    [], ["quantity_expired"]
                )

    def test_queries_do_not_depend_on_the_number_of_lots(self):
        self._sell(self.bread, 10)
        counts = []
        # The first one reads what is kept from then on.
        for size in (1, 1, 60):
            for number in range(size):
                self._add_lot(1, TODAY + timedelta(number % 5))
            plan = self._plan()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plan.action_compute()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
