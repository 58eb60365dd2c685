"""What a client says of itself, in the context of its call, opens nothing."""

import re

import tomllib

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon

from devtools import settings

# A key that is read, whether it was declared or not.
READ_KEY = re.compile(r"""context(?:\.get\(|\[)\s*["'](coop_\w+)["']""")
SOURCES = [
    path
    for path in (settings.ROOT / "addons").rglob("*.py")
    if "tests" not in path.parts
]
OWN_KEYS = {
    **tomllib.loads((settings.ROOT / "devtools" / "context_keys.toml").read_text()),
    **{key: "" for path in SOURCES for key in READ_KEY.findall(path.read_text())},
}


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

    def test_no_word_of_a_member_passes_a_limit(self):
        """As a page asks: superuser by then, in the context that the member sent."""
        self.window.action_open()
        offer, limited = self.window.offer_ids[:2]
        offer.quantity_max, limited.quantity_max_per_member = 4, 3
        price = offer.price_unit
        Order = self.env["sale.order"].with_user(self.member_user)
        for value in (True, 1, "x", [1], {"member_id": self.member.id}):
            asking = Order.with_context(**dict.fromkeys(OWN_KEYS, value))
            for channel in ("portal", "paper"):
                with self.subTest(value=value, channel=channel):
                    order, rejected = asking._coop_change_order(
                        self.window.with_env(asking.env),
                        self.member.with_env(asking.env),
                        [
                            {"offer_id": offer.id, "quantity": 9, "price_unit": 0.01},
                            {"offer_id": limited.id, "quantity": 9},
                        ],
                        channel,
                    )
                    self.assertEqual(len(rejected), 2)
                    lines = {line.offer_id.id: line for line in order.order_line}
                    self.assertEqual(lines[offer.id].product_uom_qty, 4)
                    self.assertEqual(lines[offer.id].price_unit, price)
                    self.assertEqual(lines[limited.id].product_uom_qty, 3)
                    # Server code writes lines as well, in the client's context.
                    for line, quantity in (
                        (lines[offer.id], 5),
                        (lines[limited.id], 4),
                    ):
                        with self.assertRaises(UserError), self.env.cr.savepoint():
                            line.sudo().product_uom_qty = quantity
        self.window.with_user(self.buyer).action_close()
        for value in (True, 1, "x", [1], {"member_id": self.member.id}):
            asking = Order.with_context(**dict.fromkeys(OWN_KEYS, value))
            with self.subTest(closed=value), self.assertRaises(UserError):
                asking._coop_change_order(
                    self.window.with_env(asking.env),
                    self.member.with_env(asking.env),
                    [{"offer_id": offer.id, "quantity": 1}],
                )
