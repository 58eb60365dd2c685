"""Each add-on alone: installed, opened, upgraded, uninstalled: nothing stays."""

import ast
import json
import subprocess

import pytest

from devtools import database, postgres, settings
from devtools.contract import Theirs

from .uninstall_process import compare

BARE = "coop_bare"
# Walks only on top of the others, with data that stays by design.
NOT_ALONE = {"coop_demo"}


def _manifest(name):
    return ast.literal_eval((settings.ADDONS / name / "__manifest__.py").read_text())


ADDONS = [name for name in settings.own_modules() if name not in NOT_ALONE]
# What installs itself is installed with what it stands on, all at once.
ALONE = [name for name in ADDONS if not _manifest(name).get("auto_install")]


@pytest.fixture(scope="module")
def bare():
    """A database with what our add-ons depend on, and none of ours."""
    wanted = {*Theirs().addons, "l10n_fr_account"}
    database.build(
        BARE,
        sorted(wanted),
        "--alone",
        log=settings.LOGS / "bare.log",
        hint="a database without our add-ons could not be made.",
    )
    try:
        yield BARE
    finally:
        database.drop(BARE)


def _go_through(bare, modules):
    name = f"{bare}_one"
    database.clone(bare, name)
    try:
        _command, env = database.odoo_command(name)
        python = settings.VENV / "bin" / "python"
        done = subprocess.run(
            [python, "-m", "tests.uninstall_process", name, ",".join(modules)],
            cwd=settings.ROOT,
            env={**env, "PYTHONDONTWRITEBYTECODE": "1", "COOP_DEMO": "later"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return json.loads(done.stdout), done.stderr
    finally:
        database.drop(name)


@pytest.mark.parametrize("addon", ALONE)
def test_nothing_stays_of_an_addon(bare, addon):
    said, log = _go_through(bare, [addon])
    assert not said["faults"], "\n".join(said["faults"])
    assert not said["left"]
    assert "violates foreign key" not in log


def test_nothing_stays_of_all_of_them(bare):
    said, log = _go_through(bare, ADDONS)
    assert not said["faults"], "\n".join(said["faults"])
    assert not said["left"]
    assert "violates foreign key" not in log


def test_the_databases_are_dropped():
    assert not postgres.exists(f"{BARE}_one")


def test_what_stays_is_told():
    before = ({"column a.b", "res_groups Role / User"}, {"res_groups": 1})
    after = (
        {"column a.b", "column a.coop_x", "res_groups Role / User", "res_groups Coop"},
        {"res_groups": 2, "coop_x": 0},
    )
    assert compare(before, before) == []
    assert compare(before, after) == [
        "column a.coop_x",
        "res_groups Coop",
        "rows of res_groups: 2, were 1",
    ]
