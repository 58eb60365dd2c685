# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Seats kept for newcomers, and tutors who welcome them."""

from odoo.fields import Command

# So many of the fixed members never came yet.
NEW = 4


def build_seats(env, calendar):
    """Most have come; the last ones are new, some welcome them, seats are kept."""
    company = env.company
    company._coop_volunteer_policy().tutor_place = True
    lines = env["coop.shift.template.fixed"].search([], order="id")
    people = lines.member_id
    known, new = people[:-NEW], people[-NEW:]
    _build_inventory(env, calendar, known)
    known[:6].volunteer_is_tutor = True
    new.volunteer_since = calendar.today
    for template in env["coop.shift.template"].search(
        [("name", "=", "Distribution du samedi")]
    ):
        seat = template.seat_ids.filtered(lambda s: not s.role_id)
        template._update_following(
            calendar.today,
            {
                "seat_ids": [
                    Command.update(
                        seat.id,
                        {
                            "seats_max": seat.seats_max + 2,
                            "reserved_count": 2,
                            "reserved_for": "newcomers",
                            "reserved_days": 3,
                        },
                    )
                ]
            },
        )
    shifts = env["coop.shift"].search(
        [("state", "=", "planned"), ("date", ">=", calendar.today)]
    )
    shifts._sync_pairs()


def _build_inventory(env, calendar, people):
    """Everybody came to the stock-taking: that is how they know the place."""
    shift = env["coop.shift"].create(
        {
            "name": "Inventaire",
            "start_at": calendar.near(-60, 9),
            "end_at": calendar.near(-60, 12),
            "seat_ids": [Command.create({"seats_max": len(people)})],
        }
    )
    env["coop.shift.registration"].create(
        [
            {
                "shift_id": shift.id,
                "member_id": member.id,
                "kind": "fixed",
                "state": "present",
            }
            for member in people
        ]
    )
    shift.state = "done"
