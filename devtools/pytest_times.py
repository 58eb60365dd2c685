"""Pytest plugin: seconds a test file takes, the slowest named, the longest run first.

The figures hold set-up, tests and tear-down. What a run measures is kept in
`.runtime/state` for the next one; `devtools/durations.json` is what a fresh checkout
starts from (copy the former over the latter now and then).
"""

import collections
import json
from pathlib import Path

import freezegun
import pytest
from _pytest.subtests import SubtestReport

from devtools import settings

STATE = "durations"
SHIPPED = Path(__file__).with_name("durations.json")
SHOWN = 50

# Pytest's own clock does not stop with the one that a test stops: a test that begins
# in one time and ends in the other would seem to last for years.
freezegun.configure(extend_ignore_list=["_pytest.timing"])


def known():
    """Seconds by test file: dict path relative to the checkout -> float."""
    return {**json.loads(SHIPPED.read_text()), **settings.read_state(STATE, {})}


def _file(nodeid):
    return nodeid.split("::")[0]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Longest files first: with two processes none is left alone with a long one.

    A file nobody has measured may be long, so it goes first.
    """
    seconds = known()
    items.sort(key=lambda item: -seconds.get(_file(item.nodeid), float("inf")))


class Times:
    """In the process that reports: adds up what the workers send."""

    def __init__(self):
        self.seconds = collections.Counter()
        self.tests = collections.Counter()

    def pytest_runtest_logreport(self, report):
        if isinstance(report, SubtestReport):
            return  # a part of its test
        self.seconds[_file(report.nodeid)] += report.duration
        if report.when == "call":
            self.tests[_file(report.nodeid)] += 1

    def pytest_terminal_summary(self, terminalreporter):
        if not self.seconds:
            return
        terminalreporter.write_sep("=", f"slowest {SHOWN} files, set-up included")
        for name, seconds in self.seconds.most_common(SHOWN):
            tests = self.tests[name]
            terminalreporter.write_line(f"{seconds:8.1f} s {tests:4} tests  {name}")
        total = sum(self.seconds.values())
        terminalreporter.write_line(
            f"{total:8.1f} s {sum(self.tests.values()):4} tests  "
            f"{len(self.seconds)} files in all"
        )
        kept = {name: round(seconds, 1) for name, seconds in self.seconds.items()}
        settings.write_state(STATE, {**settings.read_state(STATE, {}), **kept})


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Times(), "coop-times")
