# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How both syntaxes of an electronic invoice are read. Plain Python, lxml."""

import datetime
from decimal import Decimal, InvalidOperation

from .einvoice_data import ZERO, Unreadable

CENT = Decimal("0.01")


def implied_rate(basis, tax):
    """The VAT rate of a line of the breakdown that does not give it.

    >>> D = Decimal
    >>> implied_rate(D("31.00"), D("6.51")), implied_rate(D("99.99"), D("5.50"))
    (Decimal('21.0'), Decimal('5.5'))
    >>> implied_rate(D(100), D(0)), implied_rate(D(0), D(3))
    (Decimal('0'), Decimal('0'))
    """
    if not tax or not basis:
        return ZERO
    rate = tax * 100 / basis
    rounded = rate.quantize(Decimal("0.1"))
    exact = abs(basis * rounded / 100 - tax) <= CENT
    return rounded if exact else rate.quantize(CENT)


# More than any invoice holds, and still exact in a database.
LIMIT = Decimal(10) ** 12


class Reader:
    """Finds nodes whatever prefix their namespace has, and reads their text."""

    def __init__(self, tree):
        self.tree = tree

    @staticmethod
    def path(path):
        return "/".join(
            step if step in (".", "") or step.startswith("*") else f"{{*}}{step}"
            for step in path.split("/")
        )

    def find(self, node, path):
        return node.find(self.path(path)) if node is not None else None

    def all(self, node, path):
        return node.findall(self.path(path)) if node is not None else []

    def text(self, node, *paths):
        for path in paths:
            for found in self.all(node, path):
                if found.text and found.text.strip():
                    return found.text.strip()
        return ""

    def number(self, node, *paths, default=ZERO):
        text = self.text(node, *paths)
        if not text:
            return default
        try:
            # An underscore between digits is Python's, not an invoice's.
            value = Decimal(text.replace("_", "?"))
        except InvalidOperation:
            value = None
        if value is None or not value.is_finite() or abs(value) >= LIMIT:
            raise Unreadable("number", text)
        return value

    def required(self, node, term, *paths):
        value = self.number(node, *paths, default=None)
        if value is None:
            raise Unreadable("missing", term)
        return value

    def total(self, node, term, currency, *paths):
        """An amount that may be given in the accounting currency too."""
        for path in paths:
            for found in self.in_currency(self.all(node, path), currency):
                if found.text and found.text.strip():
                    return self.number(found, ".")
        raise Unreadable("missing", term)

    def date(self, text):
        if not text:
            return None
        text = text[:10] if "-" in text else text[:8]
        for pattern in ("%Y-%m-%d", "%Y%m%d"):
            try:
                return datetime.datetime.strptime(text, pattern).date()
            except ValueError:
                continue
        raise Unreadable("number", text)

    def references(self, node, **paths):
        """Every value once, in the file's order."""
        found = []
        for kind, options in paths.items():
            for path in options:
                for element in self.all(node, path):
                    text = (element.text or "").strip()
                    if text and (kind, text) not in found:
                        found.append((kind, text))
        return found

    def period(self, node, start, end):
        first, last = self.date(self.text(node, start)), self.date(self.text(node, end))
        return (first, last) if first and last else None

    @staticmethod
    def in_currency(amounts, currency):
        """Totals in a second currency (VAT accounting) are not the invoice's."""
        same = [node for node in amounts if node.get("currencyID") in (None, currency)]
        return same or amounts
