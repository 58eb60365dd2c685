"""Export each add-on's .pot and merge it into its translations."""

import re
import subprocess

from devtools import database, settings
from devtools.console import CoopError, say

VOLATILE = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date): .*\n', re.MULTILINE)
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?(@[a-z]+)?")
# The language of the interface: it is complete, or the command fails.
COMPLETE = "fr"


def check_language(language):
    """:raises CoopError: that is no language's code."""
    if language and not LANGUAGE.fullmatch(language):
        raise CoopError(
            f"--lang '{language}': give a language's code, as es, pt_BR or sr@latin."
        )


def find_languages(folder, language=None):
    """Codes of the add-on's translations: those that there are, and `language`."""
    found = {path.stem for path in folder.glob("*.po")} | {COMPLETE}
    return [language] if language else sorted(found)


def run(modules, language=None):
    """Returns 1 when a translation that must be complete is not.

    :param language: begin or merge this one only; all that there are by default
    """
    modules = modules or settings.own_modules()
    database.ensure_suite()
    incomplete = False
    for module in modules:
        folder = settings.ADDONS / module / "i18n"
        folder.mkdir(exist_ok=True)
        template = folder / f"{module}.pot"
        database.odoo(
            settings.SUITE_DB,
            *("i18n", "export", "-l", "pot", "-o", template, module),
            log=settings.LOGS / "i18n.log",
            hint=f"{module} could not be exported.",
        )
        template.write_text(VOLATILE.sub("", template.read_text()))
        for code in find_languages(folder, language):
            figures = merge(template, folder / f"{code}.po", code)
            say(f"  {module} {code}: {figures}")
            is_short = "untranslated" in figures or "fuzzy" in figures
            incomplete |= is_short and code == COMPLETE
    return int(incomplete)


def merge(template, path, language):
    """Merge `template` into the translation at `path`, or begin it.

    :return: what gettext counts in it
    :raises CoopError: the file cannot be read
    """
    if path.exists():
        command = ["msgmerge", "-q", "-U", "-N", "--no-wrap", "--backup=none"]
        command += [str(path), str(template)]
    else:
        command = ["msginit", "--no-translator", "-l", language, "--no-wrap"]
        command += ["-i", str(template), "-o", str(path)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        raise CoopError(f"{path} could not be merged: correct its syntax.")
    shown = subprocess.run(
        ["msgfmt", "--statistics", "-o", "/dev/null", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stderr.strip()
