"""Bills lettered with their payments, beside `reconcile()` pair by pair.

One database is filled with bills and payments, and copied. Ours finds the pairs itself
and letters them in one run; the peer is told the pairs. Afterwards the reconciliations
of both are compared, table against table, and ours runs again: it must write nothing.

Pairs: COOP_BENCH_PAIRS, 10000 by default.
"""

import json
import os
import sys

from benchmarks.harness import Result, install, scratch_database
from devtools import database, settings

FILLED = "coop_bench_lettering"
ARM = "coop_bench_lettering_arm"
PAIRS = int(os.environ.get("COOP_BENCH_PAIRS", "10000"))
RUNS = int(os.environ.get("COOP_BENCH_RUNS", "5"))

FILL = """
import json
from odoo.fields import Command
env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
company = env.company
suppliers = env["res.partner"].create(
    [{"name": f"Supplier {n}", "is_company": True} for n in range(50)]
)
journal = env["account.journal"].search([("type", "=", "general")], limit=1)
bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
pairs = []
for first in range(0, PAIRS, 500):
    numbers = range(first, min(first + 500, PAIRS))
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
with open(OUTPUT, "w") as output:
    json.dump(pairs, output)
"""

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
    for pair in pairs:
        env["account.move.line"].browse(pair).reconcile()
env.flush_all()
answer = {"s": time.perf_counter() - start, "queries": env.cr.sql_log_count - before}
env.cr.execute(
    "SELECT debit_move_id, credit_move_id, amount, debit_amount_currency,"
    " credit_amount_currency, full_reconcile_id IS NOT NULL"
    " FROM account_partial_reconcile ORDER BY 1, 2"
)
answer["partials"] = [[str(cell) for cell in row] for row in env.cr.fetchall()]
env.cr.execute(
    "SELECT array_agg(id ORDER BY id) FROM account_move_line"
    " WHERE full_reconcile_id IS NOT NULL GROUP BY full_reconcile_id ORDER BY 1"
)
answer["fulls"] = [row[0] for row in env.cr.fetchall()]
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
        shell(FILLED, FILL, PAIRS=PAIRS)
        truth = str(settings.LOGS / f"{FILLED}.json")
        with scratch_database(ARM, FILLED), scratch_database(f"{ARM}_core", FILLED):
            install(ARM, ["coop_reconciliation"])
            for __ in range(RUNS):
                ours.append(shell(ARM, ARM_SCRIPT, TRUTH=truth, IS_OURS=True))
                core = shell(f"{ARM}_core", ARM_SCRIPT, TRUTH=truth, IS_OURS=False)
                peer.append(core)
    for mine, theirs in zip(ours, peer, strict=True):
        if mine["partials"] != theirs["partials"] or mine["fulls"] != theirs["fulls"]:
            sys.exit("the reconciliations differ from those of reconcile()")
        if mine["again_writes"]:
            sys.exit(f"a second run wrote {mine['again_writes']} rows")
    by_time = {"key": lambda found: found["s"]}
    mine = sorted(ours, **by_time)[RUNS // 2]
    theirs = sorted(peer, **by_time)[RUNS // 2]
    Result(
        name=f"lettering_{PAIRS}",
        n=PAIRS,
        ours_s=mine["s"],
        peer=(
            f"reconcile() pair by pair, {theirs['queries']} queries; same"
            f" {len(mine['partials'])} reconciliations; again {mine['again_s']:.2f} s,"
            " nothing written"
        ),
        peer_s=theirs["s"],
        queries=mine["queries"],
    ).write()


if __name__ == "__main__":
    main()
