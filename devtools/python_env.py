"""The Python environment: Odoo's needs, the OCA add-ons, and the test tools."""

import shutil
import subprocess
import sys
from pathlib import Path

from devtools import odoo_source, settings
from devtools.console import CoopError, require_disk, run

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

# Each set has its own stamp, so that a change installs only what changed.
SETS = {
    "run": ("odoo.txt",),
    "oca": ("oca.txt", "oca-bank.txt"),
    "test": ("test.txt",),
    "lint": ("lint.txt",),
}
NO_PYPI = (
    "the Python packages could not be installed: check the network (PyPI must be "
    "reached), then run again."
)


def ensure(*names):
    """Make sure that the requirement sets `names` are installed."""
    log = settings.LOGS / "python.log"
    python = settings.VENV / "bin" / "python"
    if not python.exists() or not settings.read_state("venv"):
        require_disk(settings.RUNTIME, 2)
        shutil.rmtree(settings.VENV, ignore_errors=True)
        for name in (*SETS, "pth"):
            settings.forget_state(f"python-{name}")
        run(
            [sys.executable, "-m", "venv", settings.VENV],
            log=log,
            hint="the Python environment could not be made: install python3-venv.",
        )
        run([python, "-m", "pip", "install", "-q", "uv"], log=log, hint=NO_PYPI)
        settings.write_state("venv", True)
    for name in names:
        _install_set(name, python, log)


def _install_set(name, python, log):
    files = [settings.REQUIREMENTS / file for file in SETS[name]]
    key = settings.digest(*files)
    if settings.read_state(f"python-{name}") == key:
        return
    command = [settings.VENV / "bin" / "uv", "pip", "install", "-q"]
    command += ["--python", python]
    if name == "oca":
        # They require a package "odoo" that PyPI does not have.
        command.append("--no-deps")
    for file in files:
        command += ["-r", file]
    env = settings.environment(UV_LINK_MODE="copy")
    if CERTIFICATES.exists():  # an organisation's own, where it has some
        env["UV_SYSTEM_CERTS"] = "true"
    run(command, log=log, env=env, hint=NO_PYPI)
    settings.write_state(f"python-{name}", key)


def link_odoo():
    """Make `import odoo` work, and write the launcher.

    A launcher file rather than `python -m odoo`: with several workers Odoo starts
    its event process again from `sys.argv[0]`.
    """
    python = settings.VENV / "bin" / "python"
    where = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=False,
    )
    if where.returncode:
        raise CoopError(f"{settings.VENV} is broken: delete it and run again.")
    path_file = f"{where.stdout.strip()}/coop-odoo.pth"
    with open(path_file, "w") as file:
        file.write(f"{odoo_source.home()}\n")
    launcher = settings.VENV / "bin" / "odoo"
    launcher.write_text(
        f"#!{python}\n"
        "import odoo.cli\n\n"
        'if __name__ == "__main__":\n'
        "    odoo.cli.main()\n"
    )
    launcher.chmod(0o755)
