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
TEMPLATE_DB = "coop_template"
TEST_DB = "coop_test"

# What the suite stands on. Built once into the template database.
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
    for name in ("PGPORT", "PGPASSWORD", "PGDATABASE", "PYTHONPATH"):
        env.pop(name, None)
    env.update(
        PGHOST=str(socket_dir()),
        PGUSER="odoo",
        PATH=f"{VENV / 'bin'}:{env.get('PATH', '/usr/bin:/bin')}",
        PYTHONDONTWRITEBYTECODE="0",
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


def digest(*paths):
    """One hash of the files at or below `paths` (names and contents)."""
    total = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(str(file.relative_to(ROOT)).encode())
                total.update(file.read_bytes())
    return total.hexdigest()[:16]
