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
       exact quantity before a split, then in the order of the documents.
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

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from difflib import SequenceMatcher
from typing import Any

# Tiers, strongest first: cases/reconciliation, "Lines by reference tier".
LINE, DESPATCH, RECEIVING, ORDER, PERIOD, NONE = 5, 4, 3, 2, 1, 0
TIER_SCORE = {LINE: 60, DESPATCH: 50, RECEIVING: 45, ORDER: 40, PERIOD: 25, NONE: 0}
TIER_NAME = {
    LINE: "line",
    DESPATCH: "despatch",
    RECEIVING: "receiving",
    ORDER: "order",
    PERIOD: "period",
    NONE: "none",
}
SCORE_PRODUCT = 25
SCORE_PRICE = 10
SCORE_QUANTITY = 5
# Reached by product + order reference, or product + period + same price and quantity.
SCORE_AUTO = 65
# Two candidates closer than this are equally good.
MARGIN = 5
NAME_RATIO = 0.6

ZERO = Decimal(0)
CENT = Decimal("0.01")


def normalise(reference):
    """A reference without spaces, dots, case: what people change when they retype it.

    >>> normalise("FA 2026-001"), normalise("fa2026001"), normalise(None)
    ('FA2026001', 'FA2026001', '')
    """
    return re.sub(r"[\W_]+", "", reference or "").upper()


def refs(line=(), despatch=(), receiving=(), order=()):
    """Set of ``(tier, normalised reference)`` from texts or lists of texts.

    >>> sorted(refs(order="PO 1242", despatch=["BL-1"]))
    [(2, 'PO1242'), (4, 'BL1')]
    """

    def values(given):
        given = (given,) if isinstance(given, str) else given
        return [normalised for text in given if (normalised := normalise(text))]

    return frozenset(
        [(LINE, v) for v in values(line)]
        + [(DESPATCH, v) for v in values(despatch)]
        + [(RECEIVING, v) for v in values(receiving)]
        + [(ORDER, v) for v in values(order)]
    )


@dataclass(frozen=True)
class BillLine:
    """One line of a bill.

    quantity, price: in the product's own unit; price net of discount, without VAT.
    amount: what the line costs without VAT (defaults to quantity x price).
    kind: ``goods``, or what the line says it is: freight, deposit, discount, charge,
    rounding, tax, adjustment.
    order_line: set when the bill was made from an order: then only that line matches.
    unit: what the quantity is measured in; two different units are never compared.
    """

    key: Any
    product: Any
    quantity: Decimal
    price: Decimal
    refs: frozenset = frozenset()
    amount: Decimal | None = None
    kind: str = "goods"
    name: str = ""
    unit: Any = "unit"
    order_line: Any = None
    period: tuple[datetime.date, datetime.date] | None = None

    @property
    def total(self):
        if self.amount is not None:
            return self.amount
        return cents(self.quantity * self.price)


@dataclass(frozen=True)
class ReceiptLine:
    """What was received and is not billed yet (returns and other bills taken off).

    key: the receipt, or None for an order line of which nothing came.
    weighed: the goods are weighed, so that quantities differ a little by nature.
    """

    key: Any
    product: Any
    quantity: Decimal
    price: Decimal
    order_line: Any
    order: Any = None
    refs: frozenset = frozenset()
    name: str = ""
    unit: Any = "unit"
    date: datetime.date | None = None
    weighed: bool = False


@dataclass(frozen=True)
class Policy:
    """What may pass by itself. Percentages are 0–100; amounts in the bill's currency.

    A price is tolerated when it is within *both* the percentage and the amount a line.
    Stricter for what is billed too much: ``*_over``; what is billed too little is in
    our favour and has its own limits.
    """

    price_percent_over: Decimal = ZERO
    price_amount_over: Decimal = ZERO
    price_percent_under: Decimal = Decimal(100)
    weighed_percent: Decimal = Decimal(3)
    quantity_percent: Decimal = ZERO
    bill_amount: Decimal = Decimal("0.05")
    freight_amount: Decimal = Decimal(15)
    deposit_amount: Decimal = ZERO


