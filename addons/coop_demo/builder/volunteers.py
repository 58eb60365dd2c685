# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import datetime

from odoo.fields import Command

# weekday, hour, name, seats; each of the four weeks of the cycle has its own team
SHIFTS = (
    ("1", 8.5, "Réception des livraisons", 4),
    ("2", 17.0, "Préparation des paniers", 5),
    ("3", 17.0, "Distribution", 6),
    ("5", 9.0, "Distribution du samedi", 6),
    ("5", 14.0, "Mise en rayon", 4),
)
TODO = {
    "Réception des livraisons": "Compter les colis, noter les différences, ranger le"
    " frais en premier.",
    "Distribution": "Accueillir, peser, encaisser ; recompter la caisse à deux.",
}


def build_volunteers(env, calendar, users, people, chance):
    """Recurring shifts, some sixty fixed members, a past that can be read."""
    company, today = env.company, calendar.today
    policy = env.ref("coop_volunteers.coop_volunteer_policy_la_louve")
    company.coop_volunteer_policy_id = policy
    roles = env["coop.shift.role"].create(
        [{"name": "Caisse", "needs_skill": True}, {"name": "Accueil"}]
    )
    point, referent = people.points[0], users["referent"].partner_id
    camille = users["member"].partner_id
    members = people.members - camille
    volunteers = env["res.partner"].browse(chance.sample(members.ids, 66))
    since = today - datetime.timedelta(days=200)
    (volunteers[:60] | camille).write(
        {"volunteer_kind": "fixed", "volunteer_since": since}
    )
    volunteers[60:].write({"volunteer_kind": "flying", "volunteer_since": today})
    (volunteers[:12] | camille).shift_role_ids = [Command.link(roles[0].id)]
    _build_past(env, calendar, camille, volunteers, point)
    rows = [(row, letter) for row in SHIFTS for letter in "ABCD"]
    templates = env["coop.shift.template"].create(
        [
            _template(row, letter, point, referent, roles[0], today)
            for row, letter in rows
        ]
    )
    letter = policy._week_letter(today + datetime.timedelta(days=7))
    hers = templates.filtered(lambda t: t.name == SHIFTS[2][2] and t.letters == letter)
    waiting = list(volunteers[:60])
    fixed = [(hers, camille, roles[0])]
    for template in templates:
        # A seat or two are left for those who book.
        for _number in range(min(template.capacity - 2, len(waiting))):
            fixed.append((template, waiting.pop(), env["coop.shift.role"]))
    env["coop.shift.template.fixed"].create(
        [
            {
                "template_id": template.id,
                "member_id": member.id,
                "role_id": role.id,
                "date_from": today,
            }
            for template, member, role in fixed
        ]
    )
    templates._generate(today + datetime.timedelta(days=42))
    _build_near(env, calendar, volunteers, point)
    env["coop.shift.kiosk"].create(
        {"name": "Entrée", "collection_point_id": point.id, "mode": "both"}
    )
    people.members._update_volunteer_status()


def _template(row, letter, point, referent, till, today):
    weekday, hour, name, seats = row
    with_till = name.startswith("Distribution")
    seat_ids = [Command.create({"seats_min": 2, "seats_max": seats - with_till})]
    if with_till:
        vals = {"role_id": till.id, "seats_min": 1, "seats_max": 1}
        seat_ids.append(Command.create(vals))
    return {
        "name": name,
        "weekday": weekday,
        "start_hour": hour,
        "duration": 3.0,
        "recurrence": "letters",
        "letters": letter,
        "date_from": today,
        "collection_point_id": point.id,
        "referent_id": referent.id,
        "note": TODO.get(name),
        "seat_ids": seat_ids,
    }


def _shift(env, calendar, days, hour, name, point, seats=6):
    return env["coop.shift"].create(
        {
            "name": name,
            "start_at": calendar.near(days, hour),
            "end_at": calendar.near(days, hour + 3),
            "collection_point_id": point.id,
            "seat_ids": [Command.create({"seats_min": 2, "seats_max": seats})],
        }
    )


def _build_past(env, calendar, camille, volunteers, point):
    """An absence made up by two shifts, and somebody in alert."""
    story = {
        -45: [(camille, "fixed", "absent")],
        -31: [(camille, "make_up", "present")],
        -17: [(camille, "make_up", "present")],
        -10: [(volunteers[0], "fixed", "absent"), (volunteers[1], "fixed", "excused")],
    }
    for days, people in story.items():
        shift = _shift(env, calendar, days, 9, "Distribution", point)
        others = [(member, "fixed", "present") for member in volunteers[2:5]]
        env["coop.shift.registration"].create(
            [
                {
                    "shift_id": shift.id,
                    "member_id": member.id,
                    "kind": kind,
                    "state": state,
                }
                for member, kind, state in people + others
            ]
        )
        shift.state = "done"


def _build_near(env, calendar, volunteers, point):
    """A shift that a member offers to the others."""
    shift = _shift(env, calendar, 3, 18, "Étiquetage", point, seats=2)
    registrations = env["coop.shift.registration"].create(
        [
            {"shift_id": shift.id, "member_id": member.id, "kind": "extra"}
            for member in volunteers[5:7]
        ]
    )
    env["coop.shift.swap"]._offer(registrations[0])
