"""Deliveries of 20 lines made, reserved, weighed and handed over, in bulk.

The peer is Odoo's own batch calls on the same data in a database of its own; moves,
quants and values of both are compared, line by line, before any time is believed.
"""

import json
import os
import sys

from benchmarks.harness import Result, install, scratch_database
from devtools import database, settings

DATABASE = "coop_bench_deliveries"
DELIVERIES = int(os.environ.get("COOP_DELIVERIES", "200"))
# Ours again, so many times more: whether it stays linear.
LINEAR = int(os.environ.get("COOP_DELIVERIES_LINEAR", "2000"))
GOAL = 3

SCRIPT = """
import json, random, time
from odoo.fields import Command

QUIET = {
    "tracking_disable": True, "mail_notrack": True, "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}
env = env(context=dict(env.context, **QUIET))
LINES, PRODUCTS, CHUNK = 20, 300, 200
random.seed(19)
kilogram, unit = env.ref("uom.product_uom_kgm"), env.ref("uom.product_uom_unit")
category = env["product.category"].create(
    {"name": "Bench", "property_cost_method": "average"}
)
products = env["product.product"].create([
    {
        "name": f"Product {i}",
        "is_storable": True,
        "categ_id": category.id,
        "uom_id": (kilogram if i % 3 == 0 else unit).id,
        "list_price": 1 + i % 9,
        "standard_price": 1 + i % 7,
        "taxes_id": [Command.clear()],
    }
    for i in range(PRODUCTS)
])
warehouse = env["stock.warehouse"].search([], limit=1)
location, customers = warehouse.lot_stock_id, env.ref("stock.stock_location_customers")
for product in products:
    env["stock.quant"]._update_available_quantity(product, location, 10.0 * SIZE)
partners = env["res.partner"].create([{"name": f"Member {i}"} for i in range(SIZE)])
orders = env["sale.order"].create([
    {
        "partner_id": partner.id,
        "order_line": [
            Command.create({"product_id": p.id, "product_uom_qty": 1 + p.id % 3})
            for p in random.sample(list(products), LINES)
        ],
    }
    for partner in partners
])
orders.state = "sale"
env.cr.commit()
values = [
    {
        "partner_id": order.partner_id.id,
        "picking_type_id": warehouse.out_type_id.id,
        "location_id": location.id,
        "location_dest_id": customers.id,
        "move_ids": [
            Command.create({
                "product_id": line.product_id.id,
                "product_uom": line.product_uom_id.id,
                "product_uom_qty": line.product_uom_qty,
                "sale_line_id": line.id,
                "location_id": location.id,
                "location_dest_id": customers.id,
            })
            for line in order.order_line
        ],
    }
    for order in orders
]
Picking = env["stock.picking"]
steps, ids = {}, []


def measure(name, method):
    env.flush_all()
    env.invalidate_all()
    env.cr.commit()
    env.cr.execute("ANALYZE")
    queries, start = env.cr.sql_log_count, time.perf_counter()
    for first in range(0, SIZE, CHUNK):
        method(first)
        env.flush_all()
    steps[name] = (time.perf_counter() - start, env.cr.sql_log_count - queries)
    env.cr.commit()


def chunk(first):
    return Picking.browse(ids[first:first + CHUNK])


def create(first):
    ids.extend(Picking.create(values[first:first + CHUNK])._ids)


def confirm(first):
    if WAY == "core":
        chunk(first).action_confirm()
    else:
        chunk(first).move_ids._coop_confirm_in_bulk()


def weigh(first):
    # What is sold by weight never weighs what was asked.
    moves = chunk(first).move_ids
    wanted = {
        m: m.product_uom_qty * (0.9 if m.product_uom == kilogram else 1) for m in moves
    }
    if WAY == "core":
        for move, quantity in wanted.items():
            move.quantity = quantity
    else:
        moves._coop_with_quant_book()._coop_set_quantities_in_bulk(wanted)
    moves.picked = True


def hand_over(first):
    pickings, context = chunk(first), {"cancel_backorder": True}
    if WAY == "bulk":
        context.update(pickings.move_ids._coop_with_quant_book().env.context)
    pickings.with_context(**context)._action_done()


for step in (create, confirm, weigh, hand_over):
    measure(step.__name__, step)
number = {product.id: index for index, product in enumerate(products)}
moves = [
    [
        number[m.product_id.id], m.state, round(m.product_uom_qty, 3),
        round(m.quantity, 3), round(m.value, 2), m.picked,
        sorted([round(x.quantity, 3), x.state] for x in m.move_line_ids),
    ]
    for picking in Picking.browse(ids)
    for m in picking.move_ids.sorted(lambda m: number[m.product_id.id])
]
quants = sorted(
    [
        number[q.product_id.id], q.location_id.usage, round(q.quantity, 3),
        round(q.reserved_quantity, 3),
    ]
    for q in env["stock.quant"].search([("product_id", "in", products.ids)])
)
delivered = [round(line.qty_delivered, 3) for line in orders.order_line]
states = sorted(set(Picking.browse(ids).mapped("state")))
with open(OUTPUT, "w") as output:
    json.dump({
        "steps": steps, "moves": moves, "quants": quants, "delivered": delivered,
        "states": states,
    }, output)
env.cr.commit()
"""


