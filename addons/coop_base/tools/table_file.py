# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reading a list out of a spreadsheet, as people keep them.

CSV with semicolons, commas or tabs, in UTF-8 or in Windows' encoding, or xlsx; headers
in any order, case and accents. Nothing here knows the database, nor what it is about.
"""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime

from .workbook import MAX_BYTES, open_workbook

MAX_ROWS = 50_000


class TableFileError(ValueError):
    """The file as a whole cannot be read. ``code`` says why, ``detail`` shows it.

    Codes: ``empty``, ``format``, ``headers``, ``twice``, ``too_long``, ``too_big``.
    """

    def __init__(self, code, detail=""):
        super().__init__(code)
        self.code = code
        self.detail = detail


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
        for number, cells in enumerate(_read_cells(content, filename), 1)
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
            text = _text(cells[index]) if index < len(cells) else ""
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


def _read_cells(content, filename):
    if not content or not content.strip():
        raise TableFileError("empty")
    if len(content) > MAX_BYTES:
        raise TableFileError("too_big", str(MAX_BYTES // 1_000_000))
    if content[:4] == b"PK\x03\x04":
        return _read_xlsx(content)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or b"\x00" in content[:999]:
        raise TableFileError("format", filename)
    return _read_csv(content)


def _text(cell):
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        # 2.3499999999999996 is what a spreadsheet keeps of 2.35.
        return f"{cell:.6f}".rstrip("0").rstrip(".")
    return " ".join(str(cell).split())


def _read_csv(content):
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel in France; never fails on the five bytes that cp1252 leaves undefined.
        text = content.decode("cp1252", errors="replace")
    first_lines = "\n".join([x for x in text.splitlines() if x.strip()][:5])
    delimiter = max(";,\t", key=first_lines.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise TableFileError("format", "csv") from error


def _read_xlsx(content):
    try:
        book = open_workbook(content, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        return [list(row) for row in sheet.iter_rows(values_only=True)]
    except Exception as error:
        # Rows are read late: openpyxl's errors come through here, too.
        raise TableFileError("format", "xlsx") from error
