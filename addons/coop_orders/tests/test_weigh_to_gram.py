# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestWeighToGram(CoopOrdersCommon):
    """Three decimals are the whole database's: only where somebody asked."""

    def setUp(self):
        super().setUp()
        self.precision = self.env.ref("uom.decimal_product_uom")
        self.env["ir.config_parameter"].set_param("coop_orders.unit_digits_before", "")
        self._digits(2)

    def _digits(self, digits):
        self.precision.digits = digits
        self.env["uom.uom"].invalidate_model(["rounding"])

    def _set(self, wanted):
        settings = self.env["res.config.settings"].create({})
        settings.coop_weigh_to_gram = wanted
        settings.execute()

    def _window(self, unit="uom.product_uom_kgm", quantity=1.234):
        carrots = self.env["product.product"].create(
            {"name": "Carrots", "uom_id": self.env.ref(unit).id, "list_price": 2.0}
        )
        window = self.env["coop.order.window"].create(
            {
                "name": "Carrots",
                "closes_at": "2199-01-01 00:00:00",
                "group_ids": [Command.set(self.group.ids)],
                "offer_ids": [
                    Command.create(
                        {
                            "product_id": carrots.id,
                            "supplier_id": self.env["res.partner"]
                            .create({"name": "Farm"})
                            .id,
                            "quantity_max": quantity,
                        }
                    )
                ],
            }
        )
        window.offer_ids.invalidate_recordset()
        return window

    def test_settings_say_what_is(self):
        self.assertFalse(self.env["res.config.settings"].create({}).coop_weigh_to_gram)
        self._digits(4)
        self.assertTrue(self.env["res.config.settings"].create({}).coop_weigh_to_gram)

    def test_set_and_put_back(self):
        self._set(True)
        self.assertEqual(self.precision.digits, 3)
        self.assertEqual(self.env.ref("uom.product_uom_kgm").rounding, 0.001)
        self._set(False)
        self.assertEqual(self.precision.digits, 2)
        self.assertEqual(self.env.ref("uom.product_uom_kgm").rounding, 0.01)

    def test_saving_other_settings_changes_nothing(self):
        for digits in (2, 4):
            self._digits(digits)
            self.env["res.config.settings"].create({}).execute()
            self.assertEqual(self.precision.digits, digits)

    def test_uninstallation_puts_back_what_was_there(self):
        self._digits(1)
        self._set(True)
        uninstall_hook(self.env)
        self.assertEqual(self.precision.digits, 1)

    def test_uninstallation_leaves_what_the_shop_had_chosen(self):
        self._digits(4)
        self._set(True)
        uninstall_hook(self.env)
        self.assertEqual(self.precision.digits, 4)

    def test_window_says_that_grams_are_lost(self):
        window = self._window()
        self.assertIn("Weigh to the Gram", window.attention)
        self.assertEqual(window.offer_ids.quantity_max, 1.23)
        self._set(True)
        window.invalidate_recordset()
        self.assertFalse(window.attention)
        window.offer_ids.quantity_max = 1.234
        self.assertEqual(window.offer_ids.quantity_max, 1.234)

    def test_window_without_weights_says_nothing(self):
        window = self._window("uom.product_uom_unit")
        self.assertNotIn("Weigh", window.attention or "")
