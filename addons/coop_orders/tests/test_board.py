# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import Form, tagged

from .common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestBoard(CoopOrdersCommon):
    """The window's page as its users see it."""

    def test_every_role_opens_the_page(self):
        """Nothing on the page asks for a right that its reader has not."""
        self.window.action_open()
        self._order(self.window, self.member, {0: 2})
        for user in (self.coordinator, self.buyer, self.referent):
            for state in ("open", "closed"):
                with self.subTest(user=user.login, state=state):
                    self.window.state = state
                    form = Form(self.window.with_user(user))
                    self.assertEqual(form.name, "June order")

    def test_every_step_says_who_and_when(self):
        window = self.window
        window.with_user(self.coordinator).action_open()
        self._order(window, self.member, {0: 2})
        window.with_user(self.coordinator).action_close()
        window.with_user(self.buyer).action_create_purchase_orders()
        window.with_user(self.buyer).action_send_purchase_orders()
        self._receive(window, {})
        self.env.invalidate_all()
        steps = [
            (label, detail)
            for done, label, detail in window.with_user(
                self.coordinator
            )._get_board_steps()
            if done
        ]
        names = {
            "Open to members": self.coordinator.name,
            "Closed": self.coordinator.name,
            "Orders to producers created": self.buyer.name,
            "Sent to the producers": self.buyer.name,
            "Goods received": "by itself",
            "Goods shared out": "by itself",
        }
        found = dict(steps)
        for label, name in names.items():
            self.assertIn(name, found.get(label, "not done"), label)

    def test_given_up_is_not_shared_out(self):
        """A producer given up before anything arrived does not tick the sharing."""
        self.window.action_open()
        self._order(self.window, self.member, {0: 2, 1: 1})
        row = self.window.supplier_ids.filtered(
            lambda row: row.partner_id == self.producers[0]
        )
        row.minimum_amount = 500
        self.window.action_close()
        self.window.action_create_purchase_orders()
        row.with_user(self.buyer).action_give_up()
        steps = {label: done for done, label, _text in self.window._get_board_steps()}
        self.assertFalse(steps["Goods shared out"])

    def test_packs_that_nobody_fills_are_shown(self):
        """Members asked for less than a pack and get nothing: it is said."""
        window = self._create_window(self.env, offers={0: {"pack_size": 10}})
        window.action_open()
        self._order(window, self.member, {0: 2, 1: 1})
        window.with_user(self.buyer).action_close_and_send()
        attention = window.with_user(self.coordinator).attention
        self.assertIn("not enough for a pack of 10", attention)
        self.assertIn("Product 0", attention)
        self.assertNotIn("Product 1", attention)

    def test_goods_that_arrived_need_no_confirmation(self):
        window = self._create_window(self.env)
        window.action_open()
        self._order(window, self.member, {1: 1})
        window.with_user(self.buyer).action_close_and_send()
        self.assertIn("Not confirmed yet by", window.attention)
        self._receive(window, {})
        window.invalidate_recordset(["attention"])
        self.assertNotIn("Not confirmed yet by", window.attention or "")
        steps = {label: done for done, label, _text in window._get_board_steps()}
        self.assertTrue(steps["Confirmed by the producers"])
