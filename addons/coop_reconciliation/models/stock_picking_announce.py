# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import models


class StockPicking(models.Model):
    """What was announced against what was ordered, before the goods come."""

    _inherit = "stock.picking"

    def action_import_delivery_note(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import a Delivery Note"),
            "res_model": "coop.delivery.note.import",
            "view_mode": "form",
            "target": "new",
            "context": {"default_picking_id": self.id},
        }

    def _get_announced_gaps(self):
        """Lines of which less or more is announced than ordered."""
        self.ensure_one()
        return self.move_ids.filtered(
            lambda m: (
                m.state != "cancel"
                and m.product_uom.compare(m.quantity_announced, m.product_uom_qty)
            )
        )

    def _post_announced(self, unknown, filename):
        """A note in the thread: what was announced otherwise than ordered."""
        self.ensure_one()
        quantity = self.env["coop.bill.exception"]._format_quantity
        items = [
            self.env._(
                "%(name)s: %(announced)s announced, %(ordered)s ordered",
                name=move.product_id.display_name,
                announced=quantity(move.quantity_announced),
                ordered=quantity(move.product_uom_qty),
            )
            for move in self._get_announced_gaps()
        ]
        items += [
            self.env._("%s: on the delivery note, not ordered", name)
            for name in unknown
        ]
        body = Markup("<p>%s</p>") % self.env._(
            "Delivery note %(number)s read from %(file)s.",
            number=self.delivery_note_ref,
            file=filename or "",
        )
        if items:
            rows = Markup("").join(Markup("<li>%s</li>") % item for item in items)
            body += Markup("<ul>%s</ul>") % rows
        self.message_post(body=body)
