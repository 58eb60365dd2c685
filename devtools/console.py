"""Progress lines with the time of each step, and errors of one sentence."""

import contextlib
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor


class CoopError(Exception):
    """One sentence saying what is wrong and what to do; ends with exit code 1."""


_print_lock = threading.Lock()
# Under `./coop shell` and `psql` nothing but their own output is printed.
quiet = False


def say(message):
    with _print_lock:
        sys.stdout.write(f"{message}\n")
        sys.stdout.flush()


@contextlib.contextmanager
def step(label):
    """Print `label` when it starts and how long it took when it ends."""
    if quiet:
        yield
        return
    start = time.monotonic()
    say(f"  … {label}")
    yield
    say(f"  ✓ {label} ({time.monotonic() - start:.0f} s)")


def in_parallel(*functions):
    """Run functions side by side; the first error is raised once all have ended."""
    with ThreadPoolExecutor(len(functions)) as pool:
        futures = [pool.submit(function) for function in functions]
    for future in futures:
        future.result()


def run(command, *, log, env=None, cwd=None, hint, stdin=None):
    """Run `command`, its output appended to the file `log`.

    :raises CoopError: `hint` (a sentence) and the last line printed, when it fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        try:
            done = subprocess.run(
                [str(part) for part in command],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL if stdin is None else None,
                input=stdin,
                env=env,
                cwd=cwd,
                check=False,
            )
        except FileNotFoundError as error:
            raise CoopError(f"{command[0]} is not installed: {hint}") from error
    if done.returncode:
        raise CoopError(f"{hint} (see {log}; last line: {last_line(log)})")


def last_line(log):
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else "nothing printed"


def require_disk(path, gigabytes):
    """:raises CoopError: when less than `gigabytes` GB are free where `path` is."""
    free = shutil.disk_usage(path).free / 1e9
    if free < gigabytes:
        raise CoopError(
            f"only {free:.1f} GB are free on the disk of {path}: "
            f"free {gigabytes} GB, then run again."
        )
