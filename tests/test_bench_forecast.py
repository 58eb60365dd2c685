"""The benchmark of forecasts measures whatever quarter its file ends with."""

import csv
from datetime import date, timedelta

import pytest

from benchmarks import bench_forecast as bench

START = date(2021, 1, 2)
# What a weekday sells, from Monday: closed on Wednesdays.
WEEKDAYS = (6, 8, 0, 7, 9, 14, 11)


def write_sales(path, last):
    """Three articles up to a day; the summer sells more, each week is a bit unlike."""
    with path.open("w", newline="") as output:
        writer = csv.writer(output)
        writer.writerow(["article", "date", "quantity", "unit_price"])
        for number in range((last - START).days + 1):
            day = START + timedelta(number)
            season = 1.5 if day.month in (7, 8) else 1.0
            for size, article in enumerate(("BREAD", "CAKE", "TART"), 1):
                noise = (number * 7919 * size) % 11 / 10
                sold = WEEKDAYS[day.weekday()] * season * (4 - size) * (0.5 + noise)
                if sold:
                    writer.writerow([article, day.isoformat(), round(sold, 1), 1])
    return path


@pytest.fixture
def read(tmp_path):
    def read_until(last):
        return bench.read_sales(write_sales(tmp_path / "sales.csv", last))

    return read_until


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (date(2022, 6, 30), date(2022, 4, 1)),
        (date(2022, 9, 30), date(2022, 7, 1)),
        (date(2022, 2, 28), date(2021, 12, 1)),
        (date(2022, 5, 30), date(2022, 2, 28)),
        (date(2022, 7, 14), date(2022, 4, 15)),
    ],
)
def test_the_quarter_is_the_last_three_months(last, first):
    period = bench.get_quarter(last.toordinal())
    assert period == (first.toordinal(), last.toordinal())
    assert period.origins[0] == period.first


def test_three_more_months_are_measured_by_themselves(read):
    short = bench.measure(read(date(2022, 6, 30)))
    assert (short.first_day, short.last_day) == ("2022-04-01", "2022-06-30")
    longer = bench.measure(read(date(2022, 9, 30)))
    assert (longer.first_day, longer.last_day) == ("2022-07-01", "2022-09-30")
    assert longer.n == 3 * 14 * 7
    # What was the last quarter is told beside, with the same errors: nothing that
    # came later was read.
    assert longer.quarters["2022-04-01"] == {
        "ours_error": short.ours_error,
        "peer_error": short.peer_error,
    }
    for key, errors in short.quarters.items():
        assert longer.quarters[key] == errors
    assert 0 < longer.ours_error < longer.last_week_error


def test_a_file_that_ends_within_a_month(read):
    result = bench.measure(read(date(2022, 5, 17)))
    assert (result.first_day, result.last_day) == ("2022-02-18", "2022-05-17")
    assert 0 < result.ours_error < result.last_week_error


def test_what_comes_later_is_not_read(read):
    sales, longer = read(date(2022, 6, 30)), read(date(2022, 9, 30))
    period = bench.get_quarter(date(2022, 6, 30).toordinal())
    articles = bench.get_best_sellers(sales)
    assert bench.forecast_ours(sales, articles, period) == bench.forecast_ours(
        longer, articles, period
    )


def test_too_short_a_file_says_so(read):
    with pytest.raises(ValueError, match="less than nine months"):
        bench.measure(read(date(2021, 6, 30)))
