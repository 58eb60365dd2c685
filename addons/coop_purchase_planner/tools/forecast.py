# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Daily sales of the coming days: plain Python, no ORM.

How to use
==========

Days are ordinals (``date.toordinal()``), quantities are in the product's unit. What the
whole shop sold each day is read once; each product needs its last weeks only
(:data:`PRODUCT_DAYS`), so that thousands of products are forecast in seconds:

>>> from datetime import date
>>> today = date(2022, 3, 21).toordinal()  # a Monday
>>> shop = {day: 100 if day % 7 else 0 for day in range(today - 60, today)}
>>> bread = {day: sold / 10 for day, sold in shop.items()}
>>> forecaster = Forecaster(shop, today)
>>> [round(sold, 1) for sold in forecaster.forecast(bread, 7)]  # closed on Sundays
[10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 0.0]

Only days before the origin are read: what comes later changes nothing, so that the past
can be replayed ("what would we have ordered?") without cheating.

How it works
============

*Closed days* (nothing sold in the whole shop) are no days of bad sales: they are left
out. A weekday is taken as closed when it was lately.

*Special days*, feasts and their long weekends, are left out of the ordinary level. In
the forecast they weigh what the same feast weighed last year in the whole shop.

The forecast of a product for an ordinary day is *exponential smoothing* with an
additive weekday (Holt-Winters without trend) over a year of open days. Forty-two pairs
of smoothing constants run side by side, for hundreds of products at once in numpy
arrays; each product weighs them by their errors of the last weeks, so that a steady
product keeps a long memory and a moving one a short one. It then follows *the season*:
how the shop moved between the same two weeks last year, much damped.

*Sold out is not low demand*: on a day that ended with an empty shelf, sales are the
least that was wanted. They can raise the forecast and never lower it.

*Intermittent demand* needs nothing else: the pairs with a long memory come out first,
and the expected value is a mean, which a median (zero) is not.

Method and parameters were chosen on July 2021 to March 2022 of a real bakery's sales,
beside statsforecast, LightGBM and scikit-learn (``docs/forecast.md``);
``benchmarks/bench_forecast.py`` measures the months after.
"""

from bisect import bisect_left
from datetime import date
from functools import lru_cache
from statistics import fmean, median
from typing import NamedTuple

import numpy as np

WEEK = 7
SMOOTH_DAYS = 52 * WEEK
PRODUCT_DAYS = SMOOTH_DAYS  # of a product's own history
SHOP_DAYS = 800  # of the shop's: two years and the weeks before
ALPHAS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6)  # of the level
GAMMAS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3)  # of the weekday
JUDGE_DAYS = 12 * WEEK  # errors that choose between them
TRUST = 20.0  # how much a better pair outweighs
START_DAYS = 24
CHUNK = 500  # products smoothed at once: some megabytes
SEASON_POWER = 0.25  # how far the season of last year is believed
SPECIAL_POWER = 0.85
YEAR = 52 * WEEK

# Days around Easter that are unlike others in France, and the fixed feasts.
AROUND_EASTER = (-2, -1, 0, 1, 39, 40, 41, 42, 48, 49, 50)
FIXED_FEASTS = (
    (1, 1),
    (5, 1),
    (5, 8),
    (7, 14),
    (8, 15),
    (11, 1),
    (11, 11),
    (12, 24),
    (12, 25),
    (12, 31),
)


@lru_cache(maxsize=256)
def easter(year):
    """Ordinal of Easter Sunday (anonymous Gregorian computus).

    >>> date.fromordinal(easter(2022)).isoformat()
    '2022-04-17'
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % WEEK
    m = (a + 11 * h + 19 * weekday) // 433
    month = (h + weekday - 7 * m + 90) // 25
    return date(year, month, (h + weekday - 7 * m + 33 * month + 19) % 32).toordinal()


@lru_cache(maxsize=4096)
def special_day_last_year(day):
    """Last year's same feast, or None for an ordinary day.

    >>> ascension = date(2022, 5, 26).toordinal()
    >>> date.fromordinal(special_day_last_year(ascension)).isoformat()
    '2021-05-13'
    >>> special_day_last_year(date(2022, 6, 15).toordinal())
    """
    when = date.fromordinal(day)
    offset = day - easter(when.year)
    if offset in AROUND_EASTER:
        return easter(when.year - 1) + offset
    if (when.month, when.day) in FIXED_FEASTS:
        return when.replace(year=when.year - 1).toordinal()
    return None


