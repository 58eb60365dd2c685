# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

import pytz
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from ..tools import localtime
from .common import CoopCommon, calm


@tagged("post_install", "-at_install")
class TestLocaltime(CoopCommon):
    def test_round_trip(self):
        """A wall-clock time comes back, except in the hour that occurs twice."""

        @calm
        @given(
            st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31)),
            st.sampled_from(["Europe/Paris", "America/Cayenne", "Indian/Reunion"]),
        )
        def check(naive_utc, tz):
            local = localtime.to_local(naive_utc, tz).replace(tzinfo=None)
            try:
                pytz.timezone(tz).localize(local, is_dst=None)
            except pytz.AmbiguousTimeError:
                return
            self.assertEqual(localtime.to_utc(local, tz), naive_utc)

        check()

    def test_format_is_the_cooperatives_time_whoever_reads(self):
        self.company.coop_tz = "Europe/Paris"
        env = self.env(
            user=self.user_member, context={"lang": "fr_FR", "tz": "Asia/Tokyo"}
        )
        text = localtime.format_local(
            env, datetime(2026, 6, 2, 18, 0), self.company.with_env(env)
        )
        self.assertEqual(text, "mardi 2 juin, 20:00")
