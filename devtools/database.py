"""Databases: one template with what the suite stands on, cloned for each use."""

import json
import shutil
import subprocess

from devtools import odoo_source, postgres, settings
from devtools.console import CoopError, require_disk, run

FILESTORE = settings.DATA / "filestore"
CONFIGURATION = """[options]
addons_path = {addons_path}
data_dir = {data}
db_host = {socket}
db_user = odoo
db_name = {database}
dbfilter = ^{database}$
list_db = False
http_interface = 127.0.0.1
max_cron_threads = 1
limit_time_real = 1200
limit_time_cpu = 1200
limit_memory_soft = 0
limit_memory_hard = 0
"""


def configuration(database):
    """Write and return the Odoo configuration file of a database."""
    path = settings.RUNTIME / "conf" / f"{database}.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    addons = [*odoo_source.addons_paths(), settings.ADDONS]
    text = CONFIGURATION.format(
        addons_path=",".join(map(str, addons)),
        data=settings.DATA,
        socket=settings.socket_dir(),
        database=database,
    )
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path


def odoo_command(database, *arguments):
    command = [settings.VENV / "bin" / "odoo", *arguments]
    return command, settings.environment(ODOO_RC=configuration(database))


def odoo(database, *arguments, log, hint, stdin=None):
    command, env = odoo_command(database, *arguments)
    run(command, env=env, log=log, hint=hint, stdin=stdin)


def drop(database):
    postgres.psql("postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    shutil.rmtree(FILESTORE / database, ignore_errors=True)


def clone(source, target):
    """Copy a database and its filestore (by hard links: files never change)."""
    drop(target)
    postgres.psql("postgres", f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    if (FILESTORE / source).is_dir():
        subprocess.run(
            ["cp", "-al", str(FILESTORE / source), str(FILESTORE / target)], check=True
        )


def refresh_statistics(database):
    """What autovacuum would do: it is off in this cluster."""
    postgres.psql(database, "VACUUM ANALYZE")


def rename(source, target):
    drop(target)
    postgres.psql("postgres", f'ALTER DATABASE "{source}" RENAME TO "{target}"')
    if (FILESTORE / source).is_dir():
        (FILESTORE / source).rename(FILESTORE / target)


def _template_key():
    packages = odoo_source.home() / "odoo" / "release.py"
    return "-".join(
        (
            settings.digest(
                settings.REQUIREMENTS / "oca.txt",
                settings.REQUIREMENTS / "oca-bank.txt",
            ),
            str(int(packages.stat().st_mtime)),
            *settings.PLATFORM_MODULES,
        )
    )


def ensure_template():
    """Build the template: French company, French chart, modules, asset bundles."""
    key = _template_key()
    name = settings.TEMPLATE_DB
    if settings.read_state("template") == key and postgres.exists(name):
        return
    require_disk(settings.RUNTIME, 2)
    log = settings.LOGS / "template.log"
    building = f"{name}_building"
    hint = "the template database could not be built."
    drop(building)
    init = ("db", "init", building, "--country=FR", "--language=fr_FR")
    odoo(building, *init, log=log, hint=hint)
    install(building, settings.PLATFORM_MODULES, log=log, hint=hint)
    # Else the first page of each database, and each rolled-back test, builds them.
    bundles = b"env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()\n"
    odoo(building, "shell", "--no-http", log=log, hint=hint, stdin=bundles)
    refresh_statistics(building)
    rename(building, name)
    settings.write_state("template", key)


def install(database, modules, *, log, hint, update=()):
    arguments = ["--stop-after-init", "--no-http", "--max-cron-threads=0"]
    arguments += ["--log-level=warn"]
    if modules:
        arguments += ["-i", ",".join(modules)]
    if update:
        arguments += ["-u", ",".join(update)]
    odoo(database, *arguments, log=log, hint=hint)
    wanted = {*modules, *update}
    names = ", ".join(f"'{name}'" for name in wanted)
    rows = postgres.psql(
        database,
        "SELECT name FROM ir_module_module"
        f" WHERE state = 'installed' AND name IN ({names})",
    )
    if wanted - set(rows):
        missing = ", ".join(sorted(wanted - set(rows)))
        raise CoopError(f"these add-ons did not install: {missing}; see {log}.")


def ensure(name, modules, *, label_log, rebuilt_with=()):
    """Make or bring up to date the database `name` with our add-ons `modules`.

    A change of one of `rebuilt_with` builds it anew: what they make at installation
    is not made again by an update.

    Returns "kept", "updated" or "built".
    """
    log = settings.LOGS / f"{label_log}.log"
    now = {module: settings.digest(settings.ADDONS / module) for module in modules}
    state = settings.read_state(f"db-{name}") or {}
    template = settings.read_state("template")
    hint = f"the database {name} could not be made."
    if state.get("template") == template and postgres.exists(name):
        then = state["modules"]
        changed = [module for module in modules if then.get(module) != now[module]]
        if not changed:
            return "kept"
        if set(changed) <= set(then) <= set(now) and not set(changed) & set(
            rebuilt_with
        ):
            install(name, (), update=changed, log=log, hint=hint)
            settings.write_state(f"db-{name}", {"template": template, "modules": now})
            return "updated"
    require_disk(settings.RUNTIME, 2)
    building = f"{name}_building"
    settings.forget_state(f"db-{name}")
    clone(settings.TEMPLATE_DB, building)
    install(building, modules, log=log, hint=hint)
    refresh_statistics(building)
    rename(building, name)
    settings.write_state(f"db-{name}", {"template": template, "modules": now})
    return "built"


def logins():
    """The demo cooperative's logins: list of dicts role, login, password, start."""
    path = settings.ADDONS / "coop_demo" / "data" / "logins.json"
    return json.loads(path.read_text())
