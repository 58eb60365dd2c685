# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields
from odoo.tests import tagged

from . import test_leftovers


@tagged("post_install", "-at_install")
class TestLossesAndForecast(test_leftovers.LeftoverCase):
    """What is lost of left-overs is a loss for the purchase planner, never a sale."""

    def _read(self):
        self.env.flush_all()
        self.env.invalidate_all()
        today = fields.Date.context_today(self.window)
        ids = self.eggs.ids
        books = self.env["coop.shelf.books"]
        plan = self.env["coop.purchase.plan"].new({"company_id": self.company.id})
        sold = books._read_product_sales(self.company, today, 30, ids)
        return {
            "stock": books._read_stock(self.company, ids).get(self.eggs.id, 0.0),
            "sold": sum(sold.get(self.eggs.id, {}).values()),
            "lost": plan._read_losses(today, ids).get(self.eggs.id, 0.0),
        }

    def _lose(self):
        """Of six boxes that nobody took, two are broken and one is missing."""
        self.own.action_count()
        before = self._read()
        self.own.coop_leftovers_record(self._count_all(eggs=(3.0, 2.0)))
        return before, self._read()

    def test_of_a_window_from_stock(self):
        self.window.flow = "stock"
        before, after = self._lose()
        self.assertAlmostEqual(after["stock"], before["stock"] - 3.0)
        self.assertAlmostEqual(after["sold"], before["sold"])
        self.assertAlmostEqual(after["lost"], before["lost"] + 3.0)

    def test_of_goods_that_went_straight_to_members(self):
        """Their sales are not the shelves': their losses would be all that is seen."""
        before, after = self._lose()
        self.assertAlmostEqual(after["stock"], before["stock"] - 3.0)
        self.assertAlmostEqual(after["sold"], before["sold"])
        self.assertAlmostEqual(after["lost"], before["lost"])
