"""Closing a window and ordering from its producers.

From 500 to 10,000 orders, 300 offers of 30 producers, 20 lines an order. The peer is
Odoo's own way from sale orders to purchase orders: as many orders as the smallest
window has, products made to order and bought, confirmed in batches.
"""

from benchmarks.harness import Result, install, run, scratch_database, shell, size, tell

SECONDS = {"full": 1500, "quick": 65}
SIZES = size(full=(500, 2000, 10000), quick=(20, 60))
PEER_ORDERS = SIZES[0]

PREPARE = """
import random, time
from datetime import timedelta
from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

env = env(context=dict(env.context, tracking_disable=True, mail_notrack=True))
LINES, OFFERS, PRODUCERS = 20, 300, 30
random.seed(19)
producers = env["res.partner"].create(
    [{"name": f"Farm {i}", "is_company": True} for i in range(PRODUCERS)]
)
point = env["coop.collection.point"].create({"name": "Hall"})


def create_products(**values):
    return env["product.product"].create([
        {
            "name": f"Product {i}",
            "list_price": 1 + i % 9,
            "is_storable": True,
            "seller_ids": [Command.create({
                "partner_id": producers[i % PRODUCERS].id, "price": 1 + i % 7,
            })],
            **values,
        }
        for i in range(OFFERS)
    ])


def measure(method):
    env.flush_all()
    env.invalidate_all()
    env.cr.commit()
    env.cr.execute("ANALYZE")
    queries, start = env.cr.sql_log_count, time.perf_counter()
    method()
    env.flush_all()
    return time.perf_counter() - start, env.cr.sql_log_count - queries
"""

OURS = (
    PREPARE
    + """
phase(f"making {max(SIZES)} members")
products = create_products()
members = env["res.partner"].create([
    {"name": f"Member {i}", "is_coop_member": True, "collection_point_id": point.id}
    for i in range(max(SIZES))
])
env.cr.commit()


def create_window(size):
    window = env["coop.order.window"].create({
        "name": f"Window of {size}",
        "closes_at": fields.Datetime.now() + timedelta(days=2),
        "offer_ids": [Command.create({"product_id": p.id}) for p in products],
        "distribution_ids": [Command.create({
            "collection_point_id": point.id,
            "date_start": fields.Datetime.now() + timedelta(days=9),
            "date_end": fields.Datetime.now() + timedelta(days=9, hours=2),
        })],
    })
    window.action_open()
    env.cr.commit()
    # By a thousand, so that preparing takes no more memory than it must.
    for first in range(0, size, 1000):
        env["sale.order"]._coop_create_orders(window, [
            {
                "partner": member,
                "lines": [
                    (offer, random.randint(1, 3))
                    for offer in random.sample(list(window.offer_ids), LINES)
                ],
            }
            for member in members[first:min(first + 1000, size)]
        ])
        env.flush_all()
        env.invalidate_all()
        env.cr.commit()
    return window


rows = []
for size in SIZES:
    phase(f"making {size} orders of {LINES} lines")
    window = create_window(size)
    phase(f"closing the window of {size} orders")
    close = measure(window.action_close)
    purchase = measure(window.action_create_purchase_orders)
    confirmed = env["sale.order"].search_count(
        [("order_window_id", "=", window.id), ("state", "=", "sale")]
    )
    ordered = sum(window.purchase_order_ids.order_line.mapped("product_qty"))
    asked = sum(window.offer_ids.mapped("quantity_ordered"))
    assert confirmed == size, (confirmed, size)
    assert ordered == asked, (ordered, asked)
    assert len(window.purchase_order_ids) == PRODUCERS
    rows.append({
        "orders": size,
        "close_s": close[0],
        "close_queries": close[1],
        "purchase_s": purchase[0],
        "purchase_queries": purchase[1],
    })
    env.cr.commit()
answer(rows)
"""
)

PEER = (
    PREPARE
    + """
phase(f"making {ORDERS} sale orders of {LINES} lines")
routes = env.ref("stock.route_warehouse0_mto") | env.ref(
    "purchase_stock.route_warehouse0_buy"
)
routes.active = True
products = create_products(route_ids=[Command.set(routes.ids)])
partners = env["res.partner"].create([{"name": f"Buyer {i}"} for i in range(ORDERS)])
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


def confirm():
    for first in range(0, len(orders), 100):
        orders[first:first + 100].action_confirm()
        env.flush_all()


phase(f"confirming {ORDERS} sale orders")
seconds, queries = measure(confirm)
purchases = env["purchase.order"].search_count([])
answer({"s": seconds, "queries": queries, "purchase_orders": purchases})
env.cr.commit()
"""
)


def main():
    with scratch_database("close") as ours_db:
        install(ours_db, ["coop_orders"])
        with scratch_database("close_peer", ours_db) as peer_db:
            peer = shell(peer_db, PEER, "Odoo's own way", ORDERS=PEER_ORDERS)
        rows = shell(ours_db, OURS, "ours", SIZES=SIZES)
    for row in rows:
        tell(
            "{orders:>6} orders: closed in {close_s:.1f} s, {close_queries} queries;"
            " purchase orders in {purchase_s:.2f} s,"
            " {purchase_queries} queries".format(**row)
        )
    tell(
        "Odoo's own way, {} orders: {s:.1f} s, {queries} queries,"
        " {purchase_orders} purchase orders".format(PEER_ORDERS, **peer)
    )
    for row in rows:
        is_compared = row["orders"] == PEER_ORDERS
        Result(
            name=f"close_{row['orders']}",
            n=row["orders"],
            ours_s=row["close_s"] + row["purchase_s"],
            peer=f"Odoo's make to order + buy, {PEER_ORDERS} orders"
            + ("" if is_compared else f", times {row['orders'] / PEER_ORDERS:.3g}"),
            peer_s=peer["s"] * row["orders"] / PEER_ORDERS,
            queries=row["close_queries"] + row["purchase_queries"],
        ).write()
    first = rows[0]
    Result(
        name="close_purchase_orders",
        n=first["orders"],
        ours_s=first["purchase_s"],
        peer=f"Odoo's make to order + buy, {PEER_ORDERS} orders",
        peer_s=peer["s"],
        queries=first["purchase_queries"],
    ).write()


if __name__ == "__main__":
    run(main)
