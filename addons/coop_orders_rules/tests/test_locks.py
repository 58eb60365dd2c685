# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import itertools
import uuid
from datetime import timedelta
from threading import Barrier, Thread
from time import sleep
from unittest.mock import patch

import psycopg2.errors

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from odoo.addons.coop_orders.tests.test_concurrency import _Environment

# The locks of an order, each followed by a pause: whoever takes two of them in another
# order than the others meets them there.
LOCKS = ("_coop_lock_credit", "_coop_lock_window", "_coop_lock", "_coop_is_slot_full")
PAUSE = 0.03
AGAIN = (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected)


@tagged("post_install", "-at_install")
class TestLocks(BaseCase):
    """Every pair of actions on orders, at the same time, on real transactions.

    In one window that has all there is to lock: a limit in total, a limited product, a
    slot with few places, and a credit that counts orders under way.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._clean)
        with _Environment(self.registry) as env:
            self._create_data(env)
        for name in LOCKS:
            model = self.registry["sale.order"]
            patcher = patch.object(model, name, self._pausing(getattr(model, name)))
            patcher.start()
            self.addCleanup(patcher.stop)

    @staticmethod
    def _pausing(method):
        def pausing(*args, **kwargs):
            result = method(*args, **kwargs)
            sleep(PAUSE)
            return result

        return pausing

    def _create_data(self, env):
        tag = uuid.uuid4().hex[:8]
        group = env["coop.group"].create({"name": tag, "code": tag})
        point = env["coop.collection.point"].create({"name": tag})
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
                for index in range(2)
            ]
        )
        start = fields.Datetime.now() + timedelta(days=2500)
        window = env["coop.order.window"].create(
            {
                "name": tag,
                "closes_at": "2199-01-01 00:00:00",
                "group_ids": [(6, 0, group.ids)],
                "quota_orders": 5,
                "debt_rule": "orders",
                "debt_max": 1000,
                "offer_ids": [
                    (0, 0, {"product_id": product.id, "supplier_id": producer.id})
                ],
                "distribution_ids": [
                    (
                        0,
                        0,
                        {
                            "collection_point_id": point.id,
                            "date_start": start,
                            "date_end": start + timedelta(hours=2),
                        },
                    )
                ],
            }
        )
        window.action_open()
        window.offer_ids.quantity_max = 50
        slot = env["coop.distribution.slot"].create(
            {
                "distribution_id": window.distribution_ids.id,
                "date_start": start,
                "date_end": start + timedelta(hours=1),
                "capacity": 1,
            }
        )
        self.ids = {
            "window": window.id,
            "offer": window.offer_ids.id,
            "slot": slot.id,
            "members": members.ids,
            "others": [
                ("coop.collection.point", point.ids),
                ("product.product", product.ids),
                ("res.partner", (members | producer).ids),
                ("coop.group", group.ids),
            ],
        }

    def _clean(self):
        with _Environment(self.registry) as env:
            window = env["coop.order.window"].browse(self.ids["window"])
            window.order_ids.write({"state": "cancel"})
            window.order_ids.unlink()
            window.state = "draft"
            window.unlink()
            for model, ids in self.ids["others"]:
                env[model].browse(ids).unlink()

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------

    def _get(self, env, index):
        window = env["coop.order.window"].browse(self.ids["window"])
        member = env["res.partner"].browse(self.ids["members"][index])
        order = env["sale.order"].search(
            [("order_window_id", "=", window.id), ("partner_id", "=", member.id)]
        )
        return window, member, order

    def _change(self, env, index):
        window, member, _order = self._get(env, index)
        changes = [{"offer_id": self.ids["offer"], "quantity": 2}]
        env["sale.order"]._coop_change_order(window, member, changes)

    def _confirm(self, env, index):
        window, _member, order = self._get(env, index)
        slot = env["coop.distribution.slot"].browse(self.ids["slot"])
        order._coop_validate(window.distribution_ids, slot)

    def _cancel(self, env, index):
        self._get(env, index)[2]._coop_cancel()

    def _restore(self, env, index):
        self._get(env, index)[2]._coop_restore()

    def _move(self, env, index):
        window, _member, order = self._get(env, index)
        slot = env["coop.distribution.slot"].browse(self.ids["slot"])
        order._coop_change_place(window.distribution_ids, slot)

    def _close(self, env, _index):
        env["coop.order.window"].browse(self.ids["window"])._close_door()

    def _reset(self):
        """A basket of each member; the second one's is cancelled, in the slot."""
        with _Environment(self.registry) as env:
            window = env["coop.order.window"].browse(self.ids["window"])
            window.state = "open"
            window.order_ids.write({"state": "cancel"})
            window.order_ids.unlink()
            for index in range(2):
                _window, member, _order = self._get(env, index)
                changes = [{"offer_id": self.ids["offer"], "quantity": 1}]
                env["sale.order"]._coop_change_order(window, member, changes)
            self._get(env, 1)[2].write(
                {
                    "state": "cancel",
                    "distribution_id": window.distribution_ids.id,
                    "slot_id": self.ids["slot"],
                }
            )

    def _play(self, cr, action, index, together, failures):
        """As a route does it: members queue, and what is refused is a sentence."""
        together.wait(60)
        try:
            action(api.Environment(cr, SUPERUSER_ID, {}), index)
            cr.commit()  # pylint: disable=invalid-commit
        except UserError:
            cr.rollback()
        except AGAIN as error:
            failures.append(error)
            cr.rollback()

    def _get_pairs(self):
        """``[(action, action)]`` to play at the same time."""
        actions = [
            self._change,
            self._confirm,
            self._cancel,
            self._restore,
            self._move,
            self._close,
        ]
        return list(itertools.product(actions, repeat=2))

    def _check(self, env, name):
        """Nothing is there twice, whoever came first."""
        slot = env["coop.distribution.slot"].browse(self.ids["slot"])
        self.assertLessEqual(slot.booked_count, 1)

    @mute_logger("odoo.sql_db")
    def test_every_pair(self):
        played = self._get_pairs()
        # The deadlock of before: one confirms into a slot, another takes back from it.
        for index, (first, second) in itertools.product((0, 1), played):
            name = f"{first.__name__} {second.__name__} {index}"
            with self.subTest(name):
                self._reset()
                together, failures = Barrier(2), []
                cursors = [self.registry.cursor() for _index in range(2)]
                for cr in cursors:
                    self.registry["ir.http"]._coop_queue(cr)
                threads = [
                    Thread(
                        target=self._play,
                        args=(cr, action, member, together, failures),
                        daemon=True,
                    )
                    for cr, action, member in zip(
                        cursors, (first, second), (0, index), strict=True
                    )
                ]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join(60)
                self.assertFalse([t for t in threads if t.is_alive()], "waits for ever")
                for cr in cursors:
                    cr.close()
                self.assertFalse(failures)
                with _Environment(self.registry) as env:
                    self._check(env, name)
