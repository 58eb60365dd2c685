# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reading a members' list out of a spreadsheet, as people keep them.

CSV with semicolons, commas or tabs, in UTF-8 or in Windows' encoding, or xlsx; French
or English headers in any order, case and accents. Nothing here knows the database.
"""

import re
from datetime import datetime

from .table_file import fold, read_table

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

_DATE_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")
_PHONE = re.compile(r"^\+?[0-9]{6,15}$")


_BY_HEADER = {fold(name): key for key, names in HEADERS.items() for name in names}
_BY_HEADER["n d adherent"] = "coop_number"
_BY_CHANNEL = {name: key for key, names in CHANNELS.items() for name in names}


def read_members(content, filename=""):
    """Rows of a members' file.

    :param content: bytes of a CSV or xlsx file
    :return: ``(fields found, [Row], headers not understood)``; blank lines are left out
    :raise TableFileError:

    >>> _f, rows, _u = read_members("Nom;Prénom;Tél.\\nŒuvrard;Zoé;06".encode())
    >>> rows
    [Row(number=2, values={'phone': '06', 'name': 'Zoé Œuvrard'})]
    """
    # "Nom" alone holds the whole name.
    names = {"name", "last_name", "first_name"}
    found, rows, unknown = read_table(content, _BY_HEADER, names, filename)
    for row in rows:
        _join_name(row.values)
    return _fields(found), rows, unknown


def _fields(keys):
    if {"first_name", "last_name"} & keys:
        keys = keys - {"first_name", "last_name"} | {"name"}
    return keys


def _join_name(values):
    first, last = values.pop("first_name", ""), values.pop("last_name", "")
    if not values.get("name") and (first or last):
        values["name"] = f"{first} {last}".strip()


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
