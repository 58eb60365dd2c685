# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestMatchingPolicy(ReconciliationCommon):
    """Rights, companies, currencies, taxes, policies of one supplier."""

    def test_warehouse_cannot_match(self):
        product = self._product("Farine", 2.0)
        bill = self._bill([(product, 10, 2.0)])
        user = new_test_user(self.env, "reco_stock2", "stock.group_stock_user")
        with self.assertRaises(UserError):
            bill.with_user(user).action_coop_match()

    def test_lower_policy_of_one_supplier(self):
        self.env["coop.match.policy"].create(
            {
                "partner_id": self.supplier.id,
                "price_percent_over": 10.0,
                "price_amount_over": 5.0,
            }
        )
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        bill = self._match(self._bill([(product, 10, 2.10)], order=order))
        self.assertEqual(bill.match_state, "matched")

    def test_order_in_another_currency(self):
        """Ordered at 2.50 $, billed at 2.00 €: the same price that day."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        dollar.rate_ids = [Command.create({"name": "2026-06-01", "rate": 1.25})]
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.5)], currency_id=dollar.id)
        self._receive(order)
        bill = self._match(self._bill([(product, 10, 2.0)], order=order))
        self.assertEqual(bill.match_state, "matched")
        self.assertAlmostEqual(bill.bill_match_ids.amount, 20.0)
        other = self._order([(product, 10, 2.5)], currency_id=dollar.id)
        self._receive(other)
        bill = self._match(
            self._bill(
                [(product, 10, 2.75)], ref="US-2", order=other, currency_id=dollar.id
            )
        )
        self.assertEqual(self._kinds(bill), ["price"])
        self.assertAlmostEqual(bill.bill_exception_ids.amount, 2.5)
        self.assertEqual(bill.bill_exception_ids.currency_id, dollar)

    def test_reverse_charge(self):
        """VAT that the supplier does not bill changes neither total nor matching."""
        tax = self.env["account.tax"].create(
            {
                "name": "20 % autoliquidation",
                "amount": 20.0,
                "type_tax_use": "purchase",
                "price_include_override": "tax_excluded",
                "invoice_repartition_line_ids": [
                    Command.create({"repartition_type": "base"}),
                    Command.create({"repartition_type": "tax"}),
                    Command.create(
                        {"repartition_type": "tax", "factor_percent": -100.0}
                    ),
                ],
                "refund_repartition_line_ids": [
                    Command.create({"repartition_type": "base"}),
                    Command.create({"repartition_type": "tax"}),
                    Command.create(
                        {"repartition_type": "tax", "factor_percent": -100.0}
                    ),
                ],
            }
        )
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order, {product: 8})
        line = {
            "product_id": product.id,
            "quantity": 10,
            "price_unit": 2.0,
            "tax_ids": [Command.set(tax.ids)],
        }
        bill = self._match(self._bill([line], order=order))
        self.assertAlmostEqual(bill.amount_total, 20.0)
        self.assertAlmostEqual(order.claim_ids.expected_credit_total, 4.0)

    def test_another_company_is_never_matched(self):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        other = self.env["res.company"].create({"name": "Autre"})
        bill = self._bill([(product, 10, 2.0)], order=order)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_order SET company_id = %s WHERE id = %s",
            (other.id, order.id),
        )
        order.invalidate_recordset()
        bill.action_coop_match()
        self.assertFalse(bill.bill_match_ids)
