# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestEntryGrid(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls.offer = cls.window.offer_ids[0]

    def test_referent_keys_in_a_paper_order(self):
        window = self.window.with_user(self.referent)
        row = window.set_entry_quantity(self.paper_member.id, self.offer.id, 3)
        order = self.window.order_ids
        self.assertEqual(order.partner_id, self.paper_member)
        self.assertEqual(order.order_channel, "paper")
        self.assertEqual(order.entered_by_id, self.referent)
        self.assertEqual(order.state, "sent")
        self.assertEqual(row["quantities"], {self.offer.id: 3})

    def test_grid_shows_the_own_group_only(self):
        grid = self.window.with_user(self.referent).get_entry_grid()
        names = [member["name"] for member in grid["members"]]
        self.assertIn("Odile on paper", names)
        self.assertNotIn(self.outsider.name, names)
        with self.assertRaises(AccessError):
            self.window.with_user(self.referent).get_entry_grid(self.other_group.id)

    def test_referent_of_another_group_is_refused(self):
        self.window.group_ids |= self.other_group
        window = self.window.with_user(self.other_referent)
        with self.assertRaises(AccessError):
            window.set_entry_quantity(self.paper_member.id, self.offer.id, 3)
        self.assertFalse(self.window.order_ids)

    def test_members_cannot_use_the_grid(self):
        window = self.window.with_user(self.member_user)
        with self.assertRaises(AccessError):
            window.get_entry_grid()
        with self.assertRaises(AccessError):
            window.set_entry_quantity(self.member_b.id, self.offer.id, 3)

    def test_coordinator_keys_in_for_everybody(self):
        window = self.window.with_user(self.coordinator)
        window.set_entry_quantity(self.member.id, self.offer.id, 1, "phone")
        self.assertEqual(self.window.order_ids.order_channel, "phone")

    def test_refused_quantity_says_why(self):
        self.offer.quantity_max = 2
        window = self.window.with_user(self.referent)
        row = window.set_entry_quantity(self.paper_member.id, self.offer.id, 3)
        self.assertIn("Only 2", row["message"])
        self.assertFalse(row["quantities"])

    def test_closed_window_is_refused(self):
        self.window.action_close()
        with self.assertRaisesRegex(UserError, "closed on"):
            self.window.with_user(self.referent).set_entry_quantity(
                self.paper_member.id, self.offer.id, 3
            )
