# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.coop_base.tools.localtime import format_local


class CoopRoundStopRoundPaper(models.AbstractModel):
    """What the papers of a round say of a stop."""

    _name = "coop.round.stop.round.paper"
    _description = "Stop of a Round: Papers"

    def _get_paper_rows(self):
        """``[{'name', 'text'}]``: totals by product, in the order of the room."""
        self.ensure_one()
        # sudo: quantities; whoever prints the round loads it.
        stop = self.sudo()
        rows = {}
        if stop.kind == "pickup":
            lines = [
                (line, max(line.product_qty - line.qty_received, 0.0))
                for line in stop.purchase_id.order_line.filtered("product_id")
            ]
        else:
            orders = stop.order_id or stop.distribution_id.order_ids.filtered(
                lambda o: o.state in ("sent", "sale") and not o.coop_home_delivery
            )
            lines = [
                (
                    line,
                    line._coop_get_quantity_in_basket()
                    if line.state == "sale"
                    else line.product_uom_qty,
                )
                for line in orders.order_line.filtered(
                    lambda x: x.product_id and not x.coop_donation
                )
            ]
        for line, quantity in lines:
            key = (line.product_id, line.product_uom_id)
            rows[key] = rows.get(key, 0.0) + quantity
        Offer = self.env["coop.order.offer"]
        return [
            {
                "name": product.with_context(display_default_code=False).display_name,
                "text": Offer._format_quantity(rows[product, uom], uom),
            }
            for product, uom in sorted(
                rows, key=lambda k: (k[0].categ_id.complete_name, k[0].name)
            )
            if not uom.is_zero(rows[product, uom])
        ]

    def _format_planned(self):
        self.ensure_one()
        if not self.planned_at:
            return ""
        return format_local(self.env, self.planned_at, self.company_id, "HH:mm")

    def _format_done(self):
        self.ensure_one()
        if not self.done_at:
            return ""
        return format_local(self.env, self.done_at, self.company_id, "HH:mm")

    def _get_equipment(self):
        """What this point asked for and did not get yet."""
        self.ensure_one()
        distribution = self.distribution_id
        if not distribution:
            return ""
        return distribution._get_equipment_to_bring().get(distribution, "")


class CoopRoundPaper(models.AbstractModel):
    _name = "coop.round.paper"
    _description = "Round: Papers"

    def _format_kg(self, weight):
        return self.env["stock.picking.batch"]._coop_format_weight(weight)
