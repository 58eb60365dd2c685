"""`./coop bench`: sizes, estimates, what is kept when it stops, what never stays."""

import io
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from odoo import fields

from benchmarks import harness
from devtools import bench, cli, postgres, settings
from devtools.console import CoopError
from devtools.progress import Progress, duration

# What each of the small benchmarks below begins with.
HEAD = '''"""{title}"""
import json, os, subprocess, sys, time
SECONDS = {{"full": 400, "quick": {quick}}}
FOLDER = os.environ["COOP_BENCH_RESULTS"]


def write(name, ours):
    row = dict(name=name, n=1, ours_s=ours, peer="a peer", peer_s=2, ratio=2 / ours,
               queries=3, queries_per_item=3)
    with open(os.path.join(FOLDER, name + ".json"), "w") as output:
        json.dump(row, output)


'''
ONE = 'write("one", 1 if os.environ["COOP_BENCH_SIZE"] == "quick" else 5)\n'
FAILS = 'write("half", 1)\nsys.exit("nothing to compare")\n'
EMPTY = "pass\n"
WAITS = """
try:
    write("begun", 1)
    open(os.path.join(FOLDER, "at-work"), "w").close()
    time.sleep(60)
finally:
    open(os.path.join(FOLDER, "put-away"), "w").close()
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where small benchmarks are; what is recorded stays there too."""
    monkeypatch.setattr(settings, "STATE", tmp_path / "state")
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "__init__.py").touch()
    return tmp_path / "small"


def add(folder, name, body, quick=10):
    text = HEAD.format(title=f"About {name}", quick=quick) + textwrap.dedent(body)
    (folder / f"bench_{name}.py").write_text(text)


def make_runner(folder, size="quick", wanted=()):
    benchmarks = bench.find(wanted, folder)
    results = folder.parent / "results" / size
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return bench.Runner(benchmarks, size, results, environment, sys.executable)


# Sizes


def test_a_size_is_declared_once_and_chosen_by_the_command(monkeypatch):
    monkeypatch.delenv("COOP_BENCH_SIZE", raising=False)
    monkeypatch.delenv("COOP_BENCH_RESULTS", raising=False)
    assert harness.size(full=500, quick=20) == 500
    full = harness.results()
    monkeypatch.setenv("COOP_BENCH_SIZE", "quick")
    assert harness.size(full=500, quick=20) == 20
    assert full == settings.ROOT / "benchmarks" / "results"
    # A quick figure never takes the place of a full one, nor is it committed.
    assert harness.results().is_relative_to(settings.RUNTIME)


def test_another_size_goes_before_both(monkeypatch):
    monkeypatch.setenv("COOP_BENCH_SIZE", "quick")
    monkeypatch.setenv("COOP_BENCH_TRIED", "7")
    assert harness.size(full=500, quick=20, variable="COOP_BENCH_TRIED") == 7
    monkeypatch.delenv("COOP_BENCH_TRIED")
    assert harness.size(full=500, quick=20, variable="COOP_BENCH_TRIED") == 20


def test_each_benchmark_says_what_it_is_and_how_long_it_takes():
    benchmarks = bench.find()
    assert len(benchmarks) >= 12
    for benchmark in benchmarks:
        assert benchmark.title, benchmark.name
        assert set(benchmark.declared) == {"full", "quick"}, benchmark.name
        text = benchmark.path.read_text()
        assert "size(" in text, f"{benchmark.name} has no quick size"
        assert text.endswith("    run(main)\n"), benchmark.name
    assert sum(benchmark.declared["quick"] for benchmark in benchmarks) < 600


def test_an_unknown_name_is_said_with_those_that_are_known(folder):
    add(folder, "one", ONE)
    with pytest.raises(CoopError, match="no benchmark two: there are one"):
        bench.find(["one", "two"], folder)


