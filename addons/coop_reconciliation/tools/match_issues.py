"""What differs between a bill and what was received. Plain Python, no ORM."""

from dataclasses import replace

from .match_data import (
    DESPATCH,
    NONE,
    ORDER,
    SCORE_AUTO,
    TIER_NAME,
    TIER_SCORE,
    ZERO,
    Issue,
    Link,
    cents,
)
from .match_score import percent, price_ok, score_of, tier_of


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
        gap = cents((line.price - receipt.price) * link.quantity)
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


def unlinked_issue(line, candidates, wrong_unit):
    """What a bill line without any receipt is about.

    :param candidates: ``(score, position, receipt, tier, components)`` that its
        references speak for
    """
    if line.quantity <= 0 or not line.price:
        kind = "free_goods" if not line.price else "discount"
        return Issue(kind, line.key, line.quantity, line.total, accepted=True)
    if wrong_unit and not candidates:
        return Issue("uom", line.key, line.quantity, line.total)
    ordered = [c for c in candidates if c[3] >= ORDER]
    if ordered:
        # The order is ours: its goods are still to come, or were billed already.
        best = max(ordered, key=lambda c: (c[0], -c[1]))[2]
        coming = [c[2].to_come for c in ordered]
        waits = None in coming or any(coming)
        return Issue(
            "no_receipt" if waits else "quantity_over",
            line.key,
            line.quantity,
            line.total,
            order_line=best.order_line,
        )
    kind = "no_order" if line.product is not None else "unknown_item"
    return Issue(kind, line.key, line.quantity, line.total)


def suggestion(line, candidates, receipts, free, policy, refused):
    """The likeliest receipt of a bill line that nothing sure speaks for, or None.

    :param free: function of a position: what no other line of the bill uses yet
    """

    def usable(index):
        receipt = receipts.lines[index]
        pair = (line.key, receipt.key, receipt.order_line)
        return receipt.key is not None and free(index) > 0 and pair not in refused

    waiting = [c for c in candidates if usable(c[1])]
    if not waiting and line.product is not None:
        for index in receipts.same_product(line):
            if usable(index):
                receipt = receipts.lines[index]
                components = score_of(line, receipt, NONE, policy)
                score = sum(points for __, points in components)
                waiting.append((score, index, receipt, NONE, components))
    if waiting:
        score, index, receipt, tier, components = max(
            waiting, key=lambda c: (c[0], -c[1])
        )
    elif line.product is None and line.name:
        index, ratio = receipts.by_name(line.name)
        if index is None or not usable(index):
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
    quantity = min(line.quantity, free(index))
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
        and abs(sum(issue.amount for issue in open_issues)) <= policy.bill_amount
    ):
        return [replace(issue, accepted=True) for issue in issues]
    return issues
