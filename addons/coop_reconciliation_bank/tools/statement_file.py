# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a file of bank transactions is, and whether it is whole.

>>> kind(b"OFXHEADER:100"), kind(b"Date;Montant"), kind(b"0130004    00873EUR2 ")
('ofx', None, 'cfonb')
"""

import hashlib
import re

from lxml import etree

from . import ofx

CFONB_WIDTH = 120
WORKBOOK = b"[Content_Types].xml"
CFONB_HEAD = re.compile(rb"\s*01[0-9A-Z]{5}    ", re.IGNORECASE)


def kind(data):
    """``ofx``, ``camt``, ``cfonb``, ``zip`` for an archive of statements, or None for
    what says not what it is: a spreadsheet, or something else."""
    if ofx.is_ofx(data):
        return "ofx"
    head = data[:2000]
    if b"camt.05" in head and head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return "camt"
    if CFONB_HEAD.match(head):
        return "cfonb"
    # A workbook is an archive too, and begins with what it contains.
    if head.startswith(b"PK\x03\x04") and WORKBOOK not in data:
        return "zip"
    return None


def check_whole(data):
    """Raise a ValueError where a file stops before its end.

    Parsers repair what is cut and would import the half that they have.

    >>> check_whole(b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.05">')
    Traceback (most recent call last):
    ...
    ValueError: the XML is cut
    """
    what = kind(data)
    if what == "camt":
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            etree.fromstring(data.lstrip(b"\xef\xbb\xbf \r\n\t"), parser)
        except etree.XMLSyntaxError as error:
            raise ValueError("the XML is cut") from error
    elif what == "cfonb":
        _check_cfonb(data.decode("latin1"))


def _check_cfonb(text):
    text = re.sub(r"[\r\n]", "", text)
    if len(text.rstrip()) % CFONB_WIDTH and len(text) % CFONB_WIDTH:
        raise ValueError("a record has not 120 characters")
    starts = range(0, len(text), CFONB_WIDTH)
    kinds = [text[start : start + 2] for start in starts]
    # An account opens with its old balance and ends with its new one.
    if kinds.count("01") != kinds.count("07"):
        raise ValueError("the last balance is missing")


def to_utf8(data, encoding=""):
    """A text file in UTF-8 with its mark, by which it is recognised without guessing.

    :param encoding: what the layout of the file says; UTF-8, the usual setting, is
        tried first anyway

    >>> to_utf8("Libellé".encode("cp1252")).decode("utf-8-sig")
    'Libellé'
    >>> to_utf8(b"PK\\x03\\x04 a workbook")
    b'PK\\x03\\x04 a workbook'
    """
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return data
    for candidate in ("utf-8-sig", encoding or "cp1252", "cp1252"):
        if candidate == "utf-8":
            continue
        try:
            return data.decode(candidate).encode("utf-8-sig")
        except (UnicodeDecodeError, LookupError):
            continue
    return data


def identify(transactions):
    """Give each transaction an identifier that it has in every file that holds it.

    What the bank gives is kept; where it gives nothing, what the transaction is, and
    its rank among those that are alike, the same day.

    :param transactions: list of dicts ``date, amount, payment_ref, ref, partner_name,
        unique_import_id``; the last is written

    >>> rows = [{"date": "2026-07-01", "amount": "-5.0", "payment_ref": "CB"}
    ...         for n in range(2)]
    >>> identify(rows)
    >>> rows[0]["unique_import_id"] == rows[1]["unique_import_id"]
    False
    >>> again = [{"date": "2026-07-01", "amount": -5, "payment_ref": "CB"}]
    >>> identify(again)
    >>> again[0]["unique_import_id"] == rows[0]["unique_import_id"]
    True
    """
    ranks = {}
    for row in transactions:
        identifier = row.get("unique_import_id")
        if not identifier:
            what = (
                str(row.get("date") or "")[:10],
                f"{float(row.get('amount') or 0):.2f}",
                *(row.get(name) or "" for name in ("payment_ref", "ref")),
                row.get("partner_name") or "",
            )
            digest = hashlib.sha256("\x1f".join(what).encode()).hexdigest()[:16]
            identifier = f"{what[0]}-{what[1]}-{digest}"
        rank = ranks[identifier] = ranks.get(identifier, 0) + 1
        row["unique_import_id"] = f"{identifier}-{rank}" if rank > 1 else identifier
