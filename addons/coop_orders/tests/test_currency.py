# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields
from odoo.tests import tagged

from .common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestCurrency(CoopOrdersCommon):
    """A producer beyond the border: amounts are converted, never copied."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.franc = cls.env.ref("base.CHF")
        cls.franc.active = True
        company = cls.window.company_id
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.franc.id,
                "company_id": company.id,
                "name": fields.Date.subtract(company._coop_get_today(), days=1),
                "rate": 0.8,
            }
        )
        cls.producer = cls.env["res.partner"].create(
            {"name": "Alpage", "is_coop_producer": True}
        )
        cls.cheese = cls.env["product.product"].create(
            {
                "name": "Gruyère",
                "is_storable": True,
                "list_price": 30,
                "seller_ids": [
                    (
                        0,
                        0,
                        {
                            "partner_id": cls.producer.id,
                            "price": 20.0,
                            "currency_id": cls.franc.id,
                        },
                    )
                ],
            }
        )

    def _offer(self):
        return self.env["coop.order.offer"].create(
            {"window_id": self.window.id, "product_id": self.cheese.id}
        )

    def test_an_offer_costs_what_it_costs_here(self):
        self.assertAlmostEqual(self._offer().purchase_price, 25.0)

    def test_a_new_price_follows_converted(self):
        offer, seller = self._offer(), self.cheese.seller_ids
        seller._coop_update_catalogue({seller: {"price": 24.0}})
        self.assertAlmostEqual(offer.purchase_price, 30.0)

    def test_the_order_to_the_producer(self):
        offer = self._offer()
        self.window.action_open()
        self.env["sale.order"]._coop_change_order(
            self.window, self.member, [{"offer_id": offer.id, "quantity": 2}]
        )
        order = self.window.order_ids
        order._coop_validate(self.window.distribution_ids[:1])
        self.window.action_close()
        self.window.action_create_purchase_orders()
        (line,) = self.window.purchase_order_ids.order_line.filtered(
            lambda line: line.product_id == self.cheese
        )
        self.assertEqual(line.currency_id, self.window.currency_id)
        self.assertAlmostEqual(line.price_unit, 25.0)
