"""The demo cooperative, built by walking the chain as the people who do.

The months are those before and around the day of installation. The same day gives the
same cooperative: chance has a fixed seed.
"""

import random

from odoo import fields

from odoo.addons.coop_base.tools.localtime import to_local

from .calendar import Calendar
from .catalogue import build_catalogue
from .committee_life import build_committee_life
from .committees import build_committees
from .company import build_company, build_users
from .cycle import build_finished_month
from .day import build_day
from .day_call import build_call
from .open_window import build_open_window
from .people import build_people
from .volunteer_seats import build_seats
from .volunteer_history import build_volunteer_history
from .volunteers import build_volunteers
from .shelf import build_shelf


def build(env, members=264, orders=228):
    """Build everything in the current company, around its present day.

    :param members: how many members
    :param orders: how many of them ordered in the finished month
    """
    # French is what the demonstration speaks, its records' names included.
    env = env(context={**env.context, "lang": "fr_FR", "tracking_disable": True})
    chance = random.Random(54200)
    # Not the machine's day: in UTC it is still yesterday after midnight.
    calendar = Calendar(to_local(fields.Datetime.now(), env.company.coop_tz).date())
    users = build_users(build_company(env))
    people = build_people(env, users, chance, members)
    catalogue = build_catalogue(env, users)
    build_finished_month(env, calendar, users, people, catalogue, chance, orders)
    window = build_open_window(env, calendar, users, people, catalogue, chance)
    build_volunteers(env, calendar, users, people, chance)
    build_seats(env, calendar)
    with calendar.at(calendar.near(0, 8)):
        build_call(env, users, window)
    build_committees(env, users)
    build_committee_life(env, users)
    build_volunteer_history(env, calendar)
    # Chance of its own: what is built before does not move the butter's shortage.
    build_shelf(env, calendar, users, catalogue, random.Random(54200))
    build_day(env, calendar, users, people, catalogue, random.Random(54200))
