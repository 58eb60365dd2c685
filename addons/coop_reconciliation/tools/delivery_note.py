# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Read a supplier's delivery note: a UBL despatch advice, a CSV or an xlsx sheet.

How to use
    ``read(content)`` takes the bytes of a file and returns a :class:`Note`, or raises
    :class:`NoteError` whose ``code`` says which sentence to show and whose ``detail``
    what it speaks of. Plain Python: nothing here knows the database.

>>> note = read("Bon de livraison;BL 7\\n\\nRéférence;Quantité\\nNOU;18,5\\n".encode())
>>> note.number, [(line.code, line.quantity) for line in note.lines]
('BL 7', [('NOU', Decimal('18.5'))])
>>> try:
...     read(b"hello")
... except NoteError as error:
...     error.code
'headers'
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from lxml import etree

from odoo.addons.coop_tools.tools import sheet

DESPATCH = "urn:oasis:names:specification:ubl:schema:xsd:DespatchAdvice-2"
NS = {
    "d": DESPATCH,
    "a": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "b": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
MAX_BYTES = 5_000_000
MAX_LINES = 5_000

HEADERS = {
    "code": ("reference", "ref", "code", "code article", "article code", "sku"),
    "barcode": ("ean", "ean13", "gtin", "code barres", "code barre", "barcode"),
    "name": ("article", "designation", "produit", "libelle", "nom", "product", "name"),
    "quantity": (
        "quantite",
        "quantite livree",
        "quantite annoncee",
        "qte",
        "qte livree",
        "livre",
        "quantity",
        "delivered quantity",
        "qty",
    ),
    "unit": ("unite", "unit", "uom"),
}
TITLES = {
    "number": ("bon de livraison", "bl", "n bl", "numero bl", "delivery note"),
    "date": ("date", "date de livraison", "delivery date"),
    "order": ("commande", "bon de commande", "n commande", "order", "purchase order"),
}


class NoteError(ValueError):
    """The file is not a delivery note that can be read.

    Codes: ``empty``, ``too_big``, ``format``, ``xml``, ``invoice`` (it is a bill),
    ``syntax`` (another XML), ``number`` (no number of the note), ``date``, ``headers``,
    ``lines`` (none), ``too_long``, ``quantity`` and ``negative`` (of which line).
    """

    def __init__(self, code, detail=""):
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass
class NoteLine:
    """What a line announces; ``place`` is where a person finds it in the file."""

    quantity: Decimal
    code: str = ""
    barcode: str = ""
    name: str = ""
    unit: str = ""
    order: str = ""
    place: str = ""


@dataclass
class Note:
    number: str = ""
    date: datetime.date | None = None
    orders: list = field(default_factory=list)
    lines: list = field(default_factory=list)


def fold(text):
    """Text to compare: no accents, case nor punctuation.

    >>> fold(" N° de B.L. ")
    'n de b l'
    """
    text = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())


