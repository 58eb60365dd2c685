# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What differs between a bill and what was received. Plain Python, no ORM."""

from dataclasses import replace

from .match_data import (
    DESPATCH,
    SCORE_AUTO,
    TIER_NAME,
    TIER_SCORE,
    ZERO,
    Issue,
    Link,
    cents,
)
from .match_score import percent, price_gap, price_ok, score_of, tier_of


def side_issue(line, policy):
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


def linked_issues(line, linked, missing, policy):
    """Price and quantity of a bill line that has its receipts."""
    for link, receipt in linked:
        gap = price_gap(line.price, receipt.price, link.quantity)
        if gap:
            yield Issue(
                kind="discount" if gap < 0 else "price",
                bill=line.key,
                quantity=link.quantity,
                amount=gap,
                accepted=price_ok(line.price, receipt.price, link.quantity, policy),
                receipt=receipt.key,
                order_line=receipt.order_line,
                expected=receipt.price,
            )
    if missing > 0:
        receipt = linked[0][1]
        received = sum((link.quantity for link, __ in linked), ZERO)
        limit = policy.weighed_percent if receipt.weighed else ZERO
        limit = max(limit, policy.quantity_percent)
        yield Issue(
            kind="quantity_over",
            bill=line.key,
            quantity=missing,
            amount=cents(line.price * missing),
            accepted=percent(missing, received) <= limit,
            receipt=receipt.key,
            order_line=receipt.order_line,
            expected=received,
        )


def unlinked_issue(line, known, wrong_unit):
    """What a bill line without any receipt is about.

    :param known: of what its references speak for, as ``Pairs.known`` tells
    """
    is_any, order_line, waits = known
    if line.quantity <= 0 or not line.price:
        kind = "free_goods" if not line.price else "discount"
        return Issue(kind, line.key, line.quantity, line.total, accepted=True)
    if wrong_unit and not is_any:
        return Issue("uom", line.key, line.quantity, line.total)
    if order_line is not None:
        # The order is ours: its goods are still to come, or were billed already.
        return Issue(
            "no_receipt" if waits else "quantity_over",
            line.key,
            line.quantity,
            line.total,
            order_line=order_line,
        )
    kind = "no_order" if line.product is not None else "unknown_item"
    return Issue(kind, line.key, line.quantity, line.total)


def take_back(goods, missing):
    """A bill that bills ten and takes two back bills eight: what is taken back at the
    same price (or a better one) is not missing. Changes `missing`.

    >>> from .match_data import BillLine
    >>> from decimal import Decimal as D
    >>> lines = [BillLine("a", "oil", D(10), D(2)), BillLine("b", "oil", D(-2), D(2))]
    >>> missing = {"a": D(3), "b": D(-2)}
    >>> take_back(lines, missing)
    >>> missing["a"]
    Decimal('1')
    """
    back = [
        [line, -line.quantity]
        for line in goods
        if line.quantity < 0 and line.product is not None
    ]
    for line in goods if back else ():
        for entry in back:
            other, rest = entry
            if (line.product, line.unit) != (other.product, other.unit):
                continue
            taken = min(rest, missing[line.key])
            if taken <= 0 or price_gap(line.price, other.price, taken) > 0:
                continue
            missing[line.key] -= taken
            entry[1] -= taken


def suggestion(line, pairs):
    """The likeliest receipt of a bill line that nothing sure speaks for, or None.

    :param pairs: its ``rest`` is what no other line of the bill uses yet
    """
    receipts, policy = pairs.receipts, pairs.policy
    best = pairs.best(line)
    if best is None and line.product is not None:
        best = pairs.best(line, product_only=True)
    if best is not None:
        score, index, tier = best
        receipt = receipts.lines[index]
        components = score_of(line, receipt, tier, policy)
    elif line.product is None and line.name:
        index, ratio = receipts.by_name(line.name)
        if index is None or not pairs.is_usable(line, index):
            return None
        receipt = receipts.lines[index]
        # A name alone is only ever a suggestion.
        tier = tier_of(line, receipt)
        components = (
            (f"reference:{TIER_NAME[tier]}", TIER_SCORE[tier]),
            ("name", int(ratio * 10)),
        )
        score = min(sum(points for __, points in components), SCORE_AUTO - 1)
    else:
        return None
    quantity = min(line.quantity, pairs.rest(index))
    return Link(
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


def unbilled(receipts, left, linked):
    """The bill cites a delivery note and bills less of it: in our favour, and said.

    >>> from .match_data import BillLine, Policy, ReceiptLine, refs
    >>> from .matcher import match
    >>> from decimal import Decimal as D
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
                last[receipts.position[receipt.key, receipt.order_line]] = link
    for index, link in sorted(last.items()):
        receipt = receipts.lines[index]
        rest = left.get(index, receipt.quantity)
        if rest > 0:
            yield Issue(
                kind="quantity_under",
                bill=link.bill,
                quantity=rest,
                amount=-cents(receipt.price * rest),
                accepted=True,
                receipt=receipt.key,
                order_line=receipt.order_line,
                expected=receipt.quantity,
            )


def accept_small_total(issues, policy):
    """Differences that together stay under the bill's tolerance pass."""
    small = ("price", "rounding")
    open_issues = [i for i in issues if not i.accepted]
    if (
        open_issues
        and all(issue.kind in small for issue in open_issues)
        and sum(abs(issue.amount) for issue in open_issues) <= policy.bill_amount
    ):
        return [replace(issue, accepted=True) for issue in issues]
    return issues
