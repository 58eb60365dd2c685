# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon

from ..tools import unit_price


@tagged("post_install", "-at_install")
class TestProductInformation(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.products[0]
        cls.offer = cls.window.offer_ids[0]
        cls.organic = cls.env.ref("coop_orders.coop_product_label_organic")

    def _set(self, price, **values):
        """``(price, measure)`` that members read for the first offer."""
        self.product.write(values)
        self.offer.price_unit = price
        return self.offer._get_reference_price()

    def test_doctests(self):
        self.assertEqual(doctest.testmod(unit_price).failed, 0)

    # ------------------------------------------------------------------
    # Price per kilogram or litre
    # ------------------------------------------------------------------

    def test_cream_in_centilitres_is_priced_per_litre(self):
        price = self._set(2.35, coop_net_quantity=50, coop_net_unit="cl", weight=1)
        self.assertEqual(price, (Decimal("4.70"), "l"))
        text = self.offer._get_reference_price_text()
        self.assertEqual(text, f"{self.offer.currency_id.format(4.7)} / l")

    def test_fresh_cheese_in_grams_is_priced_per_kilogram(self):
        price = self._set(1.65, coop_net_quantity=500, coop_net_unit="g")
        self.assertEqual(price, (Decimal("3.30"), "kg"))

    def test_apple_sauce_by_the_weight_of_the_product(self):
        self.assertEqual(self._set(0.42, weight=0.1), (Decimal("4.20"), "kg"))

    def test_net_content_counts_before_gross_weight(self):
        """A jar weighs more than the jam: the law wants the jam."""
        price = self._set(3.95, weight=0.6, coop_net_quantity=350, coop_net_unit="g")
        self.assertEqual(price, (Decimal("11.29"), "kg"))

    def test_volume_where_there_is_no_weight(self):
        self.assertEqual(self._set(30.0, volume=0.02), (Decimal("1.50"), "l"))

    def test_pack_of_six_holds_six_contents(self):
        self.product.uom_ids = self.env.ref("uom.product_uom_pack_6")
        offer = self.env["coop.order.offer"].create(
            {
                "window_id": self._create_window(self.env, offer_ids=False).id,
                "product_id": self.product.id,
                "product_uom_id": self.env.ref("uom.product_uom_pack_6").id,
                "price_unit": 13.80,
            }
        )
        self.product.write({"coop_net_quantity": 1, "coop_net_unit": "l"})
        self.assertEqual(offer._get_reference_price(), (Decimal("2.30"), "l"))

    def test_eggs_have_a_price_each_and_a_cabbage_none(self):
        price = self._set(1.60, coop_net_quantity=6, coop_net_unit="piece")
        self.assertEqual(price, (Decimal("0.27"), "piece"))
        self.assertIsNone(self._set(2.20, coop_net_quantity=1, weight=1.1))
        self.assertEqual(self.offer._get_reference_price_text(), "")

    def test_price_per_kilogram_says_it_already(self):
        product = self.env["product.product"].create(
            {
                "name": "Carrots",
                "uom_id": self.env.ref("uom.product_uom_kgm").id,
                "list_price": 1.6,
                "seller_ids": [Command.create({"partner_id": self.producers[0].id})],
            }
        )
        offer = self.env["coop.order.offer"].create(
            {"window_id": self.window.id, "product_id": product.id}
        )
        self.assertEqual(offer._get_reference_price_text(), "")

    def test_price_in_grams_is_told_per_kilogram(self):
        product = self.env["product.product"].create(
            {
                "name": "Saffron",
                "uom_id": self.env.ref("uom.product_uom_gram").id,
                "list_price": 0.035,
                "seller_ids": [Command.create({"partner_id": self.producers[0].id})],
            }
        )
        offer = self.env["coop.order.offer"].create(
            {
                "window_id": self.window.id,
                "product_id": product.id,
                "price_unit": 0.04,
            }
        )
        self.assertEqual(offer._get_reference_price(), (Decimal("40.00"), "kg"))

    # ------------------------------------------------------------------
    # Labels, origin, storage
    # ------------------------------------------------------------------

    def test_member_reads_label_origin_and_storage_of_an_offer(self):
        self.product.write(
            {
                "coop_label_ids": [Command.set(self.organic.ids)],
                "coop_origin": "Toul (54)",
                "coop_storage": "chilled",
                "coop_allergens": "milk",
            }
        )
        self.window.action_open()
        offer = self.offer.with_user(self.member_user)
        self.assertEqual(offer.label_ids.name, self.organic.name)
        self.assertEqual(offer.label_ids._get_icon_class(), "fa fa-leaf")
        self.assertEqual(
            (offer.origin, offer.storage, offer.allergens),
            ("Toul (54)", "chilled", "milk"),
        )

    def test_member_and_referent_do_not_change_labels(self):
        for user in (self.member_user, self.referent, self.producer_user):
            with self.assertRaises(AccessError):
                self.organic.with_user(user).name = "Mine"
            with self.assertRaises(AccessError):
                self.organic.with_user(user).create({"name": "Mine"})

    def test_buyer_gives_a_product_its_labels(self):
        label = (
            self.env["coop.product.label"]
            .with_user(self.buyer)
            .create({"name": "Raw milk", "icon": "fa-tint"})
        )
        self.product.with_user(self.buyer).write(
            {"coop_label_ids": [Command.link(label.id)], "coop_origin": "Vosges"}
        )
        self.assertEqual(self.offer.label_ids, label)

    def test_icon_is_a_name_and_nothing_else(self):
        label = self.organic.copy({"name": "Odd", "icon": 'fa-x" onload="x'})
        self.assertEqual(label._get_icon_class(), "")
