"""Bills matched with what was received, beside Odoo's own matching.

One database is filled with orders, receipts and bills, then copied: the add-on is
installed on one copy, the other keeps Odoo's `_find_and_set_purchase_orders` (run at
import) and `action_match_lines` (run by hand). One bill in five has an exception: its
quantity or its price is not what was received.

Which order line a bill line pays for is known, so that links can be judged: precision
(links that are right), recall (lines linked rightly), touchless (bills that nobody has
to look at), and bills whose total was changed. Twice the same product in one order, and
the same products at the same price in all orders, are what makes it hard.

Sizes in bill lines: 1000 and 10,000, or those of COOP_BENCH_LINES. Above a thousand
lines the documents are copies, by SQL, of the first thousand; and Odoo's own matching,
which takes as long for each line, is measured on 1000 of them, or
COOP_BENCH_PEER_LINES: its time is then scaled, and `peer_n` says so.
"""

import json
from dataclasses import dataclass

from benchmarks.filling import COPY
from benchmarks.harness import Result, install, run, scratch_database, shell, size
from devtools import settings

SECONDS = {"full": 2400, "quick": 40}
SIZES = size(
    full=[1000, 10_000],
    quick=[200],
    variable="COOP_BENCH_LINES",
    read=lambda text: [int(lines) for lines in text.split()],
)
RUNS = size(full=5, quick=1, variable="COOP_BENCH_RUNS")
PEER_LINES = size(full=1000, quick=100, variable="COOP_BENCH_PEER_LINES")
BASE = 1000
EQUAL_PRICES = size(full=500, quick=200)

COMMON = """
import json, random, time
from odoo.fields import Command
env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
LINES_PER_BILL = 20


def prepare(count, chance, per_bill=LINES_PER_BILL, price=None):
    "Orders received in full and their bills; returns the truth of each bill line."
    suppliers = env["res.partner"].create(
        [{"name": f"Supplier {n}", "is_company": True} for n in range(10)]
    )
    products = env["product.product"].create([
        {
            "name": f"Article {n}",
            "is_storable": True,
            "standard_price": price or 1 + n % 7,
            "supplier_taxes_id": False,
            "purchase_method": "receive",
        }
        for n in range(per_bill - 1)
    ])
    truth = {}
    for first in range(0, count // per_bill, 50):
        numbers = range(first, min(first + 50, count // per_bill))
        orders = env["purchase.order"].create([
            {
                "partner_id": suppliers[n % 10].id,
                "order_line": [
                    Command.create({
                        # The first product twice: one to one, or both on one line.
                        "product_id": products[max(i - 1, 0)].id,
                        "product_qty": 1 if price else 2 + (n + i) % 9,
                        "price_unit": price or 1 + (i % 7),
                        "tax_ids": False,
                    })
                    for i in range(per_bill)
                ],
            }
            for n in numbers
        ])
        orders.button_confirm()
        for move in orders.picking_ids.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        orders.picking_ids._action_done()
        values = []
        for n, order in zip(numbers, orders):
            lines = order.order_line.sorted("id")
            wrong = chance.randrange(per_bill) if not price and n % 5 == 0 else None
            values.append({
                "move_type": "in_invoice",
                "partner_id": order.partner_id.id,
                "ref": f"BENCH-{count}-{n}",
                "invoice_date": "2026-01-15",
                "invoice_origin": order.name,
                "invoice_line_ids": [
                    Command.create({
                        "product_id": line.product_id.id,
                        "quantity": line.product_qty + (i == wrong and n % 10 == 0),
                        "price_unit": line.price_unit
                        * (1.1 if i == wrong and n % 10 else 1),
                        "tax_ids": False,
                    })
                    for i, line in enumerate(lines)
                ],
            })
        bills = env["account.move"].create(values)
        for n, order, bill in zip(numbers, orders, bills):
            billed = bill.invoice_line_ids.sorted("id")
            pairs = zip(billed, order.order_line.sorted("id"))
            truth[bill.id] = {
                "lines": {
                    line.id: [target.id, line.quantity, line.price_unit]
                    for line, target in pairs
                },
                "order": order.id,
                "total": bill.amount_total,
                "exception": n % 5 == 0 and not price,
            }
        env.cr.commit()
        env.invalidate_all()
    return truth


def judge(truth):
    "What the links are worth; two lines of one product may swap their order lines."
    bills = env["account.move"].browse(map(int, truth))
    right = linked = total = changed = 0
    lines = [int(line) for known in truth.values() for line in known["lines"]]
    alive = set(env["account.move.line"].browse(lines).exists().ids)
    for bill in bills:
        known = truth[str(bill.id)]
        changed += abs(bill.amount_total - known["total"]) > 0.001
        targets = {int(k): v for k, v in known["lines"].items()}
        taken = set()
        for line_id, (target, quantity, price) in targets.items():
            total += 1
            line = env["account.move.line"].browse(line_id)
            if line_id not in alive:
                # Core replaces lines: right if the new one bills the same.
                line = bill.invoice_line_ids.filtered(
                    lambda l: l.purchase_line_id.id == target
                )[:1]
                linked += bool(line)
                right += (
                    bool(line)
                    and abs(line.quantity - quantity) < 0.001
                    and abs(line.price_unit - price) < 0.001
                )
                continue
            found = line.purchase_line_id
            if not found:
                continue
            linked += 1
            wanted = env["purchase.order.line"].browse(target)
            same = found.order_id == wanted.order_id
            same = same and found.product_id == wanted.product_id
            right += same and found.id not in taken
            taken.add(found.id)
    return {
        "precision": right / linked if linked else 1.0,
        "recall": right / total,
        "changed": changed,
    }
"""

