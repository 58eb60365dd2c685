"""One clock in a run: Python, what it starts, PostgreSQL and the browser agree."""

import datetime
import os
import subprocess
import sys
import time
import zoneinfo

from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser

from devtools import clock
from devtools.console import CoopError

YEAR = 365 * 24 * 3600
NOW = "import time; print(time.time(), time.monotonic())"


@tagged("post_install", "-at_install")
class TestClock(HttpCase):
    def _assert_now(self, read):
        """`read` returns seconds since 1970: this process's, or a shifted one's."""
        before = time.time()
        seen = read()
        self.assertLessEqual(before - 0.01, seen)
        self.assertLessEqual(seen, time.time() + 0.01)

    def test_what_a_test_starts(self):
        def read():
            shown = subprocess.check_output([sys.executable, "-c", NOW], text=True)
            return float(shown.split()[0])

        self._assert_now(read)

    def test_postgresql(self):
        def read():
            self.env.cr.execute("SELECT extract(epoch FROM clock_timestamp())")
            return float(self.env.cr.fetchone()[0])

        self._assert_now(read)
        # What a record is stamped with: the beginning of its transaction.
        stamp = self.env["res.partner"].create({"name": "Stamped"}).create_date
        self.assertLessEqual(stamp, fields.Datetime.now())

    def test_browser(self):
        browser = ChromeBrowser(self)
        self.addCleanup(browser.stop)
        with self.allow_requests(browser=browser):
            browser.navigate_to(f"{self.base_url()}/web/login", wait_stop=True)

            def read(expression):
                answer = browser._websocket_request(
                    "Runtime.evaluate", params={"expression": expression}
                )
                return answer["result"]["value"]

            self._assert_now(lambda: read("Date.now()") / 1000)

    def test_a_shifted_command(self):
        """The wall clock is ahead, durations are not."""
        real = time.time() - clock.shift_of(os.environ)
        shown = subprocess.check_output(
            [sys.executable, "-c", NOW],
            text=True,
            env={**os.environ, **clock.ahead(YEAR)},
        )
        wall, monotonic = map(float, shown.split())
        self.assertGreaterEqual(wall, real + YEAR - 0.01)
        self.assertLessEqual(wall, time.time() - clock.shift_of(os.environ) + YEAR)
        self.assertLessEqual(monotonic, time.monotonic())

    def test_the_moment_is_the_cooperative_s(self):
        def utc(text):
            seconds = round(time.time() + clock.shift(clock.parse(text)))
            return datetime.datetime.fromtimestamp(seconds, datetime.UTC).replace(
                tzinfo=None
            )

        def near(text, expected):
            # `shift` rounds to a second, and another may begin meanwhile.
            self.assertAlmostEqual(
                utc(text), expected, delta=datetime.timedelta(seconds=2)
            )

        near("2027-01-01 00:30", datetime.datetime(2026, 12, 31, 23, 30))
        near("2027-07-01", datetime.datetime(2027, 7, 1, 10, 0))
        near("2027-10-31 02:30", datetime.datetime(2027, 10, 31, 0, 30))
        near("2027-03-28 02:30", datetime.datetime(2027, 3, 28, 1, 30))
        with self.assertRaisesRegex(CoopError, "2027-03-28 00:30"):
            clock.parse("28/03/2027")

    def test_weekly_moments(self):
        """Seven weekdays, both clock changes, ends of months and of leap years."""
        moments = [clock.parse(text) for text in clock.WEEKLY]
        self.assertEqual({moment.weekday() for moment in moments}, set(range(7)))
        zone = zoneinfo.ZoneInfo(clock.ZONE)
        turns = {
            moment.replace(tzinfo=zone).utcoffset()
            - (moment + datetime.timedelta(hours=12)).replace(tzinfo=zone).utcoffset()
            for moment in moments
        }
        hour = datetime.timedelta(hours=1)
        self.assertEqual(turns, {-hour, 0 * hour, hour})
        days = {(moment.month, moment.day) for moment in moments}
        self.assertLessEqual({(12, 31), (1, 1), (2, 28), (2, 29)}, days)
        start = clock.parse(clock.THIS_WEEK)
        self.assertIn(start, moments)
        with freeze_time(datetime.date.today() + datetime.timedelta(weeks=1)):
            following = clock.parse(clock.THIS_WEEK)
        self.assertEqual(following, moments[(moments.index(start) + 1) % len(moments)])
