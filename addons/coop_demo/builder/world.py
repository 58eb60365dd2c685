# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the steps of the demonstration stand on, read from the database.

Nothing is handed from step to step in memory: one that was cut short is run again by
another process.
"""

import random
from functools import cached_property

from odoo import fields

from odoo.addons.coop_base.tools.localtime import to_local

from . import data
from .calendar import Calendar
from .catalogue import Catalogue
from .people import People


class World:
    """The cooperative as the steps before have made it.

    :param env: environment of the superuser
    :param members: how many members the cooperative has
    :param orders: how many of them ordered in the finished month
    """

    def __init__(self, env, members=264, orders=228):
        # French is what the demonstration speaks, its records' names included.
        self.env = env(context={**env.context, "lang": "fr_FR", "tracking_disable": 1})
        self.member_count = members
        self.order_count = orders

    @property
    def chance(self):
        """Chance of its own for each step: one does not move what another draws."""
        return random.Random(54200)

    @cached_property
    def calendar(self):
        # Not the machine's day: in UTC it is still yesterday after midnight.
        now = to_local(fields.Datetime.now(), self.env.company.coop_tz)
        return Calendar(now.date())

    @cached_property
    def users(self):
        """``{key of data/logins.json: res.users}``."""
        logins = {row["login"]: row["key"] for row in data.logins()}
        users = self.env["res.users"].search([("login", "in", list(logins))])
        return {logins[user.login]: user for user in users}

    @cached_property
    def people(self):
        env = self.env
        points = env["coop.collection.point"].search([], order="id")
        return People(
            groups=env["coop.group"].search([], order="id"),
            points=points,
            members=env["res.partner"].search(
                [("is_coop_member", "=", True)], order="id"
            ),
        )

    @cached_property
    def catalogue(self):
        env = self.env
        rows = {row["code"]: row for row in data.rows("products")}
        names = {row["name"]: row["code"] for row in data.rows("producers")}
        producers = env["res.partner"].search(
            [("is_coop_producer", "=", True), ("name", "in", list(names))]
        )
        products = env["product.product"].search([("default_code", "in", list(rows))])
        by_code = {product.default_code: product for product in products}
        return Catalogue(
            producers={names[producer.name]: producer for producer in producers},
            products={code: by_code[code] for code in rows},
            rows=rows,
        )

    def window(self, name):
        return self.env["coop.order.window"].search([("name", "=", name)], limit=1)

    @property
    def month_window(self):
        return self.window(self.calendar.month_window_name())
