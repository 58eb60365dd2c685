# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A week's window in the middle of its distributions: one over, one under way.

Yesterday's point is closed to the envelope at the office; today's has its till open, a
basket to bring home, a comté to cut and the bread still to receive.
"""

from odoo.fields import Command

from .cycle import prepare_offer
from .data import refresh_statistics
from .deliveries import draw_payment

# What this window sells: code → (chance to be taken, most).
PRODUCTS = {
    "POM": (0.6, 4),
    "PDT": (0.7, 5),
    "CAR": (0.6, 3),
    "POR": (0.4, 2),
    "LAI": (0.5, 6),
    "FB5": (0.4, 3),
    "BEU": (0.5, 2),
    "COMT": (0.7, 4),
    "PAI": (0.5, 2),
    "PAC": (0.4, 2),
    "BRI": (0.3, 1),
}
# Its bread is fetched and counted this afternoon, for the point that opens last.
STILL_TO_COME = "boulanger"
PIECE = 0.25
# Kilograms of the slices of a wheel, as the buyer weighed them.
WHEELS = (4.06, 3.88)
HOMES = (
    ("4 rue du Murot", "Après 17 h, troisième étage"),
    ("18 rue de la Petite Boucherie", "Sonner deux fois"),
    ("2 chemin des Pâquis", ""),
)


def build_day(env, calendar, users, people, catalogue, chance):
    env.company.write(
        {
            "coop_home_delivery": True,
            "coop_home_cash": True,
            "coop_home_cheque": True,
        }
    )
    catalogue.products["COMT"].coop_block_weight = 4.0
    catalogue.producers[STILL_TO_COME].coop_is_fetched = True
    window = _build_window(env, calendar, users, people, catalogue)
    _order(env, calendar, users, people, catalogue, window, chance)
    with calendar.at(calendar.near(-4, 20, 1)):
        window.action_close()
        window = window.with_user(users["buyer"])
        window.action_create_purchase_orders()
        window.action_send_purchase_orders()
    refresh_statistics(env)
    _receive(calendar, users, window, catalogue)
    vehicles = _build_vehicles(env)
    day, today, later = window.with_user(users["coordinator"]).distribution_ids.sorted(
        "id"
    )
    rounds = _plan_rounds(env, calendar, users, window, vehicles, people, catalogue)
    with calendar.at(calendar.near(-1, 14)):
        window.with_user(users["coordinator"]).action_cut()
        day.action_prepare()
    _hold_yesterday(calendar, users, day, rounds["yesterday"], chance)
    with calendar.at(calendar.near(0, 9)):
        (today + later).action_prepare()
        _cut(users, today)
    _begin_today(calendar, users, today, chance)
    env["mail.mail"].search([("state", "=", "outgoing")]).state = "sent"


def _build_window(env, calendar, users, people, catalogue):
    coordinator = env(user=users["coordinator"])
    cut = {"COMT": {"piece_weight": PIECE, "quantity_step": PIECE}}
    offers = [
        Command.create(prepare_offer(catalogue, sequence, code, **cut.get(code, {})))
        for sequence, code in enumerate(PRODUCTS)
    ]
    # The point held yesterday comes first; the referent who logs in holds all three.
    malraux, valcourt, croix = people.points[:3]
    distributions = [
        Command.create(
            {
                "collection_point_id": point.id,
                "date_start": calendar.near(days, 16),
                "date_end": calendar.near(days, 19),
                "referent_id": point.referent_ids[:1].id,
            }
        )
        for point, days in ((croix, -1), (malraux, 0), (valcourt, 0))
    ]
    with calendar.at(calendar.near(-9, 8)):
        window = coordinator["coop.order.window"].create(
            {
                "name": "Commande de la semaine",
                "opens_at": calendar.near(-9, 8),
                "closes_at": calendar.near(-4, 20),
                "tell_opening": False,
                "offer_ids": offers,
                "distribution_ids": distributions,
            }
        )
        window.supplier_ids.write(
            {"closes_at": False, "delivery_date": calendar.near(-1, 8)}
        )
        window.supplier_ids.filtered(
            lambda row: row.partner_id == catalogue.producers[STILL_TO_COME]
        ).delivery_date = calendar.near(0, 14)
        window.action_open()
    return window


def _order(env, calendar, users, people, catalogue, window, chance):
    camille = users["member"].partner_id
    baker = catalogue.producers[STILL_TO_COME]
    last = people.points[1]
    points = window.distribution_ids.collection_point_id
    by_point = people.members.grouped("collection_point_id")
    members = camille
    for point in points:
        some = by_point[point] - camille
        members |= some[: min(len(some), 8)]
    orders = []
    for member in members:
        lines = []
        for offer in window.offer_ids:
            often, most = PRODUCTS[offer.product_id.default_code]
            if offer.supplier_id == baker and member.collection_point_id != last:
                continue
            if chance.random() < often or member == camille:
                step = offer.quantity_step
                quantity = step * chance.randint(1, max(1, round(most / 2)))
                lines.append((offer, quantity))
        if lines:
            orders.append(
                {
                    "partner": member,
                    "lines": lines,
                    "channel": member.contact_channel,
                    "asked_at": calendar.near(
                        -chance.randint(5, 8), chance.randint(8, 20)
                    ),
                }
            )
    # sudo: the demonstration is built for everybody at once
    made = env["sale.order"].sudo()._coop_create_orders(window.sudo(), orders)
    malraux = points.filtered(lambda point: point == people.points[0])
    homes = made.filtered(
        lambda order: (
            order.distribution_id.collection_point_id == malraux
            and order.partner_id != camille
        )
    )[: len(HOMES)]
    for order, (street, wish) in zip(homes, HOMES, strict=False):
        order.partner_id.write({"street": street, "zip": "54200", "city": "Toul"})
        order._coop_set_home_delivery(True, wish)


def _receive(calendar, users, window, catalogue):
    """All but the bread; the cheesemonger's wheels are weighed one by one."""
    orders = window.purchase_order_ids.filtered(
        lambda order: order.partner_id != catalogue.producers[STILL_TO_COME]
    )
    for number, order in enumerate(orders, start=1):
        with calendar.at(calendar.near(-1, 8 + number // 4, 13 * number % 60)):
            picking = order.picking_ids
            picking.delivery_note_ref = f"BL-S{calendar.today:%V}/{number}"
            picking.action_announce_as_ordered()
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
                move.picked = True
                if move.product_id == catalogue.products["COMT"]:
                    move._coop_count({"blocks": WHEELS})
                    move.quantity_announced = sum(WHEELS)
            picking.action_coop_receive()


def _build_vehicles(env):
    """The van of the association and a volunteer's car."""
    brand = env["fleet.vehicle.model.brand"].create({"name": "Renault"})
    vehicles = []
    for name, plate, weight, volume in (
        ("Trafic", "FA-154-TL", 1100.0, 6.0),
        ("Kangoo", "GB-542-MU", 500.0, 2.6),
    ):
        category = env["fleet.vehicle.model.category"].create(
            {"name": name, "weight_capacity": weight, "volume_capacity": volume}
        )
        model = env["fleet.vehicle.model"].create(
            {"name": name, "brand_id": brand.id, "category_id": category.id}
        )
        vehicles.append(
            env["fleet.vehicle"].create(
                {
                    "model_id": model.id,
                    "license_plate": plate,
                    "company_id": env.company.id,
                }
            )
        )
    return vehicles


def _plan_rounds(env, calendar, users, window, vehicles, people, catalogue):
    van, car = vehicles
    Round = env(user=users["coordinator"])["coop.round"]
    yesterday, *points = window.distribution_ids.sorted("id")
    camille = users["member"].partner_id
    drivers = people.members.filtered(
        lambda m: m.collection_point_id == yesterday.collection_point_id
    )[-2:]
    # sudo: the demonstration walks the orders of all members
    homes = window.sudo().order_ids.filtered("coop_home_delivery")
    bread = window.sudo().purchase_order_ids.filtered(
        lambda order: order.partner_id == catalogue.producers[STILL_TO_COME]
    )
    rounds = Round.create(
        [
            {
                "window_id": window.id,
                "start_at": start,
                "vehicle_id": vehicle.id,
                "driver_id": driver.id,
                "helper_ids": [Command.set(helpers.ids)],
                "note": note,
                "stop_ids": [Command.create(stop) for stop in stops],
            }
            for start, vehicle, driver, helpers, note, stops in (
                (
                    calendar.near(-1, 15),
                    van,
                    drivers[:1],
                    drivers[1:],
                    False,
                    [{"distribution_id": yesterday.id}],
                ),
                (
                    calendar.near(0, 14, 30),
                    van,
                    drivers[:1],
                    drivers[1:],
                    "Rapporter les caisses vides.",
                    [{"distribution_id": point.id} for point in points],
                ),
                (
                    calendar.near(0, 17),
                    car,
                    camille,
                    camille.browse(),
                    "Le coffre isotherme est au centre social.",
                    [
                        {"kind": "home", "order_id": home.id, "sequence": 10 * number}
                        for number, home in enumerate(homes, 1)
                    ],
                ),
                (
                    calendar.near(0, 13, 30),
                    car,
                    drivers[1:] or drivers[:1],
                    camille.browse(),
                    False,
                    [{"kind": "pickup", "purchase_id": order.id} for order in bread],
                ),
            )
        ]
    )
    rounds.action_refresh_weights()
    rounds[0].action_loaded()
    return {"yesterday": rounds[0], "homes": rounds[2]}


def _hold_yesterday(calendar, users, distribution, trip, chance):
    """A day from the van to the envelope: two no-shows, two euros too many."""
    own = distribution.with_user(users["referent"])
    stop = trip.stop_ids
    with calendar.at(calendar.near(-1, 15, 30)):
        stop.with_user(users["coordinator"])._set_done(
            {
                "state": "done",
                "counted": str(stop.basket_count),
                "signed_by": users["referent"].name,
            }
        )
    with calendar.at(calendar.near(-1, 15, 45)):
        till = own.env["coop.cash.session"].browse(own.coop_till_open(60.0)["id"])
    orders = own.env["sale.order"].search(
        [("distribution_id", "=", own.id), ("state", "=", "sale")], order="id"
    )
    absent, served = orders[-1:], orders[:-1]
    with calendar.at(calendar.near(-1, 16, 10)):
        _serve(served[:1], chance)
    with calendar.at(calendar.near(-1, 17, 40)):
        # As one after the other at the till, but quicker to build.
        rest = served[1:]
        rest.action_coop_serve()
        rest._coop_pay(
            {
                order: {**draw_payment(chance), "cash_session_id": till.id}
                for order in rest
            }
        )
        # sudo: the till of the day is given to each order
        rest.sudo().cash_session_id = till
    with calendar.at(calendar.near(-1, 19, 10)):
        absent.action_coop_no_show()
        own.action_count()
        _count_leftovers(own)
        own.coop_equipment_write("Sacs kraft, gants taille M")
        _close_till(till)
        own.action_close()
    with calendar.at(calendar.near(0, 8, 30)):
        till.with_user(users["coordinator"]).action_check()


def _serve(order, chance, **values):
    """Weighed a little over or under, paid as members do."""
    cheese = order.order_line.filtered(
        lambda line: line.product_id.default_code == "COMT"
    )
    quantities = {
        line.id: round(line.product_uom_qty + chance.randint(-15, 25) / 1000, 3)
        for line in cheese
    }
    amount = order.coop_till_amount(quantities)
    kind = chance.choices(("cash", "cheque", "transfer"), weights=(5, 4, 1))[0]
    payment = {"kind": kind, "amount": amount}
    if kind == "cash":
        payment["given"] = 5.0 * (amount // 5 + 1)
    elif kind == "cheque":
        payment["bank"] = chance.choice(("La Banque postale", "CIC Est"))
        payment["number"] = f"{chance.randint(1, 9999999):07d}"
    order.coop_till_serve({"quantities": quantities, "payments": [payment], **values})


def _count_leftovers(distribution):
    """All is put back but what is soft."""
    data = distribution.coop_leftovers_load()
    rows = []
    for number, row in enumerate(data["rows"]):
        lost = row["expected"] if number == 0 else 0.0
        rows.append(
            {
                "offer_id": row["offer_id"],
                "stock": row["expected"] - lost,
                "loss": lost,
                "reason_id": data["reasons"][0]["id"],
                "note": "Trop mûr pour attendre" if lost else "",
            }
        )
    distribution.coop_leftovers_record(rows)


def _close_till(till):
    """Notes and coins of what is expected and two euros more."""
    counted = till.expected_cash + 2.0
    counts, cents = {}, round(counted * 100)
    for value in (2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1):
        counts[str(value / 100)], cents = divmod(cents, value)
    till.close_with_count(
        {
            "counts": counts,
            "cheque": till.amount_cheque,
            "card": till.amount_card,
            "float_left": 60.0,
            "reason": "Deux euros de trop, sans doute une monnaie mal rendue.",
            "envelope": "E-0117",
            "handed_to": "Jean-Luc Thiriet",
        }
    )


def _cut(users, distribution):
    """Camille's pieces are cut and on the scale already."""
    camille = users["member"].partner_id
    pieces = distribution.cut_piece_ids.filtered(lambda p: p.partner_id == camille)
    for number, piece in enumerate(pieces.with_user(users["referent"])):
        piece.weight = piece.weight_planned + (0.012, -0.004)[number % 2]


def _begin_today(calendar, users, distribution, chance):
    """The doors are open: some are served, one by a neighbour, some are here."""
    own = distribution.with_user(users["referent"])
    with calendar.at(calendar.near(0, 15, 50)):
        own.coop_till_open(50.0)
    camille = users["member"].partner_id
    orders = own.env["sale.order"].search(
        [
            ("distribution_id", "=", own.id),
            ("state", "=", "sale"),
            ("partner_id", "!=", camille.id),
        ],
        order="id",
    )
    homes = orders.filtered("coop_home_delivery")
    with calendar.at(calendar.near(0, 15, 55)):
        homes[0].coop_till_ready({})
    todo = orders - homes
    with calendar.at(calendar.near(0, 16, 5)):
        _serve(todo[:1], chance, collected_by="Sa voisine, Mme Roy")
        _serve(todo[1:2], chance)
    with calendar.at(calendar.near(0, 16, 32)):
        todo[2:4].coop_till_check_in()
