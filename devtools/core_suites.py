"""`./coop test --core`: Odoo's own tests without our add-ons, then with them.

Who has an Odoo and installs one of our add-ons asked for nothing else: what Odoo did
before, it still does. Its own tests say so. They run twice, in a database without ours
and in one with ours, and each test that fails with ours alone is either a fault of ours
or a difference that `core_differences.toml` names, with its reason.
"""

import json
import queue
import re
import shutil
import socket
import subprocess
import threading
from dataclasses import dataclass

import tomllib

from devtools import database, odoo_source, postgres, settings, testing
from devtools.console import CoopError, say, step

DIFFERENCES = settings.ROOT / "devtools" / "core_differences.toml"
PLAIN_DB = "coop_core"
OURS_DB = "coop_core_ours"
WORK = settings.RUNTIME / "core"
# Odoo's tests read its messages in English, which is not installed here.
ENGLISH = (
    "UPDATE res_lang SET active = (code = 'en_US')",
    "UPDATE res_partner SET lang = 'en_US'",
    "UPDATE ir_default SET json_value = '\"en_US\"' WHERE json_value = '\"fr_FR\"'",
)
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
            raise CoopError(
                f"{DIFFERENCES.name}: each difference has tests and reason."
            )
        for name in table["tests"]:
            if name in listed:
                raise CoopError(f"{DIFFERENCES.name} lists {name} twice.")
            listed[name] = table
    return listed


def error_line(detail):
    """The line of a traceback that names the error; its message may go on after it.

    >>> error_line("Traceback (most recent call last):\\nValueError: a\\n\\n- b\\n")
    'ValueError: a'
    """
    named = re.findall(r"(?m)^[\w.]+: .*", detail)
    return named[-1][:300] if named else detail.strip()[-300:]


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
    for statement in ENGLISH:
        postgres.psql(clone, statement)
    output = WORK / f"{side}-{module}-{worker}.jsonl"
    output.unlink(missing_ok=True)
    log = settings.LOGS / f"core-{side}-{module}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    addons = [*odoo_source.addons_paths(), WORK / "addons"]
    arguments = (
        "shell",
        f"--http-port={_free_port()}",
        f"--addons-path={','.join(map(str, addons))}",
        "--max-cron-threads=0",
        "--log-level=warn",
    )
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
    if not ended and side == PLAIN_DB:
        # With ours, what was not seen counts as failed; without, it would be kept.
        raise CoopError(f"Odoo's own tests of {module} stopped: see {log}.")
    if not ended:
        say(f"    {module} stopped before its end: see {log}")
    return results


def _run_side(side, selection, workers, done=lambda tags, results: None):
    """Run the modules of `selection`, `workers` at a time.

    :param done: called with a module's tags and its results as soon as they are there
    :returns: dict module → dict name → (outcome, detail)
    """
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
                done(tags, results[module])
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


def _ensure_ours(modules):
    """The database with ours, made anew when one of them changes.

    An update would keep the settings that were chosen before.
    """
    if not database.is_current(OURS_DB, modules):
        settings.forget_state(f"db-{OURS_DB}")
    database.ensure(OURS_DB, modules, label_log="core-ours", bundles=False)


def _ensure_plain(own):
    """The database without ours: all that ours bring with them, and nothing of ours.

    :returns: what it is made of, a key for what was measured on it
    """
    rows = postgres.psql(
        OURS_DB, "SELECT name FROM ir_module_module WHERE state = 'installed'"
    )
    modules = sorted(set(rows) - set(own))
    database.ensure(PLAIN_DB, modules, label_log="core-database", bundles=False)
    return settings.read_state(f"db-{PLAIN_DB}")


def _without_ours(selection, key, workers):
    """Odoo's results alone, from the last time unless Odoo has changed since."""
    kept = settings.read_state("core-results") or {}
    kept = kept.get("results", {}) if kept.get("key") == key else {}
    missing = [(module, tags) for module, tags in selection if tags not in kept]
    if missing:
        say("Without our add-ons")

        def keep(tags, results):
            kept[tags] = results
            settings.write_state("core-results", {"key": key, "results": kept})

        _run_side(PLAIN_DB, missing, workers, done=keep)
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
    own = settings.own_modules()
    modules = {*own, *settings.PLATFORM_MODULES} - testing.NOT_IN_TESTS
    with step("Database with our add-ons"):
        _ensure_ours(sorted(modules))
    with step("Database without our add-ons"):
        key = _ensure_plain(own)
    # All this takes long: what someone writes in between is for the next run.
    shutil.rmtree(WORK, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__", "tests", "*.po", "*.pot")
    shutil.copytree(settings.ADDONS, WORK / "addons", ignore=ignored)
    without = _without_ours(selection, key, workers)
    say("With our add-ons")
    with_ours = _run_side(OURS_DB, selection, workers)
    found = {}
    for module, _tags in selection:
        new = compare(without[module], with_ours[module], listed).new
        if new:
            # A day or an hour can make a test of Odoo's fail: both sides again, now.
            with step(f"{module}: {len(new)} again, on both sides"):
                _confirm(new, without[module], PLAIN_DB)
                _confirm(new, with_ours[module], OURS_DB)
        found[module] = compare(without[module], with_ours[module], listed)
    say(
        f"\n  {'':<22} {'alone':>5} {'failed':>7} {'with ours':>9} {'failed':>7}"
        f" {'skipped':>8} {'new':>5} {'listed':>6}"
    )
    for module, _tags in selection:
        _print(module, without[module], with_ours[module], found[module])
    return report(found, with_ours, listed)


def report(found, with_ours, listed):
    """Print each difference of `found` (module → Comparison); give the exit code."""
    for module, comparison in found.items():
        for name in comparison.known:
            way = listed[name].get("setting", "no setting")
            say(f"\n  listed: {name}\n    {listed[name]['reason']}\n    → {way}")
        for name in comparison.mended:
            say(f"\n  NO LONGER FAILS: {name}\n    take it out of {DIFFERENCES.name}")
        for name in comparison.new:
            detail = with_ours[module].get(name, ("", "not seen with ours"))[1]
            say(f"\n  NEW: {name}\n    {error_line(detail)}")
    if all(comparison.right for comparison in found.values()):
        say("\nWith our add-ons, none of Odoo's tests fails that is not listed.")
        return 0
    return 1
