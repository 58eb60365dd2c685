"""The commands of `./coop`."""

import argparse
import contextlib
import fcntl
import os
import shutil
import subprocess
import sys

from devtools import (
    bench,
    clock,
    console,
    database,
    debian,
    doctor,
    i18n,
    lint,
    odoo_source,
    postgres,
    python_env,
    server,
    settings,
    testing,
)
from devtools.console import CoopError, in_parallel, say, step

_lock = None


def take_lock():
    """One set-up at a time in a checkout; released when the process ends."""
    global _lock
    settings.RUNTIME.mkdir(exist_ok=True)
    _lock = (settings.RUNTIME / "lock").open("w")
    try:
        fcntl.flock(_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CoopError(
            "another ./coop command is at work in this folder: wait until it ends, "
            "then run again."
        )


def set_up(*python_sets):
    """From a bare machine to a running PostgreSQL with the template database."""
    take_lock()

    def packages():
        if debian.missing_packages():
            with step("Debian packages"):
                debian.install_packages()

    def odoo():
        with step("Odoo 19"):
            odoo_source.ensure()

    def python():
        with step("Python environment"):
            python_env.ensure("run", "oca", *python_sets)

    def tools():
        if "test" in python_sets:
            debian.ensure_test_tools()

    in_parallel(packages, odoo, python, tools)
    python_env.link_odoo()
    with step("PostgreSQL"):
        postgres.ensure()
    with step("Template database (French company, sales, purchases, stock, accounts)"):
        database.ensure_template()


def command_run(options):
    running = server.pid()
    if not running:
        server.choose_port()  # a port that is taken is said before any work
    say("Coop: setting up")
    set_up()
    with step("Demo cooperative, Emplettes du Toulois"):
        modules = settings.own_modules()
        now = {name: settings.digest(settings.ADDONS / name) for name in modules}
        state = settings.read_state(f"db-{settings.DEMO_DB}") or {}
        if running and state.get("modules") != now:
            server.stop()
            running = None
        database.ensure(
            settings.DEMO_DB, modules, label_log="demo", rebuilt_with=["coop_demo"]
        )
    if not running:
        with step("Odoo server"):
            server.start(settings.DEMO_DB)
    print_logins()
    if options.follow:
        log = settings.LOGS / "server.log"
        with contextlib.suppress(KeyboardInterrupt):
            subprocess.run(["tail", "-n", "0", "-f", str(log)], check=False)
        server.stop()


def print_logins():
    base = server.address()
    say(f"\nThe demo cooperative is at {base}\n")
    rows = database.logins()
    row = "  {role:<29} {login:<14} {password:<14} {start}"
    say(row.format(role="role", login="login", password="password", start="start at"))
    for login in rows:
        say(row.format(**{**login, "start": f"{base}{login['start']}"}))
    say("\nMails stay on this machine, in .runtime/mail/new.")
    say("./coop stop stops it; the log is .runtime/logs/server.log.")


def command_stop(_options):
    stopped = server.stop()
    stopped = postgres.stop() or stopped
    say("Coop is stopped." if stopped else "Coop was not running.")


def command_reset(options):
    server.stop()
    if options.all:
        postgres.stop()
        shutil.rmtree(settings.RUNTIME, ignore_errors=True)
        say("Everything under .runtime/ is deleted: ./coop run starts from nothing.")
        return
    postgres.ensure()
    for name in (settings.DEMO_DB, settings.TEST_DB):
        database.drop(name)
        settings.forget_state(f"db-{name}")
    say("The demo and test databases are deleted: ./coop run makes them again.")


def command_shell(_options):
    console.quiet = True
    set_up()
    command, env = database.odoo_command(settings.DEMO_DB, "shell", "--no-http")
    return subprocess.call([str(part) for part in command], env=env)


def command_psql(options):
    console.quiet = True
    set_up()
    env = settings.environment(PGDATABASE=settings.DEMO_DB)
    return subprocess.call(["psql", *options.arguments], env=env)


def command_test(options):
    testing.check_paths(options.paths)
    at = clock.parse(options.at) if options.at else None
    say("Coop: setting up the tests")
    set_up("test")
    return testing.run(options.paths, workers=options.workers, at=at)


def command_lint(options):
    take_lock()
    with step("Python environment"):
        python_env.ensure("run", "oca", "lint")
    with step("Odoo 19"):
        odoo_source.ensure()
    python_env.link_odoo()
    return lint.run(fix=options.fix)


def command_bench(options):
    say("Coop: setting up the benchmarks")
    set_up("test")
    return bench.run(options.names)


def command_i18n(options):
    set_up()
    return i18n.run(options.modules)


def command_doctor(_options):
    return doctor.run()


def parser():
    top = argparse.ArgumentParser(
        prog="./coop", description="The Odoo suite for food cooperatives."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="command")

    def add(name, function, text):
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(function=function)
        return sub

    run = add("run", command_run, "set everything up and start the demo cooperative")
    run.add_argument("--follow", action="store_true", help="show the log; Ctrl+C stops")
    test = add("test", command_test, "set everything up and run the tests")
    test.add_argument("paths", nargs="*", help="files or folders; all by default")
    test.add_argument("--workers", type=int, default=2, help="processes (default 2)")
    test.add_argument(
        "--at",
        metavar="DATE",
        help="run as if it were that moment, '2027-03-28 00:30' or '2027-03-28' "
        f"(noon), of the cooperative's local time ({clock.ZONE}); of an hour that "
        f"occurs twice, the first; '{clock.THIS_WEEK}' picks one of a list by the week",
    )
    linting = add("lint", command_lint, "check style and add-on rules")
    linting.add_argument("--fix", action="store_true", help="reformat what can be")
    benchmark = add("bench", command_bench, "run the benchmarks")
    benchmark.add_argument("names", nargs="*", help="all by default")
    translation = add("i18n", command_i18n, "export the .pot files, merge the French")
    translation.add_argument("modules", nargs="*", help="all by default")
    add("shell", command_shell, "an Odoo shell on the demo database")
    psql = add("psql", command_psql, "psql on the demo database; takes its options")
    psql.add_argument("arguments", nargs="*")
    add("stop", command_stop, "stop Odoo and PostgreSQL")
    reset = add("reset", command_reset, "delete the databases")
    reset.add_argument("--all", action="store_true", help="delete .runtime/ whole")
    add("doctor", command_doctor, "say what is there, what is missing, what to do")
    return top


def main(arguments):
    # psql has options of its own, which are not ours to read.
    own, theirs = (
        (arguments[:1], arguments[1:])
        if arguments[:1] == ["psql"]
        else (
            arguments,
            [],
        )
    )
    options = parser().parse_args(own)
    if theirs:
        options.arguments = theirs
    os.umask(0o022)
    try:
        return options.function(options) or 0
    except CoopError as error:
        sys.stdout.flush()
        sys.stderr.write(f"coop: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("coop: interrupted; run again to go on where it stopped.\n")
        return 130
