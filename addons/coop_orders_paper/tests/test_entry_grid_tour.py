# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersData


class EntryGridTour(CoopOrdersData, HttpCase):
    def setUp(self):
        super().setUp()
        self._create_coop(self.env)
        self.window = self._create_window(self.env)
        self.offers = self.window.offer_ids
        # A comma or a point: the browser follows the user's language.
        users = self.coordinator | self.referent
        users.lang = "en_US"
        self.window.action_open()

    def _quantities(self, member):
        self.env.invalidate_all()
        order = self.window.order_ids.filtered(lambda o: o.partner_id == member)
        return {line.product_id.name: line.product_uom_qty for line in order.order_line}


@tagged("post_install", "-at_install")
class TestEntryGridByKeyboard(EntryGridTour):
    browser_size = "1300x900"

    def test_coordinator_keys_in_by_keyboard_only(self):
        self.window.offer_ids[1].write(
            {"quantity_step": 0.5, "quantity_max_per_member": 9}
        )
        # Last in the grid, however the database sorts; found without the accent.
        self.paper_member.name = "zoé on paper"
        first = self.window.with_user(self.coordinator).get_entry_grid()["members"][0]
        action = self.window.with_user(self.coordinator).action_open_entry_grid()
        self.env["ir.actions.client"].create(
            {
                "name": "Grid",
                "tag": action["tag"],
                "path": "coop-test-grid",
                "context": action["context"],
            }
        )
        self.start_tour(
            f"/odoo/coop-test-grid?active_id={self.window.id}",
            "coop_orders_entry_grid",
            login="coop_coordinator",
        )
        member = self.env["res.partner"].browse(first["id"])
        self.assertEqual(self._quantities(member), {"Product 0": 2, "Product 1": 1.5})
        self.assertEqual(self._quantities(self.paper_member), {"Product 0": 6})
        order = self.window.order_ids.filtered(
            lambda o: o.partner_id == self.paper_member
        )
        self.assertEqual(order.entered_by_id, self.coordinator)


@tagged("post_install", "-at_install")
class TestEntryGridRefusal(EntryGridTour):
    browser_size = "1300x900"

    def test_coordinator_lets_a_refused_member_order(self):
        self.window.charter_rule = "yes"
        members = self.member | self.member_b
        members.charter_signed_on = self.now.date()
        action = self.window.with_user(self.coordinator).action_open_entry_grid()
        self.env["ir.actions.client"].create(
            {
                "name": "Grid",
                "tag": action["tag"],
                "path": "coop-test-grid",
                "context": action["context"],
            }
        )
        self.start_tour(
            f"/odoo/coop-test-grid?active_id={self.window.id}",
            "coop_orders_entry_grid_refusal",
            login="coop_coordinator",
        )
        self.assertEqual(self.window.permission_ids.partner_id, self.paper_member)
        self.assertEqual(self.window.permission_ids.reason, "Signs on Thursday")
        self.assertEqual(self._quantities(self.paper_member), {"Product 0": 4})


@tagged("post_install", "-at_install")
class TestReferentOnAPhone(EntryGridTour):
    browser_size = "390x844"
    touch_enabled = True

    def test_referent_keys_in_a_paper_order(self):
        self.start_tour(
            "/odoo/action-coop_orders.coop_order_window_action",
            "coop_orders_referent_phone",
            login="coop_referent",
        )
        self.assertEqual(
            self._quantities(self.paper_member), {"Product 0": 3, "Product 2": 1}
        )
        order = self.window.order_ids
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.order_channel, "paper")
        self.assertEqual(order.entered_by_id, self.referent)
