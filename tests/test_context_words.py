"""What a client says of itself, in the context of its call, opens nothing."""

import tomllib

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon

from devtools import settings

OWN_KEYS = tomllib.loads((settings.ROOT / "devtools" / "context_keys.toml").read_text())


@tagged("post_install", "-at_install")
class TestContextWords(CoopOrdersCommon):
    def test_no_word_of_a_client_opens_the_door(self):
        """Context keys outlive ``sudo()``: what opens the door, the server makes."""
        manager = new_test_user(
            self.env, "words_manager", "coop_base.coop_base_group_manager"
        )
        self.window.action_open()
        offer, limited = self.window.offer_ids[:2]
        order = self._order(self.window, self.member, {0: 2, 1: 3})
        offer.quantity_max = 4
        limited.quantity_max_per_member = 3
        line, other = order.order_line
        refused = (
            (line, {"product_uom_qty": 5}),
            (other, {"product_uom_qty": 4}),
            (line, {"price_unit": 0.01}),
            (offer, {"price_unit": 0.01}),
            (order, {"state": "cancel"}),
        )
        for value in (True, 1, "x", [1], {"member_id": self.member.id}):
            context = dict.fromkeys(OWN_KEYS, value)
            for record, values in refused:
                caller = record.with_user(manager).with_context(**context)
                with (
                    self.subTest(value=value, values=values),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    caller.write(values)
        self.window.with_user(self.buyer).action_close()
        context = dict.fromkeys(OWN_KEYS, True)
        for record, values in (
            (line, {"product_uom_qty": 3}),
            (order, {"state": "draft"}),
            (self.window, {"state": "open"}),
        ):
            caller = record.with_user(manager).with_context(**context)
            with (
                self.subTest(values=values),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                caller.write(values)
