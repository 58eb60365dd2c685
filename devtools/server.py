"""Odoo's server, and the mailbox that its mails go to."""

import os
import socket
import time
import urllib.error
import urllib.request

from devtools import database, processes, settings
from devtools.console import CoopError

FIRST_PORT = 8069
FIRST_MAIL_PORT = 2525
MAILBOX = settings.RUNTIME / "mail"


def pid():
    """The running server's process id, or None."""
    return processes.pid("server")


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
    mail_port = start_mailbox()
    command, env = database.odoo_command(
        name,
        *("--http-port", port, "--gevent-port", port + 1000),
        *("--smtp", "127.0.0.1", "--smtp-port", mail_port),
    )
    process = processes.start("server", command, env)
    settings.write_state("port", port)
    _wait(process, port)
    return port


def start_mailbox():
    """A local SMTP server: nothing that the demonstration sends leaves the machine.

    Mails are kept in the Maildir `.runtime/mail`.
    """
    port = settings.read_state("mail-port")
    if processes.pid("mailbox"):
        return port
    port = next(
        port for port in range(FIRST_MAIL_PORT, FIRST_MAIL_PORT + 200) if is_free(port)
    )
    command = [settings.VENV / "bin" / "python", "-m", "aiosmtpd", "-n"]
    command += ["-c", "aiosmtpd.handlers.Mailbox", MAILBOX, "-l", f"127.0.0.1:{port}"]
    processes.start("mailbox", command, settings.environment())
    settings.write_state("mail-port", port)
    return port


def _wait(process, port):
    log = processes.log("server")
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            processes.stop("server")
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
    stopped = processes.stop("server")
    return processes.stop("mailbox") or stopped