def measure(way, size):
    """Times by step, and what was left in stock."""
    output = settings.LOGS / f"{DATABASE}.json"
    output.unlink(missing_ok=True)
    head = f"WAY, SIZE, OUTPUT = {way!r}, {size!r}, {str(output)!r}\n"
    with scratch_database(DATABASE):
        install(DATABASE, ["coop_logistics"])
        database.odoo(
            DATABASE,
            *("shell", "--no-http"),
            log=settings.LOGS / f"{DATABASE}-shell.log",
            hint="the deliveries could not be made.",
            stdin=(head + SCRIPT).encode(),
        )
    if not output.exists():
        sys.exit(f"nothing was measured: see {settings.LOGS}/{DATABASE}-shell.log")
    return json.loads(output.read_text())


def write_line(label, size, result):
    seconds = sum(step[0] for step in result["steps"].values())
    queries = sum(step[1] for step in result["steps"].values())
    detail = ", ".join(
        f"{name} {step[0]:.1f} s" for name, step in result["steps"].items()
    )
    sys.stdout.write(
        f"  {label}, {size} deliveries: {seconds:.1f} s, {queries / size:.1f} queries"
        f" each ({detail})\n"
    )
    return seconds, queries


def main():
    ours = measure("bulk", DELIVERIES)
    seconds, queries = write_line("ours", DELIVERIES, ours)
    peer = measure("core", DELIVERIES)
    peer_seconds, _queries = write_line("Odoo's batch calls", DELIVERIES, peer)
    for key in ("states", "moves", "quants", "delivered"):
        if ours[key] != peer[key]:
            sys.exit(f"the two ways leave different {key}: no time counts.")
    sys.stdout.write("  same moves, quants, values and delivered quantities\n")
    ratio = peer_seconds / seconds
    verdict = "reached" if ratio >= GOAL else "missed"
    sys.stdout.write(f"  {ratio:.1f} times faster; the goal of {GOAL} is {verdict}\n")
    Result(
        name="deliveries",
        n=DELIVERIES,
        ours_s=seconds,
        peer="Odoo's batch calls: create, confirm, set quantities, done",
        peer_s=peer_seconds,
        queries=queries,
    ).write()
    if LINEAR > DELIVERIES:
        many, _queries = write_line("ours", LINEAR, measure("bulk", LINEAR))
        each = (many / LINEAR) / (seconds / DELIVERIES)
        sys.stdout.write(f"  {each:.2f} times the time of one, {LINEAR} at once\n")


if __name__ == "__main__":
    main()
