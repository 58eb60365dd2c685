# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.coop_logistics.tests.common import LogisticsCommon


@tagged("post_install", "-at_install")
class TestTill(LogisticsCommon):
    """The screen of the day: who is here, left-overs, a proxy; and its queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._coop_receive()
        cls.window.distribution_ids.action_prepare()
        cls.own = cls.distribution.with_user(cls.user_referent)
        cls.own.coop_till_open(50.0)
        cls.alice = cls.order.with_user(cls.user_referent)

    def _row(self, order):
        rows = self.own.coop_till_load()["orders"]
        return next(row for row in rows if row["id"] == order.id)

    def test_opening_the_till_opens_the_doors(self):
        self.assertEqual(self.distribution.state, "open")

    def test_states_of_a_member(self):
        self.assertEqual(self._row(self.order)["state"], "expected")
        self.alice.coop_till_check_in()
        self.assertEqual(self._row(self.order)["state"], "here")
        self.assertEqual(self.own.coop_till_poll()["states"][self.order.id], "here")
        self.alice.coop_till_check_in(False)
        self.assertEqual(self._row(self.order)["state"], "expected")
        self.alice.action_coop_no_show()
        self.assertEqual(self._row(self.order)["state"], "no_show")
        self.alice.coop_till_check_in()
        self.assertEqual(self._row(self.order)["state"], "here")

    def test_weighed_removed_and_a_proxy(self):
        carrots, eggs, cheese = (
            self._line(self.order, product) for product in self.products
        )
        quantities = {str(cheese.id): 0.437, str(eggs.id): 0.0}
        amount = self.alice.coop_till_amount(quantities)
        # 2 kg × 2.00 + 0.437 kg × 18.00
        self.assertAlmostEqual(amount, 11.87)
        self.alice.coop_till_serve(
            {
                "quantities": quantities,
                "payments": [{"kind": "card", "amount": amount}],
                "collected_by": "Sa voisine Mme Roy",
            }
        )
        self.assertAlmostEqual(self.order.invoice_ids.amount_total, 11.87)
        self.assertAlmostEqual(cheese.qty_delivered, 0.437)
        self.assertAlmostEqual(eggs.qty_delivered, 0.0)
        self.assertAlmostEqual(carrots.qty_delivered, 2.0)
        self.assertEqual(self._row(self.order)["by"], "Sa voisine Mme Roy")

    def test_seven_hundred_kilograms_are_questioned(self):
        cheese = self._line(self.order, self.cheese)
        with self.assertRaises(UserError):
            self.alice.coop_till_serve(
                {"quantities": {cheese.id: 700.0}, "payments": [{"kind": "later"}]}
            )
        with self.assertRaises(UserError):
            self.alice.coop_till_serve(
                {
                    "extras": [{"offer_id": self.cheese_offer.id, "quantity": 700.0}],
                    "payments": [{"kind": "later"}],
                }
            )

    def test_left_overs_are_sold_at_once(self):
        """What a member leaves is offered to the next, and sold to the gram."""
        eggs = self._line(self.order, self.eggs)
        self.alice.coop_till_serve(
            {"quantities": {eggs.id: 1.0}, "payments": [{"kind": "later"}]}
        )
        extras = self.own.coop_till_extras()
        self.assertEqual(extras[0]["offer_id"], self.eggs_offer.id)
        self.assertAlmostEqual(extras[0]["left"], 2.0)
        paulette = self.order_paper.with_user(self.user_referent)
        extra = {"offer_id": self.eggs_offer.id, "quantity": 2.0}
        amount = paulette.coop_till_amount(
            {self._line(self.order_paper, self.eggs).id: 5.0}
        )
        self.assertAlmostEqual(amount, 15.7 + 3.0)
        paulette.coop_till_serve(
            {"extras": [extra], "payments": [{"kind": "cash", "amount": amount}]}
        )
        line = self._line(self.order_paper, self.eggs)
        self.assertAlmostEqual(line.product_uom_qty, 3.0)
        self.assertAlmostEqual(line.qty_delivered, 5.0)
        left = {row["offer_id"]: row["left"] for row in self.own.coop_till_extras()}
        self.assertAlmostEqual(left[self.eggs_offer.id], 0.0)

    def test_extra_that_was_not_ordered(self):
        window = self._coop_make_window("Sans œufs", days=9)
        carrots, eggs, _cheese = window.offer_ids
        [order] = self.env["sale.order"]._coop_create_orders(
            window, [{"partner": self.member, "lines": [(carrots, 1.0)]}]
        )
        self._coop_make_orders(window, self.member_2)
        self._coop_receive(window)
        order.distribution_id.action_prepare()
        order.distribution_id.with_user(self.user_referent).coop_till_open(0.0)
        own = order.with_user(self.user_referent)
        extras = [{"offer_id": eggs.id, "quantity": 2.0}]
        amount = own.coop_till_amount({}, extras)
        self.assertAlmostEqual(amount, 5.0)
        own.coop_till_serve(
            {"extras": extras, "payments": [{"kind": "cash", "amount": amount}]}
        )
        line = self._line(order, self.eggs)
        self.assertTrue(line.is_coop_extra)
        self.assertEqual(line.product_uom_qty, 0.0)
        self.assertAlmostEqual(line.qty_delivered, 2.0)
        self.assertAlmostEqual(order.invoice_ids.amount_total, 5.0)
        self.assertEqual(set(order.picking_ids.mapped("state")), {"done"})

    def test_offer_of_another_window_is_no_extra(self):
        other = self._coop_make_window("Autre", days=9).offer_ids[0]
        with self.assertRaises(UserError):
            self.alice.coop_till_serve(
                {
                    "extras": [{"offer_id": other.id, "quantity": 1.0}],
                    "payments": [{"kind": "later"}],
                }
            )

    def test_bread_on_the_table_that_nobody_has_received_in_the_books(self):
        """What the screen shows is what is handed over and paid."""
        baker = self.env["res.partner"].create({"name": "Fournil", "supplier_rank": 1})
        self.eggs.seller_ids.partner_id = baker
        window = self._coop_make_window("Avec du pain", days=9)
        [order] = self._coop_make_orders(window, self.member)
        receipts = self._coop_close(window)
        receipt = receipts.filtered(lambda p: p.partner_id != baker)
        receipt.delivery_note_ref = "BL-9"
        receipt.action_coop_all_good()
        receipt.action_coop_receive()
        order.distribution_id.action_prepare()
        order.distribution_id.with_user(self.user_referent).coop_till_open(0.0)
        own = order.with_user(self.user_referent)
        self.assertAlmostEqual(own.coop_till_amount({}), 15.7)
        own.coop_till_serve({"payments": [{"kind": "cash", "amount": 15.7}]})
        self.assertAlmostEqual(self._line(order, self.eggs).qty_delivered, 3.0)
        self.assertAlmostEqual(order.invoice_ids.amount_total, 15.7)

    def test_somebody_elses_point(self):
        bruno = self.order_2.with_user(self.user_referent)
        with self.assertRaises(AccessError):
            self.distribution_2.with_user(self.user_referent).coop_till_load()
        for call in (
            bruno.coop_till_read,
            bruno.coop_till_check_in,
            lambda: bruno.coop_till_amount({}),
            lambda: bruno.coop_till_serve({"payments": [{"kind": "later"}]}),
            lambda: bruno.coop_till_correct(1, "essai"),
        ):
            with self.assertRaises(AccessError):
                call()
        for user in (self.user_member, self.user_buyer):
            with self.assertRaises(AccessError):
                self.order.with_user(user).coop_till_read()

    def test_payment_of_another_order_is_not_corrected(self):
        self.alice.coop_till_serve({"payments": [{"kind": "cash", "amount": 15.7}]})
        payment = self.env["account.payment"].search(
            [("coop_order_id", "=", self.order.id)]
        )
        with self.assertRaises(UserError):
            self.order_paper.with_user(self.user_referent).coop_till_correct(
                payment.id, "Pas le mien"
            )
        self.assertFalse(payment.coop_corrected_at)

    def test_queries_with_many_members(self):
        """As many queries for 60 members as for 2: under 40."""
        members = self.env["res.partner"].create(
            [
                {
                    "name": f"Membre {number:03d}",
                    **self._coop_member_values(self.group_toul, self.point_1),
                }
                for number in range(60)
            ]
        )
        window = self._coop_make_window("En nombre", days=8)
        orders = self._coop_make_orders(window, members)
        self._coop_receive(window, {self.carrots: 50.0})
        distribution = orders.distribution_id
        distribution.action_prepare()
        own = distribution.with_user(self.user_referent)
        own.coop_till_open(50.0)
        orders[:5].action_coop_serve()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        # As with many more lines: what is read on the way comes in pieces.
        with (
            patch("odoo.orm.fields.PREFETCH_MAX", 70),
            patch("odoo.orm.models.PREFETCH_MAX", 70),
        ):
            data = own.coop_till_load()
        self.assertLess(self.cr.sql_log_count - before, 40)
        self.assertEqual(len(data["orders"]), 60)
        self.assertEqual(sum(row["state"] == "served" for row in data["orders"]), 5)
