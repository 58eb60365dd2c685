"""The clock of a test run: `./coop test --at "2027-03-28 00:30"`.

The run's wall clock is shifted and goes on from there; durations (the monotonic clock)
stay true. libfaketime shifts every process that the tests start, and PostgreSQL's
server, whose now() dates records, is started shifted too. Chromium does not live with
libfaketime: it runs on the machine's clock and its pages get a shifted `Date`, see
`devtools.pytest_clock`.
"""

import contextlib
import datetime
import os
import subprocess
import time
import zoneinfo
from pathlib import Path

from devtools.console import CoopError

ZONE = "Europe/Paris"
PACKAGE = "libfaketime"
LIBRARY = "*/faketime/libfaketimeMT.so.1"
# The shift in seconds, for what cannot be shifted from outside.
VARIABLE = "COOP_CLOCK_SHIFT"
SHARED = "FAKETIME_SHARED"
MEMORY = Path("/dev/shm")
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


@contextlib.contextmanager
def ahead(seconds):
    """Environment (dict) of what is to run on a clock `seconds` ahead.

    It is of use while the context lasts.
    """
    libraries = sorted(Path("/usr/lib").glob(LIBRARY))
    if not libraries:
        raise CoopError(f"{PACKAGE} is missing: `apt-get install {PACKAGE}`.")
    variables = {
        "LD_PRELOAD": str(libraries[0]),
        "FAKETIME": f"{seconds:+d}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        VARIABLE: str(seconds),
    }
    # The processes share a semaphore and some bytes, which the first of them makes,
    # tells its children, and none removes.
    inherited = {name: value for name, value in os.environ.items() if name != SHARED}
    shared = subprocess.run(
        ["sh", "-c", f"echo ${SHARED}"],
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    semaphore, memory = (name.lstrip("/") for name in shared.split())
    files = [MEMORY / f"sem.{semaphore}", MEMORY / memory]
    try:
        for file in files:
            file.chmod(0o666)  # PostgreSQL's server may be another user
        yield {**variables, SHARED: shared}
    finally:
        for file in files:
            file.unlink(missing_ok=True)
