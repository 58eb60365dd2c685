import uuid

from odoo import fields
from odoo.tests import tagged

from tests.killed_case import KilledCase

MEMBERS, PRODUCTS = 5, 3


@tagged("post_install", "-at_install")
class TestPrepareKilled(KilledCase):
    """Baskets prepared by a process of its own, killed with SIGKILL, then again."""

    process_name = "preparing_process.py"

    def _create_data(self, env):
        tag = uuid.uuid4().hex[:8]
        point = self._make(env, "coop.collection.point", [{"name": tag}])
        products = self._make(
            env,
            "product.product",
            [
                {"name": f"{tag} {i}", "list_price": 3, "is_storable": True}
                for i in range(PRODUCTS)
            ],
        )
        farm = self._make(env, "res.partner", [{"name": f"Farm {tag}"}])
        members = self._make(
            env,
            "res.partner",
            [
                {"name": f"Member {tag} {i}", "is_coop_member": True}
                for i in range(MEMBERS)
            ],
        )
        window = env["coop.order.window"].create(
            {
                "name": tag,
                "closes_at": "2199-01-01 00:00:00",
                "offer_ids": [
                    (0, 0, {"product_id": product.id, "supplier_id": farm.id})
                    for product in products
                ],
                "distribution_ids": [
                    (
                        0,
                        0,
                        {
                            "collection_point_id": point.id,
                            "date_start": "2199-01-02 10:00:00",
                            "date_end": "2199-01-02 12:00:00",
                        },
                    )
                ],
            }
        )
        self.window_id = window.id
        window.action_open()
        env["sale.order"]._coop_create_orders(
            window,
            [
                {
                    "partner": member,
                    "lines": [(offer, 2) for offer in window.offer_ids],
                    "state": "sent",
                }
                for member in members
            ],
        )
        window.order_ids.distribution_id = window.distribution_ids
        window.order_ids.write({"state": "sale"})
        for line in window.order_ids.order_line:
            line.quantity_allocated = line.product_uom_qty
        now = fields.Datetime.now()
        window.offer_ids.write({"allocated_at": now})
        window.write({"state": "closed", "allocated_at": now})
        window.distribution_ids.prepare_asked_at = now

    def _clean(self, env):
        window = env["coop.order.window"].browse(self.window_id)
        pickings = window.order_ids.picking_ids
        batches = pickings.batch_id
        pickings.action_cancel()
        pickings.move_ids.unlink()
        pickings.unlink()
        batches.unlink()
        window.order_ids.write({"state": "cancel"})
        window.order_ids.unlink()
        window.state = "draft"
        window.unlink()
        self._unlink_made(env)

    def _read(self):
        """``(baskets made, moves, state of the distribution)``."""

        def read(env):
            window = env["coop.order.window"].browse(self.window_id)
            pickings = window.order_ids.picking_ids
            return len(pickings), len(pickings.move_ids), window.distribution_ids.state

        return self._commit(read)

    def test_killed_then_run_again(self):
        # Two baskets are committed, the next two were just made.
        self._run_process(stop="second")
        self.assertEqual(self._read(), (2, 2 * PRODUCTS, "planned"))

        def read_text(env):
            window = env["coop.order.window"].browse(self.window_id)
            return window.distribution_ids.background_text

        self.assertIn("2 of 5", self._commit(read_text))
        # All are there; the last step was not committed.
        self._run_process(stop="end")
        self.assertEqual(self._read(), (MEMBERS, MEMBERS * PRODUCTS, "planned"))
        self._run_process()
        self.assertEqual(self._read(), (MEMBERS, MEMBERS * PRODUCTS, "prepared"))
        self._run_process()
        self.assertEqual(self._read(), (MEMBERS, MEMBERS * PRODUCTS, "prepared"))
