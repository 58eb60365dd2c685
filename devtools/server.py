"""Odoo's server, and the mailbox that its mails go to."""

import http.cookiejar
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

from devtools import database, processes, settings
from devtools.console import CoopError, say

FIRST_PORT = 8069
FIRST_MAIL_PORT = 2525
MAILBOX = settings.RUNTIME / "mail"
LOOPBACK = "127.0.0.1"
DEMO = "server"


def pid(name=DEMO):
    """The running server's process id, or None."""
    return processes.pid(name)


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def interface():
    """The address to listen on: this machine alone, or what COOP_LISTEN says.

    :raises CoopError: COOP_LISTEN is no address
    """
    asked = os.environ.get("COOP_LISTEN")
    if not asked:
        return LOOPBACK
    try:
        socket.inet_aton(asked)
    except OSError:
        raise CoopError(
            f"COOP_LISTEN is '{asked}': give an address of this machine, or 0.0.0.0 "
            "for all of them."
        )
    return asked


def choose_port(name=DEMO):
    """COOP_PORT if set, else the port used last time, else the first free one.

    :raises CoopError: COOP_PORT is no port or is taken.
    """
    asked = os.environ.get("COOP_PORT") if name == DEMO else None
    if asked:
        if not asked.isdigit() or not 1024 <= int(asked) <= 65535:
            raise CoopError(f"COOP_PORT is '{asked}': give a port from 1024 to 65535.")
        if not is_free(int(asked)):
            raise CoopError(
                f"port {asked} is taken by another program: stop it, or set "
                "COOP_PORT to a free one."
            )
        return int(asked)
    last = _read(name).get("port")
    candidates = [last] if last else []
    candidates += range(FIRST_PORT, FIRST_PORT + 50)
    for port in candidates:
        if is_free(port):
            return port
    raise CoopError("no port from 8069 to 8118 is free: set COOP_PORT to one that is.")


def _read(name):
    """``{"port": …, "listen": …}`` of the server when it was last started."""
    return settings.read_state(f"served-{name}") or {}


def is_up(name=DEMO):
    """Whether it runs and listens where it is asked to now."""
    return bool(pid(name)) and _read(name).get("listen") == interface()


def address(name=DEMO):
    # Two names of this machine, so that a browser keeps two sessions.
    host = "localhost" if name == DEMO else LOOPBACK
    return f"http://{host}:{_read(name).get('port')}"


def outside_address(name=DEMO):
    """The address for a telephone of the same network, or None."""
    served = _read(name)
    if served.get("listen", LOOPBACK).startswith("127."):
        return None
    host = served["listen"]
    if host == "0.0.0.0":
        # No packet leaves: a datagram socket only looks up the way there.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))
                host = probe.getsockname()[0]
            except OSError:
                return None
    return f"http://{host}:{served['port']}"


def print_code(url):
    """A QR code of `url` in the terminal, for a telephone's camera."""
    drawn = subprocess.run(
        [
            settings.VENV / "bin" / "python",
            "-c",
            "import qrcode, sys; code = qrcode.QRCode(border=2);"
            "code.add_data(sys.argv[1]); code.print_ascii(invert=True)",
            url,
        ],
        env=settings.environment(PYTHONIOENCODING="utf-8"),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    say(drawn.stdout)


def start(name, *, server=DEMO, wait=True):
    """Start Odoo on the database `name`; returns its port, by default once it answers.

    :param server: which of the servers of this checkout
    """
    if pid(server):
        processes.stop(server)
    port, listen = choose_port(server), interface()
    mail_port = start_mailbox()
    command, env = database.odoo_command(
        name,
        *("--http-interface", listen),
        *("--http-port", port, "--gevent-port", port + 1000),
        *("--smtp", LOOPBACK, "--smtp-port", mail_port),
    )
    processes.start(server, command, env)
    settings.write_state(f"served-{server}", {"port": port, "listen": listen})
    if wait:
        _wait_for_answer(server)
    return port


def wait(server=DEMO):
    """Return once the server that was started answers."""
    _wait_for_answer(server)


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
    command += ["-c", "aiosmtpd.handlers.Mailbox", MAILBOX, "-l", f"{LOOPBACK}:{port}"]
    processes.start("mailbox", command, settings.environment())
    settings.write_state("mail-port", port)
    return port


def _wait_for_answer(server):
    log = processes.log(server)
    served = _read(server)
    listen = served["listen"].replace("0.0.0.0", LOOPBACK)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if not pid(server):
            processes.stop(server)
            raise CoopError(f"Odoo stopped while starting: see {log}.")
        try:
            url = f"http://{listen}:{served['port']}/web/login"
            with urllib.request.urlopen(url, timeout=60) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise CoopError(f"Odoo did not answer within two minutes: see {log}.")


def warm_up(server=DEMO):
    """Have the scripts and styles of the public pages made before somebody waits."""
    _Visitor(server).visit("/web/login")


def warm_up_as(login, password, path, server=DEMO):
    """Have those of the pages behind the login made."""
    visitor = _Visitor(server)
    page = visitor.visit("/web/login")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if token:
        form = {"csrf_token": token[1], "login": login, "password": password}
        visitor.read("/web/login", urllib.parse.urlencode(form).encode())
        visitor.visit(path)


class _Visitor:
    """A browser's first visit: the page, then what it names."""

    def __init__(self, server):
        self.base = f"http://{LOOPBACK}:{_read(server)['port']}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def read(self, path, data=None):
        try:
            with self.opener.open(self.base + path, data, timeout=120) as answer:
                return answer.read().decode(errors="replace")
        except (urllib.error.URLError, OSError):
            return ""  # the page will be slower, no more

    def visit(self, path):
        page = self.read(path)
        for asset in re.findall(r'(?:src|href)="(/web/assets/[^"]+)"', page):
            self.read(asset)
        return page


def stop(name=None):
    """Stop the server `name`, all of them and the mailbox by default."""
    if name:
        return processes.stop(name)
    names = [*processes.names("server*"), "mailbox"]
    return any([processes.stop(name) for name in names])
