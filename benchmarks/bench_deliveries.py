"""Deliveries of 20 lines made, reserved, weighed and handed over, in bulk.

The peer is Odoo's own batch calls. One database is filled; each run has a copy of it,
ours and the peer's in turn, and the tables that they leave are compared line by line
before any time is believed. Then ours alone on more and more deliveries: time and
memory must stay the same for one delivery. Processor time is the server's plus that of
its PostgreSQL process: on a machine that does other things, it says more than a clock.
"""

import statistics
from dataclasses import dataclass

from benchmarks.filling import COPY
from benchmarks.harness import Result, install, run, scratch_database, shell, size, tell
from devtools.console import CoopError

SECONDS = {"full": 2400, "quick": 70}
DELIVERIES = size(full=200, quick=20)
# Each way that often, in turn.
ROUNDS = size(full=2, quick=1)
# Ours alone, on that many.
LINEAR = size(full=(2000, 10_000), quick=(80,))
PRODUCTS = size(full=300, quick=100)
GOAL = 3
# Of one delivery among many, beside one of the first few.
GOAL_LINEAR = 1.25

FILL = """
import random
from odoo.fields import Command

QUIET = {
    "tracking_disable": True, "mail_notrack": True, "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}
env = env(context=dict(env.context, **QUIET))
LINES = 20
random.seed(19)
kilogram, unit = env.ref("uom.product_uom_kgm"), env.ref("uom.product_uom_unit")
category = env["product.category"].create(
    {"name": "Bench", "property_cost_method": "average"}
)
phase(f"making {PRODUCTS} products")
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
location = warehouse.lot_stock_id
for product in products:
    env["stock.quant"]._update_available_quantity(product, location, 10.0 * SIZE)
COPIED += ("sale_order", "sale_order_line")
NAMES["sale_order"] = ("name",)
partners = env["res.partner"].create([{"name": f"Member {i}"} for i in range(FIRST)])
floor = floors()
phase(f"making {FIRST} orders of {LINES} lines")
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
# Orders cost more to make than their deliveries: the others are copied.
if SIZE > FIRST:
    phase(f"copying them up to {SIZE}")
    multiply(-(-SIZE // FIRST) - 1, floor)
env["ir.config_parameter"].set_param("coop.bench.floor", floor["sale_order"])
env.cr.commit()
answer(SIZE)
"""

