"""What all tests share: a skipped test is a failure of the run."""

import os

import hypothesis
import pytest

# The machine's speed is not what properties are about; on CI a run can be repeated.
hypothesis.settings.register_profile(
    "coop",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("coop")


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
