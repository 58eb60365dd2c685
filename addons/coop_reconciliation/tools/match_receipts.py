# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Receipt lines that the bills of one supplier share. Plain Python, no ORM."""

from collections import defaultdict
from dataclasses import replace
from difflib import SequenceMatcher

from .match_data import ZERO

NAME_RATIO = 0.6


class Receipts:
    """Receipt lines, found by what a bill line says rather than one by one.

    Matching a bill then costs what the bill holds, however much the supplier delivered.
    ``take`` removes what a bill used, so that the supplier's next bill sees the rest.

    >>> from decimal import Decimal as D
    >>> from .match_data import BillLine, ReceiptLine, refs
    >>> got = Receipts([
    ...     ReceiptLine(n, "oil", D(5), D(2), n, n, refs(order=f"PO{n}"))
    ...     for n in range(1000)])
    >>> got.candidates(BillLine("b", "oil", D(5), D(2), refs(order="PO7")))
    [7]
    """

    def __init__(self, lines):
        self.lines = list(lines)
        self.position = {}
        self.by_order_line = defaultdict(list)
        self.by_product = defaultdict(list)
        self.by_reference = defaultdict(list)
        self.units = defaultdict(set)
        self.waiting = defaultdict(dict)
        self.names = defaultdict(dict)
        # Receipt lines of one kind have the same score with a bill line, but for their
        # quantity.
        self._kind_ids = {}
        self.kinds = [self._kind(line) for line in self.lines]
        for index, line in enumerate(self.lines):
            self.position[line.key, line.order_line] = index
            self.by_order_line[line.order_line].append(index)
            self.by_product[line.product].append(index)
            self.units[line.product].add(line.unit)
            for reference in line.refs:
                self.by_reference[line.product, reference].append(index)
            if line.key is not None and line.quantity > 0:
                self.waiting[line.product][index] = True
                self.names[line.name.casefold()][index] = True

    def _kind(self, line):
        key = (line.price, line.refs, line.date, line.order)
        return self._kind_ids.setdefault(key, len(self._kind_ids))

    def candidates(self, line):
        """Positions of what the references or the period of a bill line speak for."""
        if line.order_line is not None:
            return self.by_order_line.get(line.order_line, [])
        if line.product is None:
            return []
        found = set()
        for reference in line.refs:
            found.update(self.by_reference.get((line.product, reference), ()))
        if line.period:
            start, end = line.period
            for index in self.by_product.get(line.product, ()):
                date = self.lines[index].date
                if date and start <= date <= end:
                    found.add(index)
        return sorted(found)

    def other_unit(self, line):
        """Is the article known, but only in units that cannot be compared?"""
        if line.order_line is not None:
            lines = self.by_order_line.get(line.order_line, ())
            units = {self.lines[index].unit for index in lines}
        else:
            units = self.units.get(line.product, ())
        return bool(units) and line.unit not in units

    def same_product(self, line):
        """Positions of what is received and not billed of a bill line's product."""
        return [
            index
            for index in self.waiting.get(line.product, ())
            if self.lines[index].unit == line.unit
        ]

    def by_name(self, name):
        """``(position, ratio)`` of the waiting receipt whose name is nearest."""
        best, best_ratio = None, NAME_RATIO
        compare = SequenceMatcher(b=name.casefold())
        for other, positions in self.names.items():
            if not positions:
                continue
            compare.set_seq1(other)
            if min(compare.real_quick_ratio(), compare.quick_ratio()) <= best_ratio:
                continue
            if (ratio := compare.ratio()) > best_ratio:
                best, best_ratio = next(iter(positions)), ratio
        return best, best_ratio

    def take(self, result):
        """What the automatic links use is no longer there for the next bill."""
        for link in result.links:
            if link.state != "auto":
                continue
            index = self.position[link.receipt, link.order_line]
            line = self.lines[index]
            rest = max(line.quantity - link.quantity, ZERO)
            self.lines[index] = line = replace(line, quantity=rest)
            if not rest:
                self.waiting[line.product].pop(index, None)
                self.names[line.name.casefold()].pop(index, None)
