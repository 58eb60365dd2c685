# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .common import CoopOrdersCommon, CoopOrdersData


@tagged("post_install", "-at_install")
class TestQueryCount(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products |= cls.env["product.product"].create(
            [
                {
                    "name": f"More {index}",
                    "list_price": 1,
                    "is_storable": True,
                    "seller_ids": [
                        (0, 0, {"partner_id": cls.producers[index % 3].id, "price": 1})
                    ],
                }
                for index in range(4)
            ]
        )

    def _window_with_orders(self, count):
        members = self.env["res.partner"].create(
            [
                {
                    "name": f"Member {index}",
                    "is_coop_member": True,
                    "coop_group_id": self.group.id,
                    "collection_point_id": self.point.id,
                }
                for index in range(count)
            ]
        )
        window = self._create_window(self.env)
        window.action_open()
        lines = [(offer, 1) for offer in window.offer_ids]
        self.env["sale.order"]._coop_create_orders(
            window, [{"partner": member, "lines": lines} for member in members]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return window

    def _count(self, method):
        before = self.env.cr.sql_log_count
        method()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_closing_200_orders_of_10_lines(self):
        small = self._count(self._window_with_orders(10).action_close)
        big = self._count(self._window_with_orders(200).action_close)
        # Linear at most, and less than one query an order.
        self.assertLess(big, 200)
        self.assertLess(big - small, 190)

    def test_purchase_orders_do_not_depend_on_the_number_of_orders(self):
        counts = []
        for size in (10, 100):
            window = self._window_with_orders(size)
            window.action_close()
            self.env.flush_all()
            self.env.invalidate_all()
            counts.append(self._count(window.action_create_purchase_orders))
        self.assertLessEqual(counts[1], counts[0] + 10)

    def test_creating_orders_in_batch(self):
        counts = []
        for size in (5, 50):
            members = self.env["res.partner"].create(
                [{"name": f"M{i}", "is_coop_member": True} for i in range(size)]
            )
            window = self._create_window(self.env)
            lines = [(offer, 1) for offer in window.offer_ids]
            vals = [{"partner": member, "lines": lines} for member in members]
            self.env.flush_all()
            counts.append(
                self._count(
                    lambda window=window, vals=vals: self.env[
                        "sale.order"
                    ]._coop_create_orders(window, vals)
                )
            )
        self.assertLess(counts[1], counts[0] + 45 * 6)

    def _count_change(self, offer, quantity):
        """Queries of a change, after what the route's access check reads."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.window._accepts_member(self.member)
        self.env.user.mapped("partner_id")
        # sudo, as the change itself.
        self.window.sudo().mapped("minimum_order_amount")
        return self._count(
            lambda: self._change(self.window, self.member, (offer, quantity))
        )

    def test_a_change_of_quantity(self):
        """At most ten queries, whatever the order and the window hold."""
        self.window.action_open()
        offer, other = self.window.offer_ids[:2]
        self._change(self.window, self.member, (offer, 1))
        self._count_change(offer, 2)
        alone = self._count_change(offer, 3)
        self.assertLessEqual(alone, 8)
        self.assertLessEqual(self._count_change(other, 1), 10)
        self._change(
            self.window, self.member, *((each, 1) for each in self.window.offer_ids)
        )
        self.assertEqual(self._count_change(offer, 4), alone)

    def test_a_change_of_a_limited_quantity(self):
        """To wait for the others, to count what is left and who waits for it."""
        self.window.action_open()
        offer = self.window.offer_ids[0]
        offer.quantity_max = 10
        self._change(self.window, self.member, (offer, 1))
        self._count_change(offer, 2)
        self.assertLessEqual(self._count_change(offer, 3), 10)


@tagged("post_install", "-at_install")
class TestPageQueryCount(CoopOrdersData, HttpCase):
    def test_window_page(self):
        self._create_coop(self.env)
        window = self._create_window(self.env)
        window.action_open()
        self.authenticate("coop_member_a", "coop_member_a")
        url = f"/my/coop/window/{window.id}"
        self.url_open(url)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.url_open(url)
        self.assertLessEqual(self.env.cr.sql_log_count - before, 35)

    def test_change_route(self):
        """The whole request, session and access checks included."""
        self._create_coop(self.env)
        window = self._create_window(self.env)
        window.action_open()
        self.authenticate("coop_member_a", "coop_member_a")
        counts = []
        for quantity in (1, 2, 3):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.make_jsonrpc_request(
                f"/my/coop/window/{window.id}/change",
                {
                    "changes": [
                        {"offer_id": window.offer_ids[0].id, "quantity": quantity}
                    ]
                },
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], 14)
