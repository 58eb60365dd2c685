"""From release to release: the last release's demonstration, upgraded to this checkout.

    ./coop test --upgrade

The release's own add-ons are taken out of git, its demonstration is built with them,
and a copy of it is upgraded with those of this checkout. `upgrades/` compares the
result with a fresh database.
"""

import subprocess

from devtools import database, postgres, settings, testing
from devtools.console import CoopError, step

# The releases that can be upgraded, newest first, and their commits.
RELEASES = {"19.0.1.0.0": "669d439"}
RELEASE_DB = "coop_release"
UPGRADED_DB = "coop_upgraded"
PATHS = ("upgrades",)


def _folder(release):
    return settings.RUNTIME / "releases" / release


def find_addons(release):
    """The folder with the release's add-ons, taken out of git.

    :raises CoopError: its commit is not in this clone
    """
    folder = _folder(release)
    addons = folder / "addons"
    if addons.is_dir():
        return addons
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["git", "archive", RELEASES[release], "addons"],
        cwd=settings.ROOT,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise CoopError(
            f"release {release} is not in this clone: fetch its whole history "
            "(git fetch --unshallow), then run again."
        )
    # tar, not Python's: the first versions of 3.11, Debian's own, know no filter
    subprocess.run(["tar", "-x", "-C", folder], input=done.stdout, check=True)
    return addons


def find_modules(release):
    """The release's add-ons."""
    manifests = find_addons(release).glob("*/__manifest__.py")
    return sorted(path.parent.name for path in manifests)


def _ensure_release(release):
    """The release's demonstration, built once."""
    key = {"release": RELEASES[release], "platform": database.platform_key()}
    if settings.read_state("db-release") == key and postgres.exists(RELEASE_DB):
        return
    database.drop(RELEASE_DB)
    settings.forget_state("db-release")
    database.build_release(RELEASE_DB, find_addons(release), find_modules(release))
    settings.write_state("db-release", key)


def upgrade(release):
    """A copy of the release's demonstration, upgraded to this checkout."""
    database.clone(RELEASE_DB, UPGRADED_DB)
    database.update(
        UPGRADED_DB,
        find_modules(release),
        log=settings.LOGS / "upgrade.log",
        hint=f"the demonstration of {release} could not be upgraded.",
    )


def run(*, workers):
    """Upgrade the last release's demonstration and test it. Returns pytest's code."""
    release = next(iter(RELEASES))
    with step("Fresh database with our add-ons"):
        database.ensure_suite()
    with step(f"Demonstration of release {release}"):
        _ensure_release(release)
    with step(f"Upgrade from {release}"):
        upgrade(release)
    return testing.run(list(PATHS), workers=workers, database_name=UPGRADED_DB)
