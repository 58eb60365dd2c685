"""What the benchmarks share: sizes, databases, Odoo's shell, a server, results."""

import contextlib
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

from devtools import bench, database, server, settings
from devtools.console import CoopError
from devtools.progress import Progress

MODULE_LOADED = re.compile(r"Module \w+ loaded in [\d.]+s(?: .*)?, (\d+) queries")
PAGE = re.compile(r'"GET (?P<path>\S+) HTTP[^"]*" 200 - (?P<queries>\d+) ')
# A Wednesday: no weekend, no feast, no end of a month near it.
MOMENT = "2026-03-11 09:00:00"
# Before each script that Odoo's shell runs.
PRELUDE = """
import json


def phase(label):
    "Say on the terminal what is being done now."
    with open(PHASES, "a") as notes:
        notes.write(label + "\\n")


def answer(found):
    "What the benchmark gets of this script."
    with open(OUTPUT, "w") as output:
        json.dump(found, output)


def stand_at(moment):
    "Whatever the day is, what reads the date in Odoo's way reads this one (UTC)."
    from datetime import datetime
    from odoo import fields

    moment = datetime.fromisoformat(moment)
    context_today = fields.Date.context_today
    fields.Datetime.now = staticmethod(lambda *_args: moment)
    fields.Date.today = staticmethod(lambda *_args: moment.date())
    fields.Date.context_today = staticmethod(
        lambda record, timestamp=None: context_today(record, timestamp or moment)
    )
"""


def size(*, full, quick, variable=None, read=int):
    """How much is measured: the full size, or the quick one of `./coop bench --quick`.

    :param variable: name in the environment of another size, read by `read`, for a
        benchmark whose results are named by their size
    """
    asked = variable and os.environ.get(variable)
    if asked:
        return read(asked)
    return quick if _size() == "quick" else full


def _size():
    return os.environ.get("COOP_BENCH_SIZE", "full")


def results():
    """The folder where results are written."""
    asked = os.environ.get("COOP_BENCH_RESULTS")
    return Path(asked) if asked else bench.results_folder(_size())


def tell(text):
    """A line of what was found, under the benchmark's name."""
    sys.stdout.write(f"  {text}\n")
    sys.stdout.flush()


def run(main):
    """The end of each benchmark's file: stopped or in error, it says so in one line."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main()
    except CoopError as error:
        sys.exit(f"  {error}")
    except KeyboardInterrupt:
        sys.exit(130)


@dataclass
class Result:
    """One comparison. Times in seconds; `ratio` is peer / ours (above 1: faster)."""

    name: str
    n: int
    ours_s: float
    peer: str
    peer_s: float
    queries: int

    def write(self):
        row = {
            "name": self.name,
            "n": self.n,
            "ours_s": round(self.ours_s, 3),
            "peer": self.peer,
            "peer_s": round(self.peer_s, 3),
            "ratio": round(self.peer_s / self.ours_s, 2),
            "queries": self.queries,
            "queries_per_item": round(self.queries / self.n, 2),
        }
        # What a benchmark measures besides, after the common columns.
        row = {**row, **{k: v for k, v in asdict(self).items() if k not in row}}
        results().mkdir(parents=True, exist_ok=True)
        path = results() / f"{self.name}.json"
        # Whole or not at all: a run may be stopped at any time.
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(row, indent=1) + "\n")
        partial.replace(path)


@contextlib.contextmanager
def scratch_database(name, source=settings.TEMPLATE_DB):
    """A clone of `source` named `coop_bench_<name>`, dropped at the end."""
    name = f"{bench.SCRATCH}{name}"
    database.clone(source, name)
    try:
        yield name
    finally:
        database.drop(name)
        database.configuration(name).unlink(missing_ok=True)


def install(name, modules):
    """Install `modules`; returns (seconds, queries) from Odoo's own log."""
    log = settings.LOGS / f"{name}.log"
    log.unlink(missing_ok=True)
    names = ", ".join(modules[:3]) + (", …" if len(modules) > 3 else "")
    start = time.monotonic()
    with Progress(f"installing {names}"):
        database.odoo(
            name,
            *("-i", ",".join(modules), "--stop-after-init", "--no-http"),
            *("--max-cron-threads=0", "--log-level=info"),
            log=log,
            hint=f"{', '.join(modules)} could not be installed: see {log}.",
        )
    seconds = time.monotonic() - start
    return seconds, sum(map(int, MODULE_LOADED.findall(log.read_text())))


def shell(name, script, label, **values):
    """What a script, run in Odoo's shell on the database `name`, gave to `answer()`.

    :param label: what it is for, on the terminal; `phase()` in the script adds to it
    :param values: names that the script reads
    :raises CoopError: it answered nothing
    """
    output = settings.LOGS / f"{name}.json"
    output.unlink(missing_ok=True)
    notes = settings.LOGS / f"{name}.phases"
    log = settings.LOGS / f"{name}-shell.log"
    values.update(OUTPUT=str(output), PHASES=str(notes))
    head = "".join(f"{key} = {value!r}\n" for key, value in values.items())
    with Progress(label, notes):
        database.odoo(
            name,
            *("shell", "--no-http"),
            log=log,
            hint=f"“{label}” failed.",
            stdin=(head + PRELUDE + script).encode(),
        )
    if not output.exists():
        raise CoopError(f"“{label}” gave no figures: see {log}.")
    found = json.loads(output.read_text())
    output.unlink()
    return found


class Server:
    """An Odoo server on a database, and a browser without pictures.

    :param arguments: more options of Odoo's command line, such as ``--workers=2``
    """

    def __init__(self, name, *arguments):
        self.log = settings.LOGS / f"{name}-server.log"
        self.log.unlink(missing_ok=True)
        free = [port for port in range(18069, 18300) if server.is_free(port)]
        self.port = free[0]
        command, env = database.odoo_command(
            name,
            *("--http-port", str(self.port), "--gevent-port", str(free[1])),
            "--max-cron-threads=0",
            *arguments,
        )
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdout=output, stderr=output, env=env
            )
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def __enter__(self):
        try:
            with Progress("starting Odoo's server"):
                self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_exception):
        self._stop()

    def _wait(self):
        for _attempt in range(200):
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                self.get("/web/login")
                return
            time.sleep(0.3)
        raise CoopError(f"Odoo did not start: see {self.log}.")

    def _stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def get(self, path):
        url = f"http://127.0.0.1:{self.port}{path}"
        with self.opener.open(url, timeout=120) as answer:
            return answer.read().decode()

    def login(self, login, password):
        page = self.get("/web/login")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        form = {"login": login, "password": password, "csrf_token": token}
        data = urllib.parse.urlencode(form).encode()
        url = f"http://127.0.0.1:{self.port}/web/login"
        with self.opener.open(url, data, timeout=120) as answer:
            if "/web/login" in answer.url:
                raise PermissionError(f"{login} could not log in")

    def time_page(self, path, runs=20, warm_up=3):
        """(median seconds, queries of the last run) of a page, once warm."""
        times = []
        for number in range(warm_up + runs):
            start = time.perf_counter()
            self.get(path)
            if number >= warm_up:
                times.append(time.perf_counter() - start)
        queries = [
            int(found["queries"])
            for found in PAGE.finditer(self.log.read_text())
            if found["path"] == path
        ]
        return statistics.median(times), queries[-1]
