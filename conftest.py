"""What all tests share: a skipped test is a failure of the run."""

import contextlib
import os
import shutil
import subprocess

import hypothesis
import pytest
import pytest_odoo

pytest_plugins = [
    "devtools.pytest_clock",
    "devtools.pytest_patience",
    "devtools.pytest_times",
]

# The machine's speed is not what properties are about; on CI a run can be repeated.
hypothesis.settings.register_profile(
    "coop",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("coop")


@contextlib.contextmanager
def _own_filestore(original, name):
    """A filestore a process, instead of pytest-odoo's shared one.

    After each class Odoo deletes the files that no committed record names: in a
    shared folder, also those that another process's test has just made.
    """
    from odoo.tools import config

    copy = config.filestore(name)
    if original == name:
        yield
        return
    shutil.rmtree(copy, ignore_errors=True)
    if os.path.isdir(config.filestore(original)):
        subprocess.run(["cp", "-al", config.filestore(original), copy], check=True)
    try:
        yield
    finally:
        shutil.rmtree(copy, ignore_errors=True)


pytest_odoo._shared_filestore = _own_filestore


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped")
    if skipped:
        terminalreporter.write_line(
            f"{len(skipped)} skipped: a skipped test fails the run", red=True
        )
