"""Databases: one template with what the suite stands on, cloned for each use."""

import json
import shutil
import subprocess

from devtools import odoo_source, postgres, settings
from devtools.console import require_disk, run

NEW_PREFIX = "coop_new_"
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


def configuration(database, own=None):
    """Write and return the Odoo configuration file of a database.

    :param own: the folder of our add-ons; this checkout's by default
    """
    path = settings.RUNTIME / "conf" / f"{database}.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    addons = [*odoo_source.addons_paths(), own or settings.ADDONS]
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


def platform_key():
    """Odoo and the OCA's add-ons of this checkout."""
    release = odoo_source.home() / "odoo" / "release.py"
    oca = [settings.REQUIREMENTS / name for name in ("oca.txt", "oca-bank.txt")]
    return f"{settings.digest(*oca)}-{int(release.stat().st_mtime)}"


def _make_state(modules):
    """What a database with `modules` is made of: Odoo, the OCA's add-ons, ours."""
    own = {name for name in settings.own_modules() if name in modules}
    return {
        "platform": platform_key(),
        "modules": {
            name: settings.digest(settings.ADDONS / name) if name in own else ""
            for name in modules
        },
    }


def is_current(name, modules):
    """Whether the database `name` is there and was made of what there is now."""
    return find_changed(name, modules) == []


def find_changed(name, modules):
    """The add-ons to update in the database `name`; None when it must be made anew."""
    state = settings.read_state(f"db-{name}") or {}
    now = _make_state(modules)
    if state.get("platform") != now["platform"] or not postgres.exists(name):
        return None
    then = state["modules"]
    if set(then) != set(now["modules"]):
        return None
    return [name for name, key in now["modules"].items() if then[name] != key]


def set_current(name, modules, **facts):
    settings.write_state(f"db-{name}", {**_make_state(modules), **facts})


def build_command(*arguments):
    """Command and environment of `devtools.odoo_build` with `arguments`."""
    command = [settings.VENV / "bin" / "python", "-m", "devtools.odoo_build"]
    return [*command, *arguments], settings.environment()


def build(name, modules, *options, log, hint):
    """Make the database `name` from nothing; `options` of `devtools.odoo_build`."""
    drop(name)
    command, env = build_command("install", name, ",".join(modules), *options)
    run(command, env=env, log=log, hint=hint)


def build_release(name, own, modules):
    """Make the database `name` with the add-ons of the folder `own`, their data too."""
    command, env = build_command("release", name, ",".join(modules), "--own", own)
    hint = "the release's demonstration could not be built."
    run(command, env=env, log=settings.LOGS / "release.log", hint=hint)
    refresh_statistics(name)


def ensure_template():
    """The template: French company, French chart, Odoo's add-ons, bundles; not ours."""
    ensure(settings.TEMPLATE_DB, settings.PLATFORM_MODULES, label_log="template")


def ensure(name, modules, *, label_log, bundles=True):
    """Make or bring up to date the database `name` with `modules`.

    Returns "kept", "updated" or "built".
    """
    log = settings.LOGS / f"{label_log}.log"
    hint = f"the database {name} could not be made."
    changed = find_changed(name, modules)
    if changed == []:
        return "kept"
    if changed:
        update(name, changed, log=log, hint=hint)
        set_current(name, modules)
        return "updated"
    require_disk(settings.RUNTIME, 2)
    building = f"{name}_building"
    settings.forget_state(f"db-{name}")
    options = ["--bundles"] if bundles else []
    build(building, modules, *options, log=log, hint=hint)
    refresh_statistics(building)
    rename(building, name)
    set_current(name, modules)
    return "built"


def update(name, modules, *, log, hint):
    """Update add-ons of the database `name`."""
    arguments = ["--stop-after-init", "--no-http", "--max-cron-threads=0"]
    arguments += ["--log-level=warn", "-u", ",".join(modules)]
    odoo(name, *arguments, log=log, hint=hint)


def ensure_suite():
    """The suite's database, which cooperatives are clones of."""
    modules, log = settings.suite_modules(), settings.LOGS / "suite.log"
    hint = "the suite's database could not be made."
    changed = find_changed(settings.SUITE_DB, modules)
    if changed:
        update(settings.SUITE_DB, changed, log=log, hint=hint)
        set_current(settings.SUITE_DB, modules)
    elif changed is None:
        require_disk(settings.RUNTIME, 2)
        command, env = build_command("suite")
        run(command, env=env, log=log, hint=hint)


def find_new():
    """The databases that `./coop new` made."""
    names = postgres.psql("postgres", "SELECT datname FROM pg_database")
    return [name for name in names if name.startswith(NEW_PREFIX)]


def logins():
    """The demo cooperative's logins: list of dicts role, login, password, start."""
    path = settings.ADDONS / "coop_demo" / "data" / "logins.json"
    return json.loads(path.read_text())
