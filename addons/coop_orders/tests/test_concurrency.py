# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid
from threading import Barrier, Thread
from unittest.mock import patch

import psycopg2.errors
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common import CoopOrdersData

MEMBERS = 12


@tagged("post_install", "-at_install")
class TestConcurrency(CoopOrdersData, BaseCase):
    """With real transactions: what is made here is committed, then removed."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._clean)
        with self._env() as env:
            self._create_data(env)

    def _env(self):
        return _Environment(self.registry)

    def _create_data(self, env):
        tag = uuid.uuid4().hex[:8]
        group = env["coop.group"].create({"name": tag, "code": tag})
        producer = env["res.partner"].create({"name": f"Farm {tag}"})
        products = env["product.product"].create(
            [{"name": f"{tag} {index}", "list_price": 3} for index in range(2)]
        )
        members = env["res.partner"].create(
            [
                {
                    "name": f"{tag} {index}",
                    "is_coop_member": True,
                    "coop_group_id": group.id,
                }
                for index in range(MEMBERS)
            ]
        )
        window = env["coop.order.window"].create(
            {
                "name": tag,
                "closes_at": "2199-01-01 00:00:00",
                "group_ids": [(6, 0, group.ids)],
                "offer_ids": [
                    (0, 0, {"product_id": product.id, "supplier_id": producer.id})
                    for product in products
                ],
            }
        )
        window.action_open()
        window.offer_ids[0].quantity_max = 5
        self.ids = {
            "window": window.id,
            "offers": window.offer_ids.ids,
            "members": members.ids,
            "others": [
                ("coop.group", group.ids),
                ("product.product", products.ids),
                ("res.partner", (members | producer).ids),
            ],
        }

    def _clean(self):
        with self._env() as env:
            window = env["coop.order.window"].browse(self.ids["window"])
            window.order_ids.write({"state": "cancel"})
            window.order_ids.unlink()
            window.state = "draft"
            window.unlink()
            for model, ids in self.ids["others"]:
                env[model].browse(ids).unlink()

    def _order(self, env, member_index, quantity, offer_index=0):
        return env["sale.order"]._coop_change_order(
            env["coop.order.window"].browse(self.ids["window"]),
            env["res.partner"].browse(self.ids["members"][member_index]),
            [{"offer_id": self.ids["offers"][offer_index], "quantity": quantity}],
        )

    def _began(self, cr):
        """An environment whose transaction has begun: its snapshot is taken."""
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["coop.order.window"].browse(self.ids["window"]).read(["state"])
        return env

    @mute_logger("odoo.sql_db")
    def test_never_oversold(self):
        """Two members ask three each of the last five, at the same time."""
        with self.registry.cursor() as cr:
            second = self._began(cr)
            with self._env() as first:
                self.assertFalse(self._order(first, 0, 3)[1])
            # Whoever does not queue: Odoo runs this again (service.model.retrying).
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                self._order(second, 1, 3)
            cr.rollback()
            second = self._began(cr)
            self.assertIn("Only 2", self._order(second, 1, 3)[1][0]["message"])
            self.assertFalse(self._order(second, 1, 2)[1])
            cr.commit()  # pylint: disable=invalid-commit
        with self._env() as env:
            offer = env["coop.order.offer"].browse(self.ids["offers"][0])
            self.assertEqual(offer.quantity_ordered, 5)

    def _queued(self, cr):
        """An environment like that of the routes where members queue."""
        self.registry["ir.http"]._coop_queue(cr)
        return self._began(cr)

    def test_who_queues_reads_what_the_others_left(self):
        """No serialisation error: the second waits for the first, then reads again."""
        with self.registry.cursor() as cr:
            second = self._queued(cr)
            with self._env() as first:
                self.assertFalse(self._order(first, 0, 3)[1])
            self.assertIn("Only 2", self._order(second, 1, 3)[1][0]["message"])
            self.assertFalse(self._order(second, 1, 2)[1])
            cr.commit()  # pylint: disable=invalid-commit
        with self._env() as env:
            offer = env["coop.order.offer"].browse(self.ids["offers"][0])
            self.assertEqual(offer.quantity_ordered, 5)

    def test_rush_on_the_last_units(self):
        """All members at once on the last five: five are sold and nobody fails."""
        together, answers = Barrier(MEMBERS), {}
        # Made here: the thread of the tests holds the registry's lock.
        cursors = [self.registry.cursor() for _index in range(MEMBERS)]
        envs = [self._queued(cr) for cr in cursors]

        def ask(index):
            together.wait(300)
            answers[index] = self._order(envs[index], index, 1)[1]
            cursors[index].commit()  # pylint: disable=invalid-commit

        threads = [Thread(target=ask, args=(i,), daemon=True) for i in range(MEMBERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(300)
        for cr in cursors:
            cr.close()
        self.assertEqual(len(answers), MEMBERS)
        refused = [answer[0]["message"] for answer in answers.values() if answer]
        self.assertEqual(len(refused), MEMBERS - 5)
        self.assertTrue(all(" is left" in message for message in refused))
        with self._env() as env:
            offer = env["coop.order.offer"].browse(self.ids["offers"][0])
            self.assertEqual(offer.quantity_ordered, 5)

    def test_limit_lowered_meanwhile_holds(self):
        with self.registry.cursor() as cr:
            queued = self._queued(cr)
            queued["coop.order.offer"].browse(self.ids["offers"]).mapped("quantity_max")
            with self._env() as env:
                offer = env["coop.order.offer"].browse(self.ids["offers"][0])
                offer.quantity_max = 2
            self.assertIn("Only 2", self._order(queued, 0, 3)[1][0]["message"])

    def test_who_queues_sees_the_closing(self):
        with self.registry.cursor() as cr:
            late = self._queued(cr)
            with self._env() as env:
                env["coop.order.window"].browse(self.ids["window"]).action_close()
            with self.assertRaisesRegex(UserError, "closed on"):
                self._order(late, 0, 1)

    def test_two_tabs_that_queue_make_one_order(self):
        with self.registry.cursor() as cr:
            second = self._queued(cr)
            with self._env() as first:
                self._order(first, 0, 1, 0)
            self._order(second, 0, 2, 1)
            cr.commit()  # pylint: disable=invalid-commit
        with self._env() as env:
            orders = env["coop.order.window"].browse(self.ids["window"]).order_ids
            self.assertEqual(
                sorted(orders.order_line.mapped("product_uom_qty")), [1, 2]
            )

    def test_only_the_request_queues(self):
        """A connection goes back to the pool for who expects Odoo's own level."""
        with self.registry.cursor() as cr:
            self._queued(cr)
        with self.registry.cursor() as cr:
            self.assertEqual(
                cr.connection.isolation_level, ISOLATION_LEVEL_REPEATABLE_READ
            )

    @mute_logger("odoo.sql_db")
    def test_members_do_not_wait_for_each_other_without_a_limit(self):
        with self.registry.cursor() as cr:
            second = self._began(cr)
            with self._env() as first:
                self._order(first, 0, 3, 1)
            self._order(second, 1, 3, 1)
            cr.commit()  # pylint: disable=invalid-commit
        with self._env() as env:
            offer = env["coop.order.offer"].browse(self.ids["offers"][1])
            self.assertEqual(offer.quantity_ordered, 6)

    @mute_logger("odoo.sql_db")
    def test_two_tabs_make_one_order(self):
        with self.registry.cursor() as cr:
            second = self._began(cr)
            with self._env() as first:
                self._order(first, 0, 1, 0)
            with self.assertRaises(ConcurrencyError):
                self._order(second, 0, 2, 1)
            cr.rollback()
            self._order(self._began(cr), 0, 2, 1)
            cr.commit()  # pylint: disable=invalid-commit
        with self._env() as env:
            orders = env["coop.order.window"].browse(self.ids["window"]).order_ids
            self.assertEqual(len(orders), 1)
            self.assertEqual(
                sorted(orders.order_line.mapped("product_uom_qty")), [1, 2]
            )

    @mute_logger("odoo.sql_db")
    def test_an_order_that_began_before_the_closing_is_refused(self):
        with self.registry.cursor() as cr:
            late = api.Environment(cr, SUPERUSER_ID, {})
            late["coop.order.window"].browse(self.ids["window"]).state  # noqa: B018
            with self._env() as env:
                env["coop.order.window"].browse(self.ids["window"]).action_close()
            with self.assertRaisesRegex(Exception, "concurrent update"):
                self._order(late, 0, 1)
            cr.rollback()

    @mute_logger("odoo.sql_db")
    def test_a_closing_that_began_before_an_order_runs_again(self):
        with self.registry.cursor() as cr:
            closing = api.Environment(cr, SUPERUSER_ID, {})
            closing["coop.order.window"].browse(self.ids["window"]).state  # noqa: B018
            with self._env() as env:
                order = self._order(env, 0, 1, 1)[0]
                order._coop_validate()
            with self.assertRaises(ConcurrencyError):
                closing["coop.order.window"].browse(self.ids["window"]).action_close()
            cr.rollback()
        with self._env() as env:
            window = env["coop.order.window"].browse(self.ids["window"])
            window.action_close()
            self.assertEqual(window.order_ids.state, "sale")

    def test_the_one_button_in_one_transaction(self):
        """Closing again, to go on, takes no order of its own for a late one."""
        with self._env() as env:
            self._order(env, 0, 1, 1)[0]._coop_validate()
        with self.registry.cursor() as cr:
            window = self._began(cr)["coop.order.window"].browse(self.ids["window"])
            window.action_close_and_send()
            self.assertEqual(window.order_ids.state, "sale")
            self.assertEqual(window.purchase_order_ids.state, "purchase")
            cr.rollback()

    @mute_logger("odoo.addons.coop_orders.models.coop_order_window_close")
    def test_closing_killed_in_the_middle_is_resumed(self):
        with self._env() as env:
            for index in range(6):
                self._order(env, index, 1, 1)[0]._coop_validate()
            env["coop.order.window"].browse(
                self.ids["window"]
            ).closes_at = env.cr.now().replace(microsecond=0)
        Window = self.registry["coop.order.window"]
        close_some, calls = Window._close_some_orders, []

        def killed(window, limit):
            if calls:
                raise RuntimeError("killed")
            calls.append(1)
            return close_some(window, 2)

        with self._env() as env, patch.object(Window, "_close_some_orders", killed):
            env["coop.order.window"]._cron_open_and_close()
        self.assertEqual(self._states(), ["sale"] * 2 + ["sent"] * 4)
        with self._env() as env:
            window = env["coop.order.window"].browse(self.ids["window"])
            self.assertEqual(window.state, "closed")
            env["coop.order.window"]._cron_open_and_close()
        self.assertEqual(self._states(), ["sale"] * 6)

    @mute_logger("odoo.sql_db")
    def test_two_members_on_the_last_place_of_a_slot(self):
        with self._env() as env:
            window = env["coop.order.window"].browse(self.ids["window"])
            point = env["coop.collection.point"].create({"name": window.name})
            distribution = env["coop.distribution"].create(
                {
                    "window_id": window.id,
                    "collection_point_id": point.id,
                    "date_start": "2199-01-03 08:00:00",
                    "date_end": "2199-01-03 10:00:00",
                    "slot_ids": [
                        Command.create(
                            {
                                "date_start": "2199-01-03 08:00:00",
                                "date_end": "2199-01-03 09:00:00",
                                "capacity": 1,
                            }
                        )
                    ],
                }
            )
            ids = distribution.id, distribution.slot_ids.id
            self.ids["others"] = [
                ("coop.distribution", distribution.ids),
                ("coop.collection.point", point.ids),
                *self.ids["others"],
            ]
            orders = [self._order(env, index, 1, 1)[0].id for index in range(2)]

        def confirm(env, order_id):
            env["sale.order"].browse(order_id)._coop_validate(
                env["coop.distribution"].browse(ids[0]),
                env["coop.distribution.slot"].browse(ids[1]),
            )

        with self.registry.cursor() as cr:
            second = self._began(cr)
            with self._env() as first:
                confirm(first, orders[0])
            # Odoo runs the request again: then it is told in a sentence.
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                confirm(second, orders[1])
            cr.rollback()
            with self.assertRaisesRegex(UserError, "slot has just filled up"):
                confirm(self._began(cr), orders[1])
            cr.rollback()
        self.assertEqual(self._states(), ["draft", "sent"])

    def _states(self):
        with self._env() as env:
            orders = env["coop.order.window"].browse(self.ids["window"]).order_ids
            return sorted(orders.mapped("state"))


class _Environment:
    """A committed transaction of its own, as superuser."""

    def __init__(self, registry):
        self.registry = registry

    def __enter__(self):
        self.cr = self.registry.cursor()
        return api.Environment(self.cr, SUPERUSER_ID, {})

    def __exit__(self, kind, value, traceback):
        if kind is None:
            self.cr.commit()  # pylint: disable=invalid-commit
        else:
            self.cr.rollback()
        self.cr.close()
