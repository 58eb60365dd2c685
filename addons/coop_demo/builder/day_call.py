# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The call for the next distribution: roles, a check-list, a driver."""

from datetime import timedelta

from odoo.fields import Command

MESSAGE = (
    "Deux palettes de pommes de terre arrivent ce jour-là : il faut des bras pour les"
    " décharger."
)


def build_call(env, users, window):
    """Opened by the coordinator for the member's own point; a few have said yes."""
    camille, window = users["member"].partner_id, window.with_env(env)
    distribution = window.distribution_ids.filtered(
        lambda d: d.collection_point_id == camille.collection_point_id
    )
    roles = _build_roles(env)
    start, end = distribution.date_start, distribution.date_end
    trip = env["coop.round"].create(
        {
            "window_id": window.id,
            "start_at": start - timedelta(hours=4),
            "stop_ids": [
                Command.create({"kind": "point", "distribution_id": distribution.id})
            ],
        }
    )
    rows = (
        ("Conducteur", 1, 2, start - timedelta(hours=4), start - timedelta(hours=2)),
        ("Réception", 2, 3, start - timedelta(hours=3), start - timedelta(hours=1)),
        ("Préparation", 2, 4, start - timedelta(hours=2), start),
        ("Caisse", 1, 2, start, end),
    )
    call = env["coop.distribution.call"].create(
        {
            "distribution_id": distribution.id,
            "message": MESSAGE,
            "line_ids": [
                Command.create(
                    {
                        "role_id": roles[name].id,
                        "seats_min": needed,
                        "seats_max": seats,
                        "start_at": begin,
                        "end_at": until,
                        "round_id": trip.id if name == "Conducteur" else False,
                    }
                )
                for name, needed, seats, begin, until in rows
            ],
        }
    )
    call.with_user(users["coordinator"]).action_open()
    asked = call._search_members_to_ask() - camille
    lines = {line.role_id: line for line in call.line_ids}
    asked[:1].coop_drives = "vehicle"
    for name, member in zip(
        ("Conducteur", "Réception", "Préparation"), asked[:3], strict=False
    ):
        lines[roles[name]]._accept(member)
    for member in asked[3:5]:
        call._decline(member)
    for _count in env.company._coop_tell_volunteers_day():
        pass


def _build_roles(env):
    """Those of the shifts, and those of a distribution day with their steps."""
    Role = env["coop.shift.role"]
    roles = {role.name: role for role in Role.search([])}
    for name, values in (
        ("Réception", {}),
        ("Préparation", {}),
        ("Conducteur", {"needs_driving": "licence"}),
    ):
        roles[name] = roles.get(name) or Role.create({"name": name, **values})
    steps = {
        "receive": "Réception",
        "kit": "Préparation",
        "set_up": "Préparation",
        "till": "Caisse",
    }
    for step, name in steps.items():
        env.ref(f"coop_logistics.preparation_step_{step}").role_id = roles[name]
    return roles
