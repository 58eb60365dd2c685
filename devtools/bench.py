"""Run the benchmarks of `benchmarks/` and show ours beside the peer."""

import json
import subprocess

from devtools import database, settings
from devtools.console import CoopError, say

FOLDER = settings.ROOT / "benchmarks"
COLUMNS = ("name", "n", "ours_s", "peer_s", "ratio", "queries", "queries_per_item")


def names():
    return sorted(path.stem for path in FOLDER.glob("bench_*.py"))


def run(wanted):
    """Run the benchmarks `wanted` (all by default), each in a process of its own."""
    known = {name.removeprefix("bench_"): name for name in names()}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise CoopError(
            f"no benchmark {', '.join(unknown)}: there are {', '.join(known)}."
        )
    results = []
    for name in wanted or known:
        say(f"  … {name}")
        code = subprocess.call(
            [str(settings.VENV / "bin" / "python"), "-m", f"benchmarks.{known[name]}"],
            cwd=settings.ROOT,
            env=settings.environment(
                ODOO_RC=database.configuration(settings.TEMPLATE_DB),
                PYTHONPATH=settings.ROOT,
            ),
        )
        if code:
            raise CoopError(f"the benchmark {name} failed.")
        for path in sorted((FOLDER / "results").glob(f"{name}*.json")):
            results.append(json.loads(path.read_text()))
    say("")
    widths = (28, 8, 10, 10, 8, 9, 16)
    say(_row(COLUMNS, widths))
    for result in results:
        say(_row([str(result[column]) for column in COLUMNS], widths))
        say(f"    peer: {result['peer']}")
    return 0


def _row(cells, widths):
    pairs = zip(cells, widths, strict=True)
    return "".join(cell.ljust(width) for cell, width in pairs)
