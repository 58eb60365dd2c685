# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dataclasses import dataclass

from odoo.fields import Command

from . import data


@dataclass
class Catalogue:
    producers: dict  # code → res.partner
    products: dict  # code → product.product
    rows: dict  # code → row of data/products.csv


def _tax(env, use, rate, included):
    """Goods tax of the French chart at that rate; activated if it was not."""
    name = f"{rate:g}% G" + (" INC" if included else "")
    tax = (
        env["account.tax"]
        .with_context(active_test=False, lang="en_US")
        .search(
            [
                ("company_id", "=", env.company.id),
                ("type_tax_use", "=", use),
                ("amount", "=", rate),
                ("name", "=", name),
            ],
            limit=1,
        )
    )
    tax.active = True
    return tax


def build_catalogue(env, users):
    producers = _build_producers(env, users)
    rows = data.rows("products")
    taxes = {
        (use, rate): _tax(env, use, rate, included=use == "sale").id
        for use in ("sale", "purchase")
        for rate in (5.5, 20.0)
    }
    categories = {
        name: env["product.category"].create({"name": name.capitalize()})
        for name in dict.fromkeys(row["category"] for row in rows)
    }
    kilogram, unit = env.ref("uom.product_uom_kgm"), env.ref("uom.product_uom_unit")
    labels = {
        name: env.ref(f"coop_orders.coop_product_label_{name}").id
        for name in {name for row in rows for name in row["labels"].split()}
    }
    vals_list = []
    for row in rows:
        uom = kilogram if row["unit"] == "kg" else unit
        rate = float(row["vat"])
        net_quantity, _space, net_unit = row["net"].partition(" ")
        vals_list.append(
            {
                "name": row["name"],
                "default_code": row["code"],
                "type": "consu",
                "is_storable": True,
                "categ_id": categories[row["category"]].id,
                "uom_id": uom.id,
                "list_price": float(row["price"]),
                "standard_price": float(row["cost"]),
                "weight": float(row["net_weight"]),
                "taxes_id": [Command.set([taxes["sale", rate]])],
                "supplier_taxes_id": [Command.set([taxes["purchase", rate]])],
                "invoice_policy": "delivery",
                "purchase_method": "receive",
                "image_1920": data.picture(row["picture"]),
                "coop_origin": row["origin"],
                "coop_label_ids": [
                    Command.set([labels[name] for name in row["labels"].split()])
                ],
                "coop_storage": row["storage"],
                "coop_allergens": row["allergens"],
                "coop_net_quantity": float(net_quantity or 0),
                "coop_net_unit": net_unit,
                "seller_ids": [
                    Command.create(
                        {
                            "partner_id": producers[row["producer"]].id,
                            "price": float(row["cost"]),
                            "product_code": SUPPLIER_CODES.get(row["code"]),
                        }
                    )
                ],
            }
        )
    # By template: the picture of a variant created with others is dropped by Odoo.
    env["product.template"].create(vals_list)


# The codes that the producer's own e-invoices carry.
SUPPLIER_CODES = {"HUI": "JOIO50CL", "NOU": "NOUGATCUBES"}


# Days on which a producer delivers, as written in data/producers.csv.
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def _read_delivery_days(text):
    """``{field: True}`` of "Mardi" or "Mardi Jeudi"."""
    return {
        f"coop_delivers_{DAYS.index(day)}": True
        for day in text.lower().replace(",", " ").split()
    }


def _build_producers(env, users):
    rows = data.rows("producers")
    partners = env["res.partner"].create(
        [
            {
                "name": row["name"],
                "is_company": True,
                "is_coop_producer": True,
                "email": row["email"],
                "street": row["street"],
                "zip": row["zip"],
                "city": row["city"],
                "country_id": env.ref("base.fr").id,
                "vat": row["vat"] or False,
                "lang": "fr_FR",
                "supplier_rank": 1,
                "buyer_id": users["buyer"].id,
                **_read_delivery_days(row["delivery_days"]),
            }
            for row in rows
        ]
    )
    producers = {
        row["code"]: partner for row, partner in zip(rows, partners, strict=True)
    }
    # The login of the producer is a person of the oil mill.
    users["producer"].partner_id.parent_id = producers["moulin"]
    return producers
