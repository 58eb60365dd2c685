# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.coop_orders.tests.common import CoopOrdersData


class ProducerData(CoopOrdersData):
    """A window that was sent: Farm A (``producer_user``, and a helper) and others.

    ``purchase`` is Farm A's order: 4 of product 2 (2 for each point), 3 of product 5;
    ``other_purchase`` is of another producer.
    """

    @classmethod
    def _create_sent_window(cls, env):
        cls._create_coop(env)
        cls.farm = cls.producer_user.partner_id
        cls.farm.write({"name": "Farm A", "email": "farm@example.com", "lang": "en_US"})
        cls.helper_user = new_test_user(
            env, "coop_helper", "base.group_portal", lang="en_US"
        )
        cls.helper_user.partner_id.write({"parent_id": cls.farm.id, "name": "Helper"})
        cls.other_producer_user = new_test_user(
            env, "coop_other_producer", "base.group_portal", lang="en_US"
        )
        cls.other_farm = cls.producers[0]
        cls.other_producer_user.partner_id.parent_id = cls.other_farm
        cls.farm.buyer_id = cls.buyer
        # As delivered, whatever staff made of it in this database.
        env.ref("coop_orders.mail_template_purchase_order").reset_template()
        cls.window = cls._create_window(env)
        cls.window.action_open()
        offers = cls.window.offer_ids
        first, second = cls.window.distribution_ids
        env["sale.order"]._coop_create_orders(
            cls.window,
            [
                {
                    "partner": cls.member,
                    "lines": [(offers[2], 2), (offers[5], 3), (offers[0], 1)],
                    "distribution": first,
                },
                {
                    "partner": cls.member_b,
                    "lines": [(offers[2], 2)],
                    "distribution": second,
                },
            ],
        )
        cls.window.with_user(cls.buyer).action_close_and_send()
        cls.purchase = cls.window.purchase_order_ids.filtered(
            lambda po: po.partner_id == cls.farm
        )
        cls.other_purchase = cls.window.purchase_order_ids - cls.purchase
        cls.line, cls.second_line = cls.purchase.order_line
        cls.sellers = cls.products.seller_ids.filtered(
            lambda seller: seller.partner_id == cls.farm
        )
        cls.other_seller = (cls.products.seller_ids - cls.sellers)[:1]

    def _post(self, path, **data):
        return self.url_open(
            path, data={"csrf_token": http.Request.csrf_token(self), **data}
        )

    @classmethod
    def _create_draft_purchase(cls, env):
        """An order of a window that the buyer still prepares."""
        window = cls._create_window(env, name="Next order")
        return env["purchase.order"].create(
            {
                "partner_id": cls.farm.id,
                "order_window_id": window.id,
                "order_line": [Command.create({"product_id": cls.products[2].id})],
            }
        )
