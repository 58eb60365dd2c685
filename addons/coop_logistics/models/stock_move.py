from collections import defaultdict

from odoo import api, fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    coop_expected_quantity = fields.Float(
        digits="Product Unit", compute="_compute_coop_expected_quantity"
    )

    @api.depends(
        "quantity_announced", "product_uom_qty", "picking_id.delivery_note_ref"
    )
    def _compute_coop_expected_quantity(self):
        for move in self:
            move.coop_expected_quantity = move._get_coop_expected_quantity()

    @api.onchange("quantity")
    def _onchange_quantity_coop(self):
        """Whoever corrects a quantity on the reception screen has counted it."""
        if self.env.context.get("coop_reception"):
            self.picked = True

    def _coop_with_quant_book(self):
        """These moves in the context of a bulk run: quants are read and locked once."""
        locations = self.location_id | self.location_dest_id
        book = self.env["stock.quant"]._coop_quant_book(self.product_id, locations)
        return self.with_prefetch().with_context(**book)

    def _coop_confirm_in_bulk(self):
        """Confirm and reserve draft moves of pickings as core does, in bulk.

        Moves of one picking are not merged: each carries its own order line.
        """
        reserved = []
        moves = self._coop_with_quant_book().with_context(coop_reserved_vals=reserved)
        moves._action_confirm(merge=False)
        # ``_update_reserved_quantity`` has put them aside and reserved the quants.
        lines = (
            moves.env["stock.move.line"]
            .with_context(coop_quants_reserved=True, coop_reserved_vals=None)
            .create(reserved)
        )
        lines._apply_putaway_strategy()
        self.with_context(coop_bulk=True)._trigger_scheduler()

    def _check_company(self, fnames=None):
        # Checked when they were created; core checks them all again at each step.
        if "coop_quant_ids" in self.env.context:
            return None
        return super()._check_company(fnames)

    def _update_reserved_quantity(
        self,
        need,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=True,
    ):
        reserved = self.env.context.get("coop_reserved_vals")
        if reserved is None:
            return super()._update_reserved_quantity(
                need, location_id, lot_id, package_id, owner_id, strict
            )
        vals_list, taken = self._update_reserved_quantity_vals(
            need, location_id, lot_id, package_id, owner_id, strict
        )
        Quant = self.env["stock.quant"]
        for vals in vals_list:
            uom = self.env["uom.uom"].browse(vals["product_uom_id"])
            Quant._update_reserved_quantity(
                self.product_id,
                self.env["stock.location"].browse(vals["location_id"]),
                uom._compute_quantity(
                    vals["quantity"],
                    self.product_id.uom_id,
                    rounding_method="HALF-UP",
                ),
                lot_id=self.env["stock.lot"].browse(vals["lot_id"] or []),
                package_id=self.env["stock.package"].browse(vals["package_id"] or []),
                owner_id=self.env["res.partner"].browse(vals["owner_id"] or []),
            )
        reserved += vals_list
        return taken

    def _trigger_scheduler(self):
        if not self.env.context.get("coop_bulk"):
            return super()._trigger_scheduler()
        # Core searches once a move; most cooperatives have no such rule at all.
        ruled = self.env["stock.warehouse.orderpoint"].search_fetch(
            [("product_id", "in", self.product_id.ids), ("trigger", "=", "auto")],
            ["product_id"],
        )
        moves = self.filtered(lambda move: move.product_id in ruled.product_id)
        return super(StockMove, moves)._trigger_scheduler()

    def _coop_set_quantities_in_bulk(self, quantities):
        """Set what is handed over on open moves.

        A move with one line and enough goods is written straight on its line, all
        moves of the same quantity at once; the others go core's way.

        :param quantities: dict ``stock.move`` → quantity in the move's unit
        """
        moves = self if "coop_quant_ids" in self.env.context else None
        moves = moves or self._coop_with_quant_book()
        by_quantity = defaultdict(list)
        wanted_by_id = {move.id: wanted for move, wanted in quantities.items()}
        for move in moves:
            wanted = wanted_by_id.get(move.id)
            if wanted is None or not move.product_uom.compare(move.quantity, wanted):
                continue
            line = move.move_line_ids
            if (
                len(line) == 1
                and line.product_uom_id == move.product_uom
                and move.product_uom.compare(wanted, move.quantity) < 0
                and not move.product_uom.is_zero(wanted)
            ):
                by_quantity[wanted].append(line.id)
            else:
                move.quantity = wanted
        for wanted, ids in by_quantity.items():
            moves.move_line_ids.browse(ids).write({"quantity": wanted})

    def _get_coop_expected_quantity(self):
        """What a receipt should bring: as announced, else as ordered."""
        self.ensure_one()
        if self.picking_id.delivery_note_ref:
            return self.quantity_announced
        return self.product_uom_qty

    @api.depends("picking_id.delivery_note_ref")
    def _compute_quantity_announced(self):
        """The producer's own answer where there is one, else as ordered."""
        announced = self.filtered("quantity_announced")
        res = super()._compute_quantity_announced()
        (self - announced)._coop_announce_confirmed()
        return res

    def _coop_announce_confirmed(self):
        """What the producer confirmed, on receipts that are not counted yet."""
        moves = self.filtered(
            lambda m: (
                m.picking_id.delivery_note_ref
                and not m.picking_id.backorder_id
                and m.state not in ("done", "cancel")
            )
        )
        # sudo: a quantity of the order; volunteers read no purchase orders.
        for line, own in moves.grouped(lambda m: m.sudo().purchase_line_id).items():
            if not line.is_confirmed:
                continue
            left = line._get_coop_supplied_quantity()
            for move in own:
                share = min(
                    line.product_uom_id._compute_quantity(
                        left, move.product_uom, round=False
                    ),
                    move.product_uom_qty,
                )
                move.quantity_announced = move.product_uom.round(share)
                left -= move.product_uom._compute_quantity(
                    share, line.product_uom_id, round=False
                )