SCRIPT = """
import os, resource, time

QUIET = {
    "tracking_disable": True, "mail_notrack": True, "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}
env = env(context=dict(env.context, **QUIET))
CHUNK = 200
kilogram = env.ref("uom.product_uom_kgm")
warehouse = env["stock.warehouse"].search([], limit=1)
location, customers = warehouse.lot_stock_id, env.ref("stock.stock_location_customers")
floor = int(env["ir.config_parameter"].get_param("coop.bench.floor"))
orders = env["sale.order"].search([("id", ">", floor)], order="id", limit=SIZE)
products = env["product.product"].search([("categ_id.name", "=", "Bench")], order="id")
Picking = env["stock.picking"]
steps, ids = {}, []
env.cr.execute("SELECT pg_backend_pid()")
backend = env.cr.fetchone()[0]


def used():
    "Processor time of this process and of its PostgreSQL process, where it is here."
    try:
        with open(f"/proc/{backend}/stat") as stat:
            ticks = stat.read().rpartition(")")[2].split()
        postgres = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        postgres = 0.0
    return time.process_time() + postgres


def measure(name, method):
    phase(name.replace("_", " "))
    env.flush_all()
    env.invalidate_all()
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    for first in range(0, SIZE, CHUNK):
        queries, start, cpu = env.cr.sql_log_count, time.perf_counter(), used()
        method(first)
        env.flush_all()
        env.cr.commit()
        env.invalidate_all()
        step = steps.setdefault(name, [0.0, 0, 0.0])
        step[0] += time.perf_counter() - start
        step[1] += env.cr.sql_log_count - queries
        step[2] += used() - cpu


def chunk(first):
    return Picking.browse(ids[first:first + CHUNK])


def create(first):
    values = [
        {
            "partner_id": order.partner_id.id,
            "picking_type_id": warehouse.out_type_id.id,
            "location_id": location.id,
            "location_dest_id": customers.id,
            "move_ids": [
                (0, 0, {
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
        for order in orders[first:first + CHUNK].with_prefetch()
    ]
    make = Picking.create if WAY == "core" else Picking._create_in_bulk
    ids.extend(make(values)._ids)


def confirm(first):
    if WAY == "core":
        chunk(first).action_confirm()
    else:
        chunk(first).move_ids._confirm_in_bulk()


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
        moves._with_quant_book()._set_quantities_in_bulk(wanted)
    moves.picked = True


def hand_over(first):
    pickings, context = chunk(first), {"cancel_backorder": True}
    if WAY == "bulk":
        context.update(pickings.move_ids._with_quant_book().env.context)
    pickings.with_context(**context)._action_done()


for step in (create, confirm, weigh, hand_over):
    measure(step.__name__, step)
result = {
    "steps": steps,
    "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
}


def rows(query):
    "What a table holds, but for its own ids and what a clock wrote."
    env.cr.execute(query, [ids])
    return sorted([str(value) for value in row] for row in env.cr.fetchall())


if COMPARE:
    result["tables"] = {
        "stock_picking": rows(
            "SELECT partner_id, state, sale_id, picking_type_id, location_id,"
            " location_dest_id, origin, priority, move_type, company_id, backorder_id,"
            " date_done IS NULL, scheduled_date IS NULL"
            " FROM stock_picking WHERE id = ANY(%s)"
        ),
        "stock_move": rows(
            "SELECT m.sale_line_id, m.product_id, m.state, m.product_uom_qty,"
            " m.product_qty, m.quantity, m.value, m.price_unit, m.picked, m.is_out,"
            " m.is_in, m.product_uom, m.location_id, m.location_dest_id, m.sequence,"
            " m.procure_method, m.partner_id, m.warehouse_id, m.company_id,"
            " m.description_picking_manual, m.origin, m.propagate_cancel"
            " FROM stock_move m WHERE m.picking_id = ANY(%s)"
        ),
        "stock_move_line": rows(
            "SELECT m.sale_line_id, l.product_id, l.quantity, l.quantity_product_uom,"
            " l.state, l.picked, l.location_id, l.location_dest_id, l.lot_id,"
            " l.package_id, l.result_package_id, l.owner_id, l.company_id,"
            " l.product_uom_id"
            " FROM stock_move_line l JOIN stock_move m ON m.id = l.move_id"
            " WHERE m.picking_id = ANY(%s)"
        ),
        "stock_quant": rows(
            "SELECT product_id, location_id, quantity, reserved_quantity, lot_id,"
            " package_id, owner_id, inventory_quantity, inventory_diff_quantity"
            " FROM stock_quant WHERE %s IS NOT NULL"
        ),
        "product_value": rows(
            "SELECT product_id, move_id, value FROM product_value WHERE %s IS NOT NULL"
        ),
        "sale_order_line": rows(
            "SELECT l.id, l.qty_delivered, l.qty_to_invoice, l.invoice_status"
            " FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id"
            " JOIN stock_picking p ON p.sale_id = o.id WHERE p.id = ANY(%s)"
        ),
        "sale_order": rows(
            "SELECT o.id, o.delivery_status, o.invoice_status, o.effective_date IS NULL"
            " FROM sale_order o JOIN stock_picking p ON p.sale_id = o.id"
            " WHERE p.id = ANY(%s)"
        ),
        "mail_message": rows(
            "SELECT model, message_type, subtype_id, body, count(*) FROM mail_message"
            " WHERE model = 'stock.picking' AND res_id = ANY(%s) GROUP BY 1, 2, 3, 4"
        ),
    }
answer(result)
"""


@dataclass
class DeliveriesResult(Result):
    """Besides: processor time, and ours on more and more deliveries."""

    ours_cpu_s: float
    peer_cpu_s: float
    ratio_cpu: float
    peer_queries_per_item: float
    steps: dict
    linear: list


