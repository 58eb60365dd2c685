"""Bills lettered with their payments, beside `reconcile()` pair by pair.

One database is filled with bills and payments, and copied. Ours finds the pairs itself
and letters them in one run; the peer is told the pairs. Afterwards the reconciliations
of both are compared, table against table, and ours runs again: it must write nothing.

Pairs: 10,000, or COOP_BENCH_PAIRS. Above a thousand they are copies, by SQL, of the
first thousand; and `reconcile()`, which takes as long for each pair, is measured on
1000 of them, or COOP_BENCH_PEER_PAIRS: its time is then scaled, `peer_n` says so, and
the tables are compared for those pairs.
"""

import json
from dataclasses import dataclass

from benchmarks.filling import COPY
from benchmarks.harness import Result, install, run, scratch_database, shell, size
from devtools import settings
from devtools.console import CoopError

SECONDS = {"full": 2400, "quick": 50}
PAIRS = size(full=10_000, quick=300, variable="COOP_BENCH_PAIRS")
PEER_PAIRS = min(PAIRS, size(full=1000, quick=50, variable="COOP_BENCH_PEER_PAIRS"))
BASE = min(PAIRS, 1000)
RUNS = size(full=5, quick=1, variable="COOP_BENCH_RUNS")

FILL = (
    COPY
    + """
from odoo.fields import Command
phase(f"making {BASE} bills and payments")
env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
company = env.company
suppliers = env["res.partner"].create(
    [{"name": f"Supplier {n}", "is_company": True} for n in range(50)]
)
journal = env["account.journal"].search([("type", "=", "general")], limit=1)
bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
pairs, low = [], floors()
for first in range(0, BASE, 500):
    numbers = range(first, min(first + 500, BASE))
    bills = env["account.move"].create([
        {
            "move_type": "in_invoice",
            "partner_id": suppliers[n % 50].id,
            "ref": f"FA{100000 + n}",
            "invoice_date": "2026-01-15",
            "invoice_line_ids": [Command.create({
                "name": "x", "price_unit": 10 + n % 997 / 100, "tax_ids": False,
            })],
        }
        for n in numbers
    ])
    payments = env["account.move"].create([
        {
            "journal_id": journal.id,
            "date": "2026-02-10",
            "line_ids": [
                Command.create({
                    "name": f"VIR FA{100000 + n}",
                    "partner_id": bill.partner_id.id,
                    "account_id": bill.partner_id.property_account_payable_id.id,
                    "balance": bill.amount_total,
                }),
                Command.create({
                    "name": f"VIR FA{100000 + n}",
                    "account_id": bank.default_account_id.id,
                    "balance": -bill.amount_total,
                }),
            ],
        }
        for n, bill in zip(numbers, bills)
    ])
    (bills + payments)._post(soft=False)
    for bill, payment in zip(bills, payments):
        lines = (bill + payment).line_ids.filtered(
            lambda line: line.account_id.account_type == "liability_payable"
        )
        pairs.append(lines.ids)
    env.cr.commit()
    env.invalidate_all()
if PAIRS > BASE:
    phase(f"copying them up to {PAIRS}")
    times = PAIRS // BASE - 1
    step = multiply(times, low)["account_move_line"]
    pairs = [[i + k * step for i in pair] for k in range(times + 1) for pair in pairs]
    env.cr.commit()
sql("ANALYZE")
env.cr.commit()
answer(pairs)
"""
)

