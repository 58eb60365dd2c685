"""The clock of a test run: `./coop test --at "2027-03-28 00:30"`.

The run's wall clock is shifted and goes on from there; durations (the monotonic clock)
and the dates of files stay true. Debian's datefudge, a preloaded library, shifts every
process that the tests start, Chromium's too; PostgreSQL's server, whose now() dates
records, is started with it. (libfaketime, which does more, is not for this: Chromium
hangs with it and Python's time.sleep fails.)
"""

import datetime
import time
import zoneinfo
from pathlib import Path

from devtools.console import CoopError

ZONE = "Europe/Paris"
PACKAGE = "datefudge"
LIBRARY = "*/datefudge/datefudge.so"
# What the library subtracts, in seconds.
VARIABLE = "DATEFUDGE"
FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%d")

# What continuous integration goes through, one a week: the year's and months' ends,
# leap years, both clock changes, each weekday; around midnight the day is another one
# in UTC. All to come: cookies and certificates of the past are refused.
WEEKLY = (
    "2027-12-31 23:30",  # Friday
    "2028-02-29 09:00",  # Tuesday
    "2027-10-31 00:30",  # Sunday, the clock goes back at 3
    "2028-05-31 18:00",  # Wednesday
    "2028-01-01 00:30",  # Saturday
    "2028-03-26 00:30",  # Sunday, the clock goes forward at 2
    "2028-02-28 12:00",  # Monday
    "2027-09-30 23:30",  # Thursday
)
THIS_WEEK = "week"


def parse(text):
    """Naive local datetime of "2027-03-28 00:30", "2027-03-28" (noon then) or "week".

    "week" is one of `WEEKLY`, the next one each week.

    :raises CoopError: `text` is none of them
    """
    if text == THIS_WEEK:
        # Weeks since a Monday: ISO's numbers would begin again with the year.
        week = (datetime.date.today() - datetime.date(2026, 1, 5)).days // 7
        text = WEEKLY[week % len(WEEKLY)]
    for pattern in FORMATS:
        try:
            moment = datetime.datetime.strptime(text, pattern)
        except ValueError:
            continue
        return moment if "%H" in pattern else moment.replace(hour=12)
    raise CoopError(f"--at '{text}': write a date as 2027-03-28 or 2027-03-28 00:30.")


def shift(moment):
    """Whole seconds from now to the naive `moment` of the cooperative's time.

    An hour that occurs twice is the first one; an hour that the clock jumps over is
    the same number of minutes after the jump.
    """
    local = moment.replace(tzinfo=zoneinfo.ZoneInfo(ZONE))
    return round(local.timestamp() - time.time())


def ahead(seconds):
    """Environment (dict) of what is to run on a clock `seconds` ahead.

    :raises CoopError: the library is not installed
    """
    libraries = sorted(Path("/usr/lib").glob(LIBRARY))
    if not libraries:
        raise CoopError(f"{PACKAGE} is missing: `apt-get install {PACKAGE}`.")
    return {"LD_PRELOAD": str(libraries[0]), VARIABLE: str(-seconds)}


def shift_of(environment):
    """Seconds by which what runs in `environment` is ahead of the machine's clock."""
    return -int(environment.get(VARIABLE, 0))