def test_the_command_hands_over_names_and_size(monkeypatch, capsys):
    asked, set_up = [], []
    monkeypatch.setattr(cli, "set_up", lambda *sets: set_up.append(sets))
    monkeypatch.setattr(
        bench, "run", lambda names, **size: asked.append((names, size)) or 130
    )
    assert cli.main(["bench", "--quick", "day", "trips"]) == 130
    assert cli.main(["bench"]) == 130
    assert asked == [(["day", "trips"], {"quick": True}), ([], {"quick": False})]
    assert len(set_up) == 2
    # A wrong name is said before minutes of setting up.
    assert cli.main(["bench", "nothing"]) == 1
    assert "no benchmark nothing" in capsys.readouterr().err
    assert len(set_up) == 2


# Estimates


def test_the_last_run_here_goes_before_what_is_declared(folder, capsys):
    add(folder, "one", ONE, quick=100)
    add(folder, "two", ONE, quick=20)
    settings.write_state("bench", {"quick": {"one": 70.4}, "full": {"two": 5}})
    runner = make_runner(folder)
    assert [runner.estimate(b) for b in runner.benchmarks] == [
        (70.4, True),
        (20, False),
    ]
    runner.announce()
    said = capsys.readouterr().out
    assert "2 to run: 1 min 30 s" in said
    assert "1 min 10 s  About one" in said
    assert "~ 20 s  About two" in said


def test_how_long_it_took_is_recorded_by_size(folder):
    add(folder, "one", ONE)
    add(folder, "two", FAILS)
    assert make_runner(folder).run() == 1
    recorded = settings.read_state("bench")
    assert list(recorded) == ["quick"]
    # What failed has not taken its time.
    assert list(recorded["quick"]) == ["one"]
    assert make_runner(folder).estimate(bench.find(["one"], folder)[0])[1]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (4830, "1 h 20 min")],
)
def test_lengths_are_read_at_a_glance(seconds, text):
    assert duration(seconds) == text


# Running


def test_the_size_reaches_the_benchmark_and_its_results_go_apart(folder, capsys):
    add(folder, "one", ONE)
    assert make_runner(folder).run() == 0
    assert make_runner(folder, "full").run() == 0
    results = folder.parent / "results"
    sizes = ("full", "quick")
    found = [json.loads((results / size / "one.json").read_text()) for size in sizes]
    assert [row["ours_s"] for row in found] == [5, 1]
    assert "peer: a peer" in capsys.readouterr().out


def test_one_that_fails_does_not_lose_the_others(folder, capsys):
    add(folder, "a", FAILS)
    add(folder, "b", ONE)
    add(folder, "c", EMPTY)
    assert make_runner(folder).run() == 1
    said = capsys.readouterr().out
    table = said[said.index("ours_s") :]
    assert "\none " in table
    assert "\nhalf " in table
    assert "Failed: a." in table
    assert "Not measured: c." in table


def test_a_figure_of_another_day_is_not_shown(folder, capsys):
    add(folder, "one", ONE)
    runner = make_runner(folder)
    runner.results.mkdir(parents=True)
    (runner.results / "one_old.json").write_text('{"name": "one_old"}')
    assert runner.run() == 0
    said = capsys.readouterr().out
    assert "\none " in said
    assert "one_old" not in said


def test_what_a_benchmark_leaves_running_is_ended(folder):
    add(
        folder,
        "one",
        """
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        with open(os.path.join(FOLDER, "child"), "w") as output:
            output.write(str(child.pid))
        write("one", 1)
        """,
    )
    runner = make_runner(folder)
    assert runner.run() == 0
    number = (runner.results / "child").read_text()
    wait_until(lambda: not is_alive(number), "the process was left running")


