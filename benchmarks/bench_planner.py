"""Products to order: the purchase planner, beside Odoo's reordering rules.

Ten thousand of them, in one database, the same products of one supplier and the same
stock moves of the last twelve weeks. Ours: tonight's forecasts and weeks (the nightly
task), then one plan of all products, with what to order of each. The peer: Odoo core's
scheduler with a reordering rule a product, minimum and maximum set beforehand from the
same sales. Odoo's rules do not forecast anything: they refill what is under a
minimum that somebody has to keep.

The day is a given one: what is sold, and so what is ordered, depends on the weekday.
"""

from dataclasses import dataclass

from benchmarks.harness import (
    MOMENT,
    Result,
    install,
    run,
    scratch_database,
    shell,
    size,
)
from devtools.console import CoopError

SECONDS = {"full": 600, "quick": 45}
PRODUCTS = size(full=10_000, quick=1500)
WEEKS = 12

# The books are written by SQL: ten thousand products sold on most days of twelve weeks
# are half a million moves, which is what is read, not what is measured.
SCRIPT = """
import time
from datetime import timedelta

from odoo import fields
from odoo.fields import Command

stand_at(MOMENT)
phase(f"making {PRODUCTS} products")
env = env(context=dict(env.context, tracking_disable=True, lang="en_US"))
company = env.company
farm = env["res.partner"].create({
    "name": "Bench farm", "is_company": True, "is_coop_producer": True,
    "email": "farm@example.com",
})
buy = env.ref("purchase_stock.route_warehouse0_buy")
templates = env["product.template"]
for start in range(0, PRODUCTS, 1000):
    templates |= env["product.template"].create([
        {
            "name": f"Bench {index}",
            "is_storable": True,
            "list_price": 2,
            "route_ids": [Command.link(buy.id)],
            "seller_ids": [Command.create({"partner_id": farm.id, "price": 1})],
        }
        for index in range(start, min(start + 1000, PRODUCTS))
    ])
products = templates.product_variant_id
warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
shelf = warehouse.lot_stock_id
customers = env.ref("stock.stock_location_customers")
env.flush_all()
phase(f"selling them for {DAYS} days")
# A product in two sells on every open day, the others on one in five.
env.cr.execute(
    '''
    WITH made AS (
        INSERT INTO stock_move (
            company_id, product_id, product_uom, product_uom_qty, product_qty, quantity,
            location_id, location_dest_id, state, procure_method, picked, date,
            create_uid, write_uid, create_date, write_date)
        SELECT %(company)s, product.id, template.uom_id, sold, sold, sold, %(shelf)s,
               %(customers)s, 'done', 'make_to_stock', TRUE, day, %(uid)s,
               %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM product_product product
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN generate_series(1, %(days)s) ago ON TRUE
          CROSS JOIN LATERAL (
              SELECT %(today)s::date - ago * INTERVAL '1 day'
                     + INTERVAL '11 hours' AS day,
                     1 + (product.id * 7 + ago * 13) %% 9 AS sold) made
         WHERE product.id = ANY(%(products)s)
           AND EXTRACT(ISODOW FROM day) < 7
           AND (product.id %% 2 = 0 OR (product.id + ago) %% 5 = 0)
        RETURNING id, product_id, product_uom, quantity, date
    )
    INSERT INTO stock_move_line (
        move_id, company_id, product_id, product_uom_id, quantity, quantity_product_uom,
        location_id, location_dest_id, state, picked, date, create_uid, write_uid,
        create_date, write_date)
    SELECT id, %(company)s, product_id, product_uom, quantity, quantity, %(shelf)s,
           %(customers)s, 'done', TRUE, date, %(uid)s, %(uid)s, date, date
      FROM made
    ''',
    {
        "company": company.id, "shelf": shelf.id, "customers": customers.id,
        "uid": env.uid, "products": products.ids, "days": DAYS,
        "today": fields.Date.today(),
    },
)
lines = env.cr.rowcount
env["stock.quant"].create([
    {"product_id": product.id, "location_id": shelf.id, "quantity": 5}
    for product in products
])
env.cr.commit()
env.invalidate_all()
env.cr.execute("ANALYZE stock_move, stock_move_line, stock_quant, product_product,"
               " product_template, product_supplierinfo")


def timed(work):
    env.flush_all()
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    work()
    env.flush_all()
    return time.perf_counter() - start, env.cr.sql_log_count - queries


def forecast():
    Forecast = env["coop.product.forecast"]
    today = Forecast._get_company_today(company)
    waiting = Forecast._get_waiting_products(company)
    forecaster, open_days = Forecast._make_forecaster(company, today)
    for begin in range(0, len(waiting), 500):
        Forecast._store(
            company, today, waiting[begin : begin + 500], forecaster, open_days
        )


today = fields.Date.today()
plan = env["coop.purchase.plan"].create({
    "partner_id": farm.id,
    "delivery_date": today + timedelta(2),
    "next_delivery_date": today + timedelta(9),
})
phase("tonight's forecasts")
forecast_s, forecast_queries = timed(forecast)
phase("the plan")
plan_s, plan_queries = timed(plan.action_compute)
ordered = plan.line_ids.filtered("packs")
env.cr.commit()

phase("Odoo's reordering rules: making them")
sold = dict(env["stock.move"]._read_group(
    [("product_id", "in", products.ids), ("state", "=", "done")],
    ["product_id"], ["product_qty:sum"],
))
env["stock.warehouse.orderpoint"].create([
    {
        "product_id": product.id,
        "location_id": shelf.id,
        "product_min_qty": 2 * sold[product] / DAYS,
        "product_max_qty": 9 * sold[product] / DAYS,
        "trigger": "auto",
    }
    for product in products
])
env.cr.commit()
phase("Odoo's scheduler")
peer_s, peer_queries = timed(
    lambda: env["stock.warehouse.orderpoint"].search(
        [("product_id", "in", products.ids)]
    )._procure_orderpoint_confirm(company_id=company, raise_user_error=False)
)
peer_lines = env["purchase.order.line"].search_count(
    [("product_id", "in", products.ids)]
)
env.cr.rollback()
answer({
    "moves": lines,
    "forecast_s": forecast_s, "forecast_queries": forecast_queries,
    "plan_s": plan_s, "plan_queries": plan_queries, "ordered": len(ordered),
    "peer_s": peer_s, "peer_queries": peer_queries, "peer_lines": peer_lines,
})
"""


