# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import csv
import json
from pathlib import Path

from odoo.tools import SQL

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
    # Only the tables that have grown since PostgreSQL last looked.
    env.cr.execute(
        """
        SELECT oid::regclass::text FROM pg_class
         WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace
           AND pg_relation_size(oid) > 1.5 * greatest(relpages, 0)
                                       * current_setting('block_size')::int
        """
    )
    tables = [SQL.identifier(name.strip('"')) for (name,) in env.cr.fetchall()]
    if tables:
        # What others have locked is left out: never wait.
        env.cr.execute(SQL("ANALYZE (SKIP_LOCKED) %s", SQL(", ").join(tables)))
