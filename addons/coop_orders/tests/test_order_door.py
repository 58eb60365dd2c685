# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import functools

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CoopOrdersCommon


def as_each(test):
    """Run a test as each role that may write on orders, undone after each."""

    @functools.wraps(test)
    def run(self):
        for user in self.staff:
            with self.subTest(role=user.login), self.env.cr.savepoint() as savepoint:
                test(self, user)
                savepoint.rollback()
            self.env.invalidate_all()

    return run


@tagged("post_install", "-at_install")
class TestOrderDoor(CoopOrdersCommon):
    """Whatever screen or call changes a member's order comes through one door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "door_manager", "coop_base.coop_base_group_manager", lang="en_US"
        )
        cls.salesman = new_test_user(
            cls.env, "door_sales", "sales_team.group_sale_manager", lang="en_US"
        )
        cls.staff = cls.coordinator | cls.manager
        cls.window.action_open()
        cls.offer, cls.other = cls.window.offer_ids[:2]
        cls.order = cls._order(cls.window, cls.member, {0: 2, 1: 3})
        cls.line = cls.order.order_line[0]
        cls.place = cls.window.distribution_ids[1]

    def _close(self):
        self.window.with_user(self.buyer).action_close()
        self.assertEqual(self.order.state, "sale")

    def _mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "=", self.order.id)]
        )

    def _history(self):
        return [
            (row["who"], row["what"])
            for row in self.order._coop_read_history()
            if row["kind"] != "confirm"
        ]

    # ------------------------------------------------------------------
    # While the window is open
    # ------------------------------------------------------------------

    @as_each
    def test_a_quantity_goes_the_member_s_way(self, user):
        self.line.with_user(user).product_uom_qty = 5
        self.assertEqual(self.line.product_uom_qty, 5)
        self.assertEqual(self._history(), [(user.name, "Product 0: 2 → 5")])
        (mail,) = self._mails()
        self.assertIn("Product 0: 2 → 5", mail.body_html)
        self.assertEqual(self.order.entered_by_id, user)

    @as_each
    def test_a_form_saves_what_did_not_change(self, user):
        order = self.order.with_user(user)
        values = {"product_uom_qty": 2.0, "price_unit": self.line.price_unit}
        order.write(
            {"state": "sent", "order_line": [Command.update(self.line.id, values)]}
        )
        self.assertFalse(self._history())
        self.assertFalse(self._mails())

    def test_who_has_no_role_changes_nothing(self):
        """Odoo lets who sells, bills or delivers write on every order."""
        others = [
            new_test_user(self.env, f"door_{index}", group, lang="en_US")
            for index, group in enumerate(
                (
                    "sales_team.group_sale_manager",
                    "account.group_account_manager",
                    "stock.group_stock_manager",
                    "coop_base.coop_base_group_buyer",
                    "coop_base.coop_base_group_referent",
                )
            )
        ]
        for user in others:
            order, line = self.order.with_user(user), self.line.with_user(user)
            for record, values in (
                (line, {"product_uom_qty": 5}),
                (line, {"price_unit": 0.01}),
                (line, {"quantity_allocated": 1}),
                (order, {"state": "sale"}),
                (order, {"distribution_id": self.place.id}),
                (order, {"order_line": [Command.delete(line.id)]}),
            ):
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    record.write(values)
            for call in (order.action_cancel, order.action_confirm, order.unlink):
                with (
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    call()
            self.assertEqual(self.line.product_uom_qty, 2)
            self.assertEqual(self.order.state, "sent")

    @as_each
    def test_limits_hold_for_staff(self, user):
        self.offer.quantity_max = 4
        self.other.quantity_max_per_member = 6
        with self.assertRaisesRegex(UserError, "Only 4 of Product 0"):
            self.line.with_user(user).product_uom_qty = 5
        with self.assertRaisesRegex(UserError, "At most 6 of Product 1"):
            self.order.order_line[1].with_user(user).product_uom_qty = 7

    @as_each
    def test_an_import_of_too_much(self, user):
        for quantity in ("100000", "1001", "-1"):
            result = (
                self.env["sale.order.line"]
                .with_user(user)
                .load([".id", "product_uom_qty"], [[f"{self.line.id}", quantity]])
            )
            self.assertFalse(result["ids"], quantity)
            self.assertEqual(self.line.product_uom_qty, 2)
        # What many of one product cost nothing to allow: a limit of its own.
        self.offer.quantity_max_per_member = 2000
        self.line.with_user(user).product_uom_qty = 1001
        self.assertEqual(self.line.product_uom_qty, 1001)

    @as_each
    def test_what_is_the_offer_s_is_not_the_order_s(self, user):
        values = {
            "price_unit": 0.01,
            "discount": 50.0,
            "tax_ids": [Command.clear()],
            "product_id": self.products[3].id,
            "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
            "offer_id": self.window.offer_ids[4].id,
        }
        for name, value in values.items():
            with self.assertRaises(UserError, msg=name):
                self.line.with_user(user).write({name: value})
            with self.assertRaises(UserError, msg=name):
                self.order.with_user(user).write(
                    {"order_line": [Command.update(self.line.id, {name: value})]}
                )

    @as_each
    def test_what_makes_it_that_order(self, user):
        values = {
            "state": "sale",
            "partner_id": self.member_b.id,
            "order_window_id": False,
            "validated_at": False,
            "coop_taps": {},
        }
        self.order.coop_taps = {"1": ["a", 1]}
        for name, value in values.items():
            with self.assertRaises(UserError, msg=name):
                self.order.with_user(user).write({name: value})
        with self.assertRaises(UserError):
            self.order.with_user(user).action_confirm()

    @as_each
    def test_no_line_and_no_order_by_hand(self, user):
        product = self.products[4]
        order = self.order.with_user(user)
        line = {"product_id": product.id, "product_uom_qty": 1}
        with self.assertRaises(UserError):
            order.order_line.create({"order_id": order.id, **line})
        with self.assertRaises(UserError):
            order.write({"order_line": [Command.create(line)]})
        with self.assertRaises(UserError):
            order.write({"order_line": [Command.delete(self.line.id)]})
        with self.assertRaises(UserError):
            order.unlink()
        with self.assertRaises(UserError):
            order.create(
                {
                    "partner_id": self.member_b.id,
                    "order_window_id": self.window.id,
                }
            )
        self.assertEqual(len(self.order.order_line), 2)

    def test_a_quotation_becomes_no_member_s_order(self):
        self.salesman.group_ids += self.env.ref("coop_base.coop_base_group_coordinator")
        quotation = self.env["sale.order"].create(
            {"partner_id": self.member_b.id, "user_id": self.salesman.id}
        )
        with self.assertRaises(UserError):
            quotation.with_user(self.salesman).order_window_id = self.window
        # What a salesperson does with the own quotations is Odoo's.
        own = quotation.with_user(self.salesman)
        own.write(
            {
                "order_line": [
                    Command.create(
                        {"product_id": self.products[0].id, "product_uom_qty": 4000}
                    )
                ]
            }
        )
        own.order_line.price_unit = 1.0
        own.action_confirm()
        self.assertEqual(own.state, "sale")

    @as_each
    def test_another_place(self, user):
        self.order.with_user(user).distribution_id = self.place
        self.assertEqual(self.order.distribution_id, self.place)
        self.assertEqual(
            self._history(),
            [(user.name, "Collection: Town hall → Village square")],
        )
        self.assertIn("Village square", self._mails().body_html)

    @as_each
    def test_a_full_slot_is_full_for_staff(self, user):
        slot = self.env["coop.distribution.slot"].create(
            {
                "distribution_id": self.place.id,
                "date_start": self.place.date_start,
                "date_end": self.place.date_end,
                "capacity": 1,
            }
        )
        self._order(self.window, self.member_b, {0: 1}).write(
            {"distribution_id": self.place.id, "slot_id": slot.id}
        )
        with self.assertRaisesRegex(UserError, "just filled up"):
            self.order.with_user(user).write(
                {"distribution_id": self.place.id, "slot_id": slot.id}
            )

    @as_each
    def test_cancelled_and_taken_back(self, user):
        order = self.order.with_user(user)
        order.action_cancel()
        self.assertEqual(self.order.state, "cancel")
        self.assertEqual(self._history(), [(user.name, "Order cancelled")])
        self.assertEqual(len(self._mails()), 1)
        order.action_draft()
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(self._history()[0], (user.name, "Basket taken back"))

    # ------------------------------------------------------------------
    # After the closing
    # ------------------------------------------------------------------

    @as_each
    def test_a_confirmed_order_is_corrected_by_its_own_action(self, user):
        self._close()
        order, line = self.order.with_user(user), self.line.with_user(user)
        with self.assertRaisesRegex(UserError, "Correct the Order"):
            line.product_uom_qty = 9
        for call in (order.action_cancel, order.action_draft):
            with self.assertRaisesRegex(UserError, "Correct the Order"):
                call()
        with self.assertRaisesRegex(UserError, "Correct the Order"):
            order.state = "draft"
        self.assertEqual(self.line.product_uom_qty, 2)
        self.assertEqual(self.order.state, "sale")

    @as_each
    def test_a_share_by_hand(self, user):
        second = self._order(self.window, self.member_b, {0: 4})
        self._close()
        self.window.with_user(self.buyer).action_create_purchase_orders()
        self.window.purchase_order_ids.button_confirm()
        with self.assertRaises(UserError):
            self.line.with_user(self.coordinator).quantity_allocated = 1
        self._receive(self.window, {self.offer.product_id: 6})
        self.assertEqual(second.order_line.quantity_allocated, 4)
        line = self.line.with_user(user)
        for wrong in (-1, 7, 100000):
            with self.assertRaises(UserError):
                line.quantity_allocated = wrong
        line.quantity_allocated = 3
        self.assertTrue(self.line.allocation_locked)
        self.assertEqual(second.order_line.quantity_allocated, 3)
        self.assertEqual(
            self._history(),
            [(user.name, "Product 0: you get 3 instead of 2")],
        )

    @as_each
    def test_moved_after_the_closing_until_it_is_prepared(self, user):
        self._close()
        self.order.with_user(user).distribution_id = self.place
        self.assertEqual(self.order.distribution_id, self.place)
        self.assertEqual(len(self._mails()), 1)
