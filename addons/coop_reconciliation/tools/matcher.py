# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Match the lines of a vendor bill to what was received. Plain Python, no ORM.

How to use
    ``match(bill_lines, receipt_lines, policy)`` takes the lines of one bill (or of
    several bills of one supplier) and every receipt line of that supplier that still
    has something to bill, both in the *same unit per product* and in the same currency,
    and returns a :class:`MatchResult`: links (who pays for what) and issues (what
    differs). Nothing here changes a bill: a bill is what the supplier wrote.

How it works
    1. A bill line and a receipt line are candidates for each other when they carry the
       same product in units that can be compared.
    2. The references of the e-invoice say how strongly they belong together (*tier*):
       line despatch or order line (BT-132) > despatch advice (BT-16) > receiving advice
       (BT-15) > order (BT-13) > billing period > nothing.
    3. A score is the sum of its stored components; pairs are served best first, an
       exact quantity before a split, the nearest price first, then in the order of the
       documents.
    4. A pair is *automatic* when it is above the threshold and no different order is as
       good; otherwise it is *suggested* and takes no quantity.
    5. What remains is an issue, with the amount it costs.

The example of a short delivery: 10 received, 12 billed.

>>> from decimal import Decimal as D
>>> bill = [BillLine("b1", "nougat", D(12), D("6.90"), refs=refs(order="PO 12"))]
>>> got = [ReceiptLine("m1", "nougat", D(10), D("6.90"), "l1", "o1",
...                    refs=refs(order="PO12"))]
>>> result = match(bill, got, Policy())
>>> [(k.bill, k.receipt, k.quantity, k.state) for k in result.links]
[('b1', 'm1', Decimal('10'), 'auto')]
>>> [(i.kind, i.quantity, i.amount, i.accepted) for i in result.issues]
[('quantity_over', Decimal('2'), Decimal('13.80'), False)]
"""

from collections import defaultdict
from decimal import Decimal

from . import match_issues
from .match_data import (
    CENT,
    DESPATCH,
    LINE,
    NONE,
    ORDER,
    PERIOD,
    RECEIVING,
    ZERO,
    BillLine,
    Issue,
    Link,
    MatchResult,
    Policy,
    ReceiptLine,
    cents,
    normalise,
    refs,
)
from .match_pairs import Pairs
from .match_receipts import Receipts
from .match_score import percent, price_ok, score_of, tier_of

__all__ = [
    "CENT",
    "DESPATCH",
    "LINE",
    "NONE",
    "ORDER",
    "PERIOD",
    "RECEIVING",
    "BillLine",
    "Issue",
    "Link",
    "MatchResult",
    "Policy",
    "ReceiptLine",
    "Receipts",
    "cents",
    "match",
    "normalise",
    "percent",
    "price_ok",
    "refs",
    "score_of",
    "tier_of",
]


def match(bill_lines, receipt_lines, policy, refused=frozenset()):
    """Link bill lines to receipt lines; see the module's docstring.

    Carriage within the policy passes by itself, and is never deleted:

    >>> D = Decimal
    >>> bill = [BillLine("b1", "oil", D(10), D(2), refs(order="PO1")),
    ...         BillLine("b2", None, D(1), D("9.50"), kind="freight")]
    >>> got = [ReceiptLine("m1", "oil", D(10), D(2), "l1", "o1", refs(order="PO1"))]
    >>> [(i.kind, i.amount, i.accepted) for i in match(bill, got, Policy()).issues]
    [('freight', Decimal('9.50'), True)]

    The same product on two order lines and two bill lines: one to one.

    >>> bill = [BillLine(b, "egg", D(1), D(2), refs(order="PO1")) for b in "ab"]
    >>> got = [ReceiptLine(m, "egg", D(1), D(2), m, "o1", refs(order="PO1"))
    ...        for m in "xy"]
    >>> [(k.bill, k.receipt, k.quantity) for k in match(bill, got, Policy()).links]
    [('a', 'x', Decimal('1')), ('b', 'y', Decimal('1'))]

    Nothing says that the bill is about this order: suggested, no quantity taken.

    >>> bill = [BillLine("a", "egg", D(1), D(2))]
    >>> [k.state for k in match(bill, got, Policy()).links]
    ['suggested']

    :param receipt_lines: an iterable of :class:`ReceiptLine`, or a :class:`Receipts`
        that several bills in turn take from; it is left as it is
    :param refused: ``(bill line key, receipt key, order line)`` never to link again
    """
    if isinstance(receipt_lines, Receipts):
        receipts = receipt_lines
    else:
        receipts = Receipts(receipt_lines)
    result = MatchResult()
    goods = []
    for line in bill_lines:
        if line.kind == "goods":
            goods.append(line)
        else:
            result.issues.append(match_issues.side_issue(line, policy))
    left = {}
    pairs = Pairs(receipts, policy, refused, rest_of(receipts, left))
    linked, missing = _serve(goods, pairs, left)
    match_issues.take_back(goods, missing)

    proposed = defaultdict(Decimal)
    rest = pairs.rest

    def free(index):
        """What no line of the bill uses yet of goods that did come."""
        came = receipts.lines[index].key is not None
        return rest(index) - proposed[index] if came else ZERO

    pairs.rest = free
    for line in goods:
        if line.quantity > 0 and missing[line.key] <= 0 and line.key not in linked:
            # Taken back on the same bill: nothing is billed of it.
            continue
        if found := linked.get(line.key):
            result.links += [link for link, __ in found]
            result.issues += match_issues.linked_issues(
                line, found, missing[line.key], policy
            )
            continue
        issue = match_issues.unlinked_issue(
            line, pairs.known(line), receipts.other_unit(line)
        )
        result.issues.append(issue)
        if issue.kind in ("no_order", "unknown_item"):
            link = match_issues.suggestion(line, pairs)
            if link:
                result.links.append(link)
                index = receipts.position[link.receipt, link.order_line]
                proposed[index] += link.quantity
    result.issues += match_issues.unbilled(receipts, left, linked)
    result.issues = match_issues.accept_small_total(result.issues, policy)
    return result


def rest_of(receipts, left):
    """A function of a position: what the lines served so far leave of a receipt."""

    def rest(index):
        found = left.get(index)
        return receipts.lines[index].quantity if found is None else found

    return rest


def _serve(goods, pairs, left):
    """Give receipts to bill lines: ``{bill line: [(link, receipt)]}`` and what is
    missing to bill lines; `left` says what remains of receipts."""
    missing = {line.key: line.quantity for line in goods}
    linked = defaultdict(list)
    for line, index, receipt, score, tier in pairs.serve(goods, missing):
        rest = pairs.rest(index)
        quantity = min(rest, missing[line.key])
        left[index] = rest - quantity
        missing[line.key] -= quantity
        link = Link(
            bill=line.key,
            receipt=receipt.key,
            order_line=receipt.order_line,
            quantity=quantity,
            amount=cents(line.price * quantity),
            score=score,
            tier=tier,
            state="auto",
            components=score_of(line, receipt, tier, pairs.policy),
        )
        linked[line.key].append((link, receipt))
    return linked, missing
