# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What an import of offers would do, then does. Not a model: it lives one click."""

from odoo.tools import float_compare, formatLang

from odoo.addons.coop_base.tools.table_file import fold

from ..tools.offer_file import HEADERS, parse_amount
from .coop_offer_import_data import OfferImportData
from .coop_offer_import_products import OfferImportProducts

#: Column → field of the offer, for plain numbers.
NUMBERS = {
    "price": "price_unit",
    "cost": "purchase_price",
    "pack_size": "pack_size",
    "step": "quantity_step",
    "piece_weight": "piece_weight",
    "minimum": "minimum_quantity",
    "available": "quantity_max",
    "per_member": "quantity_max_per_member",
}
# Zero means nothing there.
POSITIVE = ("pack_size", "step")


class OfferImportCheck(OfferImportData, OfferImportProducts):
    """Rows checked against the database, in a fixed number of queries.

    A row's product is the one of its reference, else barcode, else producer's code,
    else exact name. It changes the offer of that product and producer in the window
    where there is one, so that importing a file twice changes nothing. An empty cell
    leaves what is there.

    :ivar issues: list of dicts ``row, field, value, why, todo``
    :ivar to_create: list of values
    :ivar to_update: list of ``(offer, values that differ)``
    :ivar new_products: ``{row number: values of product.template}``
    """

    def __init__(self, window, found, rows, create_products=False):
        # The offers' costs are read by whoever may write on the window.
        self.window = window
        self.env = window.env
        self.company = window.company_id
        self.found = found
        self.rows = rows
        self.create_products = create_products
        self.issues, self.preview = [], []
        self.to_create, self.to_update = [], []
        self.new_products = {}
        self.unchanged = 0
        self._load_products()
        self._load_offers()
        self._load_references()
        self._seen = {}
        for row in rows:
            self._check_row(row)
        self.bad_count = len({issue["row"] for issue in self.issues})

    # ------------------------------------------------------------------
    # Checking
    # ------------------------------------------------------------------

    def _issue(self, row, key, why, todo):
        self.issues.append(
            {
                "row": row.number,
                "field": HEADERS[key][0],
                "value": row.values.get(key, "")[:80],
                "why": why,
                "todo": todo,
            }
        )

    def _check_row(self, row):
        before = len(self.issues)
        values = self._read_numbers(row)
        if row.values.get("note"):
            values["note"] = row.values["note"]
        supplier = self._read_supplier(row)
        product = self._find_product(row, supplier)
        if len(self.issues) > before:
            return
        if not product:
            self._check_new_product(row, supplier, values)
            return
        offer, supplier = self._find_offer(row, product, supplier)
        uom = self._read_unit(row, product.uom_id)
        if uom:
            values["product_uom_id"] = uom.id
        if len(self.issues) > before or self._is_twice(row, product.id, supplier.id):
            return
        if offer:
            self._check_update(row, offer, values)
        else:
            values.update(product_id=product.id, supplier_id=supplier.id)
            self.to_create.append((row.number, values))
            self._preview(row, "create", product.display_name, values)

    def _read_numbers(self, row):
        values = {}
        for key, fname in NUMBERS.items():
            text = row.values.get(key)
            if not text:
                continue
            number, why = parse_amount(text)
            if why == "negative" or (number == 0 and key in POSITIVE):
                self._issue(
                    row,
                    key,
                    self.env._("It must be more than zero.")
                    if key in POSITIVE
                    else self.env._("It cannot be negative."),
                    self.env._("Correct the number."),
                )
            elif why == "big":
                self._issue(
                    row,
                    key,
                    self.env._("This number is too big."),
                    self.env._("Check that the columns are the right ones."),
                )
            elif why:
                self._issue(
                    row,
                    key,
                    self.env._("This is not a number."),
                    self.env._("Write it as 2,35 without text nor formula."),
                )
            else:
                values[fname] = number
        return values

    def _read_supplier(self, row):
        partner = self.env["res.partner"]
        text = row.values.get("supplier")
        if not text:
            return partner
        if fold(text) in self.suppliers:
            return self.suppliers[fold(text)]
        self._issue(
            row,
            "supplier",
            self.env._("No producer has this name."),
            self.env._("Correct it, or add the producer first."),
        )
        return partner

    def _find_product(self, row, supplier):
        """The product that a row means, or ``None`` where none is known."""
        products = []
        for key in ("reference", "barcode", "supplier_code", "name"):
            text = row.values.get(key)
            if not text:
                continue
            if key == "supplier_code":
                products = [
                    product
                    for partner_id, found in self.by_supplier_code.get(text, ())
                    if not supplier or partner_id == supplier.id
                    for product in found
                ]
            else:
                products = self.by_key[key].get(text, [])
            if len(products) > 1:
                self._issue(
                    row,
                    key,
                    self.env._("Several products have it."),
                    self.env._("Give the reference or the barcode."),
                )
            if products:
                return products[0]
        ways = ("reference", "barcode", "supplier_code", "name")
        if not any(row.values.get(key) for key in ways):
            self._issue(
                row,
                "name",
                self.env._("The product is missing."),
                self.env._("Write its reference, its barcode or its name."),
            )
            return None
        if not self.create_products:
            key = next(
                key
                for key in ("reference", "barcode", "supplier_code", "name")
                if row.values.get(key)
            )
            self._issue(
                row,
                key,
                self.env._("No product is known by it."),
                self.env._("Correct it, or let the import create unknown products."),
            )
        return None

    def _find_offer(self, row, product, supplier):
        """``(offer or None, producer)``."""
        if supplier:
            return self.offers.get((product.id, supplier.id)), supplier
        offers = self.offers_of.get(product.id, [])
        if len(offers) == 1:
            return offers[0], offers[0].supplier_id
        supplier = self.first_supplier.get(product.product_tmpl_id.id)
        if len(offers) > 1 or not supplier:
            self._issue(
                row,
                "supplier",
                self.env._("The producer is missing."),
                self.env._("Write the producer's name."),
            )
            return None, self.env["res.partner"]
        return self.offers.get((product.id, supplier.id)), supplier

    def _read_unit(self, row, product_uom):
        text = row.values.get("unit")
        if not text:
            return None
        uom = self.uoms.get(fold(text))
        if not uom:
            self._issue(
                row,
                "unit",
                self.env._("This unit is not known."),
                self.env._("Write “kg”, “l” or “piece”."),
            )
        elif product_uom and not uom._has_common_reference(product_uom):
            self._issue(
                row,
                "unit",
                self.env._("The product is kept in %(unit)s.", unit=product_uom.name),
                self.env._("Write that unit, or leave it empty."),
            )
        return uom

    def _is_twice(self, row, *key):
        first = self._seen.setdefault(key, row.number)
        if first == row.number:
            return False
        self._issue(
            row,
            "name",
            self.env._("The same product as on row %(row)s.", row=first),
            self.env._("Remove one of the rows."),
        )
        return True

    def _check_update(self, row, offer, values):
        changes = {}
        for fname, value in values.items():
            current = offer[fname]
            if fname == "product_uom_id":
                differs = current.id != value
            elif fname == "note":
                differs = (current or "") != value
            else:
                differs = float_compare(current, value, 4) != 0
            if differs:
                changes[fname] = value
        if not changes:
            self.unchanged += 1
            return
        if offer.id in self.ordered and {"price_unit", "product_uom_id"} & set(changes):
            key = "price" if "price_unit" in changes else "unit"
            self._issue(
                row,
                key,
                self.env._("Members already ordered it."),
                self.env._("Use “Change the Price” in the window, which tells them.")
                if key == "price"
                else self.env._("Leave the unit as it is."),
            )
            return
        self.to_update.append((offer, changes))
        self._preview(row, "update", offer.product_id.display_name, changes, offer)

    def _preview(self, row, kind, product, values, offer=None):
        parts = []
        labels = {fname: HEADERS[key][0] for key, fname in NUMBERS.items()}
        for fname, value in values.items():
            if fname in labels:
                new = formatLang(self.env, value, digits=2)
                old = formatLang(self.env, offer[fname], digits=2) if offer else ""
                parts.append(
                    f"{labels[fname]} {old} → {new}"
                    if offer
                    else f"{labels[fname]} {new}"
                )
            elif fname == "note":
                parts.append(value)
        self.preview.append(
            {
                "row": row.number,
                "kind": kind,
                "product": product,
                "details": ", ".join(parts),
            }
        )

    # ------------------------------------------------------------------
    # Importing
    # ------------------------------------------------------------------

    def apply(self):
        """Create and update, in batch. The caller's transaction makes it whole."""
        templates = self.env["product.template"].create(
            list(self.new_products.values())
        )
        created = {
            number: template.product_variant_id
            for number, template in zip(self.new_products, templates, strict=True)
        }
        vals_list = []
        sequence = max(self.window.offer_ids.mapped("sequence"), default=0)
        for number, values in self.to_create:
            if number in created:
                values["product_id"] = created[number].id
            sequence += 1
            vals_list.append(
                {"window_id": self.window.id, "sequence": sequence, **values}
            )
        self.env["coop.order.offer"].create(vals_list)
        for offer, changes in self.to_update:
            # Checked above for all offers at once; in cache, flushed together.
            offer._with_repricing().write(changes)
