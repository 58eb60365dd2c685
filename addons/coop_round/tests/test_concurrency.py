# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import closing
from datetime import timedelta
from functools import partial

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestTwoTills(BaseCase):
    """Two tills, two transactions, one basket: committed data, removed afterwards."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.records = []
        with self._env() as env:
            self._create(env)
        self.addCleanup(self._remove)

    def _env(self):
        """A transaction of its own, committed at its end."""
        cursor = self.registry.cursor()

        class Transaction:
            def __enter__(self):
                return api.Environment(cursor, SUPERUSER_ID, {"lang": "en_US"})

            def __exit__(self, kind, *_args):
                with closing(cursor):
                    if not kind:
                        cursor.commit()

        return Transaction()

    def _keep(self, record):
        self.records.append((record._name, record.ids))
        return record

    def _create(self, env):
        company = env.company
        point = self._keep(
            env["coop.collection.point"].create({"name": "Deux caisses"})
        )
        member = self._keep(
            env["res.partner"].create(
                {
                    "name": "Double Clic",
                    "is_coop_member": True,
                    "free_member": True,
                    "company_id": company.id,
                    "collection_point_id": point.id,
                }
            )
        )
        # A service: nothing to move, so that everything can be removed again.
        product = self._keep(
            env["product.product"].create(
                {
                    "name": "Livraison à vélo",
                    "type": "service",
                    "lst_price": 5.0,
                    "taxes_id": [Command.clear()],
                }
            )
        )
        now = fields.Datetime.now()
        window = self._keep(
            env["coop.order.window"].create(
                {
                    "name": "Deux caisses",
                    "closes_at": now + timedelta(days=1),
                    "distribution_ids": [
                        Command.create(
                            {
                                "collection_point_id": point.id,
                                "date_start": now,
                                "date_end": now + timedelta(hours=2),
                            }
                        )
                    ],
                }
            )
        )
        order = self._keep(
            env["sale.order"].create(
                {
                    "partner_id": member.id,
                    "order_window_id": window.id,
                    "distribution_id": window.distribution_ids.id,
                    "order_line": [
                        Command.create({"product_id": product.id, "price_unit": 5.0})
                    ],
                }
            )
        )
        order.state = "sale"
        order.order_line.qty_delivered = 1.0
        self.order_id = order.id

    def _remove(self):
        with self._env() as env:
            order = env["sale.order"].browse(self.order_id)
            payments = env["account.payment"].search([("coop_order_id", "=", order.id)])
            invoices = order.invoice_ids
            payments.action_draft()
            invoices.button_draft()
            moves = payments.move_id
            payments.unlink()
            (invoices | moves.exists()).with_context(force_delete=True).unlink()
            codes = env["coop.lettering.code"]
            codes.search([("partner_id", "=", order.partner_id.id)]).unlink()
            order.state = "cancel"
            for name, ids in reversed(self.records):
                records = env[name].browse(ids)
                if name == "coop.order.window":
                    records.state = "draft"
                if name == "product.product":
                    records = records.product_tmpl_id
                records.unlink()

    def _run_both(self, act):
        """Run ``act(env)`` in two transactions that both began before either acted.

        The second one is run as Odoo runs a request: again after a conflict.
        """
        results = []
        with (
            closing(self.registry.cursor()) as first,
            closing(self.registry.cursor()) as second,
        ):
            envs = [
                api.Environment(cursor, SUPERUSER_ID, {"lang": "en_US"})
                for cursor in (first, second)
            ]
            for env in envs:
                # A snapshot, with everything read that a screen has read
                env["sale.order"].browse(self.order_id).read(["serve_state"])
            for env in envs:
                try:
                    # The conflict is what this is about: no need to read it in logs
                    with mute_logger("odoo.sql_db", "odoo.service.model"):
                        retrying(partial(act, env), env)
                    results.append("done")
                except UserError as error:
                    env.cr.rollback()
                    results.append(str(error))
        return results

    def _count(self):
        with self._env() as env:
            order = env["sale.order"].browse(self.order_id)
            payments = env["account.payment"].search([("coop_order_id", "=", order.id)])
            return {
                "serve_state": order.serve_state,
                "invoices": len(order.invoice_ids),
                "payments": len(payments),
                "due": order.coop_amount_due,
            }

    def test_two_tills_collect_once(self):
        def act(env):
            env["coop.distribution.payment"].with_context(
                default_order_id=self.order_id
            ).create({"method": "cash"}).action_confirm()

        results = self._run_both(act)
        self.assertEqual(results.count("done"), 1, results)
        self.assertIn("already", next(r for r in results if r != "done"))
        self.assertEqual(
            self._count(),
            {"serve_state": "served", "invoices": 1, "payments": 1, "due": 0.0},
        )

    def test_late_payment_is_taken_once(self):
        with self._env() as env:
            env["sale.order"].browse(self.order_id).action_coop_serve()

        def act(env):
            order = env["sale.order"].browse(self.order_id)
            order._coop_pay({order: {"kind": "cash"}})

        results = self._run_both(act)
        self.assertEqual(results.count("done"), 1, results)
        self.assertEqual(self._count()["payments"], 1)
        self.assertEqual(self._count()["due"], 0.0)

    def test_a_driver_and_a_till_collect_once(self):
        """The volunteer is at the door while the member pays at the point."""
        with self._env() as env:
            order = env["sale.order"].browse(self.order_id)
            order.coop_home_delivery = True
            env.company.coop_home_cash = True
            trip = self._keep(
                env["coop.round"].create(
                    {
                        "driver_id": env.user.partner_id.id,
                        "stop_ids": [
                            Command.create({"kind": "home", "order_id": order.id})
                        ],
                    }
                )
            )
            self.stop_id = trip.stop_ids.id
        turns = iter(("door", "till"))

        def act(env):
            if self.turns.setdefault(env.cr, next(turns, None)) == "door":
                env["coop.round.stop"].browse(self.stop_id)._set_done(
                    {
                        "state": "done",
                        "counted": "1",
                        "signed_by": "Double Clic",
                        "payment": {"kind": "cash", "amount": 5.0},
                    }
                )
            else:
                env["coop.distribution.payment"].with_context(
                    default_order_id=self.order_id
                ).create({"method": "cash"}).action_confirm()

        self.turns = {}
        results = self._run_both(act)
        with self._env() as env:
            self._keep(env["coop.cash.session"].search([("is_purse", "=", True)]))
        self.assertEqual(results.count("done"), 1, results)
        self.assertEqual(self._count()["payments"], 1)
        self.assertEqual(self._count()["invoices"], 1)
        self.assertEqual(self._count()["due"], 0.0)
