# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Last month, from the open window to the purchase orders; its end."""

from odoo.fields import Command

from .data import refresh_statistics

# How often each category is in a basket, and how many of it are taken at most.
TASTE = {
    "légumes": (1.0, 4),
    "fruits": (1.0, 4),
    "crèmerie": (0.9, 3),
    "œufs": (0.8, 2),
    "épicerie": (0.5, 3),
    "viande": (0.4, 2),
    "boulangerie": (0.5, 2),
    "boissons": (0.4, 4),
    "hygiène": (0.2, 1),
}


def prepare_offer(catalogue, sequence, code, **values):
    """Values of the offer of a product of the catalogue; some may be given."""
    product, row = catalogue.products[code], catalogue.rows[code]
    return {
        "sequence": sequence,
        "product_id": product.id,
        "supplier_id": catalogue.producers[row["producer"]].id,
        "product_uom_id": product.uom_id.id,
        "price_unit": float(row["price"]),
        "purchase_price": float(row["cost"]),
        "quantity_step": 0.5 if row["unit"] == "kg" else 1.0,
        **values,
    }


def build_window(
    env, name, people, catalogue, *, opens_at, closes_at, collected_on, calendar
):
    """A draft window with all products, and a distribution in each point."""
    offers = [
        Command.create(
            prepare_offer(
                catalogue,
                sequence,
                code,
                pack_size=float(catalogue.rows[code]["pack"]),
            )
        )
        for sequence, code in enumerate(catalogue.products)
    ]
    distributions = [
        Command.create(
            {
                "collection_point_id": point.id,
                "date_start": calendar.utc(collected_on, 16),
                "date_end": calendar.utc(collected_on, 19),
                "referent_id": point.referent_ids[:1].id,
            }
        )
        for point in people.points
    ]
    return env["coop.order.window"].create(
        {
            "name": name,
            "opens_at": opens_at,
            "closes_at": closes_at,
            "allocation_rule": "first_come",
            # Members of the demonstration know: no hundreds of mails at its first run.
            "tell_opening": False,
            "offer_ids": offers,
            "distribution_ids": distributions,
        }
    )


def draw_orders(chance, members, by_code, *, count):
    """What `count` members ask: [(member, [(offer, quantity, tolerance), …]), …]."""
    drawn = []
    for member in chance.sample(list(members), count):
        lines = []
        for offer in by_code.values():
            often, most = TASTE[offer.product_id.categ_id.name.lower()]
            if chance.random() < 0.14 * often:
                step = offer.quantity_step
                quantity = step * chance.randint(1, max(1, int(most / step)))
                if offer.quantity_max:
                    quantity = 1
                # "Up to one more, so that a pack fills."
                tolerance = int(offer.pack_size > 1 and chance.random() < 0.3)
                lines.append((offer, quantity, tolerance))
        if lines:
            drawn.append((member, lines))
    return drawn


def order_month(env, calendar, users, people, catalogue, chance, count):
    """The finished month up to the purchase orders, sent to the producers."""
    coordinator = env(user=users["coordinator"])
    buyer = env(user=users["buyer"])
    with calendar.at(calendar.past(4, 9)):
        window = build_window(
            coordinator,
            calendar.month_window_name(),
            people,
            catalogue,
            opens_at=calendar.past(4, 8),
            closes_at=calendar.past(11, 20),
            collected_on=calendar.past_day(17),
            calendar=calendar,
        )
        # All of it came on the eve of the distribution, whatever the usual days.
        window.supplier_ids.write(
            {"closes_at": False, "delivery_date": calendar.past(16, 8)}
        )
        window.action_open()
    by_code = {offer.product_id.default_code: offer for offer in window.offer_ids}
    camille = users["member"].partner_id
    drawn = draw_orders(chance, people.members - camille, by_code, count=count - 1)
    hers = [("CIT", 1), ("ORA", 2), ("FB1", 1), ("OE12", 1), ("NOU", 2), ("PDT", 3)]
    drawn.append((camille, [(by_code[code], quantity) for code, quantity in hers]))
    # sudo: the demonstration is built for everybody at once
    env["sale.order"].sudo()._coop_create_orders(
        window.sudo(),
        [
            {
                "partner": member,
                "lines": lines,
                "channel": member.contact_channel,
                "entered_by": users["referent"]
                if member.contact_channel != "portal"
                else None,
                "asked_at": calendar.past(
                    chance.randint(4, 11), chance.randint(8, 17), chance.randint(0, 59)
                ),
            }
            for member, lines in drawn
        ],
    )
    with calendar.at(calendar.past(11, 20, 1)):
        window.action_close()
        window = window.with_env(buyer)
        window.action_create_purchase_orders()
        window.action_send_purchase_orders()
    refresh_statistics(env)


def finish_month(env, users, window):
    window.with_user(users["coordinator"]).action_done()
    # Last month's mails were read long ago.
    env["mail.mail"].search([("state", "=", "outgoing")]).state = "sent"
