# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The shop's shelves: weeks of sales, losses, a stock-out, and a plan to order from.

What the planner and the report of stock-outs and losses read are stock moves. They are
made in three batches (in, out, lost), then dated: a move at a time takes minutes.
"""

import datetime
import math
from collections import defaultdict

WEEKS = 10
# Monday and Sunday closed; what a day sells beside a mean one.
WEEKDAYS = {1: 0.7, 2: 1.0, 3: 0.8, 4: 1.2, 5: 1.6}
# code → (sold on a mean day, days that it keeps, pack of the shop's supplier)
SHELF = {
    "LAI": (14, 6, 6),
    "LAE": (8, 6, 6),
    "CRE": (5, 10, 6),
    "FB5": (7, 10, 6),
    "BEU": (6, 20, 10),
    "PAI": (9, 2, 1),
    "PAC": (7, 2, 1),
    "BRI": (5, 3, 1),
}
# What is ordered beside a mean day: some bread is left on most evenings.
MARGIN = 1.18
# The dairy's van broke down: calendar weeks ago → part of the order that came, of the
# first of these of which the month's distributions left nothing on the shelves.
SHORT_CODES = ("BEU", "CRE", "FB5", "LAE", "LAI")
SHORT_WEEKS = {3: 0.0, 2: 0.6}


def build_shelf(env, calendar, users, catalogue, chance):
    """Sales of the last weeks up to yesterday, and the buyer's plans for tomorrow."""
    products = {code: catalogue.products[code] for code in SHELF}
    company = env.company
    warehouse = env["stock.warehouse"].search(
        [("company_id", "=", company.id)], limit=1
    )
    shelf = warehouse.lot_stock_id
    places = {
        "received": (env.ref("stock.stock_location_suppliers"), shelf),
        "sold": (shelf, env.ref("stock.stock_location_customers")),
    }
    short = next(
        (code for code in SHORT_CODES if not products[code].qty_available),
        SHORT_CODES[0],
    )
    drawn = _draw_days(calendar, chance, short)
    for kind, (source, target) in places.items():
        _move(env, calendar, products, drawn[kind], source, target, kind)
    _lose(env, calendar, products, drawn["lost"], shelf)
    _plan(env, calendar, users, catalogue)


def _draw_days(calendar, chance, short):
    """``{kind: [(code, days ago, quantity), …]}``; stock is never below zero."""
    found = defaultdict(list)
    for code, (mean, keeps, pack) in SHELF.items():
        stock = 0
        for ago in range(7 * WEEKS, 0, -1):
            weekday = (calendar.today - calendar.days(ago)).weekday()
            if weekday not in WEEKDAYS:
                continue
            week = _count_mondays(calendar.today, ago)
            # Bread every day; the dairy on Tuesdays.
            if keeps < 4 or weekday == 1 or not stock:
                span = 1 if keeps < 4 else 5
                share = WEEKDAYS[weekday] if keeps < 4 else 1.1
                part = SHORT_WEEKS.get(week, 1) if code == short else 1
                wanted = MARGIN * mean * span * share * part
                received = max(math.ceil((wanted - stock) / pack), 0) * pack
                if received:
                    found["received"].append((code, ago, received))
                    stock += received
            asked = mean * WEEKDAYS[weekday] * chance.uniform(0.7, 1.3)
            sold = min(round(asked), stock)
            if sold:
                found["sold"].append((code, ago, sold))
                stock -= sold
            # In the evening: yesterday's bread, and now and then a broken bottle.
            lost = stock // 2 if keeps < 4 else 0
            if not lost and stock > mean and chance.random() < 0.03:
                lost = chance.randint(1, 3)
            if lost:
                found["lost"].append((code, ago, lost))
                stock -= lost
    return found


def _count_mondays(today, ago):
    """How many calendar weeks lie between today's and that of `ago` days before."""
    return (ago - today.weekday() + 6) // 7


HOURS = {"received": 7, "sold": 11, "lost": 19}


def _move(env, calendar, products, rows, source, target, kind):
    """Done stock moves, each on its day."""
    moves = env["stock.move"].create(
        [
            {
                "product_id": products[code].id,
                "product_uom_qty": quantity,
                "location_id": source.id,
                "location_dest_id": target.id,
                "origin": "Magasin",
            }
            for code, _ago, quantity in rows
        ]
    )
    moves._action_confirm(merge=False)
    for move in moves:
        move.quantity = move.product_uom_qty
        move.picked = True
    moves._action_done()
    _date(calendar, moves, [ago for _code, ago, _quantity in rows], HOURS[kind])


def _lose(env, calendar, products, rows, shelf):
    scraps = env["stock.scrap"].create(
        [
            {
                "product_id": products[code].id,
                "scrap_qty": quantity,
                "location_id": shelf.id,
                "origin": "Invendus",
            }
            for code, _ago, quantity in rows
        ]
    )
    scraps.do_scrap()
    for scrap, (_code, ago, _quantity) in zip(scraps, rows, strict=True):
        _date(calendar, scrap.move_ids, [ago], HOURS["lost"])


def _date(calendar, moves, agos, hour):
    for move, ago in zip(moves, agos, strict=True):
        moment = calendar.near(-ago, hour)
        move.date = moment
        move.move_line_ids.date = moment


def _plan(env, calendar, users, catalogue):
    """Tonight's forecasts and weeks, then what the buyer would order."""
    # As the nightly task does, on the day of the demonstration.
    with calendar.at(calendar.near(0, 6)):
        forecasts = env["coop.product.forecast"].sudo()
        company = env.company
        today = forecasts._get_company_today(company)
        waiting = forecasts._get_waiting_products(company)
        forecaster, open_days = forecasts._make_forecaster(company, today)
        forecasts._store(
            company,
            today,
            waiting,
            forecaster,
            open_days,
        )
        plans = env(user=users["buyer"])["coop.purchase.plan"].create(
            [
                {
                    "partner_id": catalogue.producers[code].id,
                    "delivery_date": calendar.today + datetime.timedelta(ahead),
                    "next_delivery_date": calendar.today
                    + datetime.timedelta(ahead + span),
                }
                for code, ahead, span in (("laiterie", 2, 7), ("boulanger", 1, 3))
            ]
        )
        plans.action_compute()
