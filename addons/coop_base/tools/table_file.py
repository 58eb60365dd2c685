# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reading a list out of a spreadsheet, as people keep them.

CSV with semicolons, commas or tabs, in UTF-8 or in Windows' encoding, or xlsx; headers
in any order, case and accents. Nothing here knows the database, nor what it is about.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from odoo.addons.coop_tools.tools.sheet import (
    MAX_ROWS,
    SheetError,
    read_rows,
    read_text,
)


class TableFileError(SheetError):
    """The file as a whole cannot be read; codes besides: ``headers``, ``twice``."""


@dataclass
class Row:
    """A line of the file: ``number`` as the spreadsheet shows it, texts by field."""

    number: int
    values: dict = field(default_factory=dict)


def fold(text):
    """Text to compare headers and names: no accents, case or punctuation.

    >>> fold("  N° d'Adhérent ")
    'n d adherent'
    """
    text = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())


def read_table(content, by_header, required, filename="", title_rows=0):
    """Rows of a file.

    :param content: bytes of a CSV or xlsx file
    :param by_header: ``{folded header: key}``, several headers may mean the same key
    :param required: keys of which the file must have one
    :param title_rows: how many lines above the headers are passed over, such as the
        name of the shop
    :return: ``(keys found, [Row], headers not understood)``; blank lines and headers
        that come again are left out
    :raise TableFileError:

    >>> headers = {"nom": "name", "prix": "price"}
    >>> read_table("Nom;Prix;Age\\nŒuf;0,30;2\\n".encode(), headers, {"name"})[1:]
    ([Row(number=2, values={'name': 'Œuf', 'price': '0,30'})], ['Age'])
    """
    numbered = [
        (number, cells)
        for number, cells in enumerate(_read_cells(content), 1)
        if any(cell not in (None, "") and str(cell).strip() for cell in cells)
    ]
    if not numbered:
        raise TableFileError("empty")
    start = _find_headers(numbered[: title_rows + 1], by_header, required)
    headers = numbered[start][1]
    columns, unknown = _read_headers(headers, by_header, required)
    lines = numbered[start + 1 :]
    if len(lines) > MAX_ROWS:
        raise TableFileError("too_long", str(MAX_ROWS))
    rows = []
    for number, cells in lines:
        if cells == headers:
            continue
        values = {}
        for index, key in columns.items():
            text = read_text(cells[index]) if index < len(cells) else ""
            if text:
                values[key] = text
        rows.append(Row(number, values))
    if not rows:
        raise TableFileError("empty")
    return set(columns.values()), rows, unknown


def _find_headers(numbered, by_header, required):
    for index, (_number, cells) in enumerate(numbered):
        keys = {by_header.get(fold(cell)) for cell in cells if cell}
        if keys & required:
            return index
    return 0


def _read_headers(headers, by_header, required):
    columns, unknown = {}, []
    for index, header in enumerate(headers):
        if not header or not str(header).strip():
            continue
        key = by_header.get(fold(header))
        if not key:
            unknown.append(str(header).strip())
        elif key in columns.values():
            raise TableFileError("twice", str(header).strip())
        else:
            columns[index] = key
    if not required & set(columns.values()):
        raise TableFileError("headers", ", ".join(unknown))
    return columns, unknown


def _read_cells(content):
    try:
        # Titles and headers come on top of the list itself.
        return read_rows(content, MAX_ROWS + 100)
    except SheetError as error:
        raise TableFileError(error.code, error.detail) from error
