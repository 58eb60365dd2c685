# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.coop_purchase_planner.tests.test_purchase_plan import (
    TODAY,
    PurchasePlanCommon,
)


@tagged("post_install", "-at_install")
class TestShelfBooks(PurchasePlanCommon):
    """A session opened on Friday, closed on Monday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.point_of_sale_update_stock_quantities = "closing"
        cls.products.available_in_pos = True
        cls.cashier = new_test_user(
            cls.env, "coop_cashier", "point_of_sale.group_pos_manager"
        )
        journals = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "bank")], limit=1
        )
        cls.payment_method = cls.env["pos.payment.method"].create(
            {"name": "Card", "journal_id": journals.id}
        )
        cls.config = cls.env["pos.config"].create(
            {
                "name": "Till",
                "payment_method_ids": [Command.set(cls.payment_method.ids)],
            }
        )
        cls.config.with_user(cls.cashier).open_ui()
        cls.session = cls.config.current_session_id
        cls.session.state = "opened"

    def _sell_at(self, moment, quantity, paid=True):
        """A ticket, paid by card, as the cashier."""
        product = self.bread
        amount = quantity * product.list_price
        ticket = (
            self.env["pos.order"]
            .with_user(self.cashier)
            .create(
                {
                    "session_id": self.session.id,
                    "company_id": self.company.id,
                    "date_order": moment,
                    "amount_total": amount,
                    "amount_tax": 0,
                    "amount_paid": 0,
                    "amount_return": 0,
                    "lines": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "qty": quantity,
                                "price_unit": product.list_price,
                                "price_subtotal": amount,
                                "price_subtotal_incl": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        if not paid:
            return ticket
        ticket.add_payment(
            {
                "pos_order_id": ticket.id,
                "amount": amount,
                "payment_method_id": self.payment_method.id,
            }
        )
        ticket.action_pos_order_paid()
        return ticket

    def _read(self):
        self.env.flush_all()
        books = self.env["coop.shelf.books"]
        return (
            books._read_product_sales(self.company, TODAY, 30, self.bread.ids),
            books._read_product_flows(self.company, TODAY, 30, self.bread.ids),
            books._read_stock(self.company, self.bread.ids),
            books._read_visits(self.company, TODAY, 30),
        )

    def test_the_day_is_the_ticket_s_before_and_after_closing(self):
        self._set_stock(self.bread, 50)
        friday = datetime(2022, 3, 18, 10)
        self._sell_at(friday, 3)
        self._sell_at(friday + timedelta(hours=1), 2)
        # 00:30 on Sunday in Paris is still Saturday in UTC.
        self._sell_at(datetime(2022, 3, 19, 23, 30), 4)
        days = [friday.toordinal(), friday.toordinal() + 2]
        expected = (
            {self.bread.id: {days[0]: 5, days[1]: 4}},
            {self.bread.id: ({days[0]: -5, days[1]: -4}, {})},
            {self.bread.id: 41},
            {days[0]: 2, days[1]: 1},
        )
        self.assertEqual(self._read(), expected)
        self.session.with_user(self.cashier).action_pos_session_closing_control()
        self.assertEqual(self.session.state, "closed")
        moves = self.env["stock.move"].search(
            [("product_id", "=", self.bread.id), ("state", "=", "done")]
        )
        self.assertEqual(sum(moves.mapped("quantity")), 9)
        self.assertEqual(self._read(), expected)

    def test_a_ticket_that_is_not_paid_is_no_sale(self):
        self._sell_at(datetime(2022, 3, 18, 10), 3, paid=False)
        self.assertEqual(self._read()[0], {})

    def test_the_plan_orders_what_the_till_sells(self):
        self._set_stock(self.bread, 240)
        for ago in range(1, 29):
            day = datetime.combine(TODAY, datetime.min.time()) - timedelta(days=ago)
            if day.weekday() < 6:
                self._sell_at(day.replace(hour=10), 10)
        plan = self._plan()
        plan.action_compute()
        line = self._line(plan, self.bread)
        self.assertAlmostEqual(line.forecast, 80)
        self.assertEqual(plan.weekly_visits[-4:], [6, 6, 6, 6])

    def test_customers_by_hour(self):
        self._sell_at(datetime(2022, 3, 18, 10, 5), 3)
        self._sell_at(datetime(2022, 3, 18, 10, 50), 1)
        self._sell_at(datetime(2022, 3, 19, 23, 30), 4)
        self.env.flush_all()
        found = (
            self.env["coop.footfall.report"]
            .with_user(self.buyer)
            ._read_group(
                [("config_id", "=", self.config.id)],
                ["weekday", "hour"],
                ["ticket_count:sum"],
            )
        )
        # Paris is one hour ahead of UTC in March.
        self.assertEqual(found, [("5", "11 h", 2), ("7", "00 h", 1)])

    def test_customers_are_the_buyer_s_and_of_one_company(self):
        self._sell_at(datetime(2022, 3, 18, 10), 3)
        report = self.env["coop.footfall.report"]
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "coop_other_buyer",
            "coop_base.coop_base_group_buyer",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertTrue(report.with_user(self.buyer).search_count([]))
        self.assertFalse(report.with_user(stranger).search_count([]))
        for user in (self.member_user, self.referent):
            with self.assertRaises(AccessError):
                report.with_user(user).search_count([])
