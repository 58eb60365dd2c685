import base64
import csv
import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent


def rows(name):
    """The rows of `data/<name>.csv` as dicts."""
    with (FOLDER / "data" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def logins():
    return json.loads((FOLDER / "data" / "logins.json").read_text())


def names():
    """First and last names to draw from: {"first": […], "last": […]}."""
    return json.loads((FOLDER / "data" / "names.json").read_text())


def picture(name):
    """A picture of `static/img`, as Odoo's binary fields want it."""
    return base64.b64encode((FOLDER / "static/img" / f"{name}.png").read_bytes())


def refresh_statistics(env):
    """Tell PostgreSQL how big the tables have become within this one transaction.

    Its plans for what it believes to be empty tables take minutes otherwise.
    """
    env.flush_all()
    # Catalogues shared with other databases may be locked by those: never wait.
    env.cr.execute("ANALYZE (SKIP_LOCKED)")
