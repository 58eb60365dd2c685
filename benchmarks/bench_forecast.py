"""Forecast a bakery's sales one week ahead, beside the usual rule of thumb.

The data set is not part of the project: name the CSV file (article, date, quantity) as
the first argument or in COOP_FORECAST_SALES. Every Friday from April to June 2022 the
seven days to come are forecast for the 40 best-selling articles, from earlier days
only. The error is the WAPE: what was forecast wrongly over what was sold.

The second measure is a simulation: every Friday a week's goods are ordered, by the
planner and by "what was sold last week"; what misses and what is left are counted.
"""

import csv
import os
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
from tools.forecast import Forecaster  # noqa: E402
from tools.planner import Need, plan  # noqa: E402

FIRST, LAST = date(2022, 4, 1).toordinal(), date(2022, 6, 30).toordinal()
WEEK, ARTICLES = 7, 40


@dataclass
class ForecastResult(Result):
    """Errors as WAPE; `missing` and `left` over what customers wanted."""

    ours_error: float
    peer_error: float
    ours_missing: float
    peer_missing: float
    ours_left: float
    peer_left: float


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
        forecaster = Forecaster(shop, origin)
        for article in articles:
            expected[article, origin] = forecaster.forecast(sales[article], WEEK)
    return expected


def forecast_peer(sales, articles):
    """The mean of the last four same weekdays."""
    return {
        (article, origin): [
            sum(
                sales[article].get(origin + ahead - WEEK * ago, 0)
                for ago in range(1, 5)
            )
            / 4
            for ahead in range(WEEK)
        ]
        for origin in range(FIRST, LAST + 1, WEEK)
        for article in articles
    }


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
    theirs, peer_s = timed(forecast_peer, sales, articles)
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
    ForecastResult(
        name="forecast",
        n=len(ours) * WEEK,
        ours_s=ours_s,
        peer=(
            f"mean of the last four same weekdays, WAPE {peer_error:.3f} (ours"
            f" {ours_error:.3f}); ordering what was sold last week: missing"
            f" {peer_missing:.1%}, left {peer_left:.1%} (ours {ours_missing:.1%},"
            f" {ours_left:.1%})"
        ),
        peer_s=peer_s,
        queries=0,
        ours_error=round(ours_error, 4),
        peer_error=round(peer_error, 4),
        ours_missing=round(ours_missing, 4),
        peer_missing=round(peer_missing, 4),
        ours_left=round(ours_left, 4),
        peer_left=round(peer_left, 4),
    ).write()


if __name__ == "__main__":
    main()
