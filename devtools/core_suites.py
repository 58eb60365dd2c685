"""`./coop test --core`: Odoo's own tests without our add-ons, then with them.

Who has an Odoo and installs one of our add-ons asked for nothing else: what Odoo did
before, it still does. Its own tests say so. They run twice, in a database without ours
and in one with ours, and each test that fails with ours alone is either a fault of ours
or a difference that `core_differences.toml` names, with its reason.
"""

import json
import queue
import socket
import subprocess
import threading
import tomllib
from dataclasses import dataclass

from devtools import database, odoo_source, postgres, settings
from devtools.console import CoopError, say, step

DIFFERENCES = settings.ROOT / "devtools" / "core_differences.toml"
PLAIN_DB = "coop_core"
# Those whose models ours extend. The longest first: they run side by side.
SUITES = (
    "account",
    "stock",
    "point_of_sale",
    "purchase_stock",
    "sale",
    "sale_stock",
    "purchase",
    "account_edi_ubl_cii",
    "stock_picking_batch",
    "portal",
)


@dataclass(frozen=True)
class Comparison:
    """Names of tests, sorted, by what became of them once our add-ons are there."""

    new: list  # fail with ours alone, and nothing says so
    known: list  # fail with ours alone, as the list says
    mended: list  # listed, and do not fail with ours
    foreign: list  # fail without ours too

    @property
    def right(self):
        return not self.new and not self.mended


def parse_results(lines):
    """The outcomes that `core_runner` wrote.

    :param lines: iterable of JSON texts, the last one `{"end": true}` unless Odoo died
    :returns: dict name → (outcome, detail), outcome one of passed, failed, skipped;
        and whether the run came to its end
    """
    results, ended = {}, False
    for line in lines:
        read = json.loads(line)
        if "end" in read:
            ended = True
        elif results.get(read["test"], ("",))[0] != "failed":
            results[read["test"]] = (read["outcome"], read["detail"])
    return results, ended


def read_differences(text):
    """`core_differences.toml` as a dict name of a test → its table.

    :raises CoopError: a table without reason, or a test that is listed twice.
    """
    listed = {}
    for table in tomllib.loads(text).get("difference", ()):
        if not table.get("reason") or not table.get("tests"):
            raise CoopError(f"{DIFFERENCES.name}: each difference has tests and reason.")
        for name in table["tests"]:
            if name in listed:
                raise CoopError(f"{DIFFERENCES.name} lists {name} twice.")
            listed[name] = table
    return listed


def failures(results):
    return {name for name, (outcome, _detail) in results.items() if outcome == "failed"}


def compare(without, with_ours, listed):
    """What changes for Odoo's tests once our add-ons are there.

    A test that ran without ours and that nobody saw with ours counts as failed.

    :param without, with_ours: dict name → (outcome, detail), as `parse_results` gives
    :param listed: dict of the differences that are known, by name of test
    """
    before, after = failures(without), failures(with_ours)
    ran = {name for name, (outcome, _detail) in without.items() if outcome == "passed"}
    changed = (after - before) | (ran - set(with_ours))
    seen = set(without) | set(with_ours)
    return Comparison(
        new=sorted(changed - set(listed)),
        known=sorted(changed & set(listed)),
        mended=sorted((set(listed) & seen) - changed),
        foreign=sorted(before),
    )


def read_selection(arguments):
    """`sale` or `sale/test_x` → list of (module, tags in Odoo's syntax).

    :raises CoopError: Odoo has no such module, or no such file of tests.
    """
    files = {}
    for argument in arguments or SUITES:
        module, _slash, name = argument.partition("/")
        folder = odoo_source.home() / "odoo" / "addons" / module / "tests"
        name = name.removesuffix(".py")
        if not (folder / f"{name}.py" if name else folder).exists():
            raise CoopError(f"Odoo has no tests {argument}: give sale, or sale/test_x.")
        files.setdefault(module, set()).add(name)
    return [
        (
            module,
            f"/{module}"
            if "" in names
            else ",".join(f"/{module}/tests/{name}.py" for name in sorted(names)),
        )
        for module, names in files.items()
    ]


