"""What is installed with pip: an add-on without its tests."""

import re
import zipfile

import pytest

from devtools import settings, wheels
from devtools.console import CoopError

# Has tests, and in static/tests/ tours and a library of 650 kB for them.
ADDON = "coop_orders"
IMPORT = re.compile(r"^(from \S*\btests\b|from \S+ import .*\btests\b)", re.M)


def test_a_wheel_has_no_tests(tmp_path):
    (wheel,) = wheels.build([ADDON], tmp_path / "wheels")
    names = zipfile.ZipFile(wheel).namelist()
    inside = f"odoo/addons/{ADDON}/"
    assert f"{inside}__manifest__.py" in names
    assert f"{inside}i18n/fr.po" in names
    assert not [name for name in names if "/tests/" in name or "axe" in name]
    shipped = {str(name) for name in wheels.find_files(ADDON)} - {"pyproject.toml"}
    assert {name.removeprefix(inside) for name in names if inside in name} == shipped


def test_no_shipped_code_imports_tests():
    """An import of what is left out would stop a server from starting."""
    for addon in settings.own_modules():
        for name in wheels.find_files(addon):
            if name.suffix == ".py":
                text = (settings.ADDONS / addon / name).read_text()
                assert not IMPORT.search(text), f"{addon}/{name}"


def test_an_unknown_addon_is_named(tmp_path):
    with pytest.raises(CoopError, match="coop_nothing"):
        wheels.build(["coop_nothing"], tmp_path)


def test_every_addon_is_a_package():
    """A new add-on without its pyproject.toml could not be installed with pip."""
    for addon in settings.own_modules():
        assert (settings.ADDONS / addon / "pyproject.toml").exists(), addon
