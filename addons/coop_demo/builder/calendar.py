# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import contextlib
import datetime

import pytz
from babel.dates import format_date
from freezegun import freeze_time

PARIS = pytz.timezone("Europe/Paris")


class Calendar:
    """Moments of the two windows, given in local time and returned in UTC.

    The finished month is the one before `today`'s; the open window closes four days
    after `today` at 20:00.
    """

    def __init__(self, today):
        self.today = today
        self.month = (today.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)

    @staticmethod
    def utc(day, hour, minute=0):
        local = datetime.datetime.combine(day, datetime.time(hour, minute))
        return PARIS.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def past(self, day, hour, minute=0):
        """A moment of the finished month."""
        return self.utc(self.month.replace(day=day), hour, minute)

    def past_day(self, day):
        return self.month.replace(day=day)

    def near(self, days, hour, minute=0):
        """A moment some days from today (negative: before)."""
        return self.utc(self.today + datetime.timedelta(days=days), hour, minute)

    @contextlib.contextmanager
    def at(self, moment):
        """Do things at that moment: what is stamped with "now" gets it."""
        with freeze_time(moment):
            yield moment

    @staticmethod
    def days(number):
        return datetime.timedelta(days=number)

    def of_month(self):
        """ "d'octobre 2026", "de mars 2026"."""
        name = format_date(self.month, "MMMM y", locale="fr_FR")
        return f"d'{name}" if name[0] in "ao" else f"de {name}"

    def month_window_name(self):
        return f"Commande {self.of_month()}"
