"""Run the tests: pytest with pytest-odoo, on clones of a database with the suite."""

import shutil
import subprocess

from devtools import clock, database, debian, postgres, settings
from devtools.console import CoopError, say, step

# The tests make their own data: the demo cooperative is not for them.
NOT_IN_TESTS = {"coop_demo"}
# No test shows these: Odoo's own unit tests, dark mode, other applications.
BUNDLES = b"""
unused = {
    "mail.assets_public",
    "point_of_sale.assets_debug",
    "point_of_sale.assets_prod_dark",
    "point_of_sale.customer_display_assets",
    "point_of_sale.customer_display_assets_test",
    "project.webclient",
    "web.assets_unit_tests",
    "web.assets_unit_tests_setup",
    "web.assets_web_dark",
    "web.qunit_suite_tests",
    "web.tests_assets",
}
scripts, styles = env["ir.qweb"]._get_bundles_to_pregenarate()
for name in scripts - unused:
    env["ir.qweb"]._get_asset_bundle(name, css=False, js=True).js()
for name in styles - unused:
    env["ir.qweb"]._get_asset_bundle(name, css=True, js=False).css()

env.cr.commit()
"""


def check_paths(paths):
    """:raises CoopError: a path to test does not exist."""
    for path in paths:
        if not (settings.ROOT / path.split("::")[0]).exists():
            raise CoopError(f"{path} does not exist: give files or folders of tests.")


def _make_bundles():
    """Make the pages' scripts and styles once.

    Else each tour makes them again, since what it writes is rolled back, and its first
    step waits for them.
    """
    database.odoo(
        settings.TEST_DB,
        *("shell", "--no-http"),
        stdin=BUNDLES,
        log=settings.LOGS / "test-database.log",
        hint="the bundles of the test database could not be made.",
    )


def set_up():
    """What the tests need beside Odoo."""
    if not (shutil.which("chromium") or shutil.which("google-chrome")):
        raise CoopError("Chromium is missing: `apt-get install chromium`.")
    debian.ensure_installed(clock.PACKAGE)
    with step("Test database with the suite's add-ons"):
        _ensure_database()


def _ensure_database():
    """Our add-ons and all that Odoo adds to them by itself."""
    modules = {*settings.own_modules(), *settings.PLATFORM_MODULES} - NOT_IN_TESTS
    made = database.ensure(settings.TEST_DB, sorted(modules), label_log="test-database")
    if made == "updated":
        _make_bundles()


def _let_crons_be_on_time(name):
    """Plan every scheduled action of the tests' database for the present.

    Odoo walks from the day it was planned for to today in steps of its interval:
    half a million for one of each minute in a database a year old.
    """
    postgres.psql(name, "UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC'")


def run(paths, *, workers, at=None, database_name=settings.TEST_DB):
    """Run pytest on `paths` (all tests by default). Returns its exit code.

    :param at: naive local datetime on which the run's clock starts; now by default
    :param database_name: the database that the tests run on copies of
    """
    env = settings.environment(
        ODOO_RC=database.configuration(database_name),
        PYTHONDONTWRITEBYTECODE="1",
    )
    command = [str(settings.VENV / "bin" / "python"), "-m", "pytest", "--odoo-http"]
    if workers > 1:
        # A file's tests stay together: classes share what they set up. The order is
        # that of `devtools.pytest_times`, longest first.
        command += ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]
    command += paths
    if at is None:
        say("")
        _let_crons_be_on_time(database_name)
        return subprocess.call(command, cwd=settings.ROOT, env=env)
    say(f"  The clock of this run starts on {at:%A %-d %B %Y, %H:%M} ({clock.ZONE})\n")
    ahead = clock.ahead(clock.shift(at))
    postgres.ensure(ahead)
    _let_crons_be_on_time(database_name)
    try:
        return subprocess.call(command, cwd=settings.ROOT, env={**env, **ahead})
    finally:
        postgres.stop()
