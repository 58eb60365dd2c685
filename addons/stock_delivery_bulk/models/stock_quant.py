# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models

from ..tools.bulk_run import BulkRun, get_book, get_run
from ..tools.quant_book import QuantBook, QuantRow


class StockQuant(models.Model):
    _inherit = "stock.quant"

    # In a bulk run (see ``stock.move._with_quant_book``) the quants are searched
    # and locked once. What is plain is added up by the book; core's methods do the
    # rest line by line as always, without a query a line.

    def _get_quant_book(self, products, locations):
        """Read and lock once the quants that a bulk run will touch.

        :param products: ``product.product`` recordset
        :param locations: ``stock.location`` recordset, children included
        :return: the ``QuantBook``
        """
        # sudo: as core does; quantities are counted, nobody is shown them.
        quants = self.sudo().search(
            [
                ("product_id", "in", products.ids),
                ("location_id", "child_of", locations.ids),
            ],
            order="id",
        )
        # Same lock as core's, which skips what another transaction holds: those quants
        # go through core's own way.
        locked = quants.try_lock_for_update(allow_referencing=True)
        book = QuantBook(
            read=lambda *key: quants._read_bulk_row(book, *key),
            write=lambda quant_id, values: quants.browse(quant_id).write(values),
            create=lambda vals_list: quants._create_bulk_rows(book, vals_list),
            now=fields.Datetime.now,
            digits=self.env["decimal.precision"].precision_get("Product Unit"),
        )
        book.cache = defaultdict(lambda: self.env["stock.quant"])
        book.product_ids = set(products._ids)
        for quant in quants:
            book.cache[
                quant.product_id.id,
                quant.location_id.id,
                quant.lot_id.id,
                quant.package_id.id,
                quant.owner_id.id,
            ] |= quant
            book.by_product[quant.product_id.id].append(quant.id)
        book.locked_ids.update(locked._ids)
        book.location_ids.update(locations._ids)
        return book

    @api.model
    def _read_bulk_row(self, book, product_id, location_id):
        """The quant of a book in numbers, or None where core must do it."""
        product = self.env["product.product"].browse(product_id)
        location = self.env["stock.location"].browse(location_id)
        parents = map(int, location.parent_path.split("/")[:-1])
        if (
            product.tracking != "none"
            or product_id not in book.product_ids
            or book.location_ids.isdisjoint(parents)
            or self._get_removal_strategy(product, location) == "least_packages"
        ):
            return None
        bypass = location.should_bypass_reservation()
        quant = book.cache.get((product_id, location_id, False, False, False))
        if not quant:
            return QuantRow(False, 0.0, 0.0, False, bypass)
        if len(quant) != 1 or quant.id not in book.locked_ids:
            return None
        # sudo: as core does, see _get_quant_book.
        quant = quant.sudo().with_prefetch(book.locked_ids)
        return QuantRow(
            quant.id, quant.quantity, quant.reserved_quantity, quant.in_date, bypass
        )

    def _create_bulk_rows(self, book, vals_list):
        """The quants of a book that were not there yet."""
        self.with_context(**BulkRun(book).get_context()).create(vals_list)

    def _get_bulk_rows_below(self, book, product, location):
        """Rows of a product in a location and its children, in the order of removal.

        :return: list of ``QuantRow``, or None where core must do it
        """
        strategy = self._get_removal_strategy(product, location)
        if (
            strategy not in ("fifo", "lifo")
            or location.id not in book.location_ids
            or self.env.context.get("with_expiration")
        ):
            return None
        rows = []
        # sudo: as core does, see _get_quant_book.
        quants = self.sudo().browse(book.by_product[product.id])
        for quant in quants.with_prefetch(book.locked_ids):
            if not quant.location_id._child_of(location):
                continue
            row = book.find(product.id, quant.location_id.id)
            if row is None or row.id != quant.id:
                return None
            rows.append(row)
        rows.sort(key=lambda row: (row.in_date, row.id), reverse=strategy == "lifo")
        return rows

    def _get_reserve_quantity(
        self,
        product_id,
        location_id,
        quantity,
        uom_id=None,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
    ):
        book = get_book(self.env)
        rows = None
        if (
            book
            and book.is_open
            and not (strict or lot_id or package_id or owner_id)
            and quantity > 0
            # As core: by whole packs only where the category says so
            and product_id.categ_id.packaging_reserve_method != "full"
        ):
            rows = self._get_bulk_rows_below(book, product_id, location_id)
        if rows is None:
            return super()._get_reserve_quantity(
                product_id,
                location_id,
                quantity,
                uom_id,
                lot_id,
                package_id,
                owner_id,
                strict,
            )
        available = sum(r.quantity for r in rows) - sum(r.reserved for r in rows)
        quantity = min(quantity, max(available, 0.0))
        if uom_id and product_id.uom_id != uom_id:
            # As core: never more than the unit of the move can say.
            own = product_id.uom_id
            rounded = own._compute_quantity(quantity, uom_id, rounding_method="DOWN")
            quantity = uom_id._compute_quantity(rounded, own, rounding_method="HALF-UP")
        if book.compare(quantity, 0.0) <= 0:
            return []
        # sudo: as core does, see _get_quant_book.
        Quant = self.sudo()
        return [
            (Quant.browse(row.id).with_prefetch(book.locked_ids), share)
            for row, share in book.take(rows, quantity)
        ]

    def _get_quants_by_products_locations(
        self, product_ids, location_ids, extra_domain=False
    ):
        book = get_book(self.env)
        if (
            book
            and book.product_ids.issuperset(product_ids._ids)
            and book.location_ids.issuperset(location_ids._ids)
        ):
            book.settle()
            return book.cache
        return super()._get_quants_by_products_locations(
            product_ids, location_ids, extra_domain
        )

    def _gather(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        qty=0,
    ):
        book = get_book(self.env)
        if book:
            # Core reads quants, and may write them: no sum may be on its way.
            book.settle()
        if (
            book is None
            or strict
            or location_id.id not in book.location_ids
            or self.env.context.get("with_expiration")
        ):
            return super()._gather(
                product_id, location_id, lot_id, package_id, owner_id, strict, qty
            )
        strategy = self._get_removal_strategy(product_id, location_id)
        if strategy not in ("fifo", "lifo"):
            return super()._gather(
                product_id, location_id, lot_id, package_id, owner_id, strict, qty
            )
        quants = self.browse(book.by_product[product_id.id])
        quants = quants.with_prefetch(book.locked_ids).filtered(
            lambda q: (
                q.location_id._child_of(location_id)
                and (not lot_id or not q.lot_id or q.lot_id == lot_id)
                and (not package_id or q.package_id == package_id)
                and (not owner_id or q.owner_id == owner_id)
            )
        )
        # The orders of ``_get_removal_strategy_order``
        quants = quants.sorted(lambda q: (q.in_date, q.id), reverse=strategy == "lifo")
        return quants.sorted(lambda q: not q.lot_id)

    def try_lock_for_update(self, *, allow_referencing=False, limit=None):
        book = get_book(self.env)
        if book and limit == 1:
            for quant in self:
                if quant.id in book.locked_ids:
                    return quant
        return super().try_lock_for_update(
            allow_referencing=allow_referencing, limit=limit
        )

    def _update_reserved_quantity(
        self,
        product_id,
        location_id,
        quantity,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=True,
    ):
        run = get_run(self.env)
        if run and run.has_reserved:
            # Already done when the lines were prepared
            return None
        return super()._update_reserved_quantity(
            product_id, location_id, quantity, lot_id, package_id, owner_id, strict
        )

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        book = get_book(self.env)
        if book:
            # A row of our own transaction needs no lock
            book.locked_ids.update(quants._ids)
            for quant in quants:
                book.by_product[quant.product_id.id].append(quant.id)
        return quants
