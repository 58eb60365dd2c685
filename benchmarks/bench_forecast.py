"""Forecast a bakery's sales one week ahead, beside the usual rule of thumb.

The data set is not part of the project: name the CSV file (article, date, quantity) as
the first argument or in COOP_FORECAST_SALES. Every Friday from April to June 2022 the
seven days to come are forecast for the 40 best-selling articles, from earlier days
only. The error is the WAPE: what was forecast wrongly over what was sold. Libraries
that were tried and not taken, with their figures: ``docs/forecast.md``.

The second measure is a simulation: every Friday a week's goods are ordered, by the
planner and by "what was sold last week"; what misses and what is left are counted.

The third is size: 10,000 products with two years of days, forecast for four weeks.
"""

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

from benchmarks.harness import Result
from devtools import settings

# Plain Python: no Odoo has to be started for it.
sys.path.insert(0, str(settings.ROOT / "addons" / "coop_orders"))
from tools.forecast import PRODUCT_DAYS, Forecaster  # noqa: E402
from tools.planner import Need, plan  # noqa: E402

FIRST, LAST = date(2022, 4, 1).toordinal(), date(2022, 6, 30).toordinal()
WEEK, ARTICLES = 7, 40
MANY, MANY_DAYS, MANY_AHEAD, MANY_AT_ONCE = 10_000, 730, 28, 1_000


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
    products: int
    products_s: float
    products_mib: float


def read_sales(path):
    """``{article: {day: quantity}}``, days as ordinals, up to the last day."""
    sales = defaultdict(dict)
    with path.open(newline="") as rows:
        for row in csv.DictReader(rows):
            day = date.fromisoformat(row["date"]).toordinal()
            if day <= LAST:
                sales[row["article"]][day] = float(row["quantity"])
    return sales


def forecast_ours(sales, articles):
    """``{(article, origin): seven values}``."""
    shop = defaultdict(float)
    for history in sales.values():
        for day, sold in history.items():
            shop[day] += sold
    expected = {}
    for origin in range(FIRST, LAST + 1, WEEK):
        past = {
            article: {
                day: sold
                for day, sold in sales[article].items()
                if origin - PRODUCT_DAYS <= day < origin
            }
            for article in articles
        }
        found = Forecaster(shop, origin).forecast_all(past, WEEK)
        expected.update(
            {(article, origin): found[article].daily for article in articles}
        )
    return expected


def forecast_same_weekdays(sales, articles, agos):
    """The mean of the same weekdays so many weeks ago."""
    return {
        (article, origin): [
            sum(sales[article].get(origin + ahead - WEEK * ago, 0) for ago in agos)
            / len(agos)
            for ahead in range(WEEK)
        ]
        for origin in range(FIRST, LAST + 1, WEEK)
        for article in articles
    }


def forecast_many():
    """Seconds to forecast thousands of products, read as many at once as the ORM does.

    Half of them sell on most days, half now and then; what is read of each is made up
    when it is needed, and its time is not counted.
    """
    chance = random.Random(19)
    origin = LAST + 1
    days = [day for day in range(origin - MANY_DAYS, origin) if day % WEEK]
    shop = {day: 20_000 + 5_000 * (day % WEEK) for day in days}
    spent = 0.0
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
    return spent


def get_error(sales, expected):
    wrong = total = 0.0
    for (article, origin), values in expected.items():
        for day, value in enumerate(values, origin):
            if day <= LAST:
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
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("COOP_FORECAST_SALES")
    path = Path(named) if named else None
    if path is None or not path.is_file():
        sys.stderr.write(
            "    not measured: name the file of daily sales in COOP_FORECAST_SALES.\n"
        )
        return
    sales = read_sales(path)
    articles = sorted(sales, key=lambda article: -sum(sales[article].values()))
    articles = articles[:ARTICLES]
    ours, ours_s = timed(forecast_ours, sales, articles)
    theirs, peer_s = timed(forecast_same_weekdays, sales, articles, range(1, 5))
    last_week = forecast_same_weekdays(sales, articles, [1])
    last_year = forecast_same_weekdays(sales, articles, [52])
    whole_weeks = [key for key in ours if key[1] + WEEK - 1 <= LAST]
    our_orders = {key: plan(Need(ours[key])).quantity for key in whole_weeks}
    peer_orders = {
        (article, origin): sum(
            sales[article].get(origin - ago, 0) for ago in range(1, WEEK + 1)
        )
        for article, origin in whole_weeks
    }
    ours_error, peer_error = get_error(sales, ours), get_error(sales, theirs)
    ours_missing, ours_left = simulate(sales, our_orders)
    peer_missing, peer_left = simulate(sales, peer_orders)
    last_week_error = get_error(sales, last_week)
    last_year_error = get_error(sales, last_year)
    products_s = forecast_many()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ForecastResult(
        name="forecast",
        n=len(ours) * WEEK,
        ours_s=ours_s,
        peer=(
            f"WAPE {ours_error:.3f}; mean of the last four same weekdays"
            f" {peer_error:.3f}, same weekday last week {last_week_error:.3f}, last"
            f" year {last_year_error:.3f}. Ordering a week's goods: missing"
            f" {ours_missing:.1%}, left {ours_left:.1%}; what was sold last week:"
            f" missing {peer_missing:.1%}, left {peer_left:.1%}. {MANY:,} products x"
            f" {MANY_DAYS} days: {products_s:.1f} s, {memory:.0f} MiB"
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
        products=MANY,
        products_s=round(products_s, 2),
        products_mib=round(memory),
    ).write()


if __name__ == "__main__":
    main()
