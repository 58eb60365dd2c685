"""*New* behind each menu where one add-on alone is installed, from nothing."""

import json
import subprocess

import pytest

from devtools import database, settings

from .test_new_records import ODOO_FAULTS

ROOT = settings.ROOT
# Add-on → the role that works with it, and some of what it makes there; `coop_base` is
# in the first and the last.
ALONE = {
    "coop_orders": (
        "coordinator",
        {"coordinator": {"coop.order.window"}, "administrator": {"purchase.order"}},
    ),
    "coop_reconciliation": (
        "accountant",
        {"accountant": {"account.move"}, "administrator": {"purchase.order"}},
    ),
    "coop_volunteers": (
        "volunteer",
        {"volunteer": {"coop.shift.template"}, "administrator": {"coop.shift"}},
    ),
}


@pytest.fixture(params=sorted(ALONE))
def alone(request):
    """A database with one of our add-ons and what it depends on: ``(add-on, name)``."""
    name = f"coop_alone_{request.param}"
    try:
        database.build(
            name,
            [request.param],
            "--alone",
            log=settings.LOGS / "alone.log",
            hint=f"{request.param} could not be installed alone.",
        )
        yield request.param, name
    finally:
        database.drop(name)


def test_new_records_of_one_addon(alone):
    addon, name = alone
    role, made = ALONE[addon]
    _command, env = database.odoo_command(name)
    done = subprocess.run(
        [settings.VENV / "bin" / "python", "-m", "tests.alone_process", name, role],
        cwd=ROOT,
        env={**env, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    faults = [
        fault
        for walk in said.values()
        for fault in walk["faults"]
        if not any(f"({m}," in fault and w in fault for m, w in ODOO_FAULTS.items())
    ]
    assert not faults, "\n\n".join(faults)
    for who, models in made.items():
        assert models <= set(said[who]["saved"]), (who, said[who])
