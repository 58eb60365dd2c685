"""Debian packages: those of the machine, and Odoo 19 in a folder of its own.

Odoo comes from Debian sid's package, unpacked and never installed, through an apt
state of its own: the machine's sources stay as they are. The mirror's address is
read from the machine's apt configuration.
"""

import os
import shutil
import subprocess
from pathlib import Path

from devtools import settings
from devtools.console import CoopError, run

RUN_PACKAGES = (
    "ca-certificates",
    "fonts-dejavu-core",
    "libharfbuzz-subset0",
    "libmagic1",
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "postgresql",
)
# A browser, what reads PDFs, merges translations and lists the checkout's files.
TEST_PACKAGES = ("chromium", "gettext", "git", "poppler-utils")

# Odoo's package links to these; sid's Font Awesome 7 breaks those links.
FROM_SID = (
    "odoo-19",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
FROM_STABLE = ("fonts-font-awesome",)
# Parses docker/compose.yml in the tests; needs no engine.
TEST_TOOLS = ("docker-compose",)
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
NO_MIRROR = (
    "the Debian mirror of this machine cannot be reached: check the network "
    "and `apt-get update`, then run again."
)


def _root_command(command):
    if os.geteuid() == 0:
        return command
    if shutil.which("sudo"):
        return ["sudo", *command]
    raise CoopError(
        "root rights are needed for `" + " ".join(command) + "`: run it as root "
        "or install sudo, then run again."
    )


def _installed(package):
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Status}", package],
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout == "install ok installed"


def missing_packages(packages):
    if not shutil.which("dpkg-query"):
        raise CoopError(
            "this machine is not a Debian: use the files in docker/, or see the "
            "README on how to install the add-ons in an existing Odoo 19."
        )
    return [package for package in packages if not _installed(package)]


def ensure_installed(*packages):
    """Install those of `packages` that the machine lacks."""
    missing = missing_packages(packages)
    if missing:
        _refresh()
        _install(missing, settings.LOGS / "packages.log")


def install_packages(packages):
    """Install those of `packages` that the machine lacks. Returns those installed."""
    missing = missing_packages(packages)
    if not missing:
        return missing
    log = settings.LOGS / "packages.log"
    _refresh()
    if "postgresql" in missing:
        _install(["postgresql-common"], log)
        _no_main_cluster()
    _install(missing, log)
    return missing


def _refresh():
    """Read the lists of packages anew.

    A source that the machine has beside Debian's may be out of reach: what counts is
    whether the install then works.
    """
    subprocess.run(
        _root_command(["apt-get", "-q", "update"]),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def _install(packages, log):
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    command += ["install", "--no-install-recommends", *packages]
    run(
        _root_command(command),
        log=log,
        hint=f"Debian could not install {', '.join(packages)}: check the network and "
        "that no other apt is running, then run again.",
    )


def _no_main_cluster():
    """Keep Debian from starting a cluster of its own that nobody here asked for."""
    folder = Path("/etc/postgresql-common/createcluster.d")
    if folder.is_dir() and not any(Path("/etc/postgresql").glob("*/*")):
        run(
            _root_command(
                ["sh", "-c", f"echo create_main_cluster=false > {folder}/coop.conf"]
            ),
            log=settings.LOGS / "packages.log",
            hint="PostgreSQL's defaults could not be set.",
        )


def _apt_options(folder):
    options = {
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    return [part for key, value in options.items() for part in ("-o", f"{key}={value}")]


def _mirror():
    shown = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"],
        capture_output=True,
        text=True,
        check=False,
    )
    uris = sorted({uri for uri in shown.stdout.split() if uri.endswith("/debian/")})
    if not uris:
        raise CoopError(
            "apt has no Debian source on this machine: add one to "
            "/etc/apt/sources.list, or set COOP_ODOO_HOME to an Odoo 19 checkout."
        )
    return uris[0]


def _codename():
    release = Path("/etc/os-release").read_text()
    for codename in ("trixie", "bookworm"):
        if f"VERSION_CODENAME={codename}" in release:
            return codename
    return "bookworm"


def download_odoo(folder):
    """Fetch Odoo 19 and what it links to as .deb files. Returns their paths."""
    return _download(folder, FROM_SID, FROM_STABLE)


def ensure_test_tools():
    """Programs of sid that only the tests run, unpacked in `.runtime/tools`."""
    if settings.TOOLS.exists():
        return
    folder = settings.RUNTIME / "apt-tools"
    partial = settings.TOOLS.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for package in _download(folder, TEST_TOOLS):
        run(
            ["dpkg-deb", "-x", package, partial],
            log=settings.LOGS / "tools.log",
            hint=f"{package.name} could not be unpacked: run again.",
        )
    partial.rename(settings.TOOLS)
    shutil.rmtree(folder, ignore_errors=True)


def _download(folder, from_sid, from_stable=()):
    log = settings.LOGS / f"{folder.name}.log"
    for sub in ("lists/partial", "cache/archives/partial", "packages"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    mirror, codename = _mirror(), _codename()
    suites = ("sid", codename) if from_stable else ("sid",)
    (folder / "sources.list").write_text(
        "".join(
            f"deb [signed-by={KEYRING}] {mirror} {suite} main\n" for suite in suites
        )
    )
    options = _apt_options(folder)
    run(["apt-get", *options, "update"], log=log, hint=NO_MIRROR)
    wanted = [f"{name}/sid" for name in from_sid]
    wanted += [f"{name}/{codename}" for name in from_stable]
    packages = folder / "packages"
    run(
        ["apt-get", *options, "download", *wanted],
        log=log,
        cwd=packages,
        hint=NO_MIRROR,
    )
    return sorted(packages.glob("*.deb"))
