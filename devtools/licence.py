"""The licence, in a line at the head of each Python file of the add-ons."""

from devtools import settings
from devtools.console import say

LINE = "# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl)."


def find_missing(addons=settings.ADDONS):
    """Python files, empty ones apart, that do not begin with the line."""
    return [
        path
        for path in sorted(addons.rglob("*.py"))
        if path.stat().st_size and not path.read_text().startswith(("#!", LINE))
    ]


def run(*, fix=False, addons=settings.ADDONS):
    """Say which files have no licence line, or give it to them. Returns 0 or 1."""
    missing = find_missing(addons)
    for path in missing:
        if fix:
            path.write_text(f"{LINE}\n{path.read_text()}")
        else:
            say(f"  {path.relative_to(addons.parent)}: no licence line (--fix adds it)")
    return int(bool(missing) and not fix)
