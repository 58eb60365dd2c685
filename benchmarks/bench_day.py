"""The day of a distribution: slips, the screen of the day, payments.

500 slips of 20 lines in one PDF; the screen with 300 members; payments in cash and by
cheque, one by one. No peer prints such slips: each figure has its goal beside it.
"""

from dataclasses import dataclass

from benchmarks.harness import Result, install, run, scratch_database, shell, size, tell

SECONDS = {"full": 500, "quick": 60}
SLIPS = size(full=500, quick=25)
MEMBERS = size(full=300, quick=25)
PAYMENTS = size(full=40, quick=10)
# A slip has as long in a small pile as in a large one.
GOALS = {"slips_s": 60 * SLIPS / 500, "screen_queries": 40, "payment_s": 1.5}

SCRIPT = """
import random, statistics, time
from datetime import timedelta
from odoo import fields
from odoo.fields import Command

QUIET = {
    "tracking_disable": True, "mail_notrack": True, "mail_create_nolog": True,
    "mail_create_nosubscribe": True, "no_reset_password": True,
}
env = env(context=dict(env.context, **QUIET))
LINES, PRODUCTS = 20, 60
random.seed(5)
kilogram, unit = env.ref("uom.product_uom_kgm"), env.ref("uom.product_uom_unit")
farm = env["res.partner"].create({"name": "Bench farm", "is_company": True})
products = env["product.product"].create([
    {
        "name": f"Product {i}", "is_storable": True, "lst_price": 1 + i % 9,
        "uom_id": (kilogram if i % 3 == 0 else unit).id, "standard_price": 1,
        "invoice_policy": "delivery",
        "seller_ids": [Command.create({"partner_id": farm.id, "price": 1})],
    }
    for i in range(PRODUCTS)
])
point = env["coop.collection.point"].create({"name": "Bench hall"})
referent = env["res.users"].create({
    "name": "Bench referent", "login": "bench_referent",
    "group_ids": [Command.link(env.ref("coop_base.coop_base_group_referent").id)],
})
point.referent_ids = referent.partner_id


def make_day(name, size):
    phase(f"making a day of {size} members: {name}")
    members = env["res.partner"].create([
        {"name": f"Member {i:04d}", "is_coop_member": True, "free_member": True,
         "collection_point_id": point.id}
        for i in range(size)
    ])
    now = fields.Datetime.now()
    window = env["coop.order.window"].create({
        "name": name,
        "closes_at": now + timedelta(days=1),
        "offer_ids": [Command.create({"product_id": p.id}) for p in products],
        "distribution_ids": [Command.create({
            "collection_point_id": point.id,
            "date_start": now + timedelta(days=7),
            "date_end": now + timedelta(days=7, hours=2),
        })],
    })
    window.action_open()
    offers = list(window.offer_ids)
    env["sale.order"]._coop_create_orders(window, [
        {"partner": member, "state": "sent",
         "lines": [(offer, 1) for offer in random.sample(offers, LINES)]}
        for member in members
    ])
    window.action_close()
    window.action_create_purchase_orders()
    window.action_send_purchase_orders()
    receipt = window.purchase_order_ids.picking_ids
    receipt.delivery_note_ref = name
    for move in receipt.move_ids:
        move.quantity = move.product_uom_qty
    receipt.move_ids.picked = True
    receipt.action_coop_receive()
    window.distribution_ids.action_prepare()
    env.flush_all()
    env.cr.commit()
    env.cr.execute("ANALYZE")
    return window.distribution_ids


def clock(method, *args):
    env.flush_all()
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    result = method(*args)
    env.flush_all()
    return result, time.perf_counter() - start, env.cr.sql_log_count - queries


def render(report, records):
    return env["ir.actions.report"]._render_qweb_pdf(report, records.ids)


slips = make_day("Slips", SLIPS)
render("coop_logistics.report_distribution_slips", make_day("Warm", 2))
phase(f"printing {SLIPS} slips")
(pdf, _kind), ours_s, queries = clock(
    render, "coop_logistics.report_distribution_slips", slips
)

day = make_day("Day", MEMBERS).with_user(referent)
phase("the screen of the day")
day.coop_till_open(50.0)
day.coop_till_load()
_data, screen_s, screen_queries = clock(day.coop_till_load)
phase(f"taking {PAYMENTS} payments")
times, counts = [], []
for index, order in enumerate(day.order_ids[:PAYMENTS]):
    amount = order.coop_till_amount({})
    kinds = [{"kind": "cash", "amount": amount}]
    if index % 2:
        kinds = [
            {"kind": "cash", "amount": 5.0},
            {"kind": "cheque", "amount": amount - 5.0, "number": "1"},
        ]
    _result, seconds, number = clock(order.coop_till_serve, {"payments": kinds})
    env.cr.commit()
    times.append(seconds)
    counts.append(number)
answer({
    "slips_s": ours_s, "slips_queries": queries, "pdf_bytes": len(pdf),
    "screen_s": screen_s, "screen_queries": screen_queries,
    "payment_s": statistics.median(times), "payment_max_s": max(times),
    "payment_queries": max(counts),
})
"""


@dataclass
class DayResult(Result):
    """Besides the slips: the screen of the day and its payments."""

    screen_members: int
    screen_s: float
    screen_queries: int
    payment_s: float
    payment_max_s: float
    payment_queries: int


def main():
    values = {"SLIPS": SLIPS, "MEMBERS": MEMBERS, "PAYMENTS": PAYMENTS}
    with scratch_database("day") as name:
        install(name, ["coop_logistics", "coop_pdf"])
        found = shell(name, SCRIPT, "the day", **values)
    tell(
        f"{SLIPS} slips in one PDF: {found['slips_s']:.1f} s,"
        f" {found['slips_queries']} queries, {found['pdf_bytes'] / 1e6:.1f} MB"
    )
    tell(
        f"screen with {MEMBERS} members: {found['screen_s'] * 1000:.0f} ms,"
        f" {found['screen_queries']} queries"
    )
    tell(
        f"a payment: {found['payment_s'] * 1000:.0f} ms, at most"
        f" {found['payment_max_s'] * 1000:.0f} ms and {found['payment_queries']}"
        f" queries"
    )
    for name, goal in GOALS.items():
        verdict = "reached" if found[name] <= goal else "missed"
        tell(f"goal {name} <= {goal:g}: {verdict}")
    DayResult(
        name="day",
        n=SLIPS,
        ours_s=found["slips_s"],
        peer="none: the goal",
        peer_s=GOALS["slips_s"],
        queries=found["slips_queries"],
        screen_members=MEMBERS,
        screen_s=round(found["screen_s"], 3),
        screen_queries=found["screen_queries"],
        payment_s=round(found["payment_s"], 3),
        payment_max_s=round(found["payment_max_s"], 3),
        payment_queries=found["payment_queries"],
    ).write()


if __name__ == "__main__":
    run(main)
