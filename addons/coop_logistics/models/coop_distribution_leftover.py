# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CoopDistributionLeftover(models.Model):
    """What was left of a product when everybody had come, and where it went.

    Goods handed out at a distribution stay in the warehouse's books until somebody
    takes them: what goes back to stock moves nothing, what is lost is scrapped, and
    what nobody finds is scrapped as missing.
    """

    _name = "coop.distribution.leftover"
    _description = "Left-over"
    _inherit = [
        "coop.distribution.leftover.leftovers",
        "coop.distribution.leftover.tracking",
    ]
    _order = "distribution_id desc, product_id, id"

    distribution_id = fields.Many2one(
        "coop.distribution",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="distribution_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    collection_point_id = fields.Many2one(
        related="distribution_id.collection_point_id", store=True, precompute=True
    )
    offer_id = fields.Many2one(
        "coop.order.offer", readonly=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    product_uom_id = fields.Many2one(
        "uom.uom", string="Unit", required=True, readonly=True, ondelete="restrict"
    )
    quantity_expected = fields.Float(
        string="Should Be Left",
        digits="Product Unit",
        readonly=True,
        help="Allocated to this distribution, less what members took, extras included.",
    )
    quantity_stock = fields.Float(
        string="Back to Stock", digits="Product Unit", readonly=True
    )
    quantity_loss = fields.Float(string="Lost", digits="Product Unit", readonly=True)
    quantity_missing = fields.Float(
        string="Missing",
        digits="Product Unit",
        readonly=True,
        help="What should be left and nobody found.",
    )
    quantity_found = fields.Float(
        string="More than Expected", digits="Product Unit", readonly=True
    )
    reason_id = fields.Many2one(
        "stock.scrap.reason.tag", readonly=True, ondelete="restrict"
    )
    note = fields.Char(readonly=True)
    value_loss = fields.Monetary(
        string="Value Lost",
        readonly=True,
        help="At cost, without VAT, the day it was counted.",
    )
    counted_at = fields.Datetime(readonly=True)
    counted_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    move_ids = fields.One2many(
        "stock.move",
        "coop_leftover_id",
        string="Stock Moves",
        readonly=True,
        groups="stock.group_stock_user",
    )

    _once = models.UniqueIndex(
        "(distribution_id, offer_id)",
        "What is left of this product was counted already.",
    )

    @api.depends("product_id", "distribution_id")
    def _compute_display_name(self):
        for leftover in self:
            leftover.display_name = self.env._(
                "%(product)s, %(distribution)s",
                product=leftover.product_id.name or "",
                distribution=leftover.distribution_id.display_name or "",
            )

    # ------------------------------------------------------------------
    # Into the books
    # ------------------------------------------------------------------

    def _move_stock(self):
        """Scrap what is lost or missing, take in what was found beyond the books."""
        missing = self.env.ref("coop_logistics.scrap_reason_missing")
        locations = {
            company: warehouse.out_type_id.default_location_src_id
            or warehouse.lot_stock_id
            for company, warehouse in self.company_id._coop_get_warehouses().items()
        }
        scraps = self.env["stock.scrap"]
        for leftover in self.filtered(lambda row: row.product_id.is_storable):
            location = locations[leftover.company_id]
            for quantity, reason in (
                (leftover.quantity_loss, leftover.reason_id),
                (leftover.quantity_missing, missing),
            ):
                scraps += leftover._create_scraps(quantity, reason, location)
        for scrap in scraps:
            # Odoo numbers and validates them one at a time
            scrap.do_scrap()
            scrap.move_ids.coop_leftover_id = scrap.coop_leftover_id
        self._take_in_found(locations)

    def _create_scraps(self, quantity, reason, location):
        """Draft scraps, one a lot for what is followed by lots."""
        self.ensure_one()
        uom = self.product_uom_id
        if uom.is_zero(quantity):
            return self.env["stock.scrap"]
        shares = [(self.env["stock.lot"], quantity)]
        if self.product_id.tracking != "none":
            shares = self._share_by_lot(quantity, location)
        return self.env["stock.scrap"].create(
            [
                {
                    "product_id": self.product_id.id,
                    "product_uom_id": uom.id,
                    "scrap_qty": share,
                    "lot_id": lot.id,
                    "company_id": self.company_id.id,
                    "location_id": location.id,
                    "origin": self.distribution_id.display_name,
                    "scrap_reason_tag_ids": [Command.set(reason.ids)],
                    "coop_leftover_id": self.id,
                }
                for lot, share in shares
            ]
        )

    def _share_by_lot(self, quantity, location):
        """``[(lot, quantity)]``, oldest first; the last takes what is beyond."""
        self.ensure_one()
        quants = self.env["stock.quant"]._gather(self.product_id, location)
        quants = quants.filtered(lambda q: q.lot_id and q.quantity > 0)
        shares, uom = [], self.product_uom_id
        for quant in quants:
            has = self.product_id.uom_id._compute_quantity(
                quant.quantity, uom, round=False
            )
            share = min(has, quantity)
            shares.append([quant.lot_id, uom.round(share)])
            quantity -= share
            if uom.is_zero(quantity) or quantity < 0:
                return shares
        if not shares:
            raise UserError(
                self.env._(
                    "%s has no lot in stock to take the loss from: ask the warehouse.",
                    self.product_id.display_name,
                )
            )
        shares[-1][1] = uom.round(shares[-1][1] + quantity)
        return shares

    def _take_in_found(self, locations):
        """More than the books know of comes back into them.

        Goods received and allocated to nobody are in the books already.
        """
        vals_list = []
        for leftover in self.filtered("product_id.is_storable"):
            uom = leftover.product_uom_id
            gain = leftover.quantity_found - leftover._get_unshared_left()
            if uom.compare(gain, 0.0) <= 0 or leftover.product_id.tracking != "none":
                continue
            location = locations[leftover.company_id]
            source = leftover.product_id.with_company(
                leftover.company_id
            ).property_stock_inventory
            values = {
                "product_id": leftover.product_id.id,
                "product_uom_id": uom.id,
                "quantity": gain,
                "location_id": source.id,
                "location_dest_id": location.id,
            }
            vals_list.append(
                {
                    "product_id": leftover.product_id.id,
                    "product_uom": uom.id,
                    "product_uom_qty": gain,
                    "company_id": leftover.company_id.id,
                    "location_id": source.id,
                    "location_dest_id": location.id,
                    "is_inventory": True,
                    "picked": True,
                    "origin": leftover.distribution_id.display_name,
                    "coop_leftover_id": leftover.id,
                    "move_line_ids": [Command.create(values)],
                }
            )
        self.env["stock.move"].create(vals_list)._action_done()

    def _get_unshared_left(self):
        """What the window received for nobody and no other point has found yet."""
        self.ensure_one()
        window = self.distribution_id.window_id
        if window.flow == "stock" or len(window.distribution_ids) == 1:
            return 0.0
        others = self.search(
            [("offer_id", "=", self.offer_id.id), ("id", "!=", self.id)]
        )
        unshared = self.distribution_id._get_unshared(self.offer_id)
        return max(
            unshared.get(self.offer_id, 0.0) - sum(others.mapped("quantity_found")), 0.0
        )

    def _undo_stock(self):
        """Goods back where they were, in the open."""
        vals_list = []
        for move in self.move_ids.filtered(lambda m: m.state == "done"):
            back = {
                "location_id": move.location_dest_id.id,
                "location_dest_id": move.location_id.id,
            }
            vals_list.append(
                {
                    "product_id": move.product_id.id,
                    "product_uom": move.product_uom.id,
                    "product_uom_qty": move.quantity,
                    "company_id": move.company_id.id,
                    "is_inventory": True,
                    "picked": True,
                    "origin": self.env._("Counted again: %s", move.origin),
                    "origin_returned_move_id": move.id,
                    **back,
                    "move_line_ids": [
                        Command.create(
                            {
                                "product_id": line.product_id.id,
                                "product_uom_id": line.product_uom_id.id,
                                "quantity": line.quantity,
                                "lot_id": line.lot_id.id,
                                **back,
                            }
                        )
                        for line in move.move_line_ids
                    ],
                }
            )
        self.env["stock.move"].create(vals_list)._action_done()


class CoopStockMoveLeftover(models.AbstractModel):
    _name = "coop.stock.move.leftover"
    _description = "Goods Moved: Left Over"

    coop_leftover_id = fields.Many2one(
        "coop.distribution.leftover",
        string="Left-over",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
    )


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    coop_leftover_id = fields.Many2one(
        "coop.distribution.leftover",
        string="Left-over",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
    )
