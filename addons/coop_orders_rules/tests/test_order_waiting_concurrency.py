# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid
from threading import Barrier, Thread

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from odoo.addons.coop_orders.tests.test_concurrency import _Environment

MEMBERS = 8


@tagged("post_install", "-at_install")
class TestWaitingConcurrency(BaseCase):
    """Quotas, packs and waiting lists with real transactions."""

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
        product = env["product.product"].create(
            {"name": tag, "list_price": 3, "taxes_id": False}
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
                ],
            }
        )
        window.action_open()
        self.ids = {
            "window": window.id,
            "offer": window.offer_ids.id,
            "members": members.ids,
            "others": [
                ("coop.group", group.ids),
                ("product.product", product.ids),
                ("res.partner", (members | producer).ids),
            ],
        }

    def _clean(self):
        with self._env() as env:
            window = env["coop.order.window"].browse(self.ids["window"])
            window.waiting_ids.unlink()
            window.order_ids.write({"state": "cancel"})
            window.order_ids.unlink()
            window.state = "draft"
            window.unlink()
            for model, ids in self.ids["others"]:
                env[model].browse(ids).unlink()

    def _order(self, env, index, quantity):
        return env["sale.order"]._coop_change_order(
            env["coop.order.window"].browse(self.ids["window"]),
            env["res.partner"].browse(self.ids["members"][index]),
            [{"offer_id": self.ids["offer"], "quantity": quantity}],
        )

    def _began(self, cr):
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["coop.order.window"].browse(self.ids["window"]).read(["state"])
        return env

    def _together(self, job):
        """Run ``job(env, index)`` for all members at once, as members queue."""
        start, answers = Barrier(MEMBERS), {}
        cursors = [self.registry.cursor() for _index in range(MEMBERS)]
        for cr in cursors:
            self.registry["ir.http"]._coop_queue(cr)
        envs = [self._began(cr) for cr in cursors]

        def run(index):
            start.wait(300)
            answers[index] = job(envs[index], index)
            envs[index].flush_all()
            cursors[index].commit()  # pylint: disable=invalid-commit

        threads = [Thread(target=run, args=(i,), daemon=True) for i in range(MEMBERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(300)
        for cr in cursors:
            cr.close()
        self.assertEqual(len(answers), MEMBERS)
        return answers

    def _ordered(self):
        with self._env() as env:
            orders = env["coop.order.window"].browse(self.ids["window"]).order_ids
            lines = orders.filtered(lambda o: o.state != "cancel").order_line
            return {
                self.ids["members"].index(line.order_partner_id.id): (
                    line.product_uom_qty
                )
                for line in lines
            }

    def _set(self, **values):
        with self._env() as env:
            env["coop.order.window"].browse(self.ids["window"]).write(values)

    def test_rush_on_the_last_places(self):
        """Room for three orders, eight members: three are taken, nobody fails."""
        self._set(quota_orders=3, quota_policy="wait")
        answers = self._together(lambda env, index: self._order(env, index, 1)[1])
        self.assertEqual(len([a for a in answers.values() if not a]), 3)
        self.assertEqual(sum(self._ordered().values()), 3)

    def test_rush_on_the_last_amount(self):
        self._set(quota_amount=10, quota_policy="wait")
        self._together(lambda env, index: self._order(env, index, 1)[1])
        self.assertEqual(sum(self._ordered().values()) * 3, 9)

    def test_the_last_one_closes_the_window_once(self):
        self._set(quota_orders=3)

        def confirm(env, index):
            order, rejected = self._order(env, index, 1)
            if not rejected:
                order._coop_validate()
            return rejected

        def job(env, index):
            try:
                return confirm(env, index)
            except Exception as error:
                env.cr.rollback()
                return [{"message": str(error)}]

        answers = self._together(job)
        self.assertEqual(len([a for a in answers.values() if not a]), 3)
        with self._env() as env:
            window = env["coop.order.window"].browse(self.ids["window"])
            self.assertEqual(window.state, "closed")
            self.assertEqual(len(window.activity_ids), 1)

    def test_packs_stay_full_when_two_give_back_at_once(self):
        """Seven, six a pack: one may give one back, the second may not any more."""
        with self._env() as env:
            env["coop.order.offer"].browse(self.ids["offer"]).pack_size = 6
            for index in range(7):
                self._order(env, index, 1)
        self._set(box_fill_at="2020-01-01 00:00:00")
        answers = self._together(
            lambda env, index: self._order(env, index, 0)[1] if index < 7 else ["none"]
        )
        self.assertEqual(len([a for a in answers.values() if not a]), 1)
        self.assertEqual(sum(self._ordered().values()), 6)

    def test_credit_holds_in_two_tabs(self):
        self._set(debt_rule="orders", debt_max=9)
        with self._env() as env:
            copy = (
                env["coop.order.window"]
                .browse(self.ids["window"])
                .copy({"closes_at": "2199-01-01 00:00:00"})
            )
            copy.action_open()
            offers = [self.ids["offer"], copy.offer_ids.id]
            windows = [self.ids["window"], copy.id]

        def job(env, index):
            if index > 1:
                return None
            return env["sale.order"]._coop_change_order(
                env["coop.order.window"].browse(windows[index]),
                env["res.partner"].browse(self.ids["members"][0]),
                [{"offer_id": offers[index], "quantity": 2}],
            )[1]

        try:
            answers = self._together(job)
            self.assertEqual(
                sorted(bool(answers[index]) for index in (0, 1)), [False, True]
            )
        finally:
            with self._env() as env:
                copy = env["coop.order.window"].browse(windows[1])
                copy.order_ids.write({"state": "cancel"})
                copy.order_ids.unlink()
                copy.state = "draft"
                copy.unlink()

    def _wait(self, indexes):
        with self._env() as env:
            for index in indexes:
                env["coop.order.waiting"]._join(
                    env["coop.order.offer"].browse(self.ids["offer"]),
                    env["res.partner"].browse(self.ids["members"][index]),
                    1,
                )

    def _serve(self, env):
        window = env["coop.order.window"].browse(self.ids["window"])
        return env["coop.order.waiting"]._serve_window(window)

    @mute_logger("odoo.sql_db")
    def test_two_processes_serve_each_place_once(self):
        with self._env() as env:
            env["coop.order.offer"].browse(self.ids["offer"]).quantity_max = 2
            self._order(env, 0, 2)
        self._wait([1, 2, 3])
        with self._env() as env:
            self._order(env, 0, 0)
        with self.registry.cursor() as first, self.registry.cursor() as second:
            one, two = self._began(first), self._began(second)
            self.assertEqual(len(self._serve(one)), 2)
            one.flush_all()
            # The second finds the first one at it.
            self.assertFalse(self._serve(two))
            second.rollback()
            late = self._began(second)
            first.commit()  # pylint: disable=invalid-commit
            # Its snapshot is from before the first one ended: it is run again.
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                self._serve(late)
            second.rollback()
            self.assertFalse(self._serve(self._began(second)))
            second.rollback()
        self.assertEqual(self._ordered(), {1: 1, 2: 1})

    @mute_logger("odoo.sql_db")
    def test_a_tap_while_serving_never_oversells(self):
        with self._env() as env:
            env["coop.order.offer"].browse(self.ids["offer"]).quantity_max = 1
            self._order(env, 0, 1)
        self._wait([1])
        with self._env() as env:
            self._order(env, 0, 0)
        with self.registry.cursor() as serving, self.registry.cursor() as tap:
            env = self._began(serving)
            self.registry["ir.http"]._coop_queue(tap)
            rejected = self._order(self._began(tap), 5, 1)[1]
            self.assertIn("Other members wait", rejected[0]["message"])
            tap.commit()  # pylint: disable=invalid-commit
            try:
                self._serve(env)
            except psycopg2.errors.SerializationFailure:
                serving.rollback()
                self._serve(self._began(serving))
            self._began(serving).flush_all()
            serving.commit()  # pylint: disable=invalid-commit
        self.assertEqual(self._ordered(), {1: 1})