@dataclass(frozen=True)
class Link:
    bill: Any
    receipt: Any
    order_line: Any
    quantity: Decimal
    amount: Decimal
    score: int
    tier: int
    state: str  # auto | suggested
    components: tuple = ()


@dataclass(frozen=True)
class Issue:
    kind: str
    bill: Any
    quantity: Decimal = ZERO
    amount: Decimal = ZERO
    accepted: bool = False
    receipt: Any = None
    order_line: Any = None
    expected: Decimal = ZERO


@dataclass
class MatchResult:
    links: list[Link] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    @property
    def touchless(self):
        """True when nobody has to look at the bill."""
        return all(issue.accepted for issue in self.issues)

    def billed(self, receipt):
        """Quantity that the automatic links take from a receipt."""
        return sum(
            (
                link.quantity
                for link in self.links
                if link.receipt == receipt and link.state == "auto"
            ),
            ZERO,
        )


def cents(amount):
    """Round half away from zero to the cent, as people do.

    >>> cents(Decimal("31.744")), cents(Decimal("0.005"))
    (Decimal('31.74'), Decimal('0.01'))
    """
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def percent(part, whole):
    return abs(part) * 100 / abs(whole) if whole else Decimal("Infinity")


def price_ok(bill_price, order_price, quantity, policy):
    """Is the price on the bill tolerated?

    >>> D = Decimal
    >>> price_ok(D("2.10"), D(2), D(10), Policy())
    False
    >>> price_ok(D("1.90"), D(2), D(10), Policy())
    True
    >>> generous = Policy(price_percent_over=D(5), price_amount_over=D(1))
    >>> price_ok(D("2.10"), D(2), D(10), generous)
    True
    """
    gap = cents((bill_price - order_price) * quantity)
    if gap == 0:
        return True
    ratio = percent(bill_price - order_price, order_price)
    if gap < 0:
        return ratio <= policy.price_percent_under
    return ratio <= policy.price_percent_over and gap <= policy.price_amount_over


def tier_of(bill, receipt):
    """The strongest tier that speaks for a pair.

    >>> one = Decimal(1)
    >>> b = BillLine("b", "p", one, one, refs(order="PO1", despatch="BL1"))
    >>> def got(**references):
    ...     return ReceiptLine("m", "p", one, one, "l", refs=refs(**references))
    >>> [tier_of(b, got(**r)) for r in ({"order": "PO1"}, {"despatch": "bl 1"}, {})]
    [2, 4, 0]
    """
    if bill.order_line is not None and bill.order_line == receipt.order_line:
        return LINE
    common = bill.refs & receipt.refs
    if common:
        return max(tier for tier, __ in common)
    if bill.period and receipt.date:
        start, end = bill.period
        if start <= receipt.date <= end:
            return PERIOD
    return NONE


def score_of(bill, receipt, tier, policy):
    """Components of the score of a pair, as ``((name, points), ...)``."""
    price_fits = price_ok(bill.price, receipt.price, bill.quantity, policy)
    return (
        (f"reference:{TIER_NAME[tier]}", TIER_SCORE[tier]),
        ("product", SCORE_PRODUCT),
        ("price", SCORE_PRICE if price_fits else 0),
        ("quantity", SCORE_QUANTITY if bill.quantity == receipt.quantity else 0),
    )


