"""The French of mails says what the source says now: Odoo takes it whole, by its name,
even when its source has changed since."""

import re
from pathlib import Path

import lxml.etree
import polib
import pytest

ADDONS = Path(__file__).parent.parent / "addons"
NAME = re.compile(r"^model:mail\.template,body_html:(\w+)\.(\w+)$")


def shape(text):
    """Tags and their attributes, without the words: what French keeps of the source."""
    root = lxml.etree.fromstring(f"<div>{text}</div>")
    return [
        # Odoo marks quotations when it stores a body.
        (node.tag, sorted(i for i in node.items() if not i[0].startswith("data-o-")))
        for node in root.iter()
    ]


def sources(addon):
    """``{name of a mail template: its body in the source}``"""
    bodies = {}
    for path in addon.glob("data/*.xml"):
        for record in lxml.etree.parse(path).iter("record"):
            body = record.find("field[@name='body_html']")
            if record.get("model") == "mail.template" and body is not None:
                inner = [lxml.etree.tostring(node, encoding="unicode") for node in body]
                bodies[record.get("id").rpartition(".")[2]] = "".join(inner)
    return bodies


WITH_MAILS = [addon for addon in sorted(ADDONS.iterdir()) if sources(addon)]


@pytest.mark.parametrize("addon", WITH_MAILS, ids=lambda addon: addon.name)
def test_the_french_of_mails_follows_its_source(addon):
    french = {}
    for entry in polib.pofile(addon / "i18n" / "fr.po"):
        for occurrence, _line in entry.occurrences:
            if name := NAME.match(occurrence):
                french[name[2]] = entry.msgstr
    for name, body in sources(addon).items():
        assert name in french, f"{addon.name}: {name} has no French"
        assert shape(french[name]) == shape(body), f"{addon.name}: {name} is older"
