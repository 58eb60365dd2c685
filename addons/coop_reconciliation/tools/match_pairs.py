# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which receipts speak for which bill lines, best first. Plain Python, no ORM.

How it works
    Receipt lines of one order, price, date and references have the same score with a
    bill line but for their quantity: they make one *group*. A pair is then found as the
    next line of a group that has something left, and a bill of thousands of lines of
    one article costs what it holds rather than its square.
"""

import heapq
from collections import defaultdict

from .match_data import (
    MARGIN,
    NONE,
    ORDER,
    PERIOD,
    SCORE_AUTO,
    SCORE_PRICE,
    SCORE_PRODUCT,
    SCORE_QUANTITY,
    TIER_SCORE,
)
from .match_score import price_ok, tier_of


class Row:
    """Positions of receipt lines, in order; those with nothing left are passed over."""

    __slots__ = ("cited", "indexes", "start")

    def __init__(self):
        self.indexes = []
        self.start = 0
        # Does a reference to a document speak for one of them?
        self.cited = False


class Group:
    """Receipt lines that differ by their quantity only."""

    __slots__ = ("all", "by_quantity", "receipt", "tier", "waits")

    def __init__(self, receipt, tier):
        self.receipt = receipt
        self.tier = tier
        self.all = Row()
        self.by_quantity = defaultdict(Row)
        # Is something still to come, or not known to be?
        self.waits = False

    def add(self, index, receipt):
        self.all.indexes.append(index)
        self.by_quantity[receipt.quantity].indexes.append(index)
        self.waits = self.waits or receipt.waits


class Pairs:
    """The pairs of one bill.

    :param rest: function of a position: what is left of a receipt line; it only falls

    >>> from decimal import Decimal as D
    >>> from .match_data import BillLine, Policy, ReceiptLine, refs
    >>> from .match_receipts import Receipts
    >>> one, order = D(1), refs(order="PO1")
    >>> got = Receipts(ReceiptLine(n, "egg", one, D(2), n, 1, order) for n in "xy")
    >>> pairs = Pairs(got, Policy(), (), lambda index: one)
    >>> line = BillLine("a", "egg", one, D(2), order)
    >>> [(index, score) for __, index, __, score, __ in pairs.serve([line], {"a": 2})]
    [(0, 80), (1, 80)]
    """

    def __init__(self, receipts, policy, refused, rest):
        self.receipts = receipts
        self.policy = policy
        self.rest = rest
        self.refused = defaultdict(set)
        for key, receipt, order_line in refused:
            self.refused[key].add((receipt, order_line))
        self._groups = {}
        self._scored = {}
        self._ranked = {}

    # -------------------------------------------------------------------------
    # Groups
    # -------------------------------------------------------------------------

    def _group(self, line, product_only):
        receipts = self.receipts
        find = receipts.same_product if product_only else receipts.candidates
        groups = {}
        for index in find(line):
            receipt = receipts.lines[index]
            if receipt.unit != line.unit:
                continue
            kind = receipts.kinds[index]
            if kind not in groups:
                tier = NONE if product_only else tier_of(line, receipt)
                groups[kind] = Group(receipt, tier)
            groups[kind].add(index, receipt)
        return list(groups.values())

    def scored(self, line, product_only=False):
        """``[(points without the quantity's, price gap, group)]``: what the references
        of a bill line speak for, or all of its product."""
        where = (line.product, line.unit)
        if not product_only:
            where += (line.refs, line.period, line.order_line)
        if where not in self._groups:
            self._groups[where] = self._group(line, product_only)
        key = (*where, line.quantity, line.price)
        if key not in self._scored:
            scored, prices = [], {}
            for group in self._groups[where]:
                price = group.receipt.price
                if price not in prices:
                    fits = price_ok(line.price, price, line.quantity, self.policy)
                    # Only to put pairs in order.
                    gap = float(abs(line.price - price))
                    prices[price] = SCORE_PRICE if fits else 0, gap
                points, gap = prices[price]
                points += TIER_SCORE[group.tier] + SCORE_PRODUCT
                scored.append((points, gap, group))
            self._scored[key] = scored
        return self._scored[key]

    def _ranks(self, line):
        """``[(score, price gap, row)]`` of what may be linked by itself: receipt lines
        that are as good as each other for a bill line, in the documents' order."""
        where = (line.product, line.unit, line.refs, line.period, line.order_line)
        key = (*where, line.quantity, line.price)
        if key not in self._ranked:
            rows = defaultdict(Row)
            for points, gap, group in self.scored(line):
                for quantity, row in group.by_quantity.items():
                    score = points + SCORE_QUANTITY * (quantity == line.quantity)
                    if score >= SCORE_AUTO:
                        ranked = rows[score, gap]
                        ranked.indexes += row.indexes
                        ranked.cited = ranked.cited or group.tier > PERIOD
            for row in rows.values():
                row.indexes.sort()
            self._ranked[key] = [(*rank, row) for rank, row in rows.items()]
        return self._ranked[key]

    def next(self, line, row, place=0):
        """The place in a row of the next receipt line that is not used up."""
        indexes, rest = row.indexes, self.rest
        while row.start < len(indexes) and rest(indexes[row.start]) <= 0:
            row.start += 1
        place = max(place, row.start)
        while place < len(indexes):
            if self.is_usable(line, indexes[place]):
                return place
            place += 1
        return None

    def is_usable(self, line, index):
        receipt = self.receipts.lines[index]
        refused = self.refused.get(line.key, ())
        return self.rest(index) > 0 and (receipt.key, receipt.order_line) not in refused

    def best(self, line, product_only=False):
        """``(score, index, tier)`` of the likeliest that is not used up, or None."""
        best = None
        for points, __, group in self.scored(line, product_only):
            for row, score in self._rows(line, group, points):
                place = self.next(line, row)
                if place is not None:
                    index = row.indexes[place]
                    if best is None or (score, -index) > (best[0], -best[1]):
                        best = (score, index, group.tier)
        return best

    def known(self, line):
        """``(any, order line, waits)`` of what a bill line's references speak for, used
        up or not: is there anything, the order line of its likeliest order, and whether
        one of its orders still waits for goods."""
        refused = self.refused.get(line.key, ())
        found, best, order_line, waits = False, (-1, 0), None, False
        for points, __, group in self.scored(line):
            for row, score in self._rows(line, group, points):
                receipts = ((i, self.receipts.lines[i]) for i in row.indexes)
                if refused:
                    receipts = [
                        (i, r)
                        for i, r in receipts
                        if (r.key, r.order_line) not in refused
                    ]
                    waits_here = any(r.waits for __, r in receipts)
                else:
                    waits_here = group.waits
                first = next(iter(receipts), None)
                if first is None:
                    continue
                found = True
                if group.tier >= ORDER:
                    waits = waits or waits_here
                    if (score, -first[0]) > best:
                        best = (score, -first[0])
                        order_line = first[1].order_line
        return found, order_line, waits

    def _rows(self, line, group, points):
        """The exact quantity, then any; a line of the exact one is in both, and its
        better score is met first."""
        same = group.by_quantity.get(line.quantity)
        if same is not None:
            yield same, points + SCORE_QUANTITY
        yield group.all, points

    # -------------------------------------------------------------------------
    # In order
    # -------------------------------------------------------------------------

    def serve(self, goods, missing):
        """Yield ``(line, index, receipt, score, tier)``, best first; the caller says in
        `missing` what a line still wants.

        An exact quantity before a split, what is billed before what is free, then the
        nearest price (two lines of one article at two prices are not crossed), then the
        order of the documents.
        """
        heap = []
        for position, line in enumerate(goods):
            for score, gap, row in self._ranks(line):
                place = self.next(line, row)
                if place is not None:
                    order = (-score, not line.price, gap, position)
                    heap.append((*order, row.indexes[place], place, row, line))
        heapq.heapify(heap)
        while heap:
            *order, index, place, row, line = heap[0]
            if missing[line.key] > 0 and self.next(line, row, place) == place:
                receipt = self.receipts.lines[index]
                tier = tier_of(line, receipt)
                score = -order[0]
                if tier > PERIOD or not self._is_ambiguous(line, receipt, score):
                    yield line, index, receipt, score, tier
                elif not row.cited:
                    # Two orders are as good: so is any other of the row.
                    place = len(row.indexes)
                place += 1
            following = self.next(line, row, place) if missing[line.key] > 0 else None
            if following is None:
                heapq.heappop(heap)
            else:
                entry = (row.indexes[following], following, row, line)
                heapq.heapreplace(heap, (*order, *entry))

    def _is_ambiguous(self, line, receipt, score):
        """Without a reference to a document, another order as good makes it a guess."""
        for points, __, group in self.scored(line):
            if group.receipt.order == receipt.order:
                continue
            for row, other in self._rows(line, group, points):
                if score - other < MARGIN and self.next(line, row) is not None:
                    return True
        return False
