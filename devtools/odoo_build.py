"""Makes databases, in one process of Odoo's Python environment.

    python -m devtools.odoo_build install DATABASE MODULE,MODULE [--bundles]
    python -m devtools.odoo_build suite
    python -m devtools.odoo_build demo

Odoo's own commands start a process for the company, one for the add-ons and one for the
bundles; each loads everything again.
"""

import argparse
import gc
import os
import sys
import time

import odoo.sql_db
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service import db as service
from odoo.tools import config
from psycopg2.errors import DeadlockDetected, SerializationFailure

from devtools import database, postgres, settings

TRIES = 5
# How many add-ons the suite comes to with all that it stands on; for the progress only.
LEAN_COUNT = 90


def configure(name, *, lean=False):
    """Read the configuration file of the database `name`."""
    arguments = ["-c", str(database.configuration(name)), "--max-cron-threads=0"]
    arguments += ["--log-level=warn"]
    if lean:
        arguments.append("--skip-auto-install")
    config.parse_config(arguments)
    config["list_db"] = True
    # Millions of objects live as long as the process: look for garbage seldom.
    gc.set_threshold(50_000, 20, 100)


def install(name, modules, *, lean=False, report=None):
    """Make the database `name`: a French company, in French, and `modules`.

    :param lean: without Odoo's automatic add-ons that nobody named, and without
        checking each view again for each add-on, as the tests' database does
    :param report: called with (number, name) of each add-on
    """
    if lean:
        _trust_views()
    service.exp_create_database(name, False, "fr_FR", "admin", "admin", "FR")
    if report:
        _report_modules(report)
    registry = Registry.new(name, update_module=True, install_modules=modules)
    with registry.cursor() as cr:
        cr.execute(
            "SELECT name FROM ir_module_module"
            " WHERE state = 'installed' AND name = ANY(%s)",
            [list(modules)],
        )
        missing = set(modules) - {found for (found,) in cr.fetchall()}
    if missing:
        sys.exit(f"these add-ons did not install: {', '.join(sorted(missing))}")


def _trust_views():
    """Views are validated when the tests' database is made; that takes a sixth."""
    load = Registry.load

    def load_and_trust(registry, package):
        names = load(registry, package)
        if package.name == "base":
            from odoo.addons.base.models.ir_ui_view import IrUiView

            IrUiView._check_xml = lambda views: None
        return names

    Registry.load = load_and_trust


def _report_modules(report):
    load = Registry.load
    loaded = set()

    def load_and_report(registry, package):
        loaded.add(package.name)
        report(len(loaded), package.name)
        return load(registry, package)

    Registry.load = load_and_report


def make_bundles(name):
    """Make the pages' scripts and styles once; else each page's first visit does."""
    with Registry(name).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["ir.qweb"]._pregenerate_assets_bundles()


def ensure_suite(report=None):
    """Make the suite's database anew if what it is made of has changed.

    It has all of our add-ons and no data: cooperatives are clones of it.
    """
    os.environ["COOP_DEMO"] = "later"
    modules = settings.suite_modules()
    name = settings.SUITE_DB
    if database.is_current(name, modules):
        return
    building = f"{name}_building"
    settings.forget_state(f"db-{name}")
    database.drop(building)
    install(building, modules, lean=True, report=report)
    leave(building)
    postgres.psql(building, "ANALYZE")
    database.rename(building, name)
    database.set_current(name, modules)


def leave(name):
    """Close this process's connections to `name`: it can be cloned then."""
    Registry.delete(name)
    odoo.sql_db.close_db(name)


class Progress:
    """What is being built, for who waits in the terminal: the state `progress`."""

    def __init__(self):
        self._written = 0.0
        self.values = {"phase": "add-ons", "label": "", "started": time.time()}
        self._write()

    def _write(self):
        settings.write_state("progress", self.values)
        self._written = time.monotonic()

    def add_on(self, number, name):
        if time.monotonic() - self._written > 0.5:
            self.values["label"] = f"add-on {number} of some {LEAN_COUNT}: {name}"
            self._write()

    def phase(self, phase, label=""):
        self.values.update(phase=phase, label=label)
        self._write()


def build_demo():
    """Make the demonstration, or go on where it was cut short.

    Phases, as `devtools.demo` follows them: "add-ons" (no server can read the database
    yet), "first" (a server can start), "history" (people can look around), "done".
    """
    progress = Progress()
    name, modules = settings.DEMO_DB, settings.suite_modules()
    if not database.is_current(name, modules):
        ensure_suite(report=progress.add_on)
        progress.phase("add-ons", "copy of the database")
        settings.forget_state(f"db-{name}")
        database.clone(settings.SUITE_DB, name)
        database.set_current(name, modules, complete=False)
    progress.phase("first", "starting Odoo")
    registry = Registry(name)
    from odoo.addons.coop_demo.builder import STEPS

    phase = "first"
    for number, step in enumerate(STEPS):
        progress.phase(phase, f"step {number + 1} of {len(STEPS)}: {step.label}")
        _build_step(registry, number)
        if step.makes_usable:
            phase = "history"
    database.set_current(name, modules, complete=True)
    progress.phase("done")


def _build_step(registry, number):
    """In a transaction of its own; again, when somebody at work stood in its way."""
    from odoo.addons.coop_demo.builder import run_step

    for left in reversed(range(TRIES)):
        try:
            with registry.cursor() as cr:
                run_step(api.Environment(cr, SUPERUSER_ID, {}), number)
            return
        except (SerializationFailure, DeadlockDetected):
            if not left:
                raise
            registry.clear_all_caches()


def main(arguments):
    parser = argparse.ArgumentParser(prog="odoo_build", description=__doc__)
    parser.add_argument("command", choices=("install", "suite", "demo"))
    parser.add_argument("database", nargs="?", default=settings.DEMO_DB)
    parser.add_argument("modules", nargs="?", default="")
    parser.add_argument("--bundles", action="store_true")
    options = parser.parse_args(arguments)
    configure(options.database, lean=options.command != "install")
    if options.command == "demo":
        build_demo()
    elif options.command == "suite":
        ensure_suite()
    else:
        install(options.database, options.modules.split(","))
        if options.bundles:
            make_bundles(options.database)


if __name__ == "__main__":
    main(sys.argv[1:])