ARM = """
import time
with open(TRUTH) as file:
    pairs = json.load(file)
phase("lettering" if IS_OURS else f"reconciling {PEER_PAIRS} pairs")
env.flush_all()
env.invalidate_all()
start, before = time.perf_counter(), env.cr.sql_log_count
if IS_OURS:
    env["coop.lettering.run"]._run(env.company)
else:
    for pair in pairs[:PEER_PAIRS]:
        env["account.move.line"].browse(pair).reconcile()
env.flush_all()
found = {"s": time.perf_counter() - start, "queries": env.cr.sql_log_count - before}
compared = sorted(line for pair in pairs[:PEER_PAIRS] for line in pair)


def rows(query):
    env.cr.execute(query, [compared])
    return [[str(cell) for cell in row] for row in env.cr.fetchall()]


found["partials"] = rows(
    "SELECT debit_move_id, credit_move_id, amount, debit_amount_currency,"
    " credit_amount_currency, max_date, company_id, exchange_move_id IS NOT NULL,"
    " full_reconcile_id IS NOT NULL FROM account_partial_reconcile"
    " WHERE debit_move_id = ANY(%s) ORDER BY 1, 2"
)
found["fulls"] = rows(
    "SELECT array_agg(id ORDER BY id) FROM account_move_line"
    " WHERE full_reconcile_id IS NOT NULL AND id = ANY(%s)"
    " GROUP BY full_reconcile_id ORDER BY 1"
)
found["lines"] = rows(
    "SELECT line.id, line.reconciled, line.amount_residual,"
    " line.amount_residual_currency, matching_number = full_reconcile_id::text,"
    " move.payment_state, move.amount_residual"
    " FROM account_move_line line JOIN account_move move ON move.id = line.move_id"
    " WHERE line.id = ANY(%s) ORDER BY 1"
)
env.cr.execute("SELECT count(*) FROM account_full_reconcile")
found["all"] = env.cr.fetchone()[0]
if IS_OURS:
    def written():
        "Rows written in this transaction, by PostgreSQL's own count."
        env.flush_all()
        env.cr.execute(
            "SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del)"
            " FROM pg_stat_xact_user_tables"
        )
        return int(env.cr.fetchone()[0] or 0)
    phase("lettering again")
    before = written()
    start = time.perf_counter()
    env["coop.lettering.run"]._run(env.company)
    found["again_s"] = time.perf_counter() - start
    found["again_writes"] = written() - before
env.cr.rollback()
answer(found)
"""


@dataclass
class LetteringResult(Result):
    """`peer_n` pairs were reconciled by the peer; `peer_s` is scaled to `n`."""

    peer_n: int
    again_s: float
    again_writes: int
    runs: int


def main():
    ours, peer = [], []
    with scratch_database("lettering") as filled:
        pairs = shell(filled, FILL, "filling", PAIRS=PAIRS, BASE=BASE)
        truth = settings.LOGS / f"{filled}-truth.json"
        truth.write_text(json.dumps(pairs))
        common = {"TRUTH": str(truth), "PEER_PAIRS": PEER_PAIRS}
        with (
            scratch_database("lettering_ours", filled) as ours_db,
            scratch_database("lettering_peer", filled) as peer_db,
        ):
            install(ours_db, ["coop_reconciliation"])
            for number in range(1, RUNS + 1):
                turn = f"{number} of {RUNS}"
                mine = shell(ours_db, ARM, f"ours, {turn}", IS_OURS=True, **common)
                ours.append(mine)
                core = shell(peer_db, ARM, f"Odoo, {turn}", IS_OURS=False, **common)
                peer.append(core)
    for mine, theirs in zip(ours, peer, strict=True):
        for table in ("partials", "fulls", "lines"):
            if mine[table] != theirs[table]:
                raise CoopError(f"the {table} differ from those of reconcile()")
        if mine["all"] != PAIRS:
            raise CoopError(f"{mine['all']} pairs were lettered of {PAIRS}")
        if mine["again_writes"]:
            raise CoopError(f"a second run wrote {mine['again_writes']} rows")
    by_time = {"key": lambda found: found["s"]}
    mine = sorted(ours, **by_time)[RUNS // 2]
    theirs = sorted(peer, **by_time)[RUNS // 2]
    LetteringResult(
        name=f"lettering_{PAIRS}",
        n=PAIRS,
        ours_s=mine["s"],
        peer=(
            f"reconcile() pair by pair on {PEER_PAIRS} pairs, {theirs['queries']}"
            f" queries; same {len(mine['partials'])} partial and {len(mine['fulls'])}"
            " full reconciliations, residuals and payment states"
        ),
        peer_s=theirs["s"] * PAIRS / PEER_PAIRS,
        queries=mine["queries"],
        peer_n=PEER_PAIRS,
        again_s=round(mine["again_s"], 3),
        again_writes=mine["again_writes"],
        runs=RUNS,
    ).write()


if __name__ == "__main__":
    run(main)