def is_special(day):
    """Whether sales of this day say nothing of ordinary days."""
    return special_day_last_year(day) is not None


class Forecast(NamedTuple):
    """``daily``: expected sales of each day; ``spread``: usual error of a day, both in
    the product's unit."""

    daily: list
    spread: float


class Forecaster:
    """What the shop's own history says about the days from ``origin`` on.

    :param dict shop: what the whole shop sold, by day; a day without sales is closed
    :param int origin: first day of the forecast, of which nothing is known yet
    :param closed: days to come that are known to be closed
    :param int first: first day of the shop's history; days of ``shop`` before are
        ignored. Default: the first day with sales
    """

    def __init__(self, shop, origin, closed=(), first=None):
        self.origin = origin
        self.shop = {
            day: sold
            for day, sold in shop.items()
            if sold > 0 and day < origin and (first is None or day >= first)
        }
        self.first = min(self.shop, default=origin) if first is None else first
        self.closed = frozenset(closed)
        self.ordinary = {
            day: sold for day, sold in self.shop.items() if not is_special(day)
        }
        # Most recent first, in the weeks that count.
        self.recent_days = sorted(
            (day for day in self.ordinary if day >= origin - 12 * WEEK), reverse=True
        )
        self.by_weekday = [
            [day for day in self.recent_days if day % WEEK == weekday]
            for weekday in range(WEEK)
        ]
        self.profile = self._get_shop_profile()
        self._factors = {}

    def _get_shop_profile(self):
        """Sales of each weekday (by ``day % 7``) over those of the mean open day."""
        means = [
            fmean(self.ordinary[day] for day in days) if days else None
            for days in self.by_weekday
        ]
        known = [mean for mean in means if mean is not None]
        overall = fmean(known) if known else 1.0
        return [1.0 if mean is None else mean / overall for mean in means]

    def _get_open_rate(self, day):
        """How likely the shop is open on this day, 0 to 1."""
        if day in self.closed:
            return 0.0
        past = day - ((day - self.origin) // WEEK + 1) * WEEK
        flags = [
            when in self.shop
            for when in range(past, past - 8 * WEEK, -WEEK)
            if when >= self.first
        ]
        if not flags:
            # Less than a week of history: open, as nothing says the contrary.
            return 1.0
        if all(flags[:2]) or (any(flags[:2]) and fmean(flags) >= 0.75):
            return 1.0
        if not any(flags) or (len(flags) > 3 and not any(flags[:3]) and all(flags[3:])):
            return 0.0
        return fmean(flags)

    def _get_special_factor(self, day):
        """What a feast weighs beside an ordinary same weekday (1: as much)."""
        past = special_day_last_year(day)
        if past is None or past < self.first:
            return 1.0
        around = [
            self.ordinary[when]
            for when in range(past - 4 * WEEK, past + 4 * WEEK + 1, WEEK)
            if when in self.ordinary
        ]
        if not around:
            return 1.0
        if past not in self.shop:
            return 0.0
        return (self.shop[past] / median(around)) ** SPECIAL_POWER

    def _get_level(self, start, stop):
        """Mean of the shop's ordinary days without their weekday's weight, or None."""
        values = [
            self.ordinary[day] / self.profile[day % WEEK]
            for day in range(start, stop)
            if day in self.ordinary
        ]
        return fmean(values) if values else None

    def _get_season_factor(self, day):
        """How the shop moved last year from now to then, damped."""
        if self.origin - YEAR - 4 * WEEK < self.first:
            return 1.0
        then = self._get_level(day - YEAR - 6, day - YEAR + WEEK)
        now = self._get_level(self.origin - YEAR - 4 * WEEK, self.origin - YEAR)
        if not then or not now:
            return 1.0
        return min(max(then / now, 0.25), 4.0) ** SEASON_POWER

    def get_factor(self, day):
        """What a day to come weighs beside an ordinary same weekday of these weeks."""
        if day not in self._factors:
            rate = self._get_open_rate(day)
            self._factors[day] = (
                rate * self._get_special_factor(day) * self._get_season_factor(day)
                if rate
                else 0.0
            )
        return self._factors[day]

    def forecast(self, sales, days, sold_out=()):
        """Expected sales of one product, see :meth:`forecast_all`: list of floats."""
        return self.forecast_all({0: sales}, days, {0: sold_out})[0].daily

    def forecast_all(self, sales, days, sold_out=None):
        """Expected sales of each product on each of the ``days`` from the origin on.

        :param dict sales: ``{key: {day: quantity}}``, at least of the last
            :data:`PRODUCT_DAYS`; returns beyond sales (negative days) count as zero
        :param dict sold_out: ``{key: days}`` on which the shelf was empty in the
            evening: what was sold is the least that was wanted
        :return: ``{key: Forecast}``, never negative
        """
        sold_out = sold_out or {}
        factors = [self.get_factor(self.origin + ahead) for ahead in range(days)]
        result, known = {}, []
        for key, history in sales.items():
            if any(
                day in self.ordinary and quantity > 0
                for day, quantity in history.items()
            ):
                known.append(key)
            else:
                result[key] = Forecast([0.0] * days, 0.0)
        for start in range(0, len(known), CHUNK):
            keys = known[start : start + CHUNK]
            levels, spreads = self._smooth(
                [sales[key] for key in keys], [sold_out.get(key, ()) for key in keys]
            )
            for key, weekdays, spread in zip(keys, levels, spreads, strict=True):
                result[key] = self._spell_out(weekdays, spread, factors)
        return result

    def _spell_out(self, weekdays, spread, factors):
        daily = [
            weekdays[(self.origin + ahead) % WEEK] * factor
            for ahead, factor in enumerate(factors)
        ]
        return Forecast(daily, spread)

    def _smooth(self, histories, sold_out):
        """Exponential smoothing of several products at once.

        :return: two lists: the seven expected sales by weekday (``day % 7``) of each
            product, and its usual error of a day
        """
        days = sorted(day for day in self.ordinary if day >= self.origin - SMOOTH_DAYS)
        columns = {day: number for number, day in enumerate(days)}
        sold = np.zeros((len(days), len(histories)))
        least = np.zeros(sold.shape, dtype=bool)  # what was sold is the least wanted
        starts = np.zeros(len(histories), dtype=int)
        for number, (history, empty) in enumerate(
            zip(histories, sold_out, strict=True)
        ):
            for day, quantity in history.items():
                if day in columns:
                    sold[columns[day], number] = max(quantity, 0.0)
            for day in empty:
                if day in columns:
                    least[columns[day], number] = True
            first = min(day for day, quantity in history.items() if quantity > 0)
            starts[number] = bisect_left(days, first)
        on_sale = np.arange(len(days))[:, None] >= starts
        counted = on_sale & ~least
        # Where each product starts: its first four weeks, spread as the shop's.
        begun = counted & (np.cumsum(counted, axis=0) <= START_DAYS)
        level = np.where(begun, sold, 0.0).sum(axis=0) / np.maximum(
            begun.sum(axis=0), 1
        )
        profile = np.array(self.profile)
        alphas = np.repeat(ALPHAS, len(GAMMAS))[:, None]
        gammas = np.tile(GAMMAS, len(ALPHAS))[:, None]
        shape = (len(alphas), len(histories))
        levels = np.broadcast_to(level, shape).copy()
        weekdays = np.empty((WEEK, *shape))
        weekdays[:] = (profile[:, None] - 1)[:, :, None] * level
        errors, judged = np.zeros(shape), np.zeros(len(histories))
        for number, day in enumerate(days):
            weekday = weekdays[day % WEEK]
            error = sold[number] - (levels + weekday)
            # Sold out: more was wanted perhaps, less was not. Not on sale: no news.
            error = np.where(least[number], np.maximum(error, 0.0), error)
            error = np.where(on_sale[number], error, 0.0)
            if day >= self.origin - JUDGE_DAYS:
                errors += np.abs(error)
                judged += counted[number]
            levels += alphas * error
            weekday += gammas * error
        best = np.maximum(errors.min(axis=0), 1e-9)
        weights = np.exp(-TRUST * (errors / best - 1))
        weights /= weights.sum(axis=0)
        expected = (np.maximum(levels + weekdays, 0.0) * weights).sum(axis=1)
        spreads = (errors * weights).sum(axis=0) / np.maximum(judged, 1)
        return expected.T.round(9).tolist(), spreads.tolist()
