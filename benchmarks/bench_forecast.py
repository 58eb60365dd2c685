"""Forecast a bakery's sales one week ahead, beside the usual rule of thumb.

The data set is not part of the project: name the CSV file (article, date, quantity) as
the first argument or in COOP_FORECAST_SALES. Measured are the last three months of the
file, whichever they are: every seventh day from their first one, the seven days to come
are forecast for the 40 best-selling articles, from earlier days only. The error is the
WAPE: what was forecast wrongly over what was sold. The quarters before are measured in
the same way and told beside. Libraries that were tried and not taken, with their
figures: ``docs/forecast.md``.

The second measure is a simulation: each time a week's goods are ordered, by the planner
and by "what was sold last week"; what misses and what is left are counted.

The third is size: 10,000 products with two years of days that are made up, forecast for
four weeks, beside the same rule of thumb: it needs no file and tells times alone.

Forecasts and orders are those of Odoo's planner: ``coop_purchase_planner/tools``.
"""

import calendar
import csv
import os
import random
import resource
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from benchmarks.harness import Result, run, size, tell
from devtools import settings
from devtools.console import CoopError
from devtools.progress import Progress

# Plain Python: no Odoo has to be started for it. At the end of the path, where it hides
# nothing.
sys.path.append(str(settings.ROOT / "addons" / "coop_purchase_planner"))
from tools.forecast import PRODUCT_DAYS, Forecaster  # noqa: E402
from tools.planner import Need, plan  # noqa: E402

WEEK, ARTICLES = 7, 40
HISTORY = 180  # days before a quarter, at least, for it to be measured
MANY_DAYS, MANY_AHEAD, MANY_AT_ONCE = 730, 28, 1_000
SECONDS = {"full": 45, "quick": 5}
MANY = size(full=10_000, quick=2_000)


@dataclass
class ForecastResult(Result):
    """Errors as WAPE; `missing` and `left` over what customers wanted."""

    ours_error: float
    peer_error: float
    last_week_error: float
    last_year_error: float
    ours_missing: float
    peer_missing: float
    ours_left: float
    peer_left: float
    first_day: str
    last_day: str
    quarters: dict
    products: int
    products_s: float
    products_mib: float


class Period(NamedTuple):
    """Days that are forecast, from the first to the last one, as ordinals."""

    first: int
    last: int

    @property
    def origins(self):
        return range(self.first, self.last + 1, WEEK)


def read_sales(path):
    """``{article: {day: quantity}}``, days as ordinals."""
    sales = defaultdict(dict)
    with path.open(newline="") as rows:
        for row in csv.DictReader(rows):
            day = date.fromisoformat(row["date"]).toordinal()
            sales[row["article"]][day] = float(row["quantity"])
    return sales


def get_quarter(last):
    """The three months that end with a day."""
    end = date.fromordinal(last + 1)
    year, month = end.year - (end.month <= 3), (end.month - 4) % 12 + 1
    day = min(end.day, calendar.monthrange(year, month)[1])
    return Period(date(year, month, day).toordinal(), last)


def get_quarters(sales):
    """The last three months and those before, while there is something to learn from.

    :return: list of :class:`Period`, the last one first
    """
    days = {day for history in sales.values() for day in history}
    period = get_quarter(max(days))
    periods = []
    while period.first - min(days) >= HISTORY:
        periods.append(period)
        period = get_quarter(period.first - 1)
    if not periods:
        raise ValueError("less than nine months of sales: nothing to measure")
    return periods


def get_best_sellers(sales):
    articles = sorted(sales, key=lambda article: -sum(sales[article].values()))
    return articles[:ARTICLES]


def forecast_ours(sales, articles, period):
    """``{(article, origin): seven values}``."""
    shop = defaultdict(float)
    for history in sales.values():
        for day, sold in history.items():
            shop[day] += sold
    expected = {}
    for origin in period.origins:
        past = {
            article: {
                day: sold
                for day, sold in sales[article].items()
                if origin - PRODUCT_DAYS <= day < origin
            }
            for article in articles
        }
        # Of the shop, too, what comes later is not even shown.
        known = {day: sold for day, sold in shop.items() if day < origin}
        found = Forecaster(known, origin).forecast_all(past, WEEK)
        expected.update(
            {(article, origin): found[article].daily for article in articles}
        )
    return expected


def forecast_same_weekdays(sales, articles, period, agos):
    """The mean of the same weekdays so many weeks ago."""
    return {
        (article, origin): [
            sum(sales[article].get(origin + ahead - WEEK * ago, 0) for ago in agos)
            / len(agos)
            for ahead in range(WEEK)
        ]
        for origin in period.origins
        for article in articles
    }


def forecast_many():
    """Seconds to forecast thousands of products, read as many at once as the ORM does:
    ours, and the mean of the last four same weekdays.

    Half of them sell on most days, half now and then; what is read of each is made up
    when it is needed, and its time is not counted.
    """
    chance = random.Random(19)
    origin = date(2024, 1, 1).toordinal()
    days = [day for day in range(origin - MANY_DAYS, origin) if day % WEEK]
    shop = {day: 20_000 + 5_000 * (day % WEEK) for day in days}
    spent = peer_spent = 0.0
    for start in range(0, MANY, MANY_AT_ONCE):
        sales = {
            number: {
                day: chance.randint(1, 20)
                for day in days
                if number % 2 or chance.random() < 0.2
            }
            for number in range(start, start + MANY_AT_ONCE)
        }
        begun = time.perf_counter()
        found = Forecaster(shop, origin).forecast_all(sales, MANY_AHEAD)
        spent += time.perf_counter() - begun
        if len(found) != MANY_AT_ONCE:
            raise ValueError("products were lost")
        begun = time.perf_counter()
        for first in range(origin, origin + MANY_AHEAD, WEEK):
            # Four weeks ahead, each like the last four known ones.
            ago = (first - origin) // WEEK
            agos = range(1 + ago, 5 + ago)
            week = Period(first, first)
            forecast_same_weekdays(sales, sales, week, agos)
        peer_spent += time.perf_counter() - begun
    return spent, peer_spent


