from collections import defaultdict

from odoo import api, models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    # In a bulk run (see ``stock.move._coop_with_quant_book``) the quants are searched
    # and locked once; core's methods then work on them line by line as always, without
    # a query a line.

    def _coop_quant_book(self, products, locations):
        """Read and lock once the quants that a bulk run will touch.

        :param products: ``product.product`` recordset
        :param locations: ``stock.location`` recordset, children included
        :return: dict for the context: ``quants_cache`` (core's own, by product,
            location, lot, package and owner), ``coop_quant_ids`` (by product, in no
            order) and ``coop_locked_quant_ids``
        """
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
        cache = defaultdict(lambda: self.env["stock.quant"])
        by_product = defaultdict(list)
        for quant in quants:
            cache[
                quant.product_id.id,
                quant.location_id.id,
                quant.lot_id.id,
                quant.package_id.id,
                quant.owner_id.id,
            ] |= quant
            by_product[quant.product_id.id].append(quant.id)
        return {
            "quants_cache": cache,
            "coop_quant_ids": by_product,
            "coop_locked_quant_ids": set(locked._ids),
            "coop_quant_location_ids": set(locations._ids),
        }

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
        by_product = self.env.context.get("coop_quant_ids")
        if (
            by_product is None
            or strict
            or location_id.id not in self.env.context["coop_quant_location_ids"]
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
        quants = self.browse(by_product[product_id.id])
        quants = quants.with_prefetch(
            self.env.context["coop_locked_quant_ids"]
        ).filtered(
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
        locked_ids = self.env.context.get("coop_locked_quant_ids")
        if locked_ids and limit == 1:
            for quant in self:
                if quant.id in locked_ids:
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
        if self.env.context.get("coop_quants_reserved"):
            # Already done when the lines were prepared
            return None
        return super()._update_reserved_quantity(
            product_id, location_id, quantity, lot_id, package_id, owner_id, strict
        )

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        by_product = self.env.context.get("coop_quant_ids")
        if by_product is not None:
            # A row of our own transaction needs no lock
            self.env.context["coop_locked_quant_ids"].update(quants._ids)
            for quant in quants:
                by_product[quant.product_id.id].append(quant.id)
        return quants
