"""Makes databases, in one process of Odoo's Python environment.

    python -m devtools.odoo_build install DATABASE MODULE,MODULE [--bundles] [--alone]
    python -m devtools.odoo_build suite
    python -m devtools.odoo_build demo
    python -m devtools.odoo_build release DATABASE MODULE,MODULE --own FOLDER

Odoo's own commands start a process for the company, one for the add-ons and one for the
bundles; each loads everything again.
"""

import argparse
import gc
import os
import sys

from psycopg2.errors import DeadlockDetected, SerializationFailure

import odoo.sql_db
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service import db as service
from odoo.tools import config

from devtools import database, postgres, settings

TRIES = 5


def configure(name, *, alone=False, own=None):
    """Read the configuration file of the database `name`.

    :param alone: install what is asked for and what it depends on, none of the
        add-ons that Odoo installs by itself
    :param own: the folder of our add-ons; this checkout's by default
    """
    arguments = ["-c", str(database.configuration(name, own)), "--max-cron-threads=0"]
    arguments += ["--log-level=warn"]
    if alone:
        arguments.append("--skip-auto-install")
    config.parse_config(arguments)
    config["list_db"] = True
    # Millions of objects live as long as the process: look for garbage seldom.
    gc.set_threshold(50_000, 20, 100)


def install(name, modules):
    """Make the database `name`: a French company, in French, and `modules`."""
    service.exp_create_database(name, False, "fr_FR", "admin", "admin", "FR")
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


def install_release(name, modules):
    """Make the database `name`: the company and its chart first, then `modules`."""
    install(name, [*settings.PLATFORM_MODULES, *settings.WANTED_MODULES])
    leave(name)
    Registry.new(name, update_module=True, install_modules=modules)


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


def make_bundles(name):
    """Make the pages' scripts and styles once; else each page's first visit does."""
    with Registry(name).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["ir.qweb"]._pregenerate_assets_bundles()


def ensure_suite():
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
    _trust_views()
    install(building, modules)
    leave(building)
    postgres.psql(building, "ANALYZE")
    database.rename(building, name)
    database.set_current(name, modules)


def leave(name):
    """Close this process's connections to `name`: it can be cloned then."""
    Registry.delete(name)
    odoo.sql_db.close_db(name)


def _tell(phase, label=""):
    """Say how far it is to who waits in the terminal (`devtools.demo`)."""
    settings.write_state("progress", {"phase": phase, "label": label})


def build_demo():
    """Make the demonstration, or go on where it was cut short.

    Phases, as `devtools.demo` follows them: "add-ons" (no server can read the database
    yet), "first" (a server can start), "history" (people can look around), "done".
    """
    name, modules = settings.DEMO_DB, settings.suite_modules()
    if not database.is_current(name, modules):
        _tell("add-ons", "add-ons, Odoo's and ours")
        ensure_suite()
        settings.forget_state(f"db-{name}")
        database.clone(settings.SUITE_DB, name)
        database.set_current(name, modules, complete=False)
    _tell("first", "starting Odoo")
    registry = Registry(name)
    from odoo.addons.coop_demo.builder import STEPS

    phase = "first"
    for number, step in enumerate(STEPS):
        _tell(phase, f"step {number + 1} of {len(STEPS)}: {step.label}")
        _build_step(registry, number)
        if step.makes_usable:
            phase = "history"
    database.set_current(name, modules, complete=True)
    _tell("done")


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
    parser.add_argument("command", choices=("install", "suite", "demo", "release"))
    parser.add_argument("database", nargs="?", default=settings.DEMO_DB)
    parser.add_argument("modules", nargs="?", default="")
    parser.add_argument("--bundles", action="store_true")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--own", help="the folder of our add-ons")
    options = parser.parse_args(arguments)
    alone = options.alone or options.command != "install"
    configure(options.database, alone=alone, own=options.own)
    if options.command == "demo":
        build_demo()
    elif options.command == "suite":
        ensure_suite()
    elif options.command == "release":
        install_release(options.database, options.modules.split(","))
    else:
        install(options.database, options.modules.split(","))
        if options.bundles:
            make_bundles(options.database)


if __name__ == "__main__":
    main(sys.argv[1:])
