"""A private PostgreSQL cluster in `.runtime/postgres`, reached by its socket only.

No TCP port: two checkouts on one machine cannot collide.
"""

import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

from devtools import clock, settings
from devtools.console import CoopError, require_disk, run

CLUSTER = settings.RUNTIME / "postgres"
DATA = CLUSTER / "data"
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{socket}'
max_connections = 120
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
# The demonstration and the tests only: data that can be made again.
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 4GB
checkpoint_timeout = 1h
# Compiling a query takes longer than any of ours.
jit = off
# While one transaction fills empty tables (the demonstration, tests), autovacuum would
# tell the planner that they are empty, and a query of Odoo's takes minutes then.
autovacuum = off
"""


def bin_dir():
    """The newest PostgreSQL server's programs."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    if not found:
        raise CoopError(
            "PostgreSQL's server is not installed: `apt-get install postgresql`, "
            "then run again."
        )
    return found[-1].parent


def _as_server_user(command):
    """PostgreSQL refuses root: Debian's `postgres` user runs it then.

    It keeps the right to pass through folders, for a checkout below /root.
    """
    if os.geteuid() != 0:
        return command
    prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    if not _can_traverse():
        prefix += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return [*prefix, *command]


def _can_traverse():
    return all(
        parent.stat().st_mode & 0o001 for parent in DATA.parents if parent.exists()
    )


def _own(path):
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(path, owner.pw_uid, owner.pw_gid)


def running():
    try:
        pid = int((DATA / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return False
    return "postgres" in Path(f"/proc/{pid}/cmdline").read_text(errors="replace")


def _clock_shift():
    """Seconds by which the running server's clock is ahead of the machine's."""
    (now,) = psql("postgres", "SELECT extract(epoch FROM clock_timestamp())")
    return float(now) - time.time()


def _stop_unused():
    """:raises CoopError: somebody is connected."""
    (others,) = psql(
        "postgres",
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    )
    if int(others):
        raise CoopError(
            "PostgreSQL is in use and has to be started on another clock: "
            "`./coop stop`, then run again."
        )
    stop()


def ensure(ahead=None):
    """Make the cluster if there is none, and start it.

    :param ahead: environment of another clock (`devtools.clock`); a server that runs
        on another clock than asked is started again
    """
    log = settings.LOGS / "postgres.log"
    socket = settings.socket_dir()
    CLUSTER.mkdir(parents=True, exist_ok=True)
    _own(CLUSTER)
    socket.mkdir(mode=0o755, parents=True, exist_ok=True)
    _own(socket)
    programs = bin_dir()
    if not (DATA / "coop.ready").exists():
        require_disk(settings.RUNTIME, 2)
        shutil.rmtree(DATA, ignore_errors=True)
        command = [programs / "initdb", "-D", DATA, "-U", "odoo", "--auth=trust"]
        command += ["-E", "UTF8", "--locale=C.UTF-8"]
        run(
            _as_server_user(command),
            log=log,
            cwd="/",
            hint="the PostgreSQL cluster could not be made.",
        )
        with (DATA / "postgresql.conf").open("a") as conf:
            conf.write(CONFIGURATION.format(socket=socket))
        (DATA / "coop.ready").touch()
    version = (DATA / "PG_VERSION").read_text().strip()
    if version != programs.parent.name:
        raise CoopError(
            f"the cluster was made by PostgreSQL {version}, now {programs.parent.name} "
            "is installed: `./coop reset`, then run again."
        )
    if running():
        if abs(_clock_shift() - clock.shift_of(ahead or {})) < 60:
            return
        _stop_unused()
    command = [programs / "pg_ctl", "-D", DATA, "-l", DATA / "server.log"]
    run(
        _as_server_user([*command, "-w", "-t", "30", "start"]),
        env=settings.environment(**(ahead or {})),
        log=log,
        cwd="/",
        hint=f"PostgreSQL did not start: see {DATA / 'server.log'}.",
    )


def stop():
    if not running():
        return False
    run(
        _as_server_user([bin_dir() / "pg_ctl", "-D", DATA, "-w", "-m", "fast", "stop"]),
        log=settings.LOGS / "postgres.log",
        cwd="/",
        hint="PostgreSQL did not stop.",
    )
    return True


def psql(database, statement):
    """Run one statement; returns its rows as text lines."""
    done = subprocess.run(
        ["psql", "-X", "-q", "-A", "-t", "-d", database, "-c", statement],
        env=settings.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CoopError(f"PostgreSQL refused a statement: {done.stderr.strip()}")
    return done.stdout.splitlines()


def exists(database):
    found = psql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{database}'")
    return bool(found)