@dataclass
class PlannerResult(Result):
    """`forecast_s` of the night and `plan_s` of the button are ours, together."""

    moves: int
    forecast_s: float
    plan_s: float
    ordered: int
    peer_queries: int
    peer_ordered: int


def main():
    values = {"PRODUCTS": PRODUCTS, "DAYS": 7 * WEEKS, "MOMENT": MOMENT}
    with scratch_database("planner") as name:
        install(name, ["coop_orders"])
        found = shell(name, SCRIPT, "the planner", **values)
    if not found["ordered"] or not found["peer_lines"]:
        raise CoopError("nothing was ordered: nothing was measured.")
    PlannerResult(
        name="planner",
        n=PRODUCTS,
        ours_s=found["forecast_s"] + found["plan_s"],
        peer=(
            f"Odoo core: the scheduler with {PRODUCTS:,} reordering rules, which do not"
            f" forecast. Ours: forecasts {found['forecast_s']:.1f} s, plan"
            f" {found['plan_s']:.1f} s, read from {found['moves']:,} stock moves"
        ),
        peer_s=found["peer_s"],
        queries=found["forecast_queries"] + found["plan_queries"],
        moves=found["moves"],
        forecast_s=round(found["forecast_s"], 2),
        plan_s=round(found["plan_s"], 2),
        ordered=found["ordered"],
        peer_queries=found["peer_queries"],
        peer_ordered=found["peer_lines"],
    ).write()


if __name__ == "__main__":
    run(main)
