# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import forecast, planner, shelf
from ..tools.forecast import Forecaster
from ..tools.planner import Need, plan

quick = settings(max_examples=120, deadline=None)
MONDAY = date(2022, 3, 21).toordinal()
sold = st.integers(0, 50)
histories = st.lists(sold, min_size=0, max_size=120).map(
    lambda values: {MONDAY - 1 - ago: value for ago, value in enumerate(values)}
)
amounts = st.floats(0, 1000, allow_nan=False)
needs = st.builds(
    Need,
    forecast=st.lists(st.floats(0, 60), min_size=1, max_size=20),
    lead=st.integers(0, 8),
    stock=st.floats(-50, 1000, allow_nan=False),
    incoming=amounts,
    committed=st.floats(0, 300),
    loss_rate=st.floats(0, 1),
    safety_days=st.floats(0, 5),
    pack_size=st.sampled_from([1.0, 6.0, 12.0, 0.25, 0.1]),
    minimum=st.floats(0, 60),
    shelf_life=st.none() | st.integers(0, 15),
    expiring=st.lists(st.tuples(st.integers(0, 12), st.floats(0, 100)), max_size=3),
)


def codes(suggestion):
    return [reason.code for reason in suggestion.reasons]


@tagged("post_install", "-at_install")
class TestForecast(BaseCase):
    def test_doctests(self):
        for module in (forecast, planner, shelf):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    def test_easter(self):
        for year, month, day in ((2019, 4, 21), (2021, 4, 4), (2024, 3, 31)):
            self.assertEqual(
                date.fromordinal(forecast.easter(year)), date(year, month, day)
            )

    def test_closed_days_are_no_bad_sales(self):
        shop = {MONDAY - ago: 50 for ago in range(1, 80)}
        for ago in (8, 9, 10):
            shop[MONDAY - ago] = 0
        self.assertEqual(Forecaster(shop, MONDAY).forecast(shop, 7), [50.0] * 7)

    def test_a_day_known_to_be_closed_sells_nothing(self):
        shop = {MONDAY - ago: 50 for ago in range(1, 80)}
        forecaster = Forecaster(shop, MONDAY, closed=[MONDAY + 2])
        self.assertEqual(forecaster.forecast(shop, 3), [50.0, 50.0, 0.0])

    def test_a_feast_weighs_what_it_weighed_last_year(self):
        ascension = date(2022, 5, 26).toordinal()
        origin = ascension - 3
        shop = dict.fromkeys(range(origin - 500, origin), 100)
        shop[date(2021, 5, 13).toordinal()] = 300
        sales = Forecaster(shop, origin).forecast(shop, 4)
        self.assertEqual([round(value) for value in sales[:3]], [100, 100, 100])
        self.assertGreater(sales[3], 240)

    def test_the_season_of_last_year_is_followed(self):
        origin = date(2022, 6, 20).toordinal()
        summer = date(2021, 6, 28).toordinal()
        shop = dict.fromkeys(range(origin - 500, summer), 100)
        shop.update(dict.fromkeys(range(summer, summer + 60), 300))
        shop.update(dict.fromkeys(range(summer + 60, origin), 100))
        sales = Forecaster(shop, origin).forecast(shop, 21)
        # The year may differ: a threefold season is believed in part.
        self.assertLess(sales[0], 120)
        self.assertGreater(sales[20], 125)

    def test_intermittent_demand_keeps_its_mean(self):
        shop = {MONDAY - ago: 50 for ago in range(1, 85)}
        sales = {MONDAY - ago: 8 for ago in range(1, 85, 4)}
        forecaster = Forecaster(shop, MONDAY)
        self.assertAlmostEqual(sum(forecaster.forecast(sales, 28)), 56, delta=9)

    def test_a_new_product_counts_from_its_first_sale(self):
        shop = {MONDAY - ago: 50 for ago in range(1, 85)}
        sales = {MONDAY - ago: 10 for ago in range(1, 6)}
        self.assertAlmostEqual(
            sum(Forecaster(shop, MONDAY).forecast(sales, 7)), 70, delta=1
        )

    def test_sold_out_is_not_low_demand(self):
        shop = {MONDAY - ago: 50 for ago in range(1, 120)}
        sales = {MONDAY - ago: 10 for ago in range(1, 120)}
        empty = [MONDAY - ago for ago in range(1, 11)]
        sales.update(dict.fromkeys(empty, 2))
        forecaster = Forecaster(shop, MONDAY)
        self.assertLess(sum(forecaster.forecast(sales, 7)), 40)
        self.assertAlmostEqual(
            sum(forecaster.forecast(sales, 7, sold_out=empty)), 70, delta=1
        )

    def test_sold_out_can_raise_the_forecast(self):
        shop = {MONDAY - ago: 50 for ago in range(1, 120)}
        sales = {MONDAY - ago: 10 for ago in range(1, 120)}
        empty = [MONDAY - ago for ago in range(1, 11)]
        sales.update(dict.fromkeys(empty, 20))
        expected = Forecaster(shop, MONDAY).forecast(sales, 7, sold_out=empty)
        self.assertGreater(sum(expected), 120)

    def test_a_steady_product_has_a_small_spread(self):
        shop = {MONDAY - ago: 50 for ago in range(1, 120)}
        steady = {MONDAY - ago: 10 for ago in range(1, 120)}
        moving = {MONDAY - ago: 5 + 10 * (ago * ago % 11 % 2) for ago in range(1, 120)}
        found = Forecaster(shop, MONDAY).forecast_all({1: steady, 2: moving}, 7)
        self.assertAlmostEqual(found[1].spread, 0, places=3)
        self.assertGreater(found[2].spread, 2)

    @quick
    @given(st.lists(histories, min_size=1, max_size=4))
    def test_together_as_one_by_one(self, products):
        shop = {MONDAY - ago: 50 for ago in range(1, 85)}
        forecaster = Forecaster(shop, MONDAY)
        together = forecaster.forecast_all(dict(enumerate(products)), 7)
        for number, history in enumerate(products):
            alone = forecaster.forecast(history, 7)
            for one, other in zip(alone, together[number].daily, strict=True):
                self.assertAlmostEqual(one, other, places=6)

    def test_a_monthly_distribution_is_not_every_week(self):
        days = range(MONDAY - 28 * 12, MONDAY, 28)
        shop = dict.fromkeys(days, 100)
        self.assertAlmostEqual(
            sum(Forecaster(shop, MONDAY).forecast(shop, 28)), 100, delta=60
        )

    def test_nothing_is_read_of_what_comes(self):
        shop = {MONDAY - ago: 50 + ago % 7 for ago in range(-30, 80)}
        past = {day: value for day, value in shop.items() if day < MONDAY}
        self.assertEqual(
            Forecaster(shop, MONDAY).forecast(shop, 14),
            Forecaster(past, MONDAY).forecast(past, 14),
        )

    @quick
    @given(histories, histories, st.integers(0, 30))
    def test_never_negative_nor_absurd(self, shop, sales, days):
        expected = Forecaster(shop, MONDAY).forecast(sales, days)
        self.assertEqual(len(expected), days)
        most = max(sales.values(), default=0)
        for value in expected:
            self.assertGreaterEqual(value, 0)
            self.assertLessEqual(value, most * 50)

    @quick
    @given(histories, st.integers(2, 9))
    def test_in_proportion(self, sales, factor):
        shop = {MONDAY - ago: 50 for ago in range(1, 85)}
        forecaster = Forecaster(shop, MONDAY)
        one = forecaster.forecast(sales, 7)
        many = forecaster.forecast(
            {day: value * factor for day, value in sales.items()}, 7
        )
        for few, more in zip(one, many, strict=True):
            self.assertAlmostEqual(few * factor, more, places=6)