def match(bill_lines, receipt_lines, policy):
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
    """
    result = MatchResult()
    by_product = defaultdict(list)
    by_order_line = defaultdict(list)
    for position, receipt in enumerate(receipt_lines):
        by_product[receipt.product].append((position, receipt))
        by_order_line[receipt.order_line].append((position, receipt))

    goods = []
    for position, line in enumerate(bill_lines):
        if line.kind == "goods":
            goods.append((position, line))
        else:
            result.issues.append(_side_issue(line, policy))

    pairs = []
    candidates = defaultdict(list)
    wrong_unit = set()
    for position, line in goods:
        if line.order_line is not None:
            pool = by_order_line[line.order_line]
        else:
            pool = by_product[line.product] if line.product is not None else ()
        for index, receipt in pool:
            if receipt.unit != line.unit:
                wrong_unit.add(line.key)
                continue
            tier = tier_of(line, receipt)
            components = score_of(line, receipt, tier, policy)
            score = sum(points for __, points in components)
            candidates[line.key].append((score, index, receipt, tier, components))
            pairs.append((-score, position, index, line, receipt, tier, components))
    pairs.sort(key=lambda pair: pair[:3])

    left = [max(receipt.quantity, ZERO) for receipt in receipt_lines]
    missing = {line.key: line.quantity for __, line in goods}
    linked = defaultdict(list)
    for negative, __, index, line, receipt, tier, components in pairs:
        quantity = min(left[index], missing[line.key])
        if -negative < SCORE_AUTO or quantity <= 0:
            continue
        if tier <= PERIOD and _is_ambiguous(
            -negative, receipt, candidates[line.key], left
        ):
            continue
        left[index] -= quantity
        missing[line.key] -= quantity
        link = Link(
            bill=line.key,
            receipt=receipt.key,
            order_line=receipt.order_line,
            quantity=quantity,
            amount=cents(line.price * quantity),
            score=-negative,
            tier=tier,
            state="auto",
            components=components,
        )
        linked[line.key].append((link, receipt))
    for __, line in goods:
        _conclude(
            line,
            linked[line.key],
            missing[line.key],
            candidates[line.key],
            line.key in wrong_unit,
            receipt_lines,
            policy,
            result,
        )
    _note_unbilled(receipt_lines, left, linked, result)
    _accept_small_total(result, policy)
    return result


def _note_unbilled(receipts, left, linked, result):
    """The bill cites a delivery note and bills less of it: in our favour, and said.

    >>> D = Decimal
    >>> bill = [BillLine("b1", "oil", D(3), D(2), refs(despatch="BL1"))]
    >>> got = [ReceiptLine("m1", "oil", D(5), D(2), "l1", refs=refs(despatch="BL1"))]
    >>> [(i.kind, i.quantity, i.amount, i.accepted)
    ...  for i in match(bill, got, Policy()).issues]
    [('quantity_under', Decimal('2'), Decimal('-4.00'), True)]
    """
    last = {}
    for links in linked.values():
        for link, receipt in links:
            if link.tier >= DESPATCH and receipt.key is not None:
                last[receipt.key, receipt.order_line] = link
    for index, receipt in enumerate(receipts):
        link = last.get((receipt.key, receipt.order_line))
        if link and left[index] > 0:
            result.issues.append(
                Issue(
                    kind="quantity_under",
                    bill=link.bill,
                    quantity=left[index],
                    amount=-cents(receipt.price * left[index]),
                    accepted=True,
                    receipt=receipt.key,
                    order_line=receipt.order_line,
                    expected=receipt.quantity,
                )
            )


def _is_ambiguous(score, receipt, candidates, left):
    """Without a reference to a document, another order as good makes it a guess."""
    return any(
        other.order != receipt.order and left[index] > 0 and score - points < MARGIN
        for points, index, other, __, __ in candidates
    )


def _conclude(line, linked, missing, candidates, wrong_unit, receipts, policy, result):
    """Write down the links of a bill line and what differs."""
    for link, receipt in linked:
        result.links.append(link)
        gap = cents((line.price - receipt.price) * link.quantity)
        if gap:
            result.issues.append(
                Issue(
                    kind="discount" if gap < 0 else "price",
                    bill=line.key,
                    quantity=link.quantity,
                    amount=gap,
                    accepted=price_ok(line.price, receipt.price, link.quantity, policy),
                    receipt=receipt.key,
                    order_line=receipt.order_line,
                    expected=receipt.price,
                )
            )
    if linked:
        if missing > 0:
            receipt = linked[0][1]
            received = sum((link.quantity for link, __ in linked), ZERO)
            limit = policy.weighed_percent if receipt.weighed else ZERO
            limit = max(limit, policy.quantity_percent)
            result.issues.append(
                Issue(
                    kind="quantity_over",
                    bill=line.key,
                    quantity=missing,
                    amount=cents(line.price * missing),
                    accepted=percent(missing, received) <= limit,
                    receipt=receipt.key,
                    order_line=receipt.order_line,
                    expected=received,
                )
            )
        return
    if line.quantity <= 0 or not line.price:
        kind = "free_goods" if not line.price else "discount"
        result.issues.append(
            Issue(kind, line.key, line.quantity, line.total, accepted=True)
        )
        return
    if wrong_unit and not candidates:
        result.issues.append(Issue("uom", line.key, line.quantity, line.total))
        return
    _suggest(line, candidates, receipts, result)


def _suggest(line, candidates, receipts, result):
    """Nothing is sure: say what is missing and propose the likeliest."""
    ordered = [c for c in candidates if c[3] >= ORDER]
    if ordered:
        # The order is ours and nothing (more) was received for it.
        best = max(ordered, key=lambda c: (c[0], -c[1]))[2]
        result.issues.append(
            Issue(
                "no_receipt",
                line.key,
                line.quantity,
                line.total,
                order_line=best.order_line,
            )
        )
        return
    waiting = [c for c in candidates if c[2].key is not None and c[2].quantity > 0]
    if waiting:
        score, __, receipt, tier, components = max(waiting, key=lambda c: (c[0], -c[1]))
    else:
        receipt, score, tier, components = _by_name(line, receipts)
    if receipt is not None:
        quantity = min(line.quantity, receipt.quantity)
        result.links.append(
            Link(
                bill=line.key,
                receipt=receipt.key,
                order_line=receipt.order_line,
                quantity=quantity,
                amount=cents(line.price * quantity),
                score=score,
                tier=tier,
                state="suggested",
                components=components,
            )
        )
    kind = "no_order" if line.product is not None else "unknown_item"
    result.issues.append(Issue(kind, line.key, line.quantity, line.total))


def _by_name(line, receipts):
    """A name alone is only ever a suggestion."""
    best, best_ratio = None, NAME_RATIO
    if line.product is None and line.name:
        wanted = line.name.casefold()
        for receipt in receipts:
            if receipt.key is None or receipt.quantity <= 0:
                continue
            if receipt.unit != line.unit:
                continue
            ratio = SequenceMatcher(None, wanted, receipt.name.casefold()).ratio()
            if ratio > best_ratio:
                best, best_ratio = receipt, ratio
    if best is None:
        return None, 0, NONE, ()
    tier = tier_of(line, best)
    components = (
        (f"reference:{TIER_NAME[tier]}", TIER_SCORE[tier]),
        ("name", int(best_ratio * 10)),
    )
    score = min(sum(points for __, points in components), SCORE_AUTO - 1)
    return best, score, tier, components


def _side_issue(line, policy):
    """Carriage, deposits, discounts…: kept as billed, accepted within the policy."""
    kind = {"charge": "freight", "adjustment": "total"}.get(line.kind, line.kind)
    amount = line.total
    accepted = {
        "freight": amount <= policy.freight_amount,
        "deposit": amount <= policy.deposit_amount,
        "discount": amount <= 0,
        "rounding": abs(amount) <= policy.bill_amount,
    }.get(kind, False)
    return Issue(kind, line.key, line.quantity, amount, accepted=accepted)


def _accept_small_total(result, policy):
    """Differences that together stay under the bill's tolerance pass."""
    small = ("price", "rounding")
    open_issues = [i for i in result.issues if not i.accepted]
    if (
        open_issues
        and all(issue.kind in small for issue in open_issues)
        and abs(sum(issue.amount for issue in open_issues)) <= policy.bill_amount
    ):
        result.issues = [
            Issue(**{**issue.__dict__, "accepted": True}) for issue in result.issues
        ]
