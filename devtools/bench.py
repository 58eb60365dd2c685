"""Run the benchmarks of `benchmarks/` and show ours beside the peer.

A benchmark is a module `bench_<name>.py` that is run in a process of its own, with the
size to measure in COOP_BENCH_SIZE and the folder of its results in COOP_BENCH_RESULTS.
It says in `SECONDS = {"full": …, "quick": …}` about how long it takes where it has not
run yet; it is read here, not imported.
"""

import ast
import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from devtools import database, postgres, settings
from devtools.console import CoopError, say
from devtools.progress import duration

FOLDER = settings.ROOT / "benchmarks"
COLUMNS = ("name", "n", "ours_s", "peer_s", "ratio", "queries", "queries_per_item")
WIDTHS = (28, 8, 10, 10, 8, 9, 16)
# Databases whose name starts so are the benchmarks': none outlives a run.
SCRATCH = "coop_bench_"
# Seconds for a benchmark that is stopped to put its things away.
PATIENCE = 20


def results_folder(size):
    """Figures of full size are part of the project, those of a quick run are not."""
    return FOLDER / "results" if size == "full" else settings.RUNTIME / "bench" / size


@dataclass
class Benchmark:
    """What a file of `benchmarks/` says of itself, without being run."""

    path: Path
    title: str
    declared: dict

    @classmethod
    def read(cls, path):
        tree = ast.parse(path.read_text())
        declared = {}
        for node in tree.body:
            if isinstance(node, ast.Assign) and "SECONDS" in [
                getattr(target, "id", None) for target in node.targets
            ]:
                declared = ast.literal_eval(node.value)
        title = (ast.get_docstring(tree) or "").partition("\n")[0]
        return cls(path, title, declared)

    @property
    def name(self):
        return self.path.stem.removeprefix("bench_")


@dataclass
class Outcome:
    """How one benchmark ended: `done`, `failed`, `stopped` or `not measured`."""

    benchmark: Benchmark
    state: str
    seconds: float
    rows: list = field(default_factory=list)


def find(wanted=(), folder=FOLDER):
    """The benchmarks of those names, or all of them.

    :raises CoopError: there is none of such a name.
    """
    found = [Benchmark.read(path) for path in sorted(folder.glob("bench_*.py"))]
    known = {benchmark.name: benchmark for benchmark in found}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise CoopError(
            f"no benchmark {', '.join(unknown)}: there are {', '.join(known)}."
        )
    return [known[name] for name in dict.fromkeys(wanted)] if wanted else found


def run(wanted, *, quick=False):
    """Run the benchmarks `wanted` (all by default). Returns the exit code: 0, 1 if one
    failed, 130 if they were stopped."""
    size = "quick" if quick else "full"
    heed_signals()
    environment = settings.environment(
        ODOO_RC=database.configuration(settings.TEMPLATE_DB), PYTHONPATH=settings.ROOT
    )
    runner = Runner(find(wanted), size, results_folder(size), environment)
    sweep()
    try:
        return runner.run()
    finally:
        sweep()