def get_error(sales, expected, period):
    """The WAPE of forecasts; what is after the period does not count."""
    wrong = total = 0.0
    for (article, origin), values in expected.items():
        for day, value in enumerate(values, origin):
            if day <= period.last:
                sold = sales[article].get(day, 0)
                wrong += abs(value - sold)
                total += sold
    return wrong / total


def simulate(sales, orders):
    """(missing, left) of weekly orders, over what customers wanted."""
    missing = left = total = 0.0
    for (article, origin), quantity in orders.items():
        wanted = sum(sales[article].get(origin + ahead, 0) for ahead in range(WEEK))
        missing += max(wanted - quantity, 0)
        left += max(quantity - wanted, 0)
        total += wanted
    return missing / total, left / total


def timed(function, *args):
    start = time.perf_counter()
    return function(*args), time.perf_counter() - start


def main():
    with Progress(f"{MANY:,} products"):
        products_s, peer_s = forecast_many()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size_of_it = f"{MANY:,} products x {MANY_DAYS} days"
    Result(
        name="forecast_products",
        n=MANY,
        ours_s=products_s,
        peer=f"mean of the last four same weekdays, {size_of_it}; {memory:.0f} MiB",
        peer_s=peer_s,
        queries=0,
    ).write()
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("COOP_FORECAST_SALES")
    if not named:
        tell("errors not measured: name a file of daily sales in COOP_FORECAST_SALES")
        return
    path = Path(named)
    if not path.is_file():
        raise CoopError(f"COOP_FORECAST_SALES: there is no file {path.resolve()}.")
    with Progress("forecasting each quarter of the file"):
        result = measure(read_sales(path))
    result.products, result.products_s = MANY, round(products_s, 2)
    result.products_mib = round(memory)
    result.peer += f". {size_of_it}: {products_s:.1f} s, {memory:.0f} MiB"
    result.write()


def measure(sales):
    """The last three months of the sales: :class:`ForecastResult`, without the size."""
    articles = get_best_sellers(sales)
    period, *earlier = get_quarters(sales)
    ours, ours_s = timed(forecast_ours, sales, articles, period)
    theirs, peer_s = timed(forecast_same_weekdays, sales, articles, period, range(1, 5))
    last_week = forecast_same_weekdays(sales, articles, period, [1])
    last_year = forecast_same_weekdays(sales, articles, period, [52])
    whole_weeks = [key for key in ours if key[1] + WEEK - 1 <= period.last]
    our_orders = {key: plan(Need(ours[key])).quantity for key in whole_weeks}
    peer_orders = {
        (article, origin): sum(
            sales[article].get(origin - ago, 0) for ago in range(1, WEEK + 1)
        )
        for article, origin in whole_weeks
    }
    ours_error = get_error(sales, ours, period)
    peer_error = get_error(sales, theirs, period)
    last_week_error = get_error(sales, last_week, period)
    last_year_error = get_error(sales, last_year, period)
    ours_missing, ours_left = simulate(sales, our_orders)
    peer_missing, peer_left = simulate(sales, peer_orders)
    first, last = (date.fromordinal(day).isoformat() for day in period)
    return ForecastResult(
        name="forecast",
        n=len(ours) * WEEK,
        ours_s=ours_s,
        peer=(
            f"{first} to {last}: WAPE {ours_error:.3f}; mean of the last four same"
            f" weekdays {peer_error:.3f}, same weekday last week"
            f" {last_week_error:.3f}, last year {last_year_error:.3f}. Ordering a"
            f" week's goods: missing {ours_missing:.1%}, left {ours_left:.1%}; what was"
            f" sold last week: missing {peer_missing:.1%}, left {peer_left:.1%}"
        ),
        peer_s=peer_s,
        queries=0,
        ours_error=round(ours_error, 4),
        peer_error=round(peer_error, 4),
        ours_missing=round(ours_missing, 4),
        peer_missing=round(peer_missing, 4),
        ours_left=round(ours_left, 4),
        peer_left=round(peer_left, 4),
        last_week_error=round(last_week_error, 4),
        last_year_error=round(last_year_error, 4),
        first_day=first,
        last_day=last,
        quarters={
            date.fromordinal(quarter.first).isoformat(): _compare(
                sales, articles, quarter
            )
            for quarter in earlier
        },
        products=0,
        products_s=0.0,
        products_mib=0.0,
    )


def _compare(sales, articles, period):
    """Both errors of an earlier quarter."""
    ours = forecast_ours(sales, articles, period)
    theirs = forecast_same_weekdays(sales, articles, period, range(1, 5))
    return {
        "ours_error": round(get_error(sales, ours, period), 4),
        "peer_error": round(get_error(sales, theirs, period), 4),
    }


if __name__ == "__main__":
    run(main)
