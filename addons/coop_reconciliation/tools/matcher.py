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
    DESPATCH,
    LINE,
    MARGIN,
    NONE,
    ORDER,
    PERIOD,
    RECEIVING,
    SCORE_AUTO,
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
from .match_receipts import Receipts
from .match_score import percent, price_ok, score_of, tier_of

__all__ = [
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
    candidates, pairs = _score_pairs(goods, receipts, policy, refused)
    linked, left, missing = _serve(goods, pairs, candidates, receipts)

    proposed = defaultdict(Decimal)

    def free(index):
        rest = left.get(index, receipts.lines[index].quantity)
        return rest - proposed[index]

    for line in goods:
        if found := linked.get(line.key):
            result.links += [link for link, __ in found]
            result.issues += match_issues.linked_issues(
                line, found, missing[line.key], policy
            )
            continue
        issue = match_issues.unlinked_issue(
            line, candidates[line.key], receipts.other_unit(line)
        )
        result.issues.append(issue)
        if issue.kind in ("no_order", "unknown_item"):
            link = match_issues.suggestion(
                line, candidates[line.key], receipts, free, policy, refused
            )
            if link:
                result.links.append(link)
                index = receipts.position[link.receipt, link.order_line]
                proposed[index] += link.quantity
    result.issues += match_issues.unbilled(receipts, left, linked)
    result.issues = match_issues.accept_small_total(result.issues, policy)
    return result


def _score_pairs(goods, receipts, policy, refused):
    """``{bill line: candidates}`` and the pairs good enough, best first."""
    candidates, pairs = {}, []
    known = defaultdict(dict)
    for position, line in enumerate(goods):
        found = candidates[line.key] = []
        # Equal lines have equal scores with equal receipts: computed once.
        scores = known[
            line.quantity, line.price, line.refs, line.period, line.order_line
        ]
        for index in receipts.candidates(line):
            receipt = receipts.lines[index]
            if receipt.unit != line.unit:
                continue
            if refused and (line.key, receipt.key, receipt.order_line) in refused:
                continue
            kind = receipts.kinds[index]
            if kind not in scores:
                tier = tier_of(line, receipt)
                components = score_of(line, receipt, tier, policy)
                score = sum(points for __, points in components)
                # Only to put pairs in order.
                gap = float(abs(line.price - receipt.price))
                scores[kind] = score, tier, components, gap
            score, tier, components, gap = scores[kind]
            candidate = (score, index, receipt, tier, components)
            found.append(candidate)
            if score >= SCORE_AUTO:
                # What is billed before what is free, then the nearest price: two
                # lines of one article at two prices are not crossed.
                order = (-score, not line.price, gap, position, index)
                pairs.append((order, line, candidate))
    pairs.sort(key=lambda pair: pair[0])
    return candidates, pairs


def _serve(goods, pairs, candidates, receipts):
    """Give receipts to bill lines: ``{bill line: [(link, receipt)]}``, what is left of
    receipts and what is missing to bill lines."""
    left = {}
    missing = {line.key: line.quantity for line in goods}
    linked = defaultdict(list)
    for __, line, candidate in pairs:
        if missing[line.key] <= 0:
            continue
        score, index, receipt, tier, components = candidate
        rest = left.get(index, receipt.quantity)
        quantity = min(rest, missing[line.key])
        if quantity <= 0:
            continue
        if tier <= PERIOD and _is_ambiguous(score, receipt, candidates[line.key], left):
            continue
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
            components=components,
        )
        linked[line.key].append((link, receipt))
    return linked, left, missing


def _is_ambiguous(score, receipt, candidates, left):
    """Without a reference to a document, another order as good makes it a guess."""
    return any(
        other.order != receipt.order
        and left.get(index, other.quantity) > 0
        and score - points < MARGIN
        for points, index, other, __, __ in candidates
    )
