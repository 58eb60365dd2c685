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


def parse(text):
    """Naive local datetime of "2027-03-28 00:30" or "2027-03-28" (noon then).

    :raises CoopError: `text` is neither.
    """
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
