# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import models

from ..tools.bulk_run import BulkRun, get_book, get_run


class StockMove(models.Model):
    """Hundreds of deliveries at once, with the same moves, quants and values as core.

    Core's own methods do the work; what they ask or write line by line is asked or
    written once, as long as the answer is the same for all (``tests/test_bulk.py``).
    """

    _inherit = "stock.move"

    def _with_quant_book(self):
        """These moves in the context of a bulk run: quants are read and locked once."""
        locations = self.location_id | self.location_dest_id
        book = self.env["stock.quant"]._get_quant_book(self.product_id, locations)
        return self.with_prefetch().with_context(**BulkRun(book).get_context())

    def _confirm_in_bulk(self):
        """Confirm and reserve draft moves of pickings as core does, in bulk.

        Moves of one picking are not merged: each carries its own order line.
        """
        reserved = []
        moves = self._with_quant_book()
        book = get_book(moves.env)
        run = BulkRun(book, reserved=reserved)
        with book:
            moves.with_context(**run.get_context())._action_confirm(merge=False)
        # ``_update_reserved_quantity`` has put them aside and reserved the quants.
        lines = (
            moves.env["stock.move.line"]
            .with_context(**BulkRun(book, has_reserved=True).get_context())
            .create(reserved)
        )
        lines._apply_putaway_strategy()
        self.with_context(**BulkRun().get_context())._trigger_scheduler()

    def _set_quantities_in_bulk(self, quantities):
        """Set what is handed over on open moves.

        A move with one line and enough goods is written straight on its line, all
        moves of the same quantity at once; the others go core's way.

        :param quantities: dict ``stock.move`` → quantity in the move's unit
        """
        has_book = get_book(self.env) is not None
        moves = self if has_book and self else self._with_quant_book()
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
        with get_book(moves.env):
            for wanted, ids in by_quantity.items():
                moves.move_line_ids.browse(ids).write({"quantity": wanted})

    # ------------------------------------------------------------------
    # What core asks line by line
    # ------------------------------------------------------------------

    def _check_company(self, fnames=None):
        # Checked when they were created; core checks them all again at each step.
        if get_book(self.env) is not None:
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
        run = get_run(self.env)
        if run is None or run.reserved is None:
            return super()._update_reserved_quantity(
                need, location_id, lot_id, package_id, owner_id, strict
            )
        vals_list, taken = self._update_reserved_quantity_vals(
            need, location_id, lot_id, package_id, owner_id, strict
        )
        for vals in vals_list:
            self._reserve_in_bulk(vals)
        run.reserved.extend(vals_list)
        return taken

    def _reserve_in_bulk(self, vals):
        """Reserve the quant of a line that is about to be made."""
        uom = self.env["uom.uom"].browse(vals["product_uom_id"])
        quantity = uom._compute_quantity(
            vals["quantity"], self.product_id.uom_id, rounding_method="HALF-UP"
        )
        book = get_book(self.env)
        if not (vals["lot_id"] or vals["package_id"] or vals["owner_id"]):
            row = book.find(self.product_id.id, vals["location_id"])
            if row is not None:
                book.change(row, reserved=quantity)
                return
        self.env["stock.quant"]._update_reserved_quantity(
            self.product_id,
            self.env["stock.location"].browse(vals["location_id"]),
            quantity,
            lot_id=self.env["stock.lot"].browse(vals["lot_id"] or []),
            package_id=self.env["stock.package"].browse(vals["package_id"] or []),
            owner_id=self.env["res.partner"].browse(vals["owner_id"] or []),
        )

    def _trigger_scheduler(self):
        if get_run(self.env) is None:
            return super()._trigger_scheduler()
        return super(
            StockMove, self._filter_bulk_ruled([("trigger", "=", "auto")])
        )._trigger_scheduler()

    def _update_orderpoints(self):
        if get_run(self.env) is None:
            return super()._update_orderpoints()
        return super(StockMove, self._filter_bulk_ruled([]))._update_orderpoints()

    def _filter_bulk_ruled(self, domain):
        """The moves whose product is ordered again by a rule; often there are none."""
        # sudo: as core does.
        Orderpoint = self.env["stock.warehouse.orderpoint"].sudo()
        ruled = Orderpoint.search_fetch(
            [("product_id", "in", self.product_id.ids), *domain], ["product_id"]
        ).product_id
        return self.filtered(lambda move: move.product_id in ruled)

    def _set_references(self):
        if get_run(self.env) is None:
            return super()._set_references()
        # A move without reference takes those of its picking's other moves.
        pickings = self.picking_id.filtered("reference_ids")
        return super(
            StockMove, self.filtered(lambda move: move.picking_id in pickings)
        )._set_references()

    def _push_apply(self):
        if get_run(self.env) is None:
            return super()._push_apply()
        # sudo: as core does for what belongs to another company.
        Rule = self.env["stock.rule"].sudo()
        sources = Rule.search_fetch(
            [
                ("action", "in", ("push", "pull_push")),
                ("location_src_id", "parent_of", self.location_dest_id.ids),
            ],
            ["location_src_id"],
        ).location_src_id
        followed = self.filtered(
            lambda move: (
                move.move_dest_ids
                or any(move.location_dest_id._child_of(source) for source in sources)
            )
        )
        return super(StockMove, followed)._push_apply()
