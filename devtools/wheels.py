"""Wheels of our add-ons: what a server needs, without tests and what only they load."""

import shutil
import subprocess
import tempfile
from pathlib import Path, PurePath

from devtools import settings
from devtools.console import CoopError, run

FOLDER = settings.RUNTIME / "wheels"
# Folders that no running server reads.
NOT_SHIPPED = {"tests"}


def find_files(addon):
    """The files of an add-on that its wheel holds, relative to it."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=settings.ADDONS / addon,
        capture_output=True,
        text=True,
        check=True,
    )
    names = [PurePath(name) for name in done.stdout.split("\0") if name]
    return [name for name in names if not NOT_SHIPPED & set(name.parts)]


def build(addons, folder=FOLDER):
    """Build the wheels of `addons` into `folder`. Returns their paths.

    :raises CoopError: no add-on of that name, or a wheel that cannot be built
    """
    unknown = set(addons) - set(settings.own_modules())
    if unknown:
        raise CoopError(f"no add-on of ours is named {', '.join(sorted(unknown))}.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # whool takes all that git knows and can leave nothing out: it gets a copy.
    with tempfile.TemporaryDirectory() as copies:
        for addon in addons:
            for name in find_files(addon):
                target = Path(copies) / addon / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(settings.ADDONS / addon / name, target)
        command = [settings.VENV / "bin" / "python", "-m", "pip", "wheel", "-q"]
        command += ["--no-deps", "--wheel-dir", folder]
        command += [Path(copies) / addon for addon in addons]
        run(
            command,
            env=settings.environment(),
            log=settings.LOGS / "wheels.log",
            hint="the wheels could not be built.",
        )
    return sorted(folder.glob("*.whl"))
