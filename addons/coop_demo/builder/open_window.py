# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""This month's window: open, with its first orders and a member's basket under way."""

from .cycle import build_window, draw_orders

WINDOW = "Commande du mois"


def build_open_window(env, calendar, users, people, catalogue, chance):
    coordinator = env(user=users["coordinator"])
    with calendar.at(calendar.near(-3, 9)):
        window = build_window(
            coordinator,
            WINDOW,
            people,
            catalogue,
            opens_at=calendar.near(-3, 8),
            closes_at=calendar.near(4, 20),
            collected_on=calendar.today + calendar.days(10),
            calendar=calendar,
        )
        # What is scarce shows what is left; what comes in packs asks "up to".
        by_code = {offer.product_id.default_code: offer for offer in window.offer_ids}
        for code, most in (("MUN", 24), ("POU", 40), ("MIE", 30), ("BRI", 35)):
            by_code[code].quantity_max = most
        by_code["COMT"].quantity_max_per_member = 3
        window.member_note = (
            "<p>Les tomates et le raisin, c'est fini pour cette année. Le potimarron et"
            " les poireaux d'Écrouves sont arrivés !</p>"
        )
        window.action_open()
    camille = users["member"].partner_id
    others = people.members - camille
    drawn = draw_orders(chance, others, by_code, count=57)
    # sudo: the demonstration is built for everybody at once
    env["sale.order"].with_env(coordinator).sudo()._coop_create_orders(
        window.sudo(),
        [
            {
                "partner": member,
                "lines": lines,
                "channel": member.contact_channel,
                "entered_by": users["referent"]
                if member.contact_channel != "portal"
                else None,
                "state": "draft" if chance.random() < 0.15 else "sent",
                "asked_at": calendar.near(
                    -chance.randint(0, 3), chance.randint(8, 21), chance.randint(0, 59)
                ),
            }
            for member, lines in drawn
        ],
    )
    basket = [("CIT", 1), ("OE12", 1), ("FB1", 2), ("PDT", 3), ("CRE", 2)]
    # sudo: Camille's basket, made on her behalf
    env["sale.order"].sudo()._coop_create_orders(
        window.sudo(),
        [
            {
                "partner": camille,
                "lines": [(by_code[code], quantity) for code, quantity in basket],
                "channel": "portal",
                "state": "draft",
                "asked_at": calendar.near(0, 7, 30),
            }
        ],
    )