FILL = (
    COPY
    + """
def shift(known, step, k):
    return {
        **known,
        "lines": {
            line + k * step["account_move_line"]: [
                target + k * step["purchase_order_line"], quantity, price
            ]
            for line, (target, quantity, price) in known["lines"].items()
        },
        "order": known["order"] + k * step["purchase_order"],
    }


result = {}
for size in SIZES:
    low = floors()
    phase(f"making {min(size, BASE)} lines received and billed")
    truth = prepare(min(size, BASE), random.Random(19))
    if size > BASE:
        phase(f"copying them up to {size}")
        times = size // BASE - 1
        step = multiply(times, low)
        truth = {
            bill + k * step["account_move"]: shift(known, step, k) if k else known
            for k in range(times + 1)
            for bill, known in truth.items()
        }
    result[size] = truth
    env.cr.commit()
phase(f"making {EQUAL_PRICES} lines at one price")
equal = prepare(EQUAL_PRICES, random.Random(19), EQUAL_PRICES, 3.0)
for bill_id in equal:
    # One cent beside the order's total: no order has it, so that lines are looked for.
    line = env["account.move"].browse(bill_id).invoice_line_ids[0]
    line.price_unit += 0.01
    equal[bill_id]["total"] = line.move_id.amount_total
result["equal"] = equal
env.cr.commit()
sql("ANALYZE")
env.cr.commit()
answer(result)
"""
)

TIMED = """
def timed(function, bills):
    "Seconds and queries of a run that starts cold; everything is written."
    env.flush_all()
    env.invalidate_all()
    start, before = time.perf_counter(), env.cr.sql_log_count
    function(bills)
    env.flush_all()
    return time.perf_counter() - start, env.cr.sql_log_count - before


def written():
    "Rows written in this transaction, by PostgreSQL's own count."
    env.flush_all()
    env.cr.execute(
        "SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
    )
    return int(env.cr.fetchone()[0] or 0)


def ours(bills):
    bills._coop_match()


def core(bills):
    for bill in bills:
        bill._find_and_set_purchase_orders(
            [bill.invoice_origin], bill.partner_id.id, bill.amount_total
        )


def by_hand(bills):
    rows = env["purchase.bill.line.match"]
    for bill in bills:
        orders = env["purchase.order"].search([("name", "=", bill.invoice_origin)])
        found = rows.search([
            "|",
            ("aml_id", "in", bill.invoice_line_ids.ids),
            ("pol_id", "in", orders.order_line.ids),
        ])
        found.action_match_lines()


answers = {}
with open(TRUTH) as file:
    truths = json.load(file)
for size, truth in truths.items():
    if "ours" not in FUNCTIONS and size != "equal":
        # A sample of as many lines as asked, of every supplier.
        wanted = sorted(truth, key=int)[: PEER_LINES // LINES_PER_BILL]
        truth = {bill: truth[bill] for bill in wanted}
    bills = env["account.move"].browse(map(int, truth))
    for name in FUNCTIONS:
        if name == "by_hand" and size == "equal":
            continue
        phase(f"{name}, {size}")
        seconds, queries = timed(globals()[name], bills)
        lines = sum(len(known["lines"]) for known in truth.values())
        found = {"s": seconds, "n": lines, "queries": queries, **judge(truth)}
        if name == "ours":
            states = {bill.id: bill.match_state for bill in bills}
            clean = [b for b in bills.ids if not truth[str(b)]["exception"]]
            touchless = [b for b in bills.ids if states[b] == "matched"]
            found["touchless"] = len(touchless) / len(bills)
            found["touchless_clean"] = len(set(touchless) & set(clean)) / len(clean)
            # Wrong ones among those that nobody looks at.
            found["wrong_touchless"] = len(set(touchless) - set(clean))
            before = written()
            found["again_s"], __ = timed(ours, bills)
            found["again_writes"] = written() - before
        answers[f"{name}:{size}"] = found
        env.cr.rollback()
        env.invalidate_all()
answer(answers)
"""


