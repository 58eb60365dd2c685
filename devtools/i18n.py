"""Export each add-on's .pot and merge it into its French translation."""

import re
import subprocess

from devtools import database, settings
from devtools.console import CoopError, say

VOLATILE = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date): .*\n', re.MULTILINE)


def run(modules):
    """Returns 1 when a French translation is incomplete."""
    modules = modules or settings.own_modules()
    database.ensure_suite()
    incomplete = 0
    for module in modules:
        folder = settings.ADDONS / module / "i18n"
        folder.mkdir(exist_ok=True)
        template, french = folder / f"{module}.pot", folder / "fr.po"
        database.odoo(
            settings.SUITE_DB,
            *("i18n", "export", "-l", "pot", "-o", template, module),
            log=settings.LOGS / "i18n.log",
            hint=f"{module} could not be exported.",
        )
        template.write_text(VOLATILE.sub("", template.read_text()))
        if french.exists():
            command = ["msgmerge", "-q", "-U", "-N", "--no-wrap", "--backup=none"]
            command += [str(french), str(template)]
        else:
            command = ["msginit", "--no-translator", "-l", "fr", "--no-wrap"]
            command += ["-i", str(template), "-o", str(french)]
        if subprocess.call(command):
            raise CoopError(f"{french} could not be merged: correct its syntax.")
        shown = subprocess.run(
            ["msgfmt", "--statistics", "-o", "/dev/null", str(french)],
            capture_output=True,
            text=True,
            check=False,
        )
        say(f"  {module}: {shown.stderr.strip()}")
        incomplete |= "untranslated" in shown.stderr or "fuzzy" in shown.stderr
    return int(incomplete)
