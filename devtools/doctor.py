"""What is there, what is missing, what to do: one line each."""

import os
import shutil

from devtools import debian, demo, odoo_source, postgres, server, settings
from devtools.console import CoopError, say


def run():
    """Print the findings. Returns 1 when something stands in the way of `run`."""
    problems = 0

    def report(label, good, advice, *, blocking=False):
        nonlocal problems
        mark = "✓" if good else "✗" if blocking else "·"
        say(f"  {mark} {label}" + ("" if good else f": {advice}"))
        problems += blocking and not good

    try:
        missing = debian.missing_packages(debian.RUN_PACKAGES)
    except CoopError as error:
        missing, advice, helpless = ["?"], str(error), True
    else:
        advice = f"./coop run installs {', '.join(missing)}"
        helpless = os.geteuid() != 0 and not shutil.which("sudo")
        if helpless:
            advice += ", as root or with sudo"
    report("Debian packages", not missing, advice, blocking=helpless)
    free = shutil.disk_usage(settings.ROOT).free / 1e9
    report(f"disk: {free:.0f} GB free", free > 4, "free 4 GB", blocking=True)
    has_odoo = (odoo_source.home() / "odoo" / "release.py").exists()
    report("Odoo 19", has_odoo, "./coop run fetches it")
    has_python = (settings.VENV / "bin" / "odoo").exists()
    report("Python environment", has_python, "./coop run makes it")
    report("PostgreSQL running", postgres.running(), "./coop run starts it")
    made = demo.state()
    report("demonstration", made, "./coop run makes it")
    if made == "in the making":
        say("  still in the making: ./coop run goes on with it and shows how far it is")
    number = server.pid()
    report("Odoo running", bool(number), "./coop run starts it")
    if number:
        say(f"  at {server.address()}, process {number}")
    return 1 if problems else 0
