# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Sheets: written so that no text ever becomes a formula, read without trust.

One reader and one writer for all add-ons. CSV with semicolons, commas or tabs, in UTF-8
or in Windows' encoding, or xlsx. What a file unpacks to, and how many cells it has, is
looked at before anything is built of it: a small file can hold millions. Nothing
here knows the database. Writing is xlsxwriter's, reading openpyxl's.
"""

import csv
import io
import re
import zipfile
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

#: Bytes that the file, and all that it unpacks to, may take.
MAX_BYTES = 5_000_000
MAX_UNPACKED = 40_000_000
#: Cells, written or skipped over, and rows: more is no list of people or products.
MAX_CELLS = 500_000
MAX_ROWS = 50_000
_CHUNK = 1 << 20
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_COLUMN = re.compile(rb'<(?:\w+:)?c [^>]*?r="([A-Z]{3,})')
# What a bad file causes inside openpyxl; anything else is a fault of ours.
_BAD_FILE = (
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    ParseError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)


class SheetError(ValueError):
    """A file that cannot be read. ``code`` says why, ``detail`` shows it.

    Codes: ``empty``, ``format``, ``too_big`` (MB), ``too_long`` (rows), ``too_many``
    (cells).
    """

    def __init__(self, code, detail=""):
        super().__init__(code)
        self.code = code
        self.detail = detail


def new_workbook(buffer):
    """An xlsxwriter workbook in which what people typed stays text.

    A name such as ``=HYPERLINK(...)`` is written as it reads, never computed.

    :param buffer: binary stream that gets the file when the workbook is closed
    """
    # Imported here: slow to load.
    import xlsxwriter

    return xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )


def open_workbook(content, **options):
    """The openpyxl workbook of bytes that came from outside.

    :param options: of ``openpyxl.load_workbook``
    :raise SheetError: not an xlsx, too big, or too many cells

    >>> try:
    ...     open_workbook(b"Name;Quantity")
    ... except SheetError as error:
    ...     error.code
    'format'
    """
    from openpyxl import load_workbook

    _check_size(content)
    if content[:4] != _ZIP:
        raise SheetError("format")
    try:
        _check_archive(content)
        return load_workbook(io.BytesIO(content), **options)
    except SheetError:
        raise
    except _BAD_FILE as error:
        raise SheetError("format", "xlsx") from error


def read_rows(content, most_rows=MAX_ROWS):
    """The first sheet of a file, as lists of texts.

    :param content: bytes of a CSV or xlsx file
    :return: list of rows, blank ones too; dates as ISO, numbers without the dust that a
        spreadsheet keeps (2.3499999999999996 is 2.35)
    :raise SheetError:

    >>> read_rows("Nom;Prix\\nŒuf;0,30\\n".encode())
    [['Nom', 'Prix'], ['Œuf', '0,30']]
    """
    _check_size(content)
    if content[:4] == _ZIP:
        return _read_xlsx(content, most_rows)
    if content[:8] == _OLD_EXCEL or b"\x00" in content[:999]:
        raise SheetError("format")
    return _read_csv(content, most_rows)


def read_text(cell):
    """A cell as people read it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.6f}".rstrip("0").rstrip(".")
    return " ".join(str(cell).split())


def _check_size(content):
    if not content or not content[:_CHUNK].strip():
        raise SheetError("empty")
    if len(content) > MAX_BYTES:
        raise SheetError("too_big", str(MAX_BYTES // 1_000_000))


def _check_archive(content):
    """What the file unpacks to, before anything is made of it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if sum(info.file_size for info in members) > MAX_UNPACKED:
            raise SheetError("too_big", str(MAX_BYTES // 1_000_000))
        cells = 0
        for info in members:
            if not info.filename.startswith("xl/worksheets/"):
                continue
            with archive.open(info) as sheet:
                rest = b""
                while chunk := sheet.read(_CHUNK):
                    text = rest + chunk
                    cells += text.count(b"<c ") + text.count(b":c ")
                    cells += text.count(b"<row") + text.count(b":row")
                    # Three letters are a column beyond the 702nd: its whole row counts.
                    if cells > MAX_CELLS or _COLUMN.search(text):
                        raise SheetError("too_many", str(MAX_CELLS))
                    rest = text[-64:] if len(text) > 64 else b""
                    cells -= rest.count(b"<c ") + rest.count(b":c ")
                    cells -= rest.count(b"<row") + rest.count(b":row")


def _read_xlsx(content, most_rows):
    rows, cells = [], 0
    book = open_workbook(content, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        # Rows are read late: openpyxl's errors come through here, too.
        for row in sheet.iter_rows(values_only=True):
            # Cells that are skipped over are filled in.
            cells += len(row)
            if len(rows) >= most_rows:
                raise SheetError("too_long", str(most_rows))
            if cells > 4 * MAX_CELLS:
                raise SheetError("too_many", str(MAX_CELLS))
            rows.append([read_text(cell) for cell in row])
    except SheetError:
        raise
    except _BAD_FILE as error:
        raise SheetError("format", "xlsx") from error
    return rows


def _read_csv(content, most_rows):
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel in France; never fails on the five bytes that cp1252 leaves undefined.
        text = content.decode("cp1252", errors="replace")
    first_lines = "\n".join([x for x in text.splitlines() if x.strip()][:9])
    delimiter = max(";,\t", key=first_lines.count)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(rows) >= most_rows:
                raise SheetError("too_long", str(most_rows))
            rows.append(row)
    except csv.Error as error:
        raise SheetError("format", "csv") from error
    return rows
