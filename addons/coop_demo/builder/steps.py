# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The steps of the demonstration, in the order in which they are built.

The first ones make a cooperative that can be used: its people, its products and the
window that is open. The others add what lies behind it, each by itself, so that they
can be built while people look around.
"""

from collections import namedtuple

from . import bills, cycle, data, deliveries
from .catalogue import build_catalogue
from .committee_life import build_committee_life
from .committees import build_committees
from .company import build_company, build_users
from .day import build_day
from .day_call import build_call
from .open_window import WINDOW, build_open_window
from .people import build_people
from .shelf import build_shelf
from .volunteer_history import build_volunteer_history
from .volunteer_seats import build_seats
from .volunteers import build_volunteers
from .world import World

# label: what is being built; makes_usable: after it, people can look around.
Step = namedtuple("Step", "label run makes_usable", defaults=(False,))
# The steps that are done, so that a demonstration that was cut short goes on there.
DONE = "coop_demo.steps_done"


def _open(world):
    build_users(build_company(world.env))
    build_people(world.env, world.users, world.chance, world.member_count)
    build_catalogue(world.env, world.users)
    data.refresh_statistics(world.env)


def _offer(world):
    build_open_window(
        world.env,
        world.calendar,
        world.users,
        world.people,
        world.catalogue,
        world.chance,
    )


def _order_month(world):
    cycle.order_month(
        world.env,
        world.calendar,
        world.users,
        world.people,
        world.catalogue,
        world.chance,
        world.order_count,
    )


def _receive_month(world):
    deliveries.receive(world.calendar, world.users, world.month_window)


def _distribute_month(world):
    deliveries.distribute(
        world.env, world.calendar, world.users, world.month_window, world.chance
    )


def _settle_month(world):
    bills.settle(world.env, world.calendar, world.users, world.month_window)
    cycle.finish_month(world.env, world.users, world.month_window)


def _volunteers(world):
    env, calendar, users = world.env, world.calendar, world.users
    build_volunteers(env, calendar, users, world.people, world.chance)
    build_seats(env, calendar)
    with calendar.at(calendar.near(0, 8)):
        build_call(env, users, world.window(WINDOW))
    build_committees(env, users)
    build_committee_life(env, users)
    build_volunteer_history(env, calendar)


def _shelf(world):
    build_shelf(world.env, world.calendar, world.users, world.catalogue, world.chance)


def _day(world):
    build_day(
        world.env,
        world.calendar,
        world.users,
        world.people,
        world.catalogue,
        world.chance,
    )


STEPS = (
    Step("members, collection points and products", _open),
    Step("this month's window and its first orders", _offer, makes_usable=True),
    Step("shifts, committees and calls for help", _volunteers),
    Step("last month's orders, sent to the producers", _order_month),
    Step("last month's deliveries, counted", _receive_month),
    Step("last month's baskets, handed over and paid", _distribute_month),
    Step("last month's bills, claims and lettering", _settle_month),
    Step("the shop's shelves and what to order for them", _shelf),
    Step("this week's distributions, one of them under way", _day),
)


def build(env, members=264, orders=228):
    """Build everything in the current company, around its present day.

    :param members: how many members
    :param orders: how many of them ordered in the finished month
    """
    for number in range(len(STEPS)):
        run_step(env, number, members=members, orders=orders)


def run_step(env, number, **counts):
    """Build the step of that number, unless it is done. The caller commits.

    :param env: environment of the superuser
    :param counts: of `World`
    :return: whether there was something to build
    """
    parameters = env["ir.config_parameter"]
    done = int(parameters.get_param(DONE, 0))
    if number < done:
        return False
    STEPS[number].run(World(env, **counts))
    parameters.set_param(DONE, number + 1)
    return True
