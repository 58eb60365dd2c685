# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reception, baskets and the distribution day of the finished month."""

from .data import refresh_statistics

# What did not arrive as ordered: product → units missing.
MISSING = {"NOU": 2, "MUN": 6, "SAL": 3}


def receive(calendar, users, window):
    """The buyer counts each delivery against its delivery note."""
    buyer = users["buyer"]
    orders = window.with_user(buyer).purchase_order_ids
    for number, order in enumerate(orders, start=1):
        with calendar.at(calendar.past(16, 7 + number // 4, 13 * number % 60)):
            picking = order.picking_ids
            picking.write(
                {
                    "delivery_note_ref": f"BL-{calendar.month:%Y/%m}/{200 + number}",
                    "delivery_note_date": calendar.past_day(16),
                }
            )
            picking.action_announce_as_ordered()
            for move in picking.move_ids:
                missing = MISSING.get(move.product_id.default_code, 0)
                move.quantity = move.product_uom_qty - missing
            picking.with_context(
                skip_backorder=True, picking_ids_not_to_backorder=picking.ids
            ).button_validate()


def distribute(env, calendar, users, window, chance):
    """Baskets prepared, handed over and paid in every point."""
    window = window.with_user(users["coordinator"])
    distributions = window.distribution_ids
    with calendar.at(calendar.past(16, 14)):
        distributions.action_prepare()
    with calendar.at(calendar.past(17, 15, 45)):
        distributions.action_open()
    with calendar.at(calendar.past(17, 18, 30)):
        orders = window.order_ids.filtered(lambda order: order.state == "sale")
        absent = orders.filtered(lambda order: chance.random() < 0.015)
        absent.action_coop_no_show()
        served = orders - absent
        # A few first: what PostgreSQL knows of the empty tables is refreshed before
        # the many others.
        for some in (served[:10], served[10:]):
            some.action_coop_serve()
            some._coop_pay({order: draw_payment(chance) for order in some})
            refresh_statistics(env)
    with calendar.at(calendar.past(17, 19, 15)):
        distributions.action_count()
        distributions.action_close()


def draw_payment(chance):
    kind = chance.choices(("cash", "cheque", "transfer"), weights=(52, 33, 15))[0]
    if kind == "cheque":
        bank = chance.choice(("La Banque postale", "Crédit agricole", "CIC Est"))
        return {
            "kind": kind,
            "bank": bank,
            "number": f"{chance.randint(1, 9999999):07d}",
        }
    return {"kind": kind}
