# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestTap(CoopOrdersCommon):
    def test_a_tap_asks_projects_nothing(self):
        """A member's change of quantity reads no table of the projects."""
        self.window.action_open()
        offer = self.window.offer_ids[0]
        self._change(self.window, self.member, (offer, 1))
        self._change(self.window, self.member, (offer, 2))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertLogs("odoo.sql_db", "DEBUG") as logs:
            self._change(self.window, self.member, (offer, 3))
            self.env.flush_all()
        asked = [line for line in logs.output if "project_milestone" in line]
        self.assertEqual(asked, [])
        self.assertEqual(self.window.order_ids.order_line.product_uom_qty, 3)
