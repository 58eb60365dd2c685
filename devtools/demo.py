"""The demonstration: built in the background, used as soon as its window is open."""

import time
from concurrent.futures import ThreadPoolExecutor

from devtools import console, database, postgres, processes, server, settings
from devtools.console import CoopError, step
from devtools.progress import Progress

BUILDER = "builder"
# Its history is made at the first installation: updates do not make it again.
REBUILT_WITH = "coop_demo"
HINT = "the demonstration could not be brought up to date."


def bring_up():
    """Start the demonstration, whatever there is of it.

    :return: whether its history is still being built
    """
    modules = settings.suite_modules()
    if processes.pid(BUILDER):
        return _follow()
    changed = database.find_changed(settings.DEMO_DB, modules)
    if changed is None or REBUILT_WITH in changed:
        server.stop()
        settings.forget_state(f"db-{settings.DEMO_DB}")
        console.require_disk(settings.RUNTIME, 2)
        if database.find_changed(settings.SUITE_DB, modules):
            with step("Suite's add-ons brought up to date"):
                database.ensure_suite()
        return _build()
    complete = _is_complete()
    if changed:
        server.stop()
        with step(f"Demonstration: update of {', '.join(changed)}"):
            log = settings.LOGS / "demo.log"
            database.update(settings.DEMO_DB, changed, log=log, hint=HINT)
            database.set_current(settings.DEMO_DB, modules, complete=complete)
    if not complete:  # it was cut short: go on
        return _build()
    if not server.is_up():
        with step("Odoo server"):
            server.start(settings.DEMO_DB)
    return False


def _is_complete():
    state = settings.read_state(f"db-{settings.DEMO_DB}") or {}
    return bool(state.get("complete"))


def state():
    """What there is, with PostgreSQL stopped too: None, "in the making", "complete"."""
    if processes.pid(BUILDER):
        return "in the making"
    if not settings.read_state(f"db-{settings.DEMO_DB}"):
        return None
    if postgres.running() and not postgres.exists(settings.DEMO_DB):
        return None
    return "complete" if _is_complete() else "in the making"


def _build():
    settings.forget_state("progress")
    command, env = database.build_command("demo")
    processes.start(BUILDER, command, env)
    return _follow()


def _follow():
    """Wait until people can look around, the server started meanwhile."""
    with Progress("Demo cooperative") as line:
        _wait_for(line, "first", "history", "done")
        if not server.is_up():
            server.start(settings.DEMO_DB, wait=False)
        with ThreadPoolExecutor(1) as pool:
            # The pages' styles are made while the window is being opened.
            ready = pool.submit(_wait_for_server)
            _wait_for(line, "history", "done")
            ready.result()
    return _get_phase() != "done"


def _wait_for_server():
    server.wait()
    server.warm_up()


def follow_history():
    """Show what is being built behind the open window until all of it is there."""
    with Progress("Behind it") as line:
        _wait_for(line, "done")


def _get_phase():
    return (settings.read_state("progress") or {}).get("phase")


def _wait_for(line, *phases):
    """:raises CoopError: the builder stopped before."""
    while True:
        alive = processes.pid(BUILDER)
        progress = settings.read_state("progress") or {}
        if progress.get("phase") in phases:
            return
        if not alive:
            log = processes.log(BUILDER)
            raise CoopError(
                "the demonstration could not be built: run again to go on where it "
                f"stopped (see {log}; last line: {console.last_line(log)})"
            )
        if progress.get("label"):
            line.change(progress["label"])
        time.sleep(0.2)


def stop():
    return processes.stop(BUILDER)
