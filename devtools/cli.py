"""The commands of `./coop`."""

import argparse
import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import threading

from devtools import (
    bench,
    clock,
    console,
    contract,
    core_suites,
    database,
    debian,
    demo,
    doctor,
    i18n,
    lint,
    odoo_source,
    postgres,
    python_env,
    rooms,
    server,
    settings,
    testing,
    upgrade,
    wheels,
)
from devtools.console import CoopError, in_parallel, say, step

# Pictures and pages are drawn with libraries of the environment that `./coop` makes.
PAGES = "import sys; from devtools import pages; sys.exit(pages.run())"


@contextlib.contextmanager
def locked(name="lock"):
    """One set-up at a time in a checkout; what comes after it does not lock.

    :raises CoopError: another process holds that lock
    """
    settings.RUNTIME.mkdir(exist_ok=True)
    with (settings.RUNTIME / name).open("w") as lock:
        # No child may keep it: servers and builders outlive the command.
        os.set_inheritable(lock.fileno(), False)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CoopError(
                "another ./coop command is at work in this folder: wait until it "
                "ends, then run again."
            )
        yield


def set_up(*python_sets):
    """From a bare machine to a running PostgreSQL."""

    def packages():
        wanted = debian.RUN_PACKAGES
        if "test" in python_sets:
            wanted += debian.TEST_PACKAGES
        if debian.missing_packages(wanted):
            with step("Debian packages"):
                debian.install_packages(wanted)

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


def command_run(options):
    server.interface()
    if not server.pid():
        server.choose_port()  # a port that is taken is said before any work
    with locked():
        say("Coop: setting up")
        set_up()
        in_the_making = demo.bring_up()
    print_logins()
    if in_the_making:
        _warm_up()
        demo.follow_history()
    if options.follow:
        log = settings.LOGS / "server.log"
        with contextlib.suppress(KeyboardInterrupt):
            subprocess.run(["tail", "-n", "0", "-f", str(log)], check=False)
        server.stop()


def _warm_up():
    """The first page of who works there and of a member, made before they ask."""
    for key in ("manager", "member"):
        row = next(row for row in database.logins() if row["key"] == key)
        visit = (row["login"], row["password"], row["start"])
        threading.Thread(target=server.warm_up_as, args=visit, daemon=True).start()


def command_new(options):
    """An empty cooperative beside the demonstration, to begin one's own."""
    name = f"{database.NEW_PREFIX}{options.name}"
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", options.name):
        raise CoopError(
            f"'{options.name}' cannot be its name: give small letters, digits and _, "
            "beginning with a letter."
        )
    with locked():
        say("Coop: setting up")
        set_up()
        if not postgres.exists(name):
            with step("Empty cooperative"):
                database.ensure_suite()
                database.clone(settings.SUITE_DB, name)
        served = f"server-{options.name}"
        if not server.is_up(served):
            with step("Odoo server"):
                server.start(name, server=served)
    say(f"\nAn empty cooperative is at {server.address(served)}")
    say("  login: admin   password: admin")
    say("It is kept until ./coop reset --new; ./coop stop stops its server.")


def print_logins():
    base = server.address()
    say(f"\nThe demo cooperative is at {base}\n")
    rows = database.logins()
    row = "  {role:<29} {login:<14} {password:<14} {start}"
    say(row.format(role="role", login="login", password="password", start="start at"))
    for login in rows:
        say(row.format(**{**login, "start": f"{base}{login['start']}"}))
    outside = server.outside_address()
    if outside:
        say(f"\nOn a telephone of the same network: {outside}")
        server.print_code(outside)
    say("\nMails stay on this machine, in .runtime/mail/new.")
    say("./coop stop stops it; the log is .runtime/logs/server.log.")


def command_stop(_options):
    stopped = demo.stop()
    stopped = server.stop() or stopped
    stopped = postgres.stop() or stopped
    say("Coop is stopped." if stopped else "Coop was not running.")


def command_reset(options):
    if options.all:
        lost = "everything below .runtime/, whatever was entered in it included"
    elif options.new:
        lost = "the cooperatives made by ./coop new, and all that was entered in them"
    else:
        lost = "the demonstration and the tests' database"
    _confirm(f"This deletes {lost}.", options.yes)
    with locked():
        demo.stop()
        server.stop()
        if options.all:
            postgres.stop()
            shutil.rmtree(settings.RUNTIME, ignore_errors=True)
            say("Everything is deleted: ./coop run starts from nothing.")
            return
        postgres.ensure()
        names = [settings.DEMO_DB, settings.TEST_DB]
        if options.new:
            names = database.find_new()
        for name in names:
            database.drop(name)
            settings.forget_state(f"db-{name}")
    if options.new:
        say("They are deleted." if names else "There was none.")
    else:
        say("They are deleted: ./coop run makes the demonstration again.")


