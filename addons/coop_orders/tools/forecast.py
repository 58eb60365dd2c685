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

The forecast of a product for an ordinary day is half a robust mean of its last same
weekdays, half its level of the last days times its weekday profile, which leans on the
shop's where the product sold little. It follows *the season*: how the shop moved
between the same two weeks last year, damped, when there is a year of history.

*Intermittent demand* (nothing on most days) follows its probability and its size
(Teunter, Syntetos and Babai, 2011): what matters is the sum until the next delivery,
and a median would say zero.

Parameters were chosen on October 2021 to March 2022 of a real bakery's sales; see
``benchmarks/bench_forecast.py`` for the months after.
"""

from datetime import date
from functools import lru_cache
from statistics import fmean, median

WEEK = 7
PRODUCT_DAYS = 12 * WEEK + 14  # of a product's own history
SHOP_DAYS = 800  # of the shop's: two years and the weeks before
SAME_WEEKDAYS = 8
LEVEL_DAYS = 10
FADE_WEEK, FADE_DAY = 0.8, 0.9
SEASON_POWER = 0.5  # how far the season of last year is believed
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


def _fading_mean(values, fade):
    weight, total, weights = 1.0, 0.0, 0.0
    for value in values:
        total += weight * value
        weights += weight
        weight *= fade
    return total / weights


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

    def is_intermittent(self, sales):
        """Whether the product is sold on fewer than half of the last open days."""
        days = self._get_days_on_sale(sales)
        return 2 * sum(1 for day in days if sales.get(day, 0) > 0) < len(days)

    def _get_days_on_sale(self, sales):
        """The last ordinary open days since the product was first sold."""
        start = min((day for day, sold in sales.items() if sold > 0), default=None)
        if start is None:
            return []
        return [day for day in self.recent_days if day >= start]

    def forecast(self, sales, days):
        """Expected sales of one product on each of the ``days`` from the origin on.

        :param dict sales: the product's sales by day, at least of the last
            :data:`PRODUCT_DAYS`; returns beyond sales (negative days) count as zero
        :return: list of floats, never negative
        """
        history = self._get_days_on_sale(sales)
        coming = range(self.origin, self.origin + days)
        if not history:
            return [0.0] * days
        values = {day: max(float(sales.get(day, 0)), 0.0) for day in history}
        if self.is_intermittent(sales):
            expected = self._expect_intermittent(history, values)
        else:
            expected = self._expect_regular(history, values)
        return [expected[day % WEEK] * self.get_factor(day) for day in coming]

    def _expect_intermittent(self, history, values, fade=0.05):
        """Expected sales by weekday: probability of a sale times its size."""
        sizes = [sold for sold in values.values() if sold]
        chance, size = len(sizes) / len(values), fmean(sizes)
        for day in reversed(history):
            sold = values[day]
            chance += fade * ((1.0 if sold else 0.0) - chance)
            if sold:
                size += fade * (sold - size)
        profile = self._get_product_profile(history, values)
        return [chance * size * weight for weight in profile]

    def _expect_regular(self, history, values):
        """Expected sales by weekday, of a product that is sold on most days."""
        profile = self._get_product_profile(history, values)
        recent = history[:LEVEL_DAYS]
        weight, sold, weights = 1.0, 0.0, 0.0
        for day in recent:
            sold += weight * values[day]
            weights += weight * max(profile[day % WEEK], 0.2)
            weight *= FADE_DAY
        level = sold / weights
        expected = []
        for weekday in range(WEEK):
            same = [values[day] for day in self.by_weekday[weekday] if day in values]
            by_level = level * profile[weekday]
            if not same:
                expected.append(by_level)
                continue
            same = same[:SAME_WEEKDAYS]
            robust = (_fading_mean(same, FADE_WEEK) + median(same)) / 2
            expected.append((robust + by_level) / 2)
        return expected

    def _get_product_profile(self, history, values):
        """The product's weekdays, leaning on the shop's by the weight of two weeks."""
        own = sum(values[day] / self.profile[day % WEEK] for day in history)
        overall = own / len(history)
        if overall <= 0:
            return self.profile
        sums, counts = [0.0] * WEEK, [0] * WEEK
        for day in history:
            sums[day % WEEK] += values[day]
            counts[day % WEEK] += 1
        return [
            (sums[weekday] / overall + 2 * self.profile[weekday])
            / (counts[weekday] + 2)
            for weekday in range(WEEK)
        ]
