"""Three producers, four products, five members: what the cycle tests start from."""

import contextlib
from datetime import datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user

from odoo.addons.coop_base.tests import common

OPENS = datetime(2026, 6, 1, 6)
CLOSES = datetime(2026, 6, 9, 18)  # 20:00 in Paris


class CycleCase(common.CoopCommon, HttpCase):
    """Three producers, four products, five members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["decimal.precision"]._coop_weigh_to_gram(True)
        cls.company.coop_match_bills = cls.company.coop_refuse_duplicates = True
        cls.company.coop_keep_einvoices = True
        cls.user_third = cls._coop_user("coop_third", "Chloé", "base.group_portal")
        cls.third = cls.user_third.partner_id
        cls.third.write(cls._coop_member_values(cls.group_toul, cls.point_1))
        cls.accountant = new_test_user(
            cls.env,
            "cycle_accountant",
            "base.group_user,account.group_account_basic,account.group_account_user",
            lang="fr_FR",
            tz="Europe/Paris",
        )
        cls.mill, cls.dairy, cls.garden = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "is_coop_producer": True,
                    "email": email,
                    "vat": vat,
                    "country_id": cls.env.ref("base.fr").id,
                    "lang": "fr_FR",
                }
                for name, email, vat in (
                    ("Au bon moulin", "moulin@producteurs.example", "FR11999999998"),
                    ("Laiterie de Toul", "laiterie@producteurs.example", False),
                    ("Jardins d'Écrouves", "jardins@producteurs.example", False),
                )
            ]
        )
        cls.oil = cls._product("Huile d'olive 50 cl", cls.mill, 14.95, 13.5, "JOIO50CL")
        cls.nougat = cls._product(
            "Nougats en cubes", cls.mill, 8.70, 6.9, "NOUGATCUBES", rate=20.0
        )
        cls.milk = cls._product("Lait 1 l", cls.dairy, 1.05, 0.95)
        cls.carrot = cls._product("Carottes", cls.garden, 1.60, 1.40, kilogram=True)
        sequence = cls.env["ir.sequence"].search([("code", "=", "purchase.order")])
        sequence.write({"prefix": "PO", "padding": 0, "number_next_actual": 1242})

    @classmethod
    def _tax(cls, use, rate):
        included = " INC" if use == "sale" else ""
        tax = (
            cls.env["account.tax"]
            .with_context(active_test=False, lang="en_US")
            .search(
                [
                    ("type_tax_use", "=", use),
                    ("name", "=", f"{rate:g}% G{included}"),
                    ("company_id", "=", cls.company.id),
                ]
            )
        )
        tax.active = True
        return [Command.set(tax.ids)]

    @classmethod
    def _product(cls, name, seller, price, cost, code=False, rate=5.5, kilogram=False):
        unit = "uom.product_uom_kgm" if kilogram else "uom.product_uom_unit"
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "uom_id": cls.env.ref(unit).id,
                "list_price": price,
                "taxes_id": cls._tax("sale", rate),
                "supplier_taxes_id": cls._tax("purchase", rate),
                "invoice_policy": "delivery",
                "purchase_method": "receive",
                "seller_ids": [
                    Command.create(
                        {"partner_id": seller.id, "price": cost, "product_code": code}
                    )
                ],
            }
        )

    def _open_window(self):
        window = (
            self.env["coop.order.window"]
            .with_user(self.user_coordinator)
            .create(
                {
                    "name": "Commande de juin",
                    "opens_at": OPENS,
                    "closes_at": CLOSES,
                    "offer_ids": [
                        Command.create({"product_id": product.id, **values})
                        for product, values in (
                            (self.oil, {"pack_size": 5}),
                            (self.nougat, {"pack_size": 10}),
                            (self.milk, {"pack_size": 6}),
                            (self.carrot, {"quantity_step": 0.5}),
                        )
                    ],
                    "distribution_ids": [
                        Command.create(
                            {
                                "collection_point_id": point.id,
                                "date_start": datetime(2026, 6, 16, 15),
                                "date_end": datetime(2026, 6, 16, 17),
                            }
                        )
                        for point in (self.point_1, self.point_2)
                    ],
                }
            )
        )
        window.action_open()
        self.assertEqual(window.state, "open")
        return window

    def _offer(self, window, product):
        return window.offer_ids.filtered(lambda offer: offer.product_id == product)

    @contextlib.contextmanager
    def _at(self, *moment):
        with freeze_time(datetime(2026, *moment)):
            yield
