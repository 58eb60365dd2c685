"""What each add-on and the house have beside their code: icon, page, licence, lists."""

import re

import pytest

from devtools import i18n, licence, lists, pages, settings
from devtools.console import CoopError


def test_each_addon_has_an_icon_and_the_page_of_its_readme():
    stale = [str(path.relative_to(settings.ROOT)) for path in pages.find_stale()]
    assert not stale, f"./coop pages makes them: {stale}"


def test_a_page_that_says_less_than_the_readme_is_found(monkeypatch, tmp_path):
    addon = tmp_path / "coop_x"
    addon.mkdir()
    (addon / "__manifest__.py").write_text('{"summary": "X"}')
    (addon / "README.rst").write_text("X\n=\n\nUsed for this.\n")
    monkeypatch.setattr(settings, "ADDONS", tmp_path)
    monkeypatch.setattr(lists, "run", lambda: None)
    pages.run()
    assert not pages.find_stale()
    page = addon / "static" / "description" / "index.html"
    assert "Used for this." in page.read_text()
    (addon / "README.rst").write_text("X\n=\n\nUsed for that.\n")
    assert pages.find_stale() == [page]


def test_families_have_colours_of_their_own():
    assert pages.colour("coop_orders_pos") == pages.colour("coop_orders")
    assert pages.colour("coop_orders") != pages.colour("coop_logistics")
    assert len(set(pages.COLOURS.values())) >= len(pages.COLOURS) - 1


def test_a_file_without_its_licence_line_is_found_and_mended(tmp_path):
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "model.py").write_text("import x\n")
    assert licence.run(addons=tmp_path) == 1
    assert licence.run(addons=tmp_path, fix=True) == 0
    assert (tmp_path / "model.py").read_text() == f"{licence.LINE}\nimport x\n"
    assert licence.run(addons=tmp_path) == 0


POT = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Order"
msgstr ""
"""


def test_a_language_begins_and_is_merged(tmp_path):
    template = tmp_path / "coop_x.pot"
    template.write_text(POT)
    spanish = tmp_path / "es.po"
    assert "1 untranslated" in i18n.merge(template, spanish, "es")
    assert re.search(r'"Language: es\\n"', spanish.read_text())
    template.write_text(POT + '\nmsgid "Window"\nmsgstr ""\n')
    assert "2 untranslated" in i18n.merge(template, spanish, "es")
    assert i18n.find_languages(tmp_path) == ["es", "fr"]
    assert i18n.find_languages(tmp_path, "es") == ["es"]


@pytest.mark.parametrize("code", ["", "es", "pt_BR", "sr@latin"])
def test_a_language_has_a_code(code):
    i18n.check_language(code)


@pytest.mark.parametrize("code", ["Spanish", "../es", "e"])
def test_what_is_no_code_is_refused(code):
    with pytest.raises(CoopError, match="--lang"):
        i18n.check_language(code)


def test_lists_of_addons_are_those_of_the_manifests():
    stale = [str(path.relative_to(settings.ROOT)) for path in lists.find_stale()]
    assert not stale, f"./coop pages writes them: {stale}"


def test_each_addon_is_in_the_container_or_installs_itself():
    asked = set(lists.find_container_modules())
    assert {"coop_volunteers", "coop_orders", lists.COUNTRY} <= asked
    assert "coop_demo" not in asked | set(lists.find_packages())


def test_the_linters_of_pre_commit_are_those_of_lint():
    pinned = {}
    for name in ("lint.txt", "odoo.txt"):
        for line in (settings.REQUIREMENTS / name).read_text().splitlines():
            package, _equals, version = line.partition("==")
            pinned.setdefault(package, version.split(" ")[0])
    text = (settings.ROOT / ".pre-commit-config.yaml").read_text()
    hooks = re.findall(r"([\w-]+)==([\w.]+)", text)
    assert {"ruff", "pylint-odoo", "oca-odoo-pre-commit-hooks"} <= {
        n for n, _v in hooks
    }
    for name, version in hooks:
        assert pinned[name] == version, name
