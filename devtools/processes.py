"""Background processes, found again by a pid file below `.runtime/`."""

import os
import signal
import subprocess
import time
from pathlib import Path

from devtools import settings


def _pid_file(name):
    return settings.RUNTIME / f"{name}.pid"


def names(pattern):
    """Names of the processes that were started, by a pattern such as "server*"."""
    return sorted(path.stem for path in settings.RUNTIME.glob(f"{pattern}.pid"))


def pid(name):
    """The process id of the running `name`, or None."""
    try:
        number = int(_pid_file(name).read_text())
        command = Path(f"/proc/{number}/cmdline").read_text(errors="replace")
    except (OSError, ValueError):
        return None
    # Another program may have been given the number since.
    return number if str(settings.VENV) in command else None


def start(name, command, env):
    """Start `command` in the background; its output goes to `logs/<name>.log`."""
    settings.LOGS.mkdir(parents=True, exist_ok=True)
    with log(name).open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=env,
            cwd=settings.RUNTIME,
            start_new_session=True,
        )
    _pid_file(name).write_text(str(process.pid))
    # While the system replaces one program by the other, neither has a command line.
    while pid(name) is None and process.poll() is None:
        time.sleep(0.01)
    return process


def log(name):
    return settings.LOGS / f"{name}.log"


def stop(name):
    """Returns whether it was running."""
    number = pid(name)
    if number:
        os.kill(number, signal.SIGTERM)
        deadline = time.monotonic() + 10
        while pid(name) and time.monotonic() < deadline:
            time.sleep(0.1)
        if pid(name):
            os.kill(number, signal.SIGKILL)
    _pid_file(name).unlink(missing_ok=True)
    return bool(number)