@tagged("post_install", "-at_install")
class TestPlan(BaseCase):
    def test_cover_from_delivery_to_delivery(self):
        result = plan(Need([10.0] * 9, lead=2, stock=30))
        self.assertEqual((result.packs, result.quantity), (60, 60.0))

    def test_what_misses_before_the_delivery_is_not_ordered(self):
        result = plan(Need([10.0] * 9, lead=2, stock=5))
        self.assertEqual((result.packs, result.short), (70, 15.0))
        self.assertIn("short", codes(result))

    def test_incoming_counts(self):
        self.assertEqual(plan(Need([10.0] * 9, lead=2, incoming=90)).packs, 0)

    def test_losses_are_ordered_too(self):
        result = plan(Need([10.0] * 9, lead=0, loss_rate=0.1))
        self.assertEqual(result.packs, 100)

    def test_promises_beyond_the_forecast(self):
        result = plan(Need([1.0] * 4, committed=40))
        self.assertEqual(result.packs, 40)

    def test_a_pack_that_would_go_off_is_not_opened(self):
        need = Need([2.0] * 7, pack_size=12, shelf_life=3)
        self.assertEqual(plan(need).packs, 1)
        self.assertIn("shelf_life", codes(plan(need)))
        self.assertEqual(plan(need._replace(forecast=[0.5] * 7)).packs, 0)

    def test_stock_that_goes_off_does_not_count(self):
        result = plan(Need([5.0] * 4, stock=20, expiring=[(1, 20)]))
        self.assertEqual(result.packs, 15)

    def test_minimum(self):
        self.assertEqual(plan(Need([1.0] * 3, pack_size=6, minimum=13)).packs, 3)
        self.assertEqual(plan(Need([1.0] * 3, stock=3, minimum=13)).packs, 0)

    def test_bad_numbers(self):
        for bad in (
            Need([float("nan")]),
            Need([-1.0]),
            Need([1.0], pack_size=0),
            Need([1.0], loss_rate=2),
            Need([1.0], incoming=-1),
            Need([1.0], stock=float("inf")),
        ):
            with self.assertRaises(ValueError):
                plan(bad)

    @quick
    @given(needs)
    def test_whole_packs_never_negative(self, need):
        result = plan(need)
        self.assertIsInstance(result.packs, int)
        self.assertGreaterEqual(result.packs, 0)
        self.assertAlmostEqual(result.quantity, result.packs * need.pack_size)
        if result.packs:
            self.assertGreaterEqual(result.quantity, need.minimum - 1e-5)

    @quick
    @given(needs, st.floats(0, 500))
    def test_more_stock_never_orders_more(self, need, more):
        self.assertLessEqual(
            plan(need._replace(stock=need.stock + more)).packs, plan(need).packs
        )

    @quick
    @given(needs)
    def test_the_cover_is_reached_or_a_reason_says_why(self, need):
        result = plan(need)
        if "shelf_life" in codes(result):
            return
        usable = planner.usable_stock(need.stock, need.expiring, need.forecast)
        sold = sum(need.forecast)
        if need.committed <= sold:
            before = sum(need.forecast[: need.lead])
            left = max(usable + need.incoming - before, 0)
            self.assertGreaterEqual(left + result.quantity, sold - before - 1e-4)


