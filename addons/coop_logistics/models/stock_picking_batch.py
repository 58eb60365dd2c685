# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class StockPickingBatch(models.Model):
    _inherit = "stock.picking.batch"

    distribution_ids = fields.One2many(
        "coop.distribution",
        "batch_id",
        groups="coop_base.coop_base_group_member,coop_base.coop_base_group_referent,"
        "coop_base.coop_base_group_coordinator,coop_base.coop_base_group_buyer",
    )
    coop_point_id = fields.Many2one(
        "coop.collection.point",
        string="Collection Point",
        related="distribution_ids.collection_point_id",
    )

    def _coop_get_distribution(self):
        """The distribution that its loading sheet is for, if any."""
        # sudo: a storekeeper loads the van; the sheet says where to, and for whom.
        return self.sudo().distribution_ids[:1]

    def _coop_get_loading_rows(self):
        """Totals per product, for the loading sheet, in the order of the room.

        :return: list of ``{'product', 'uom', 'quantity', 'weight' (kg), 'count',
            'text'}``,
            quantities in the product's unit
        """
        self.ensure_one()
        rows = {}
        for move in self.picking_ids.move_ids:
            if move.state == "cancel":
                continue
            product = move.product_id
            row = rows.setdefault(
                product,
                {
                    "product": product,
                    "uom": product.uom_id,
                    "quantity": 0.0,
                    "count": 0,
                },
            )
            # What goes is what was asked, until it is weighed.
            quantity = move.quantity if move.picked else move.product_uom_qty
            row["quantity"] += move.product_uom._compute_quantity(
                quantity, product.uom_id, round=False
            )
            row["count"] += 1
        result = sorted(
            rows.values(),
            key=lambda row: (
                row["product"].categ_id.complete_name,
                row["product"].name,
            ),
        )
        kilogram = self.env.ref("uom.product_uom_kgm")
        Offer = self.env["coop.order.offer"]
        for row in result:
            row["text"] = Offer._format_quantity(row["quantity"], row["uom"])
            weight = row["product"].weight
            if row["uom"]._has_common_reference(kilogram):
                row["weight"] = row["uom"]._compute_quantity(
                    row["quantity"], kilogram, round=False
                )
            else:
                row["weight"] = weight * row["quantity"]
        return result

    def _coop_format_weight(self, weight):
        """A weight as printed, to the hundred grams."""
        number = self.env["coop.order.offer"]._format_number(round(weight, 1))
        return self.env._("%(number)s kg", number=number)
