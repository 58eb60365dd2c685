"""Bills lettered with their payments, beside `reconcile()` pair by pair.

One database is filled with bills and payments, and copied. Ours finds the pairs itself
and letters them in one run; the peer is told the pairs. Afterwards the reconciliations
of both are compared, table against table, and ours runs again: it must write nothing.

Pairs: COOP_BENCH_PAIRS, 10000 by default. Above a thousand they are copies, by SQL, of
the first thousand; and `reconcile()`, which takes as long for each pair, is measured on
COOP_BENCH_PEER_PAIRS of them (1000 by default): its time is then scaled, `peer_n` says
so, and the tables are compared for those pairs.
"""

import json
import os
import sys
from dataclasses import dataclass

from benchmarks.filling import COPY
from benchmarks.harness import Result, install, scratch_database
from devtools import database, settings

FILLED = "coop_bench_lettering"
ARM = "coop_bench_lettering_arm"
PAIRS = int(os.environ.get("COOP_BENCH_PAIRS", "10000"))
PEER_PAIRS = min(PAIRS, int(os.environ.get("COOP_BENCH_PEER_PAIRS", "1000")))
BASE = min(PAIRS, 1000)
RUNS = int(os.environ.get("COOP_BENCH_RUNS", "5"))

FILL = (
    COPY
    + """
import json
from odoo.fields import Command
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
    times = PAIRS // BASE - 1
    step = multiply(times, low)["account_move_line"]
    pairs = [[i + k * step for i in pair] for k in range(times + 1) for pair in pairs]
    env.cr.commit()
sql("ANALYZE")
env.cr.commit()
with open(OUTPUT, "w") as output:
    json.dump(pairs, output)
"""
)

ARM_SCRIPT = """
import json, time
with open(TRUTH) as file:
    pairs = json.load(file)
env.flush_all()
env.invalidate_all()
start, before = time.perf_counter(), env.cr.sql_log_count
if IS_OURS:
    env["coop.lettering.run"]._run(env.company)
else:
    for pair in pairs[:PEER_PAIRS]:
        env["account.move.line"].browse(pair).reconcile()
env.flush_all()
answer = {"s": time.perf_counter() - start, "queries": env.cr.sql_log_count - before}
compared = sorted(line for pair in pairs[:PEER_PAIRS] for line in pair)


def rows(query):
    env.cr.execute(query, [compared])
    return [[str(cell) for cell in row] for row in env.cr.fetchall()]


answer["partials"] = rows(
    "SELECT debit_move_id, credit_move_id, amount, debit_amount_currency,"
    " credit_amount_currency, max_date, company_id, exchange_move_id IS NOT NULL,"
    " full_reconcile_id IS NOT NULL FROM account_partial_reconcile"
    " WHERE debit_move_id = ANY(%s) ORDER BY 1, 2"
)
answer["fulls"] = rows(
    "SELECT array_agg(id ORDER BY id) FROM account_move_line"
    " WHERE full_reconcile_id IS NOT NULL AND id = ANY(%s)"
    " GROUP BY full_reconcile_id ORDER BY 1"
)
answer["lines"] = rows(
    "SELECT line.id, line.reconciled, line.amount_residual,"
    " line.amount_residual_currency, matching_number = full_reconcile_id::text,"
    " move.payment_state, move.amount_residual"
    " FROM account_move_line line JOIN account_move move ON move.id = line.move_id"
    " WHERE line.id = ANY(%s) ORDER BY 1"
)
env.cr.execute("SELECT count(*) FROM account_full_reconcile")
answer["all"] = env.cr.fetchone()[0]
if IS_OURS:
    def written():
        "Rows written in this transaction, by PostgreSQL's own count."
        env.flush_all()
        env.cr.execute(
            "SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del)"
            " FROM pg_stat_xact_user_tables"
        )
        return int(env.cr.fetchone()[0] or 0)
    before = written()
    start = time.perf_counter()
    env["coop.lettering.run"]._run(env.company)
    answer["again_s"] = time.perf_counter() - start
    answer["again_writes"] = written() - before
env.cr.rollback()
with open(OUTPUT, "w") as output:
    json.dump(answer, output)
"""


@dataclass
class LetteringResult(Result):
    """`peer_n` pairs were reconciled by the peer; `peer_s` is scaled to `n`."""

    peer_n: int
    again_s: float
    again_writes: int
    runs: int


def shell(name, script, **values):
    """What a script run in Odoo's shell wrote to OUTPUT."""
    output = settings.LOGS / f"{name}.json"
    output.unlink(missing_ok=True)
    values["OUTPUT"] = str(output)
    head = "".join(f"{key} = {value!r}\n" for key, value in values.items())
    database.odoo(
        name,
        *("shell", "--no-http"),
        log=settings.LOGS / f"{name}-shell.log",
        hint="the pairs could not be lettered.",
        stdin=(head + script).encode(),
    )
    if not output.exists():
        sys.exit(f"nothing was measured: see {settings.LOGS}/{name}-shell.log")
    return json.loads(output.read_text())


def main():
    ours, peer = [], []
    with scratch_database(FILLED):
        shell(FILLED, FILL, PAIRS=PAIRS, BASE=BASE)
        truth = str(settings.LOGS / f"{FILLED}.json")
        with scratch_database(ARM, FILLED), scratch_database(f"{ARM}_core", FILLED):
            install(ARM, ["coop_reconciliation"])
            common = {"TRUTH": truth, "PEER_PAIRS": PEER_PAIRS}
            for __ in range(RUNS):
                ours.append(shell(ARM, ARM_SCRIPT, IS_OURS=True, **common))
                core = shell(f"{ARM}_core", ARM_SCRIPT, IS_OURS=False, **common)
                peer.append(core)
    for mine, theirs in zip(ours, peer, strict=True):
        for table in ("partials", "fulls", "lines"):
            if mine[table] != theirs[table]:
                sys.exit(f"the {table} differ from those of reconcile()")
        if mine["all"] != PAIRS:
            sys.exit(f"{mine['all']} pairs were lettered of {PAIRS}")
        if mine["again_writes"]:
            sys.exit(f"a second run wrote {mine['again_writes']} rows")
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
    main()