def only(names):
    """Tags in Odoo's syntax that select the tests `names` of one module."""
    tags = []
    for name in names:
        module, _slash, rest = name.partition("/")
        _file, klass, method = rest.rsplit(".", 2)
        tags.append(f"/{module}:{klass}.{method}")
    return ",".join(tags)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _run_one(side, worker, module, tags):
    """Run in a fresh clone of the database `side`, because some of Odoo's tests commit.

    :returns: dict name → (outcome, detail)
    """
    clone = f"{side}_core_{worker}"
    database.clone(side, clone)
    output = settings.RUNTIME / "core" / f"{side}-{module}-{worker}.jsonl"
    output.parent.mkdir(exist_ok=True)
    output.unlink(missing_ok=True)
    log = settings.LOGS / f"core-{side}-{module}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    port = f"--http-port={_free_port()}"
    arguments = ("shell", port, "--max-cron-threads=0", "--log-level=warn")
    command, env = database.odoo_command(clone, *arguments)
    script = (
        "from devtools import core_runner\n"
        f"core_runner.main(env, [{module!r}], {tags!r}, {str(output)!r})\n"
    )
    with log.open("wb") as stream:
        subprocess.run(
            [str(part) for part in command],
            input=script.encode(),
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**env, "PYTHONPATH": str(settings.ROOT)},
            check=False,
        )
    database.drop(clone)
    if not output.exists():
        raise CoopError(f"the tests of {module} did not start: see {log}.")
    with output.open() as lines:
        results, ended = parse_results(lines)
    if not ended:
        say(f"    {module} stopped before its end: see {log}")
    return results


def _run_side(side, selection, workers):
    """:returns: dict module → dict name → (outcome, detail)"""
    waiting, results, errors = queue.SimpleQueue(), {}, []
    for item in selection:
        waiting.put(item)

    def work(number):
        while not errors:
            try:
                module, tags = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                with step(f"{module}"):
                    results[module] = _run_one(side, number, module, tags)
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def _ensure_plain(own):
    """The database without ours: all that ours bring with them, and nothing of ours.

    :returns: what it is made of, a key for what was measured on it
    """
    rows = postgres.psql(
        settings.TEST_DB, "SELECT name FROM ir_module_module WHERE state = 'installed'"
    )
    modules = sorted(set(rows) - set(own))
    database.ensure(PLAIN_DB, modules, label_log="core-database")
    return settings.read_state(f"db-{PLAIN_DB}")


def _without_ours(selection, key, workers):
    """Odoo's results alone, from the last time unless Odoo has changed since."""
    kept = settings.read_state("core-results") or {}
    kept = kept.get("results", {}) if kept.get("key") == key else {}
    missing = [(module, tags) for module, tags in selection if f"{tags}" not in kept]
    if missing:
        say("Without our add-ons")
        ran = _run_side(PLAIN_DB, missing, workers)
        kept.update({tags: ran[module] for module, tags in missing})
        settings.write_state("core-results", {"key": key, "results": kept})
    return {module: kept[tags] for module, tags in selection}


def _confirm(new, results, side):
    """Run the tests `new` of one module again, by themselves."""
    module = new[0].partition("/")[0]
    results.update(_run_one(side, 0, module, only(new)))


def _print(module, without, with_ours, found):
    skipped = sum(outcome == "skipped" for outcome, _detail in with_ours.values())
    say(
        f"  {module:<22} {len(without):>5} {len(failures(without)):>7}"
        f" {len(with_ours):>9} {len(failures(with_ours)):>7} {skipped:>8}"
        f" {len(found.new):>5} {len(found.known):>6}"
    )


def run(arguments, *, workers):
    """Compare, print, and return the exit code: 0 when nothing is left unsaid."""
    selection = read_selection(arguments)
    listed = read_differences(DIFFERENCES.read_text())
    with step("Database without our add-ons"):
        key = _ensure_plain(settings.own_modules())
    without = _without_ours(selection, key, workers)
    say("With our add-ons")
    with_ours = _run_side(settings.TEST_DB, selection, workers)
    found = {}
    for module, _tags in selection:
        new = compare(without[module], with_ours[module], listed).new
        if new:
            # A day or an hour can make a test of Odoo's fail: both sides again, now.
            with step(f"{module}: {len(new)} again, on both sides"):
                _confirm(new, without[module], PLAIN_DB)
                _confirm(new, with_ours[module], settings.TEST_DB)
        found[module] = compare(without[module], with_ours[module], listed)
    say(
        f"\n  {'':<22} {'alone':>5} {'failed':>7} {'with ours':>9} {'failed':>7}"
        f" {'skipped':>8} {'new':>5} {'listed':>6}"
    )
    for module, _tags in selection:
        _print(module, without[module], with_ours[module], found[module])
    return report(found, with_ours, listed)


def report(found, with_ours, listed):
    """Print each difference of `found` (module → Comparison); return the exit code."""
    for module, comparison in found.items():
        for name in comparison.known:
            way = listed[name].get("setting", "no setting")
            say(f"\n  listed: {name}\n    {listed[name]['reason']}\n    → {way}")
        for name in comparison.mended:
            say(f"\n  NO LONGER FAILS: {name}\n    take it out of {DIFFERENCES.name}")
        for name in comparison.new:
            detail = with_ours[module].get(name, ("", "not seen with ours"))[1]
            last = detail.strip().splitlines()[-1:] or [""]
            say(f"\n  NEW: {name}\n    {last[0][:300]}")
    if all(comparison.right for comparison in found.values()):
        say("\nWith our add-ons, none of Odoo's tests fails that is not listed.")
        return 0
    return 1
