"""Odoo's server process: started in the background, found again by its pid file."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from devtools import database, settings
from devtools.console import CoopError

FIRST_PORT = 8069
PID = settings.RUNTIME / "server.pid"


def pid():
    """The running server's process id, or None."""
    try:
        number = int(PID.read_text())
        command = Path(f"/proc/{number}/cmdline").read_text(errors="replace")
    except (OSError, ValueError):
        return None
    return number if str(settings.VENV) in command else None


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose_port():
    """COOP_PORT if set, else the port used last time, else the first free one.

    :raises CoopError: COOP_PORT is no port or is taken.
    """
    asked = os.environ.get("COOP_PORT")
    if asked:
        if not asked.isdigit() or not 1024 <= int(asked) <= 65535:
            raise CoopError(f"COOP_PORT is '{asked}': give a port from 1024 to 65535.")
        if not is_free(int(asked)):
            raise CoopError(
                f"port {asked} is taken by another program: stop it, or set "
                "COOP_PORT to a free one."
            )
        return int(asked)
    last = settings.read_state("port")
    candidates = [last] if last else []
    candidates += range(FIRST_PORT, FIRST_PORT + 50)
    for port in candidates:
        if is_free(port):
            return port
    raise CoopError("no port from 8069 to 8118 is free: set COOP_PORT to one that is.")


def address():
    return f"http://localhost:{settings.read_state('port')}"


def start(name):
    """Start Odoo on the database `name`; returns once it answers."""
    port = choose_port()
    command, env = database.odoo_command(
        name, "--http-port", str(port), "--gevent-port", str(port + 1000)
    )
    settings.LOGS.mkdir(parents=True, exist_ok=True)
    log = settings.LOGS / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=env,
            cwd=settings.ROOT,
            start_new_session=True,
        )
    PID.write_text(str(process.pid))
    settings.write_state("port", port)
    _wait(process, port, log)
    return port


def _wait(process, port, log):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            PID.unlink(missing_ok=True)
            raise CoopError(f"Odoo stopped while starting: see {log}.")
        try:
            url = f"http://127.0.0.1:{port}/web/login"
            with urllib.request.urlopen(url, timeout=60) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise CoopError(f"Odoo did not answer within two minutes: see {log}.")


def stop():
    number = pid()
    if not number:
        PID.unlink(missing_ok=True)
        return False
    os.kill(number, signal.SIGTERM)
    for _attempt in range(100):
        if not Path(f"/proc/{number}").exists() or not pid():
            break
        time.sleep(0.1)
    else:
        os.kill(number, signal.SIGKILL)
    PID.unlink(missing_ok=True)
    return True
