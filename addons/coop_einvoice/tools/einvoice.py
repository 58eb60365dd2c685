# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Read a UBL or CII (Factur-X) invoice without losing anything. Plain Python, lxml.

How to use
    ``parse(tree)`` takes the root element and returns an :class:`EInvoice` whose
    amounts are those of the file, as Decimals, or raises :class:`Unreadable` whose
    ``code`` says which sentence to show. ``BT-…`` are the business terms of the
    European norm EN 16931.

>>> from lxml import etree
>>> try:
...     parse(etree.fromstring("<html/>"))
... except Unreadable as unreadable:
...     unreadable.code
'syntax'
"""

import re
import unicodedata
from collections import defaultdict

from lxml import etree

from .einvoice_cii import Cii
from .einvoice_data import (
    CII,
    FREIGHT_CODES,
    UBL_CREDIT_NOTE,
    UBL_INVOICE,
    Charge,
    EInvoice,
    Line,
    Unreadable,
    Vat,
)
from .einvoice_reader import Reader
from .einvoice_ubl import Ubl

__all__ = [
    "CII",
    "FREIGHT_CODES",
    "UBL_CREDIT_NOTE",
    "UBL_INVOICE",
    "Charge",
    "EInvoice",
    "Line",
    "Unreadable",
    "Vat",
    "has_entities",
    "parse",
    "read_tree",
    "same_name",
    "tidy_dates",
    "why_broken",
]


def has_entities(content):
    """Whether a file defines entities: a way to read others, or to grow without end.

    >>> has_entities(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///x">]><a>&b;</a>')
    True
    """
    return b"<!ENTITY" in (content or b"").replace(b"\x00", b"")


def why_broken(content):
    """The code of a file that is no invoice: which sentence to show.

    >>> why_broken(b"<?xml version='1.0'?> "), why_broken(b"<a><b></a>")
    ('empty', 'xml')
    """
    if has_entities(content):
        return "doctype"
    rest = re.sub(rb"<\?.*?\?>|<!--.*?-->", b"", content or b"", flags=re.DOTALL)
    return "xml" if rest.strip() else "empty"


def parse(tree):
    """Root element → :class:`EInvoice`; raises :class:`Unreadable`."""
    namespace, __, name = tree.tag.rpartition("}")
    namespace = namespace.lstrip("{")
    if namespace == CII:
        invoice = Cii(tree).build()
    elif (namespace, name) in (
        (UBL_INVOICE, "Invoice"),
        (UBL_CREDIT_NOTE, "CreditNote"),
    ):
        invoice = Ubl(tree).build()
    else:
        raise Unreadable("syntax", name)
    if not invoice.number:
        raise Unreadable("missing", "BT-1")
    _complete_rates(invoice)
    return invoice


def _complete_rates(invoice):
    """A line or a charge that names only its category has that category's rate."""
    rates = defaultdict(set)
    for vat in invoice.vat:
        rates[vat.category].add(vat.rate)
        rates[""].add(vat.rate)
    for part in [*invoice.lines, *invoice.charges]:
        found = rates.get(part.category, ())
        if part.rate is None and len(found) == 1:
            part.rate = next(iter(found))


def same_name(one, other):
    """Whether two names are one but for case, accents and punctuation.

    >>> same_name("Au Bon-Moulin", "AU BON MOULIN"), same_name("Bio", "Biocoop")
    (True, False)
    """

    def letters(name):
        plain = unicodedata.normalize("NFKD", name or "").casefold()
        return "".join(letter for letter in plain if letter.isalnum())

    return letters(one) == letters(other)


def read_tree(content):
    """The root element of an XML file, or lxml's XMLSyntaxError.

    Comments are left out, so that they cut no value in two; a large PDF inside is no
    reason to refuse the file; nothing outside of it is read.

    >>> read_tree(b"  <?xml version='1.0'?><a>F<!-- no -->1</a>").text
    'F1'
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    content = content or b""
    content = content.lstrip() if content[:1].isspace() else content
    return etree.fromstring(content, parser)


# Dates that Odoo reads itself, as it wants them written: a file may write them another
# way, with spaces or a time zone.
DATES = {
    "%Y-%m-%d": (
        "./{*}IssueDate",
        "./{*}DueDate",
        ".//{*}PaymentDueDate",
        ".//{*}Delivery/{*}ActualDeliveryDate",
    ),
    "%Y%m%d": (
        "./{*}ExchangedDocument/{*}IssueDateTime/{*}DateTimeString",
        ".//{*}SpecifiedTradePaymentTerms/{*}DueDateDateTime/{*}DateTimeString",
    ),
}


def tidy_dates(tree):
    """Rewrite the dates of a tree for Odoo; raises :class:`Unreadable`.

    >>> from lxml import etree
    >>> tree = etree.fromstring("<a><DueDate> 2026-06-17+02:00 </DueDate></a>")
    >>> tidy_dates(tree)
    >>> tree[0].text
    '2026-06-17'
    """
    reader = Reader(tree)
    for pattern, paths in DATES.items():
        for path in paths:
            for node in tree.iterfind(path):
                day = reader.date((node.text or "").strip())
                node.text = day.strftime(pattern) if day else None
