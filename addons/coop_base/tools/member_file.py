"""Reading a members' list out of a spreadsheet, as people keep them.

CSV with semicolons, commas or tabs, in UTF-8 or in Windows' encoding, or xlsx; French
or English headers in any order, case and accents. Nothing here knows the database.
"""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime

from .workbook import open_workbook

#: Field → headers that mean it, without accents, case or punctuation.
HEADERS = {
    "coop_number": [
        "numero", "n", "no", "num", "number", "numero d adherent", "numero adherent",
        "n adherent", "no adherent", "member number", "coop number", "numero de membre",
        "code adherent", "id adherent",
    ],
    "name": [
        "nom complet", "name", "full name", "nom et prenom", "nom prenom",
        "prenom nom", "prenom et nom", "adherent", "member", "membre",
    ],
    "last_name": ["nom", "nom de famille", "last name", "surname", "lastname"],
    "first_name": ["prenom", "first name", "firstname"],
    "email": [
        "email", "e mail", "mail", "courriel", "adresse email", "adresse e mail",
        "adresse mail", "mel", "email address",
    ],
    "phone": [
        "telephone", "tel", "phone", "portable", "mobile", "telephone portable",
        "tel portable", "phone number", "numero de telephone", "gsm",
    ],
    "street": ["adresse", "rue", "street", "address", "adresse postale"],
    "zip": ["code postal", "cp", "zip", "postcode", "postal code"],
    "city": ["ville", "commune", "city", "town"],
    "group": ["groupe", "group", "groupement", "labo", "local group", "collectif"],
    "point": [
        "point", "point de retrait", "point relais", "collection point", "lieu",
        "lieu de retrait", "depot",
    ],
    "channel": [
        "canal", "channel", "contact", "canal de contact", "contact channel",
        "mode de contact",
    ],
    "charter_signed_on": [
        "charte", "charte signee le", "signature de la charte", "charter",
        "charter signed on", "date de charte", "date charte",
    ],
}  # fmt: skip

CHANNELS = {
    "portal": ["portal", "portail", "internet", "web", "en ligne", "online", "site",
               "email", "e mail", "mail", "courriel"],
    "phone": ["phone", "telephone", "tel", "par telephone"],
    "paper": ["paper", "papier", "sur papier", "courrier", "bulletin"],
}  # fmt: skip

MAX_ROWS = 50_000
_DATE_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")
_PHONE = re.compile(r"^\+?[0-9]{6,15}$")


class MemberFileError(ValueError):
    """The file as a whole cannot be read. ``code`` says why, ``detail`` shows it.

    Codes: ``empty``, ``format``, ``headers``, ``twice``, ``too_long``.
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


_BY_HEADER = {fold(name): key for key, names in HEADERS.items() for name in names}
_BY_HEADER["n d adherent"] = "coop_number"
_BY_CHANNEL = {name: key for key, names in CHANNELS.items() for name in names}


def read_members(content, filename=""):
    """Rows of a members' file.

    :param content: bytes of a CSV or xlsx file
    :return: ``(fields found, [Row], headers not understood)``; blank lines are left out
    :raise MemberFileError:

    >>> _f, rows, _u = read_members("Nom;Prénom;Tél.\\nŒuvrard;Zoé;06".encode())
    >>> rows
    [Row(number=2, values={'phone': '06', 'name': 'Zoé Œuvrard'})]
    """
    if not content or not content.strip():
        raise MemberFileError("empty")
    if content[:4] == b"PK\x03\x04":
        table = _read_xlsx(content)
    elif content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or b"\x00" in content[:999]:
        raise MemberFileError("format", filename)
    else:
        table = _read_csv(content)
    numbered = [
        (number, cells)
        for number, cells in enumerate(table, 1)
        if any(cell not in (None, "") and str(cell).strip() for cell in cells)
    ]
    if not numbered:
        raise MemberFileError("empty")
    columns, unknown = _columns(numbered[0][1])
    if len(numbered) - 1 > MAX_ROWS:
        raise MemberFileError("too_long", str(MAX_ROWS))
    rows = []
    for number, cells in numbered[1:]:
        values = {}
        for index, key in columns.items():
            cell = cells[index] if index < len(cells) else None
            text = _text(cell)
            if text:
                values[key] = text
        _join_name(values)
        rows.append(Row(number, values))
    if not rows:
        raise MemberFileError("empty")
    return _fields(columns), rows, unknown


def _fields(columns):
    keys = set(columns.values())
    if {"first_name", "last_name"} & keys:
        keys = keys - {"first_name", "last_name"} | {"name"}
    return keys


def _columns(headers):
    columns, unknown = {}, []
    for index, header in enumerate(headers):
        if not header or not str(header).strip():
            continue
        key = _BY_HEADER.get(fold(header))
        if not key:
            unknown.append(str(header).strip())
        elif key in columns.values():
            raise MemberFileError("twice", str(header).strip())
        else:
            columns[index] = key
    # "Nom" alone holds the whole name.
    if not {"name", "last_name", "first_name"} & set(columns.values()):
        raise MemberFileError("headers", ", ".join(unknown))
    return columns, unknown


def _join_name(values):
    first, last = values.pop("first_name", ""), values.pop("last_name", "")
    if not values.get("name") and (first or last):
        values["name"] = f"{first} {last}".strip()


def _text(cell):
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())


def _read_csv(content):
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel in France; never fails on the five bytes that cp1252 leaves undefined.
        text = content.decode("cp1252", errors="replace")
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";,\t", key=first_line.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _read_xlsx(content):
    try:
        book = open_workbook(content, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        return [list(row) for row in sheet.iter_rows(values_only=True)]
    except Exception as error:
        # Rows are read late: openpyxl's errors come through here, too.
        raise MemberFileError("format", "xlsx") from error


def parse_date(text):
    """Date of a text in the usual French forms or ISO, or None.

    >>> parse_date("03/02/2026"), parse_date("2026-02-03"), parse_date("31/02/2026")
    (datetime.date(2026, 2, 3), datetime.date(2026, 2, 3), None)
    """
    for fmt in _DATE_FORMATS:
        try:
            return datetime.strptime(text.strip(), fmt).date()
        except ValueError:
            continue
    return None


def parse_phone(text):
    """The phone number as written, or None if it cannot be one.

    A spreadsheet that took it for a number has dropped its first 0: it comes back.

    >>> parse_phone("06.12.34.56.78"), parse_phone("612345678"), parse_phone("rien")
    ('06.12.34.56.78', '0612345678', None)
    """
    digits = re.sub(r"[\s.\-/()]", "", text)
    if not _PHONE.match(digits):
        return None
    if re.match(r"^[1-9][0-9]{8}$", digits):
        return "0" + digits
    return text


def parse_channel(text):
    """``portal``, ``phone``, ``paper``, or None.

    >>> parse_channel("Téléphone"), parse_channel("Internet"), parse_channel("pigeon")
    ('phone', 'portal', None)
    """
    return _BY_CHANNEL.get(fold(text))
