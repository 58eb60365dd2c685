"""What the benchmarks share: databases, a server to ask pages of, results."""

import contextlib
import json
import re
import statistics
import subprocess
import time
import urllib.parse
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

from devtools import database, server, settings

RESULTS = Path(__file__).parent / "results"
MODULE_LOADED = re.compile(r"Module \w+ loaded in [\d.]+s(?: .*)?, (\d+) queries")
PAGE = re.compile(r'"GET (?P<path>\S+) HTTP[^"]*" 200 - (?P<queries>\d+) ')


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
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{self.name}.json"
        path.write_text(json.dumps(row, indent=1) + "\n")


@contextlib.contextmanager
def scratch_database(name, source=settings.TEMPLATE_DB):
    """A clone of `source`, dropped at the end."""
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
    start = time.monotonic()
    database.odoo(
        name,
        *("-i", ",".join(modules), "--stop-after-init", "--no-http"),
        *("--max-cron-threads=0", "--log-level=info"),
        log=log,
        hint=f"{', '.join(modules)} could not be installed: see {log}.",
    )
    seconds = time.monotonic() - start
    return seconds, sum(map(int, MODULE_LOADED.findall(log.read_text())))


class Server:
    """An Odoo server on a database, and a browser without pictures.

    :param arguments: more options of Odoo's command line, such as ``--workers=2``
    """

    def __init__(self, name, *arguments):
        self.log = settings.LOGS / f"{name}-server.log"
        self.log.unlink(missing_ok=True)
        self.port = next(port for port in range(18069, 18200) if server.is_free(port))
        command, env = database.odoo_command(
            name,
            *("--http-port", str(self.port), "--max-cron-threads=0"),
            *arguments,
        )
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdout=output, stderr=output, env=env
            )
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def __enter__(self):
        for _attempt in range(200):
            with contextlib.suppress(OSError):
                self.get("/web/login")
                return self
            time.sleep(0.3)
        raise TimeoutError(f"Odoo did not start: see {self.log}")

    def __exit__(self, *_exception):
        self.process.terminate()
        self.process.wait(30)

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
