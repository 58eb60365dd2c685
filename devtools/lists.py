"""Lists of add-ons that other files hold, written from the manifests by `./coop pages`.

The container installs what does not install itself, and the README's command for pip
names all that a cooperative may use.
"""

import ast
import re

from devtools import settings

# Of the demonstration: never for a cooperative.
NEVER = {"coop_demo"}
# Wants OCA's bank add-ons, which are a step of their own.
BANK = "coop_reconciliation_bank"
# The country's accounting first: the chart of accounts is loaded with it.
COUNTRY = "l10n_fr_account"


def _manifest(name):
    return ast.literal_eval((settings.ADDONS / name / "__manifest__.py").read_text())


def find_container_modules():
    """What `coop-init` is asked for; the others install themselves."""
    own = set(settings.own_modules()) - NEVER
    chosen = {name for name in own if not _manifest(name).get("auto_install")}
    return [COUNTRY, *sorted(chosen | ({BANK} & own))]


def find_packages():
    """What pip installs from a clone, one package each."""
    return sorted(set(settings.own_modules()) - NEVER - {BANK})


def read_expected():
    """``{path: what the file should hold}``."""
    modules = ",".join(find_container_modules())
    changes = {
        "docker/compose.yml": (
            r"(COOP_MODULES: \$\{COOP_MODULES:-)[^}]*",
            modules,
        ),
        "docker/.env.example": (r"(?m)^(COOP_MODULES=).*", modules),
        "README.md": (
            r"(pip install --no-deps \./addons/\{)[^}]*",
            ",".join(find_packages()),
        ),
    }
    expected = {}
    for name, (pattern, value) in changes.items():
        path = settings.ROOT / name
        text, count = re.subn(
            pattern, lambda found, value=value: found[1] + value, path.read_text()
        )
        if count != 1:
            raise ValueError(
                f"{name} holds its list of add-ons {count} times, not once"
            )
        expected[path] = text
    return expected


def find_stale():
    """Files whose list is not that of the manifests."""
    return [path for path, text in read_expected().items() if path.read_text() != text]


def run():
    for path, text in read_expected().items():
        if path.read_text() != text:
            path.write_text(text)
