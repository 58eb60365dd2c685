# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A person's data as files that open anywhere."""

import csv
import io
import json
import re
import zipfile

from markupsafe import Markup

from odoo.addons.coop_tools.tools.csv_text import defuse

_PAGE = Markup(
    '<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"/>'
    "<title>{title}</title><style>body{{font-family:sans-serif;max-width:60em;"
    "margin:2em auto;padding:0 1em;line-height:1.5}}table{{border-collapse:collapse;"
    "font-size:90%}}td,th{{border:1px solid #ccc;padding:.3em .6em;text-align:left;"
    "vertical-align:top}}</style></head><body><h1>{title}</h1><p>{intro}</p>{body}"
    "</body></html>"
)


def safe_name(name):
    """A file name that no system refuses and that leaves no folder.

    >>> safe_name("../Facture FAC/2026/00001.pdf")
    'Facture_FAC_2026_00001.pdf'
    """
    return (
        re.sub(r"[^\w.\- ]+", "_", name, flags=re.ASCII).strip("._ ").replace(" ", "_")
        or "fichier"
    )


def build_zip(sections, title, intro, lang="fr"):
    """Zip of ``index.html``, ``donnees.json``, a CSV a section, and the files.

    :param sections: list of dicts: ``key``, ``title``, ``columns`` (list of
        ``(key, label)``), ``rows`` (list of dicts of texts), ``files`` (optional list
        of ``(name, bytes)``)
    :return: bytes
    """
    buffer = io.BytesIO()
    body, data = [], {}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for section in sections:
            key, rows = section["key"], section["rows"]
            data[key] = rows
            body.append(Markup("<h2>{} ({})</h2>").format(section["title"], len(rows)))
            if rows:
                archive.writestr(f"{key}.csv", _csv(section))
                body.append(_table(section))
            names = set()
            for number, (name, content) in enumerate(section.get("files") or []):
                name = safe_name(name)
                if name in names:
                    name = f"{number}_{name}"
                names.add(name)
                path = f"{key}/{name}"
                archive.writestr(path, content)
                body.append(Markup('<p><a href="{}">{}</a></p>').format(path, name))
        archive.writestr(
            "donnees.json", json.dumps(data, ensure_ascii=False, indent=2, default=str)
        )
        archive.writestr(
            "index.html",
            _PAGE.format(
                title=title, intro=intro, body=Markup("").join(body), lang=lang
            ),
        )
    return buffer.getvalue()


def _csv(section):
    """Semicolons and a byte order mark: what spreadsheets expect in France."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([label for _key, label in section["columns"]])
    for row in section["rows"]:
        writer.writerow(
            [defuse(row.get(key, "")) for key, _label in section["columns"]]
        )
    return "\ufeff" + buffer.getvalue()


def _table(section):
    head = Markup("").join(
        Markup("<th>{}</th>").format(label) for _key, label in section["columns"]
    )
    lines = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                Markup("<td>{}</td>").format(row.get(key, ""))
                for key, _label in section["columns"]
            )
        )
        for row in section["rows"]
    )
    return Markup("<table><tr>{}</tr>{}</table>").format(head, lines)
