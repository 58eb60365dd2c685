# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What an import of offers needs to know of the database, read at once."""

from odoo.fields import Domain

from odoo.addons.coop_base.tools.table_file import fold

from ..tools.offer_file import UNIT_BY_NAME


class OfferImportData:
    """Products, offers, producers and units that the rows may mean."""

    def _texts(self, key):
        return list({text for row in self.rows if (text := row.values.get(key))})

    def _load_products(self):
        """Every product that a row may mean, by each way to name it."""
        Product = self.env["product.product"]
        products = Product.search(
            Domain("company_id", "in", [False, self.company.id])
            & (
                Domain("default_code", "in", self._texts("reference"))
                | Domain("barcode", "in", self._texts("barcode"))
                | Domain("name", "in", self._texts("name"))
            )
        )
        # sudo: producers' price lists, for who may prepare windows.
        sellers = (
            self.env["product.supplierinfo"]
            .sudo()
            .search([("product_code", "in", self._texts("supplier_code"))])
        )
        coded = sellers.product_tmpl_id.product_variant_ids.with_env(self.env)
        products |= coded
        # sudo: producers' price lists, for who prepares windows
        own = (
            self.env["product.supplierinfo"]
            .sudo()
            .search(
                [
                    ("product_tmpl_id", "in", products.product_tmpl_id.ids),
                    ("company_id", "in", [False, self.company.id]),
                ]
            )
        )
        self.first_supplier = {}
        for seller in own:
            self.first_supplier.setdefault(
                seller.product_tmpl_id.id, seller.partner_id.with_env(self.env)
            )
        self.by_key = {key: {} for key in ("reference", "barcode", "name")}
        self.by_supplier_code = {}
        for product in products:
            for key, text in (
                ("reference", product.default_code),
                ("barcode", product.barcode),
                ("name", product.name),
            ):
                if text:
                    self.by_key[key].setdefault(text, []).append(product)
        for seller in sellers:
            found = seller.product_id or seller.product_tmpl_id.product_variant_ids
            self.by_supplier_code.setdefault(seller.product_code, []).append(
                (seller.partner_id.id, list(found.with_env(self.env)))
            )

    def _load_offers(self):
        offers = self.window.offer_ids
        self.offers = {(o.product_id.id, o.supplier_id.id): o for o in offers}
        self.offers_of = {}
        for offer in offers:
            self.offers_of.setdefault(offer.product_id.id, []).append(offer)
        self.ordered = offers._read_demand_totals()

    def _load_references(self):
        """Producers, units, and for new products categories and taxes."""
        partners = self.env["res.partner"].search_fetch(
            Domain("company_id", "in", [False, self.company.id])
            & (
                Domain("is_coop_producer", "=", True)
                | Domain("id", "in", self.window.supplier_ids.partner_id.ids)
            ),
            ["name"],
        )
        self.suppliers = {fold(partner.name): partner for partner in partners}
        uoms = self.env["uom.uom"].search([])
        self.uoms = {fold(uom.name): uom for uom in uoms}
        reference = self.env["coop.order.offer"]._get_reference_uom
        for name, xmlid in UNIT_BY_NAME.items():
            uom = reference(xmlid)
            if uom in uoms:
                self.uoms.setdefault(name, uom)
        self.categories, self.taxes = {}, {}
        if not self.create_products:
            return
        for category in self.env["product.category"].search([]):
            self.categories[fold(category.complete_name)] = category
            self.categories.setdefault(fold(category.name), category)
        taxes = self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("amount_type", "=", "percent"),
                ("type_tax_use", "in", ("sale", "purchase")),
            ]
        )
        for tax in taxes:
            if tax.type_tax_use == "purchase" or tax.price_include:
                self.taxes.setdefault((tax.type_tax_use, round(tax.amount, 4)), tax)
