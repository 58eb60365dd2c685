# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from .common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestSnapshot(CoopOrdersCommon):
    """What is kept of taxes and products is forgotten when one of them changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls.offer = cls.window.offer_ids[0]
        cls.offer.product_id.taxes_id = cls.sale_tax

    def _forget(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def test_amounts_follow_a_changed_tax(self):
        order, _rejected = self._change(self.window, self.member, (self.offer, 100))
        self._change(self.window, self.member, (self.offer, 99))
        self.sale_tax.amount = 20
        self._forget()
        self._change(self.window, self.member, (self.offer, 100))
        total = 100 * self.offer.price_unit
        self.assertAlmostEqual(order.amount_total, total)
        self.assertAlmostEqual(order.amount_untaxed, round(total / 1.2, 2))

    def test_a_new_line_follows_a_changed_product(self):
        self._change(self.window, self.member_b, (self.offer, 1))
        tax = self.sale_tax.copy({"name": "20 %", "amount": 20})
        self.offer.product_id.write({"name": "Renamed", "taxes_id": [(6, 0, tax.ids)]})
        self._forget()
        order, _rejected = self._change(self.window, self.member, (self.offer, 1))
        self.assertEqual(order.order_line.name, "Renamed")
        self.assertEqual(order.order_line.tax_ids, tax)

    def test_what_is_being_written_is_not_overwritten(self):
        self._change(self.window, self.member, (self.offer, 1))
        self._forget()
        # Not flushed yet.
        self.offer.product_id.product_tmpl_id.name = "Being written"
        self._change(self.window, self.member, (self.offer, 2))
        self.assertEqual(self.offer.product_id.name, "Being written")

    def test_a_line_finds_a_new_analytic_model(self):
        self._change(self.window, self.member_b, (self.offer, 1))
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        account = self.env["account.analytic.account"].create(
            {"name": "Vegetables", "plan_id": plan.id}
        )
        self.env["account.analytic.distribution.model"].create(
            {
                "product_id": self.offer.product_id.id,
                "analytic_distribution": {account.id: 100},
            }
        )
        order, _rejected = self._change(self.window, self.member, (self.offer, 1))
        self.assertEqual(order.order_line.analytic_distribution, {str(account.id): 100})