@dataclass
class MatchResult(Result):
    """Shares are between 0 and 1; `changed` counts bills whose total changed.

    `peer_n` lines were matched by the peer; `peer_s` is scaled to `n`.
    """

    precision: float
    recall: float
    touchless: float
    touchless_clean: float
    changed: int
    again_writes: int
    peer_precision: float
    peer_recall: float
    peer_changed: int
    peer_n: int
    again_s: float
    wrong_touchless: int
    runs: int


def median_of(runs, key):
    """The run of median time for a key."""
    ordered = sorted((run[key] for run in runs), key=lambda found: found["s"])
    return ordered[len(ordered) // 2]


def main():
    with scratch_database("match") as filled:
        values = {"SIZES": SIZES, "BASE": BASE, "EQUAL_PRICES": EQUAL_PRICES}
        known = shell(filled, COMMON + FILL, "filling", **values)
        truth = settings.LOGS / f"{filled}-truth.json"
        truth.write_text(json.dumps(known))
        common = {"TRUTH": str(truth), "PEER_LINES": PEER_LINES}
        script, peer_functions = COMMON + TIMED, ["core", "by_hand"]
        with (
            scratch_database("match_ours", filled) as ours_db,
            scratch_database("match_peer", filled) as peer_db,
        ):
            install(ours_db, ["coop_reconciliation"])
            ours, peer = [], []
            # Turn by turn, so that a busy machine weighs on both.
            for number in range(1, RUNS + 1):
                turn = f"{number} of {RUNS}"
                mine = shell(
                    ours_db, script, f"ours, {turn}", FUNCTIONS=["ours"], **common
                )
                ours.append(mine)
                theirs = shell(
                    peer_db, script, f"Odoo, {turn}", FUNCTIONS=peer_functions, **common
                )
                peer.append(theirs)
    for lines in SIZES:
        mine = median_of(ours, f"ours:{lines}")
        core = median_of(peer, f"core:{lines}")
        hand = median_of(peer, f"by_hand:{lines}")
        arms = [
            ("match", core, "_find_and_set_purchase_orders"),
            ("match_by_hand", hand, "action_match_lines"),
        ]
        for name, theirs, what in arms:
            MatchResult(
                name=f"{name}_{lines}",
                n=lines,
                ours_s=mine["s"],
                peer=(
                    f"{what} on {theirs['n']} lines: precision"
                    f" {theirs['precision']:.1%}, recall {theirs['recall']:.1%},"
                    f" {theirs['changed']} totals changed;"
                    f" ours: {mine['precision']:.1%}, {mine['recall']:.1%},"
                    f" {mine['changed']}, touchless {mine['touchless']:.1%}"
                    f" ({mine['touchless_clean']:.1%} of clean bills)"
                ),
                peer_s=theirs["s"] * lines / theirs["n"],
                queries=mine["queries"],
                precision=round(mine["precision"], 4),
                recall=round(mine["recall"], 4),
                touchless=round(mine["touchless"], 4),
                touchless_clean=round(mine["touchless_clean"], 4),
                changed=mine["changed"],
                again_writes=mine["again_writes"],
                peer_precision=round(theirs["precision"], 4),
                peer_recall=round(theirs["recall"], 4),
                peer_changed=theirs["changed"],
                peer_n=theirs["n"],
                again_s=round(mine["again_s"], 3),
                wrong_touchless=mine["wrong_touchless"],
                runs=RUNS,
            ).write()
    mine, theirs = median_of(ours, "ours:equal"), median_of(peer, "core:equal")
    Result(
        name="match_equal_prices",
        n=EQUAL_PRICES,
        ours_s=mine["s"],
        peer=(
            f"{EQUAL_PRICES} lines at one price, core stops looking after 10 s: recall"
            f" {theirs['recall']:.1%}, ours {mine['recall']:.1%}"
        ),
        peer_s=theirs["s"],
        queries=mine["queries"],
    ).write()


if __name__ == "__main__":
    run(main)