days_of = st.dictionaries(st.integers(1, 90), st.integers(0, 30), max_size=60)


@tagged("post_install", "-at_install")
class TestShelf(BaseCase):
    def test_empty_for_long_is_not_sold_any_more(self):
        days = range(1, 61)
        sold = dict.fromkeys(range(1, 31), 5)
        stock = {day: 5 if day < 30 else 0 for day in days}
        self.assertFalse(shelf.find_sold_out(stock, sold, {}, days))
        self.assertEqual(
            shelf.find_sold_out(stock, sold, {}, days[:40]), set(range(30, 41))
        )

    def test_not_sold_out_before_it_was_sold(self):
        stock = dict.fromkeys(range(1, 11), 0)
        self.assertEqual(
            shelf.find_sold_out(stock, {8: 2}, {}, range(1, 11)), {8, 9, 10}
        )

    def test_a_week_is_counted_from_monday(self):
        monday = MONDAY - 14
        sold = dict.fromkeys(range(monday, monday + 10), 4)
        weeks = shelf.summarise(sold, {}, set(), list(sold), monday, monday + 10)
        self.assertEqual(
            [(week.start, week.open_days, week.sold) for week in weeks],
            [(monday, 7, 28), (monday + 7, 3, 12)],
        )

    @quick
    @given(days_of, days_of, st.integers(-20, 200))
    def test_evenings_add_up(self, came, went, stock):
        net = {
            day: came.get(day, 0) - went.get(day, 0)
            for day in came.keys() | went.keys()
        }
        found = shelf.evenings(net, stock, range(1, 91))
        self.assertEqual(found[90], stock)
        for day in range(2, 91):
            self.assertEqual(found[day] - found[day - 1], net.get(day, 0))

    @quick
    @given(days_of, days_of, st.sets(st.integers(1, 90)))
    def test_weeks_lose_nothing(self, sold, lost, sold_out):
        weeks = shelf.summarise(sold, lost, sold_out, sorted(sold), 1, 91)
        self.assertEqual(sum(week.sold for week in weeks), sum(sold.values()))
        self.assertEqual(sum(week.lost for week in weeks), sum(lost.values()))
        self.assertEqual(sum(week.days_out for week in weeks), len(sold_out))
        self.assertTrue(all(week.lost_sales >= 0 for week in weeks))
