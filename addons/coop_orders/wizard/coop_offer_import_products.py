# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Rows of an import of offers that need a product of their own."""

from odoo.fields import Command

from odoo.addons.coop_base.tools.table_file import fold

from ..tools.offer_file import parse_amount


class OfferImportProducts:
    """Values of the products to create, checked like the rest."""

    def _check_new_product(self, row, supplier, values):
        """Values of a product to create, with the offer of it."""
        texts, before = row.values, len(self.issues)
        for key, missing in (
            ("name", not texts.get("name")),
            ("supplier", not supplier),
        ):
            if missing:
                self._issue(
                    row,
                    key,
                    self.env._("A new product needs it."),
                    self.env._("Fill in the product, the producer and the price."),
                )
        if "price_unit" not in values:
            self._issue(
                row,
                "price",
                self.env._("A new product needs it."),
                self.env._("Fill in the product, the producer and the price."),
            )
        uom = self._read_unit(row, None) or self.uoms["piece"]
        vals = {
            "name": texts.get("name"),
            "default_code": texts.get("reference"),
            "barcode": texts.get("barcode"),
            "type": "consu",
            "is_storable": True,
            "sale_ok": True,
            "purchase_ok": True,
            "uom_id": uom.id,
            "list_price": values.get("price_unit", 0.0),
            "standard_price": values.get("purchase_price", 0.0),
            "coop_origin": texts.get("origin"),
            "company_id": self.company.id,
        }
        self._read_category(row, vals)
        self._read_vat(row, vals)
        key = (
            texts.get("reference")
            or texts.get("barcode")
            or fold(texts.get("name", ""))
        )
        if len(self.issues) > before or self._is_twice(row, key, supplier.id):
            return
        vals["seller_ids"] = [
            Command.create(
                {
                    "partner_id": supplier.id,
                    "price": values.get("purchase_price", 0.0),
                    "product_code": texts.get("supplier_code"),
                }
            )
        ]
        self.new_products[row.number] = vals
        self.to_create.append(
            (
                row.number,
                {**values, "supplier_id": supplier.id, "product_uom_id": uom.id},
            )
        )
        self._preview(row, "product", texts["name"], values)

    def _read_category(self, row, vals):
        text = row.values.get("category")
        if not text:
            return
        category = self.categories.get(fold(text))
        if category:
            vals["categ_id"] = category.id
        else:
            self._issue(
                row,
                "category",
                self.env._("No category has this name."),
                self.env._("Correct it, or leave it empty."),
            )

    def _read_vat(self, row, vals):
        text = row.values.get("vat")
        if not text:
            return
        rate, why = parse_amount(text)
        sale = None if why else self.taxes.get(("sale", round(rate, 4)))
        if not sale:
            self._issue(
                row,
                "vat",
                self.env._("No sales tax included in the price has this rate."),
                self.env._("Write 5,5 or 20, or ask the accountant to add it."),
            )
            return
        vals["taxes_id"] = [Command.set(sale.ids)]
        purchase = self.taxes.get(("purchase", round(rate, 4)))
        if purchase:
            vals["supplier_taxes_id"] = [Command.set(purchase.ids)]
