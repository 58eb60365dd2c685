"""Odoo 19 itself: Debian's package in a folder, or the checkout of COOP_ODOO_HOME."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from devtools import debian, settings
from devtools.console import CoopError, require_disk

PREFIX_PACKAGES = "usr/lib/python3/dist-packages"


def home():
    """The folder that holds the Python package `odoo`."""
    own = os.environ.get("COOP_ODOO_HOME")
    if own:
        return Path(own).expanduser().resolve()
    return settings.ODOO / PREFIX_PACKAGES


def addons_paths():
    """Odoo's add-on folders that its Python package does not find by itself."""
    extra = home() / "addons"
    return [extra] if extra.is_dir() else []


def ensure():
    """Make sure that Odoo 19 is there.

    :raises CoopError: COOP_ODOO_HOME is not an Odoo 19, or the mirror is out of reach.
    """
    if os.environ.get("COOP_ODOO_HOME"):
        _check_version()
        return
    if (home() / "odoo" / "release.py").exists():
        return
    require_disk(settings.RUNTIME, 3)
    packages = debian.download_odoo(settings.RUNTIME / "apt")
    partial = settings.ODOO.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for package in packages:
        _unpack(package, partial)
    _complete(partial / PREFIX_PACKAGES)
    shutil.rmtree(settings.ODOO, ignore_errors=True)
    partial.rename(settings.ODOO)
    shutil.rmtree(settings.RUNTIME / "apt", ignore_errors=True)


def _check_version():
    release = home() / "odoo" / "release.py"
    if not release.exists():
        raise CoopError(
            f"COOP_ODOO_HOME is {home()}, which holds no Odoo (no odoo/release.py): "
            "correct it, or unset it to get Odoo from Debian."
        )
    version = re.search(r"version_info = \((\d+)", release.read_text())
    if not version or version[1] != "19":
        raise CoopError(
            f"COOP_ODOO_HOME is Odoo {version[1] if version else '?'}: the suite "
            "needs Odoo 19; correct it, or unset it to get Odoo from Debian."
        )


def _unpack(package, folder):
    """Unpack without the translations other than French: 1.3 GB → 0.4 GB."""
    source = subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE
    )
    command = ["tar", "-x", "-C", str(folder), "--wildcards", "--no-same-owner"]
    command += [
        f"--exclude=./{PREFIX_PACKAGES}/addons",  # a second copy of all add-ons
        "--exclude=*/i18n/[!f]*.po",
        "--exclude=*/i18n/f[!r]*.po",
        "--exclude=*/i18n/fr_*.po",
        "--exclude=./usr/share/doc",
    ]
    unpacked = subprocess.run(command, stdin=source.stdout, check=False)
    source.stdout.close()
    if source.wait() or unpacked.returncode:
        raise CoopError(
            f"{package.name} could not be unpacked: delete {package.parent} and run "
            "again."
        )


def _complete(packages):
    """Mend what Debian's package leaves out or names otherwise than PyPI."""
    # Without this file every back-office page logs an error, on which tours fail.
    # It blurs video calls' backgrounds, with a model that it would fetch elsewhere.
    stub = packages / "odoo/addons/mail/static/lib/selfie_segmentation"
    stub.mkdir(parents=True, exist_ok=True)
    script = stub / "selfie_segmentation.js"
    if not script.exists():
        script.write_text("/* not packaged by Debian */\n")
    for info in packages.glob("odoo-*.egg-info/PKG-INFO"):
        text = info.read_text()
        text = re.sub(r"(?m)^Requires-Dist: psycopg2\b", "\\g<0>-binary", text)
        info.write_text(text.replace("Requires-Dist: PyPDF2", "Requires-Dist: pypdf"))
