# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestGiveUp(CoopOrdersCommon):
    """A baker (products 0 and 3) who cannot supply; two members, others untouched."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref(
            "coop_orders_decision.mail_template_producer_given_up"
        ).reset_template()
        cls.window.with_user(cls.coordinator).action_open()
        cls.baker = cls.window.supplier_ids.filtered(
            lambda row: row.partner_id == cls.producers[0]
        )
        cls.order = cls._order(cls.window, cls.member, {0: 2, 1: 1})
        cls.basket = cls._order(cls.window, cls.member_b, {3: 1}, state="draft")
        cls.line = cls.order.order_line[0]

    def _mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "in", self.window.order_ids.ids)]
        )

    def _give_up(self):
        self.baker.with_user(self.buyer).action_give_up()
        self.env.invalidate_all()

    def test_open_window_tells_at_once(self):
        self.assertTrue(self.baker.can_give_up)
        self._give_up()
        mails = self._mails()
        self.assertEqual(mails.recipient_ids, self.member | self.member_b)
        mail = mails.filtered(lambda m: m.recipient_ids == self.member)
        self.assertIn("cannot supply this time", mail.body_html)
        self.assertIn("Product 0", mail.body_html)
        self.assertNotIn("Product 1", mail.body_html)
        self.assertIn(f"/my/coop/window/{self.window.id}", mail.body_html)
        self.assertEqual(self.baker.standing, "given_up")
        self.assertIn("cannot supply", self.window.message_ids[0].body)
        # What was asked for stays written beside what they get.
        self.assertEqual(
            (self.line.product_uom_qty, self.line.quantity_allocated), (2, 0)
        )
        self._give_up()
        self.assertEqual(self._mails(), mails)

    def test_nobody_orders_from_them_any_more(self):
        self._give_up()
        order, rejected = self._change(
            self.window, self.member, (self.window.offer_ids[0], 5)
        )
        self.assertEqual(len(rejected), 1)
        self.assertIn("cannot supply", rejected[0]["message"])
        _order, rejected = self._change(
            self.window, self.member, (self.window.offer_ids[1], 5)
        )
        self.assertFalse(rejected)
        self.assertEqual(order.state, "sent")

    def test_closing_orders_from_the_others_and_tells_nothing_again(self):
        self._give_up()
        told = self._mails()
        window = self.window.with_user(self.buyer)
        window.action_close_and_send()
        self.assertFalse(self.baker.purchase_order_id)
        self.assertTrue(window.purchase_order_ids)
        self._receive(self.window, {})
        self.assertEqual(self.line.quantity_allocated, 0)
        about = self._mails() - told
        self.assertNotIn("Product 0", "".join(about.mapped("body_html")))

    def test_closed_window_is_not_shared_out_by_it(self):
        self.window.with_user(self.buyer).action_close()
        self._give_up()
        self.assertFalse(self.window.allocated_at)
        self.assertEqual(self.window.next_step, "order")
        mail = self._mails().filtered(lambda m: "Product 0" in (m.body_html or ""))
        self.assertEqual(mail.recipient_ids, self.member)
        self.assertIn(f"/my/coop/orders/{self.order.id}", mail.body_html)

    def test_opened_again_they_stay_given_up(self):
        self.window.with_user(self.buyer).action_close()
        self._give_up()
        self.window.closes_at = self.now + timedelta(days=5)
        self.window.with_user(self.coordinator).action_reopen()
        _order, rejected = self._change(
            self.window, self.member, (self.window.offer_ids[0], 5)
        )
        self.assertEqual(len(rejected), 1)

    def test_all_given_up_is_decided(self):
        self.window.with_user(self.buyer).action_close()
        for row in self.window.supplier_ids:
            row.with_user(self.buyer).action_give_up()
        self.assertTrue(self.window.allocated_at)
        # Nothing is ordered from anybody: the chain goes on.
        self.assertNotEqual(self.window.next_step, "order")

    def test_not_with_an_order_nor_by_a_referent(self):
        with self.assertRaises(AccessError):
            self.baker.with_user(self.referent).action_give_up()
        self.window.with_user(self.buyer).action_close_and_send()
        self.assertFalse(self.baker.can_give_up)
        told = self._mails()
        with self.assertRaisesRegex(UserError, "already has an order"):
            self._give_up()
        self.assertEqual(self._mails(), told)