def _confirm(what, sure):
    """:raises CoopError: nobody is there to say yes, or says no."""
    if sure:
        return
    if not sys.stdin.isatty():
        raise CoopError(f"{what} Add --yes to do it.")
    if input(f"{what} Go on? [y/N] ").strip().lower() not in ("y", "yes", "o", "oui"):
        raise CoopError("nothing was deleted.")


def _ready_demo():
    """The demonstration's database, for a command that only speaks to it."""
    console.quiet = True
    with locked():
        set_up()
        if not postgres.exists(settings.DEMO_DB):
            raise CoopError("there is no demonstration yet: ./coop run makes it.")


def command_shell(_options):
    _ready_demo()
    command, env = database.odoo_command(settings.DEMO_DB, "shell", "--no-http")
    return subprocess.call([str(part) for part in command], env=env)


def command_psql(options):
    _ready_demo()
    env = settings.environment(PGDATABASE=settings.DEMO_DB)
    return subprocess.call(["psql", *options.arguments], env=env)


def command_test(options):
    if not options.core:
        testing.check_paths(options.paths)
    at = clock.parse(options.at) if options.at else None
    # Its own lock while the tests run: two suites would share their databases.
    with locked("tests.lock"):
        with locked():
            say("Coop: setting up the tests")
            set_up("test")
            if not (options.core or options.upgrade):
                testing.set_up()
        if options.upgrade:
            return upgrade.run(workers=options.workers)
        if options.core:
            return core_suites.run(options.paths, workers=options.workers)
        return testing.run(options.paths, workers=options.workers, at=at)


def command_lint(options):
    with locked():
        in_parallel(lambda: python_env.ensure("run", "oca", "lint"), odoo_source.ensure)
        python_env.link_odoo()
    return lint.run(fix=options.fix)


def command_rooms(options):
    return rooms.run(options.modules)


def command_contract(options):
    with locked():
        in_parallel(lambda: python_env.ensure("run", "oca"), odoo_source.ensure)
        python_env.link_odoo()
    return contract.run(update=options.update)


def command_bench(options):
    bench.find(options.names)  # a wrong name is said before any work
    with locked():
        say("Coop: setting up the benchmarks")
        set_up("test")
        with step("Template database (Odoo's add-ons, without ours)"):
            database.ensure_template()
    return bench.run(options.names, quick=options.quick)


def command_i18n(options):
    i18n.check_language(options.lang)
    with locked():
        set_up("test")
    return i18n.run(options.modules, options.lang)


def command_wheels(options):
    with locked():
        python_env.ensure("run")
        built = wheels.build(options.addons or settings.own_modules())
    for path in built:
        say(str(path.relative_to(settings.ROOT)))


def command_pages(_options):
    with locked():
        python_env.ensure("run")
    command = [settings.VENV / "bin" / "python", "-c", PAGES]
    return subprocess.call(command, env=settings.environment())


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
    new = add("new", command_new, "an empty cooperative beside the demonstration")
    new.add_argument("name", nargs="?", default="empty", help="default: empty")
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
    test.add_argument(
        "--core",
        action="store_true",
        help="Odoo's own tests (sale, or sale/test_x), without our add-ons and with",
    )
    test.add_argument(
        "--upgrade",
        action="store_true",
        help="the last release's demonstration, upgraded and compared",
    )
    linting = add("lint", command_lint, "check style and add-on rules")
    linting.add_argument("--fix", action="store_true", help="reformat what can be")
    house = add("rooms", command_rooms, "measure the rules of the house, as lint does")
    house.add_argument("modules", nargs="*", help="add-ons; all by default")
    text = "what moved of Odoo's private code that ours relies on"
    pinned = add("contract", command_contract, text)
    pinned.add_argument(
        "--update", action="store_true", help="pin what there is now, once looked at"
    )
    benchmark = add("bench", command_bench, "run the benchmarks")
    benchmark.add_argument("names", nargs="*", help="all by default")
    benchmark.add_argument(
        "--quick", action="store_true", help="small sizes: all in under 10 minutes"
    )
    text = "export the .pot files and merge them into the translations"
    translation = add("i18n", command_i18n, text)
    translation.add_argument("modules", nargs="*", help="all by default")
    translation.add_argument("--lang", help="begin or merge this language: es, pt_BR")
    add("pages", command_pages, "make each add-on's icon and page of its README")
    wheel = add("wheels", command_wheels, "build the add-ons' wheels, without tests")
    wheel.add_argument("addons", nargs="*", help="all by default")
    add("shell", command_shell, "an Odoo shell on the demo database")
    psql = add("psql", command_psql, "psql on the demo database; takes its options")
    psql.add_argument("arguments", nargs="*")
    add("stop", command_stop, "stop Odoo and PostgreSQL")
    reset = add("reset", command_reset, "delete the databases")
    what = reset.add_mutually_exclusive_group()
    what.add_argument("--all", action="store_true", help="delete .runtime/ whole")
    what.add_argument("--new", action="store_true", help="those of ./coop new")
    reset.add_argument("--yes", action="store_true", help="do not ask")
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
