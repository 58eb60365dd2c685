"""The buyer reads what is to be bought, not who eats it."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestBuyerReads(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls.order = cls._order(cls.window, cls.member, {0: 2, 1: 3})
        cls.keeper = new_test_user(cls.env, "keeper", "stock.group_stock_user")

    def test_orders_of_members_by_every_read(self):
        for user in (self.buyer, self.keeper):
            for record in (self.order, self.order.order_line[0]):
                other = record.with_user(user)
                with self.subTest(user=user.login, model=record._name):
                    self.assertFalse(other.search([("id", "=", record.id)]))
                    with self.assertRaises(AccessError):
                        other.read(["display_name"])
                    with self.assertRaises(AccessError):
                        other.web_read({"display_name": {}})
                    self.assertFalse(
                        other.formatted_read_group(
                            [("id", "=", record.id)],
                            ["order_partner_id"]
                            if record._name == "sale.order.line"
                            else ["partner_id"],
                        )
                    )

    def test_totals_are_read(self):
        offer = self.window.offer_ids[0].with_user(self.buyer)
        self.assertEqual(offer.quantity_ordered, 2)

    def test_odoo_s_own_orders_stay(self):
        """What has no window is Odoo's, for who keeps the stock."""
        order = self.env["sale.order"].create({"partner_id": self.member.id})
        self.assertTrue(order.with_user(self.keeper).read(["state"]))