def heed_signals():
    """Ended from outside, or with its terminal, a run stops as with Ctrl+C."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)


def sweep():
    """Drop what a benchmark that was killed has left."""
    pattern = SCRATCH.replace("_", r"\_") + "%"
    for name in postgres.psql(
        "postgres", f"SELECT datname FROM pg_database WHERE datname LIKE '{pattern}'"
    ):
        database.drop(name)
    for path in (settings.RUNTIME / "conf").glob(f"{SCRATCH}*.conf"):
        path.unlink(missing_ok=True)


class Runner:
    """Runs benchmarks one after the other; what is finished is kept, come what may.

    :param results: folder where each writes `<name>.json` files
    :param environment: of their processes
    :param python: interpreter that runs them
    """

    def __init__(
        self,
        benchmarks,
        size,
        results,
        environment,
        python=settings.VENV / "bin" / "python",
    ):
        self.benchmarks = benchmarks
        self.size = size
        self.results = results
        self.environment = {
            **environment,
            "COOP_BENCH_SIZE": size,
            "COOP_BENCH_RESULTS": str(results),
        }
        self.python = python
        self.outcomes = []
        self._recorded = settings.read_state("bench", {})

    def estimate(self, benchmark):
        """(seconds, whether it was measured here), or (None, False)."""
        here = self._recorded.get(self.size, {}).get(benchmark.name)
        if here is not None:
            return here, True
        return benchmark.declared.get(self.size), False

    def announce(self):
        """What will be run, and how long it should take."""
        estimates = [self.estimate(benchmark) for benchmark in self.benchmarks]
        known = [seconds for seconds, _here in estimates if seconds is not None]
        total = duration(sum(known)) if known else "unknown"
        if len(known) < len(estimates):
            total += ", and those of unknown length"
        if not all(here for _seconds, here in estimates):
            total += " (~: as declared; not measured here yet)"
        say(f"Benchmarks, {self.size} size, {len(estimates)} to run: {total}")
        for benchmark, (seconds, here) in zip(self.benchmarks, estimates, strict=True):
            length = "?" if seconds is None else duration(seconds)
            length = length if here or seconds is None else f"~ {length}"
            say(f"  {benchmark.name:<14}{length:>14}  {benchmark.title}")
        say("Ctrl+C stops; what is finished is kept.\n")

    def run(self):
        self.announce()
        self.results.mkdir(parents=True, exist_ok=True)
        is_stopped = False
        try:
            for benchmark in self.benchmarks:
                self._measure(benchmark)
        except KeyboardInterrupt:
            is_stopped = True
        self.report()
        if is_stopped:
            return 130
        return int(any(outcome.state == "failed" for outcome in self.outcomes))

    def _measure(self, benchmark):
        left = [self.estimate(other)[0] or 0 for other in self.benchmarks]
        number = len(self.outcomes)
        say(
            f"[{number + 1}/{len(left)}] {benchmark.name}"
            f" – {duration(sum(left[number:]))} to go"
        )
        before, start = self._written(), time.monotonic()
        outcome = Outcome(benchmark, "stopped", 0)
        self.outcomes.append(outcome)
        try:
            code = self._call(benchmark)
            outcome.state = "failed" if code else "done"
        finally:
            outcome.seconds = time.monotonic() - start
            # Only what this run wrote: a figure of another day is not shown as of now.
            outcome.rows = [
                json.loads(path.read_text())
                for path, when in self._written().items()
                if before.get(path) != when
            ]
        if outcome.state == "done" and not outcome.rows:
            outcome.state = "not measured"
        mark = "✓" if outcome.state == "done" else "✗"
        say(f"  {mark} {benchmark.name}: {outcome.state}, {duration(outcome.seconds)}")
        if outcome.state == "done":
            here = self._recorded.setdefault(self.size, {})
            here[benchmark.name] = round(outcome.seconds, 1)
            settings.write_state("bench", self._recorded)

    def _written(self):
        """When each file of results was written."""
        paths = sorted(self.results.glob("*.json"))
        return {path: path.stat().st_mtime_ns for path in paths}

    def _call(self, benchmark):
        """Exit code of a benchmark. Ctrl+C is handed on to it, once, and waited for."""
        folder = benchmark.path.parent
        process = subprocess.Popen(
            [str(self.python), "-m", f"{folder.name}.{benchmark.path.stem}"],
            cwd=folder.parent,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            # Else a terminal interrupts it and us, and Odoo's processes, all at once.
            start_new_session=True,
        )
        try:
            return process.wait()
        except KeyboardInterrupt:
            say(f"\n  stopping {benchmark.name}: its databases are dropped")
            _signal_group(process, signal.SIGINT)
            with contextlib.suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            raise
        finally:
            # Whatever it has left running, such as an Odoo server.
            _signal_group(process, signal.SIGKILL)
            process.wait()

    def report(self):
        """The table of what was measured, then what was not."""
        rows = [row for outcome in self.outcomes for row in outcome.rows]
        if rows:
            say("")
            say(_row(COLUMNS))
        for row in rows:
            say(_row([str(row[column]) for column in COLUMNS]))
            say(f"    peer: {row['peer']}")
        say("")
        if rows and self.size != "full":
            say(f"Quick size: an idea. Kept in {self.results}.")
        for state in ("failed", "stopped", "not measured"):
            names = [o.benchmark.name for o in self.outcomes if o.state == state]
            if names:
                say(f"{state.capitalize()}: {', '.join(names)}.")
        left = self.benchmarks[len(self.outcomes) :]
        if left:
            say(f"Not run: {', '.join(benchmark.name for benchmark in left)}.")
        say(f"In all: {duration(sum(o.seconds for o in self.outcomes))}.")


def _signal_group(process, number):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _row(cells):
    pairs = zip(cells, WIDTHS, strict=True)
    return "".join(cell.ljust(width) for cell, width in pairs).rstrip()
