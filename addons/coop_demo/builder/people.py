# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import unicodedata
from dataclasses import dataclass

from odoo.fields import Command

from . import data


@dataclass
class People:
    groups: object
    points: object
    members: object


def _draw_name(chance, names):
    return f"{chance.choice(names['first'])} {chance.choice(names['last'])}"


def _email(name, number):
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{plain.lower().replace(' ', '.')}{number}@courriel.example"


def build_people(env, users, chance, count):
    """Groups, 18 points with a referent each, and `count` members, Camille included.

    About one member in eight has no e-mail and orders on paper or by telephone.
    """
    points = _build_points(env, users, chance)
    names, drawn = data.names(), set()
    while len(drawn) < count - 1:
        drawn.add(_draw_name(chance, names))
    vals_list = []
    for number, name in enumerate(sorted(drawn, key=lambda name: name[::-1])):
        # The busiest points have three times the members of the quietest.
        point = points[int(len(points) * chance.random() ** 1.4)]
        offline = chance.random() < 0.13
        vals_list.append(
            {
                "name": name,
                "email": False if offline else _email(name, number % 90 + 10),
                "phone": f"06 {chance.randint(10, 99)} {chance.randint(10, 99)}"
                f" {chance.randint(10, 99)} {chance.randint(10, 99)}",
                "contact_channel": chance.choice(("paper", "phone"))
                if offline
                else "portal",
                "collection_point_id": point.id,
                "coop_group_id": point.group_ids[:1].id,
                "is_coop_member": True,
                "free_member": True,
                "lang": "fr_FR",
                "city": point.partner_id.city,
                "zip": point.partner_id.zip,
            }
        )
    manager = users["manager"]
    members = env(user=manager)["res.partner"].create(vals_list)
    camille = users["member"].partner_id
    point = points[0]
    camille.write(
        {
            "is_coop_member": True,
            "free_member": True,
            "contact_channel": "portal",
            "phone": "06 54 20 19 00",
            "coop_group_id": point.group_ids[:1].id,
            "collection_point_id": point.id,
        }
    )
    signed = members[: int(len(members) * 0.9)] | camille.with_env(members.env)
    signed.charter_signed_on = "2025-01-15"


def _build_points(env, users, chance):
    rows, names = data.rows("points"), data.names()
    group_names = list(dict.fromkeys(row["group"] for row in rows))
    groups = env["coop.group"].create(
        [{"name": name, "code": name[:3].upper()} for name in group_names]
    )
    by_name = dict(zip(group_names, groups, strict=True))
    addresses = env["res.partner"].create(
        [
            {
                "name": row["name"],
                "street": row["street"],
                "zip": row["zip"],
                "city": row["city"],
                "country_id": env.ref("base.fr").id,
            }
            for row in rows
        ]
    )
    own = users["referent"].partner_id
    referents = own | env["res.partner"].create(
        [
            {
                "name": _draw_name(chance, names),
                "phone": f"06 54 {index:02d} 54 00",
                "email": f"referent{index}@courriel.example",
                "lang": "fr_FR",
            }
            for index in range(1, 6)
        ]
    )
    points = env["coop.collection.point"].create(
        [
            {
                "name": row["name"],
                "partner_id": address.id,
                "has_cold_storage": bool(int(row["cold"])),
                "slot_capacity": int(row["slot_capacity"]),
                # The referent who can log in looks after the first three points.
                "referent_ids": [
                    Command.link((own if index < 3 else referents[index % 6]).id)
                ],
            }
            for index, (row, address) in enumerate(zip(rows, addresses, strict=True))
        ]
    )
    for row, point in zip(rows, points, strict=True):
        by_name[row["group"]].collection_point_ids = [Command.link(point.id)]
    groups[0].referent_ids = [Command.link(own.id)]
    for index, group in enumerate(groups[1:], start=1):
        group.referent_ids = [Command.link(referents[index].id)]
    return points
