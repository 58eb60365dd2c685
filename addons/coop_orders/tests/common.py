# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon


class CoopOrdersData:
    """One cooperative: two groups, three producers, one user a role."""

    @classmethod
    def _create_coop(cls, env):
        cls.company = env.company
        env["decimal.precision"]._coop_weigh_to_gram(True)
        # Sentences are compared in English, whatever the database speaks.
        env["res.lang"]._activate_lang("en_US")
        cls.now = fields.Datetime.now()
        Partner = env["res.partner"]
        cls.point, cls.other_point = env["coop.collection.point"].create(
            [{"name": "Town hall"}, {"name": "Village square"}]
        )
        cls.group, cls.other_group = env["coop.group"].create(
            [{"name": "North", "code": "TN"}, {"name": "South", "code": "TS"}]
        )
        cls.member_user = cls._create_member_user(env, "coop_member_a", cls.group)
        cls.member_b_user = cls._create_member_user(env, "coop_member_b", cls.group)
        cls.outsider_user = cls._create_member_user(
            env, "coop_outsider", cls.other_group
        )
        cls.member = cls.member_user.partner_id
        cls.member_b = cls.member_b_user.partner_id
        cls.outsider = cls.outsider_user.partner_id
        cls.paper_member = Partner.create(
            {
                "name": "Odile on paper",
                "lang": "en_US",
                "is_coop_member": True,
                "contact_channel": "paper",
                "coop_group_id": cls.group.id,
                "collection_point_id": cls.point.id,
            }
        )
        cls.referent = new_test_user(
            env,
            "coop_referent",
            "coop_base.coop_base_group_referent",
            lang="en_US",
        )
        cls.other_referent = new_test_user(
            env,
            "coop_other_referent",
            "coop_base.coop_base_group_referent",
            lang="en_US",
        )
        cls.group.referent_ids = cls.referent.partner_id
        cls.other_group.referent_ids = cls.other_referent.partner_id
        cls.coordinator = new_test_user(
            env,
            "coop_coordinator",
            "coop_base.coop_base_group_coordinator",
            lang="en_US",
        )
        cls.buyer = new_test_user(
            env, "coop_buyer", "coop_base.coop_base_group_buyer", lang="en_US"
        )
        cls.producer_user = new_test_user(
            env, "coop_producer", "base.group_portal", lang="en_US"
        )
        cls.producer_user.partner_id.write(
            {"is_coop_producer": True, "is_company": True}
        )
        cls.producers = Partner.create(
            [
                {
                    "name": f"Farm {index}",
                    "email": f"farm{index}@example.com",
                    "is_company": True,
                    "is_coop_producer": True,
                }
                for index in range(1, 3)
            ]
        )
        cls.producers |= cls.producer_user.partner_id
        cls.sale_tax = env["account.tax"].create(
            {
                "name": "5.5 % included",
                "amount": 5.5,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
            }
        )
        cls.products = env["product.product"].create(
            [
                {
                    "name": f"Product {index}",
                    "type": "consu",
                    "is_storable": True,
                    "list_price": 2.0 + index,
                    "taxes_id": [Command.set(cls.sale_tax.ids)],
                    "supplier_taxes_id": [Command.clear()],
                    "seller_ids": [
                        Command.create(
                            {
                                "partner_id": cls.producers[index % 3].id,
                                "price": 1.0 + index,
                            }
                        )
                    ],
                }
                for index in range(6)
            ]
        )

    @classmethod
    def _create_member_user(cls, env, login, group):
        user = new_test_user(env, login, "base.group_portal", lang="en_US")
        user.partner_id.write(
            {
                "is_coop_member": True,
                "email": f"{login}@example.com",
                "coop_group_id": group.id,
                "collection_point_id": cls.point.id,
            }
        )
        return user

    @classmethod
    def _create_window(cls, env, **values):
        offer_values = values.pop("offers", {})
        distributed = cls.now + timedelta(days=9)
        return env["coop.order.window"].create(
            {
                "name": "June order",
                "closes_at": cls.now + timedelta(days=2),
                "group_ids": [Command.set(cls.group.ids)],
                "offer_ids": [
                    Command.create(
                        {"product_id": product.id, **offer_values.get(index, {})}
                    )
                    for index, product in enumerate(cls.products)
                ],
                "distribution_ids": [
                    Command.create(
                        {
                            "collection_point_id": point.id,
                            "date_start": distributed,
                            "date_end": distributed + timedelta(hours=2),
                        }
                    )
                    for point in (cls.point, cls.other_point)
                ],
                **values,
            }
        )


class CoopOrdersCommon(CoopOrdersData, BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_coop(cls.env)
        cls.window = cls._create_window(cls.env)

    @classmethod
    def _order(cls, window, partner, quantities, state="sent", **values):
        """An order of ``{offer index: quantity or (quantity, tolerance)}``."""
        lines = [
            (
                window.offer_ids[index],
                *(quantity if isinstance(quantity, tuple) else (quantity,)),
            )
            for index, quantity in quantities.items()
        ]
        return cls.env["sale.order"]._coop_create_orders(
            window, [{"partner": partner, "lines": lines, "state": state, **values}]
        )

    def _change(self, window, partner, *changes, **values):
        return self.env["sale.order"]._coop_change_order(
            window,
            partner,
            [{"offer_id": offer.id, "quantity": qty} for offer, qty in changes],
            **values,
        )

    @classmethod
    def _receive(cls, window, quantities):
        """Validate the window's receipts with ``{product: quantity}``."""
        pickings = window.purchase_order_ids.picking_ids
        for move in pickings.move_ids:
            move.quantity = quantities.get(move.product_id, move.product_uom_qty)
            move.picked = True
        pickings.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=pickings.ids
        ).button_validate()
