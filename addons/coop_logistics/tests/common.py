# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, fields

from odoo.addons.coop_base.tests.common import CoopCommon


class LogisticsCommon(CoopCommon):
    """A closed window of three products, received and shared out, three orders.

    ``carrots`` (kg, 2.00), ``eggs`` (6, 1.50), ``cheese`` (kg, 18.00, ordered in
    pieces of 0.2 kg). All taxes are 5.5 % included. ``order`` is Alice's (point 1),
    ``order_2`` Bruno's (point 2), ``order_paper`` Paulette's (point 1).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["decimal.precision"]._coop_weigh_to_gram(True)
        cls._coop_setup_products()
        cls.window = cls._coop_make_window("Commande de juin")
        cls.carrots_offer, cls.eggs_offer, cls.cheese_offer = cls.window.offer_ids
        cls.distribution, cls.distribution_2 = cls.window.distribution_ids.sorted("id")
        cls.order, cls.order_2, cls.order_paper = cls._coop_make_orders(
            cls.window, cls.member + cls.member_2 + cls.member_paper
        )
        cls.point_1.referent_ids = cls.user_referent.partner_id

    @classmethod
    def _coop_setup_products(cls):
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "TVA 5,5 % incluse",
                "amount": 5.5,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
                "country_id": cls.company.account_fiscal_country_id.id,
                "company_id": cls.company.id,
            }
        )
        kilogram = cls.env.ref("uom.product_uom_kgm")
        unit = cls.env.ref("uom.product_uom_unit")
        cls.products = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "is_storable": True,
                    "uom_id": uom.id,
                    "lst_price": price,
                    "standard_price": price / 2,
                    "taxes_id": [Command.set(cls.tax.ids)],
                    "invoice_policy": "delivery",
                    "weight": 1.0 if uom == kilogram else 0.4,
                    "seller_ids": [
                        Command.create(
                            {"partner_id": cls.producer.id, "price": price / 2}
                        )
                    ],
                }
                for name, uom, price in (
                    ("Carottes", kilogram, 2.0),
                    ("Œufs par 6", unit, 1.5),
                    ("Comté", kilogram, 18.0),
                )
            ]
        )
        cls.carrots, cls.eggs, cls.cheese = cls.products

    @classmethod
    def _coop_make_window(cls, name, days=7):
        now = fields.Datetime.now()
        start = now + timedelta(days=days)
        window = cls.env["coop.order.window"].create(
            {
                "name": name,
                "closes_at": now + timedelta(days=1),
                "offer_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "sequence": sequence,
                            "piece_weight": 0.2 if product == cls.cheese else 0.0,
                            "quantity_step": 0.2 if product == cls.cheese else 1.0,
                            "pack_size": 0.2 if product == cls.cheese else 1.0,
                        }
                    )
                    for sequence, product in enumerate(cls.products)
                ],
                "distribution_ids": [
                    Command.create(
                        {
                            "collection_point_id": point.id,
                            "date_start": start,
                            "date_end": start + timedelta(hours=2),
                        }
                    )
                    for point in cls.point_1 + cls.point_2
                ],
            }
        )
        window.action_open()
        return window

    @classmethod
    def _coop_make_orders(cls, window, members, quantities=(2.0, 3.0, 0.4)):
        return cls.env["sale.order"]._coop_create_orders(
            window,
            [
                {
                    "partner": member,
                    "lines": list(zip(window.offer_ids, quantities, strict=True)),
                }
                for member in members
            ],
        )

    @classmethod
    def _coop_close(cls, window=None):
        """Close, order from the producer; the receipt is ready to be counted."""
        window = window or cls.window
        window.action_close()
        window.action_create_purchase_orders()
        window.action_send_purchase_orders()
        return window.purchase_order_ids.picking_ids

    @classmethod
    def _coop_receive(cls, window=None, counted=None):
        """Receive all, or ``counted`` (dict product → quantity); it is shared out."""
        receipt = cls._coop_close(window)
        receipt.delivery_note_ref = "BL-2026/06/01"
        for move in receipt.move_ids:
            move.quantity = (counted or {}).get(move.product_id, move.product_uom_qty)
        receipt.move_ids.picked = True
        receipt.action_coop_receive()
        return receipt

    def _line(self, order, product):
        return order.order_line.filtered(lambda line: line.product_id == product)
