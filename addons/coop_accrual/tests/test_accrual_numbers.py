# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .common import AccrualCommon


@tagged("post_install", "-at_install")
class TestAccrualNumbers(AccrualCommon):
    """The worked case with other numbers: rates, weights, units, gifts, parts."""

    def _balances(self, entry, account):
        lines = entry.line_ids.filtered(lambda line: line.account_id == account)
        return lines.mapped("balance")

    def test_weight_discount_and_reduced_rate(self):
        """7.5 kg of 10 at 3.33 less 15 %: 21.23, and 1.17 of VAT at 5.5 %."""
        kilo = self.env.ref("uom.product_uom_kgm")
        product = self._product("Tomme", 3.33, rate=5.5, uom_id=kilo.id)
        self._received(self._order([(product, 10, 3.33, 15.0)]), {product: 7.5})
        entry, reversal = self._book()
        self.assertEqual(self._balances(entry, self.payable), [-21.23, -1.17])
        self.assertEqual(self._balances(entry, self.vat), [1.17])
        self.assertAlmostEqual(sum(entry.line_ids.mapped("balance")), 0.0)
        both = (entry | reversal).line_ids.filtered(
            lambda line: line.account_id == self.payable
        )
        self.assertEqual(len(set(both.mapped("lettering_code"))), 1)
        self.assertTrue(both[0].lettering_code)
        self.assertEqual(both.partner_id, self.supplier)

    def test_small_order_received_in_full_weight(self):
        """0.1 kg ordered at 12.34 (1.23), 5 kg came: 61.70, and not 61.50."""
        kilo = self.env.ref("uom.product_uom_kgm")
        product = self._product("Safran", 12.34, uom_id=kilo.id)
        self._received(self._order([(product, 0.1, 12.34)]), {product: 5.0})
        self.assertAlmostEqual(self._rows().amount, 61.70)

    def test_crates_billed_by_the_piece(self):
        """Four crates of six at 9.00 came, ten pieces are billed: 14 at 1.50 remain."""
        crate = self.env["uom.uom"].create(
            {
                "name": "Caisse de 6",
                "relative_uom_id": self.env.ref("uom.product_uom_unit").id,
                "relative_factor": 6,
            }
        )
        product = self._product("Jus", 1.5)
        order = self._order([(product, 4, 9.0)])
        order.button_cancel()
        order.button_draft()
        order.order_line.write({"product_uom_id": crate.id, "price_unit": 9.0})
        order.button_confirm()
        self._received(order)
        bill = self._bill([(product, 10, 1.5)], order=order)
        bill.action_coop_match()
        bill.action_post()
        row = self._rows()
        self.assertAlmostEqual(row.quantity, 14.0)
        self.assertAlmostEqual(row.amount, 21.0)

    def test_gift_is_no_accrual(self):
        product = self._product("Offert", 2.0)
        self._received(self._order([(product, 5, 0.0)]))
        self.assertAlmostEqual(sum(self._rows().mapped("amount")), 0.0)

    def test_two_rates_on_one_receipt(self):
        bread = self._product("Pain", 4.0, rate=5.5)
        soap = self._product("Savon", 3.0, rate=20.0)
        self._received(self._order([(bread, 3, 4.0), (soap, 5, 3.0, 20.0)]))
        entry = self._book()[0]
        on_408 = self._balances(entry, self.payable)
        self.assertAlmostEqual(sum(on_408), -(12.0 + 12.0 + 0.66 + 2.4))
        self.assertAlmostEqual(sum(self._balances(entry, self.vat)), 3.06)

    def test_day_of_the_closing(self):
        """Received on the last day counts; what comes after does not."""
        product = self._product("Farine", 2.0)
        order = self._order([(product, 6, 2.0)])
        self._received(order, day=date(2026, 6, 30))
        late = self._order([(product, 6, 2.0)])
        self._received(late, day=date(2026, 7, 1))
        bill = self._bill([(product, 6, 2.0)], order=order, invoice_date="2026-07-01")
        bill.action_coop_match()
        bill.action_post()
        self.assertEqual(
            self._rows().mapped("purchase_line_id.order_id"), order, "june"
        )
        self.assertAlmostEqual(sum(self._rows().mapped("amount")), 12.0)
        self.assertAlmostEqual(sum(self._rows(bill.date).mapped("amount")), 12.0)

    def test_dollars_to_the_cent(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        dollar.rate_ids = [Command.create({"name": "2026-06-01", "rate": 1.1})]
        product = self._product("Café", 7.77)
        self._received(
            self._order([(product, 3, 7.77, 5.0)], currency_id=dollar.id), {product: 2}
        )
        entry = self._book()[0]
        # 2 x 7.77 x 0.95 = 14.76 dollars
        self.assertAlmostEqual(self._balances(entry, self.payable)[0], -13.42)
        self.assertAlmostEqual(sum(entry.line_ids.mapped("balance")), 0.0)
