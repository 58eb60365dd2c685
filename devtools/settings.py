"""Where things are. Everything made lives under `.runtime/`."""

import hashlib
import json
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = ROOT / ".runtime"
ADDONS = ROOT / "addons"
REQUIREMENTS = ROOT / "requirements"
LOGS = RUNTIME / "logs"
VENV = RUNTIME / "venv"
ODOO = RUNTIME / "odoo"
TOOLS = RUNTIME / "tools"
DATA = RUNTIME / "data"
STATE = RUNTIME / "state"

DEMO_DB = "coop"
# All of our add-ons and no data: the demonstration is a clone of it.
SUITE_DB = "coop_suite"
# What the suite stands on without the suite: benchmarks and Odoo's own tests.
TEMPLATE_DB = "coop_template"
TEST_DB = "coop_test"

# What the suite stands on, in the template database.
PLATFORM_MODULES = (
    "l10n_fr_account",
    "sale_management",
    "sale_stock",
    "purchase_stock",
    "account_edi_ubl_cii",
    "stock_fleet",
    "stock_picking_batch",
    "membership",
    "portal",
    "web_tour",
)


# Beside what our add-ons depend on: what a cooperative uses of Odoo's automatic
# add-ons. The others (text messages, letters by post, dashboards, …) are left out: half
# of the time, and menus that nobody here needs.
WANTED_MODULES = (
    "base_import",
    "l10n_fr_account",
    "l10n_fr_pos_cert",
    "resource_mail",
    "rpc",
    "sale_purchase_stock",
)


def suite_modules():
    """What the demonstration and new cooperatives install."""
    return sorted({*own_modules(), *WANTED_MODULES})


def socket_dir():
    """The PostgreSQL socket's folder: a Unix socket's path has at most 107 bytes."""
    folder = RUNTIME / "postgres" / "socket"
    if len(str(folder)) > 80:
        key = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"coop-{key}"
    return folder


def environment(**more):
    """The environment of every child process: our database, our Python first."""
    env = dict(os.environ)
    for name in ("PGPORT", "PGPASSWORD", "PGDATABASE", "PYTHONDONTWRITEBYTECODE"):
        env.pop(name, None)
    env.update(
        PGHOST=str(socket_dir()),
        PGUSER="odoo",
        PATH=f"{VENV / 'bin'}:{env.get('PATH', '/usr/bin:/bin')}",
        PYTHONPATH=str(ROOT),
        # Compiled once, and away from the checkout.
        PYTHONPYCACHEPREFIX=str(RUNTIME / "pycache"),
    )
    env.update({key: str(value) for key, value in more.items()})
    return env


def own_modules():
    return sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))


def read_state(name, default=None):
    path = STATE / f"{name}.json"
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return default


def write_state(name, value):
    STATE.mkdir(parents=True, exist_ok=True)
    path = STATE / f"{name}.json"
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(value, indent=1))
    partial.replace(path)


def forget_state(name):
    (STATE / f"{name}.json").unlink(missing_ok=True)


def _is_code(file):
    """Whether a database made with this file differs from one made without it."""
    return (
        file.is_file()
        and not {"__pycache__", "tests"} & set(file.relative_to(ROOT).parts)
        and file.suffix not in (".pot", ".rst", ".md", ".pyc")
    )


def digest(*paths):
    """One hash of the files at or below `paths` (names and contents).

    Of a folder, what no database depends on is left out: tests, texts, templates of
    translations.
    """
    total = hashlib.sha256()
    for path in paths:
        folder = path.is_dir()
        for file in sorted(path.rglob("*")) if folder else [path]:
            if not folder or _is_code(file):
                total.update(str(file.relative_to(ROOT)).encode())
                total.update(file.read_bytes())
    return total.hexdigest()[:16]
