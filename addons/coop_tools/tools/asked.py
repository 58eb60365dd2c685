# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who asked first: what is added to a request later ranks from then on."""

from datetime import datetime, timedelta

from odoo.tools import float_round

# Taps within so much time of each other are one asking.
TOGETHER = timedelta(minutes=15)
FORMAT = "%Y-%m-%d %H:%M:%S"


def add_asked(more, before, after, first_at, now):
    """What was added to a request, as ``[[quantity, time]]``; False for nothing.

    What was asked first keeps its rank; what is added last is the first to go.
    """
    more = [list(row) for row in more or []]
    change = round(after - before, 6)
    while change < 0 and more:
        left = round(more[-1][0] + change, 6)
        change = min(left, 0.0)
        if left > 0:
            more[-1][0] = left
        else:
            more.pop()
    if change > 0:
        last = datetime.strptime(more[-1][1], FORMAT) if more else first_at
        if now - (last or now) > TOGETHER:
            more.append([change, now.strftime(FORMAT)])
        elif more:
            more[-1][0] = round(more[-1][0] + change, 6)
    return more or False


def rank_asked(requests, step):
    """``[(key, quantity, tolerance)]`` in the order of asking, in whole steps.

    :param requests: ``[(key, quantity, tolerance, first asked at, added later)]``
    """
    ranked = []
    for key, total, tolerance, first_at, later in requests:
        more = [(row[0], datetime.strptime(row[1], FORMAT)) for row in later or []]
        first = max(round(total - sum(row[0] for row in more), 6), 0.0)
        wanted = given = 0.0
        for quantity, at in [(first, first_at), *more]:
            # In whole steps of the sum, so that no part loses any.
            wanted = min(wanted + quantity, total)
            whole = float_round(wanted, precision_rounding=step, rounding_method="DOWN")
            ranked.append((at, key.id, (key, round(whole - given, 6), tolerance)))
            tolerance, given = 0.0, whole
    return [row[-1] for row in sorted(ranked, key=lambda row: row[:2])]