def measure(source, way, size, compare=False):
    """Times by step of one way on a copy of the database, and what it left."""
    label = "ours" if way == "bulk" else "Odoo's batch calls"
    label = f"{label}, {size} deliveries"
    with scratch_database("deliveries_run", source) as name:
        result = shell(name, SCRIPT, label, WAY=way, SIZE=size, COMPARE=compare)
    for index, key in enumerate(("seconds", "queries", "cpu")):
        result[key] = sum(step[index] for step in result["steps"].values())
    detail = ", ".join(
        f"{name} {step[0]:.1f} s" for name, step in result["steps"].items()
    )
    tell(
        f"{label}: {result['seconds']:.1f} s,"
        f" {result['cpu']:.1f} s of processor, {result['queries'] / size:.1f} queries"
        f" each, {result['memory_mb']} MB ({detail})"
    )
    return result


def check_same(ours, peer):
    for table, rows in peer["tables"].items():
        if rows != ours["tables"][table]:
            differing = [
                pair
                for pair in zip(rows, ours["tables"][table], strict=False)
                if pair[0] != pair[1]
            ]
            raise CoopError(f"the two ways leave different {table}: {differing[:1]}")


def median(results, key):
    return statistics.median(result[key] for result in results)


def each(steps, size):
    """``{step: {ms, cpu_ms, queries}}`` of one delivery."""
    return {
        name: {
            "ms": round(1000 * seconds / size, 1),
            "cpu_ms": round(1000 * cpu / size, 1),
            "queries": round(queries / size, 1),
        }
        for name, (seconds, queries, cpu) in steps.items()
    }


def main():
    most = max([DELIVERIES, *LINEAR])
    with scratch_database("deliveries") as source:
        install(source, ["coop_logistics"])
        sizes = {"SIZE": most, "FIRST": DELIVERIES, "PRODUCTS": PRODUCTS}
        shell(source, COPY + FILL, "filling", **sizes)
        ours, peer = [], []
        for number in range(ROUNDS):
            first = not number
            peer.append(measure(source, "core", DELIVERIES, compare=first))
            ours.append(measure(source, "bulk", DELIVERIES, compare=first))
        check_same(ours[0], peer[0])
        tables = ours[0]["tables"]
        tell(
            "the same rows: "
            + ", ".join(f"{name} {len(rows)}" for name, rows in tables.items())
        )
        seconds, cpu = median(ours, "seconds"), median(ours, "cpu")
        peer_seconds, peer_cpu = median(peer, "seconds"), median(peer, "cpu")
        for what, ratio in (
            ("by the clock", peer_seconds / seconds),
            ("in processor time", peer_cpu / cpu),
        ):
            verdict = "reached" if ratio >= GOAL else "missed"
            tell(f"{ratio:.1f} times faster {what}; the goal of {GOAL} is {verdict}")
        linear = []
        for many in LINEAR:
            result = measure(source, "bulk", many)
            times = (result["cpu"] / many) / (cpu / DELIVERIES)
            verdict = "reached" if times <= GOAL_LINEAR else "missed"
            tell(
                f"{times:.2f} times the processor time of one among {DELIVERIES};"
                f" the goal of {GOAL_LINEAR} is {verdict}"
            )
            linear.append(
                {
                    "n": many,
                    "seconds": round(result["seconds"], 1),
                    "cpu_s": round(result["cpu"], 1),
                    "cpu_ms_each": round(1000 * result["cpu"] / many, 1),
                    "queries_each": round(result["queries"] / many, 1),
                    "memory_mb": result["memory_mb"],
                }
            )
    DeliveriesResult(
        name="deliveries",
        n=DELIVERIES,
        ours_s=seconds,
        peer="Odoo's batch calls: create, confirm, set quantities, done",
        peer_s=peer_seconds,
        queries=ours[0]["queries"],
        ours_cpu_s=round(cpu, 2),
        peer_cpu_s=round(peer_cpu, 2),
        ratio_cpu=round(peer_cpu / cpu, 2),
        peer_queries_per_item=round(peer[0]["queries"] / DELIVERIES, 1),
        steps={
            "ours": each(ours[0]["steps"], DELIVERIES),
            "peer": each(peer[0]["steps"], DELIVERIES),
        },
        linear=linear,
    ).write()


if __name__ == "__main__":
    run(main)