def read(content):
    """The note in these bytes, whatever its format."""
    if not content or not content.strip():
        raise NoteError("empty")
    if len(content) > MAX_BYTES:
        raise NoteError("too_big", str(MAX_BYTES // 1_000_000))
    head = content.lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"<"):
        return _read_xml(content)
    if content[:4] == b"PK\x03\x04":
        return _read_rows(_read_sheet(content))
    if content[:5] == b"%PDF-" or b"\x00" in content[:999]:
        raise NoteError("format")
    return _read_rows(_read_sheet(content))


def quantity(text, place):
    """A quantity as people and programs write it.

    >>> quantity("1 234,5", "3")
    Decimal('1234.5')
    >>> quantity("douze", "3")
    Traceback (most recent call last):
    odoo.addons.coop_reconciliation.tools.delivery_note.NoteError: quantity: 3|douze
    """
    cleaned = re.sub(r"[\s\u00a0\u202f]", "", str(text)).replace(",", ".")
    try:
        number = Decimal(cleaned)
    except InvalidOperation:
        raise NoteError("quantity", f"{place}|{text}") from None
    if not number.is_finite() or abs(number) >= 10**9:
        raise NoteError("quantity", f"{place}|{text}")
    if number < 0:
        raise NoteError("negative", f"{place}|{text}")
    return number


def parse_date(text):
    """ISO or as written in France; None where there is none.

    >>> parse_date("2026-06-17"), parse_date("17/06/2026"), parse_date("")
    (datetime.date(2026, 6, 17), datetime.date(2026, 6, 17), None)
    """
    text = str(text or "").strip()[:10]
    if not text:
        return None
    for shape in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"):
        try:
            return datetime.datetime.strptime(text, shape).date()
        except ValueError:
            continue
    raise NoteError("date", text)


# -----------------------------------------------------------------------------
# UBL
# -----------------------------------------------------------------------------


def _read_xml(content):
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise NoteError("xml") from error
    if root.getroottree().docinfo.doctype:
        raise NoteError("xml")
    name = etree.QName(root)
    if name.localname in ("Invoice", "CreditNote", "CrossIndustryInvoice"):
        raise NoteError("invoice")
    if name.namespace != DESPATCH:
        raise NoteError("syntax")
    note = Note(number=_text(root, "b:ID"), date=parse_date(_text(root, "b:IssueDate")))
    if not note.number:
        raise NoteError("number")
    note.orders = _texts(root, "a:OrderReference/b:ID")
    for index, line in enumerate(root.findall("a:DespatchLine", NS), 1):
        place = _text(line, "b:ID") or str(index)
        delivered = line.find("b:DeliveredQuantity", NS)
        text = "" if delivered is None else (delivered.text or "")
        order = _text(line, "a:OrderLineReference/a:OrderReference/b:ID")
        note.lines.append(
            NoteLine(
                quantity=quantity(text, place),
                code=_text(line, "a:Item/a:SellersItemIdentification/b:ID"),
                barcode=_text(line, "a:Item/a:StandardItemIdentification/b:ID"),
                name=_text(line, "a:Item/b:Name"),
                unit="" if delivered is None else delivered.get("unitCode", ""),
                order=order,
                place=place,
            )
        )
        if order and order not in note.orders:
            note.orders.append(order)
    return _checked(note)


def _text(node, path):
    return " ".join((node.findtext(path, "", NS) or "").split())


def _texts(node, path):
    found = (" ".join((e.text or "").split()) for e in node.findall(path, NS))
    return [text for text in found if text]


def _checked(note):
    if not note.lines:
        raise NoteError("lines")
    if len(note.lines) > MAX_LINES:
        raise NoteError("too_long", str(MAX_LINES))
    return note


# -----------------------------------------------------------------------------
# Sheets
# -----------------------------------------------------------------------------


def _read_sheet(content):
    try:
        return sheet.read_rows(content, 2 * MAX_LINES)
    except sheet.SheetError as error:
        if error.code in ("too_long", "too_many"):
            raise NoteError("too_long", str(MAX_LINES)) from error
        raise NoteError(error.code, error.detail) from error


def _read_rows(rows):
    note, columns = Note(), {}
    for number, cells in enumerate(rows, 1):
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if not columns:
            columns = _find_columns(cells)
            if not columns:
                _read_title(note, cells)
            continue
        values = {
            key: cells[index] if index < len(cells) else ""
            for key, index in columns.items()
        }
        known = [values.get(key) for key in ("code", "barcode", "name")]
        if not any(known) or not values["quantity"]:
            # A sum or a remark below the lines, or an article that does not come.
            if any(known) and not values["quantity"]:
                values["quantity"] = "0"
            else:
                continue
        place = str(number)
        values["quantity"] = quantity(values["quantity"], place)
        note.lines.append(NoteLine(place=place, **values))
    if not columns:
        raise NoteError("headers")
    return _checked(note)


def _find_columns(cells):
    """``{key: column}`` of a line of headers: a quantity and something to name."""
    columns = {}
    for index, cell in enumerate(cells):
        for key, names in HEADERS.items():
            if fold(cell) in names and key not in columns:
                columns[key] = index
    names_something = columns.keys() & {"code", "barcode", "name"}
    return columns if "quantity" in columns and names_something else {}


def _read_title(note, cells):
    """A line above the headers: what it is, then its value."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 2:
        return
    title, value = fold(filled[0]), filled[1]
    if title in TITLES["number"]:
        note.number = value
    elif title in TITLES["date"]:
        note.date = parse_date(value)
    elif title in TITLES["order"]:
        note.orders.append(value)