def is_alive(number):
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until(happened, otherwise, seconds=30):
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_keeps_what_is_finished(folder, number):
    add(folder, "a", ONE)
    add(folder, "b", WAITS)
    add(folder, "c", ONE)
    results = folder.parent / "results"
    script = f"""
import os, signal, sys
from pathlib import Path
from devtools import bench, settings
settings.STATE = Path({str(settings.STATE)!r})
bench.heed_signals()
found = bench.find((), Path({str(folder)!r}))
runner = bench.Runner(
    found, "quick", Path({str(results)!r}), dict(os.environ), sys.executable)
sys.exit(runner.run())
"""
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=settings.ROOT,
    ) as process:
        wait_until((results / "at-work").exists, "the second one never began")
        process.send_signal(number)
        said, _none = process.communicate(timeout=30)
    assert process.returncode == 130, said
    table = said[said.index("ours_s") :]
    assert "\none " in table
    assert "\nbegun " in table
    assert "Stopped: b." in table
    assert "Not run: c." in table
    # Interrupted, not killed: it has put its things away.
    assert (results / "put-away").exists()
    assert list(settings.read_state("bench")["quick"]) == ["a"]


# Databases


def test_a_database_of_a_killed_run_is_dropped_before_the_next(monkeypatch):
    # Not the benchmarks' own prefix: one may be at work.
    monkeypatch.setattr(bench, "SCRATCH", "coop_swept_")
    left, other = "coop_swept_left", "coopxsweptxother"
    try:
        for name in (left, other):
            statement = f'CREATE DATABASE "{name}" TEMPLATE template0'
            postgres.psql("postgres", statement)
        bench.sweep()
        assert not postgres.exists(left)
        assert postgres.exists(other)
    finally:
        for name in (left, other):
            postgres.psql("postgres", f'DROP DATABASE IF EXISTS "{name}"')


def test_a_benchmark_that_is_interrupted_drops_its_database():
    scratch = harness.scratch_database("interrupted", "template0")
    name = scratch.__enter__()
    assert name == f"{bench.SCRATCH}interrupted"
    assert postgres.exists(name)
    scratch.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not postgres.exists(name)


# What it is doing


def test_phases_of_another_process_are_lines_with_their_time(tmp_path):
    notes, out = tmp_path / "notes", io.StringIO()
    with Progress("filling", notes, out=out, beat=0.01):
        notes.write_text("ten products\n")
        wait_until(lambda: "ten products" in out.getvalue(), "the phase is not said")
        with notes.open("a") as more:
            more.write("twenty orders\nhalf a li")
    said = out.getvalue().splitlines()
    assert said == [
        "    … filling: starting",
        "    ✓ filling: starting (0 s)",
        "    … filling: ten products",
        "    ✓ filling: ten products (0 s)",
        "    … filling: twenty orders",
        "    ✓ filling: twenty orders (0 s)",
    ]
    assert not notes.exists()


def test_a_phase_that_fails_is_marked():
    out = io.StringIO()
    with pytest.raises(CoopError), Progress("filling", out=out):
        raise CoopError("no")
    assert "✗ filling (0 s)" in out.getvalue()


def test_on_a_terminal_one_line_counts(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(out, "isatty", lambda: True)
    with Progress("filling", out=out, beat=0.01):
        wait_until(lambda: "… filling, 0 s" in out.getvalue(), "no time is shown")
    assert out.getvalue().count("\n") == 1
    assert out.getvalue().endswith("\r\033[K    ✓ filling (0 s)\n")


def test_without_a_terminal_a_long_phase_is_said_again():
    out = io.StringIO()
    with Progress("filling", out=out, beat=0.01, remind=0.05):
        wait_until(lambda: out.getvalue().count("… filling, 0 s") > 1, "said once")


# The day


def test_a_script_stands_at_the_day_that_it_is_given(monkeypatch):
    for owner, name in (
        (fields.Datetime, "now"),
        (fields.Date, "today"),
        (fields.Date, "context_today"),
    ):
        # Put back at the end: what the script changes is Odoo's own.
        monkeypatch.setattr(owner, name, owner.__dict__[name])
    names = {"PHASES": os.devnull, "OUTPUT": os.devnull}
    exec(harness.PRELUDE, names)  # noqa: S102 - what Odoo's shell does with it
    names["stand_at"](harness.MOMENT)
    assert fields.Date.to_string(fields.Date.today()) == harness.MOMENT[:10]
    assert fields.Datetime.to_string(fields.Datetime.now()) == harness.MOMENT
    assert fields.Datetime.now().weekday() == 2
