# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _coop_after_confirmation(self):
        """What the producer announced is what the receipt awaits, before it is counted.

        Nothing that reception copied from the delivery note is written over.
        """
        res = super()._coop_after_confirmation()
        for order in self:
            # sudo: the producer, or a visitor with the link, has no right on receipts.
            receipts = order.sudo().picking_ids.filtered(
                lambda p: p.state not in ("done", "cancel") and not p.backorder_id
            )
            if order.coop_delivery_note_ref:
                receipts.filtered(
                    lambda p: not p.delivery_note_ref
                ).delivery_note_ref = order.coop_delivery_note_ref
            receipts.filtered("delivery_note_ref").move_ids._coop_announce_confirmed()
        return res
