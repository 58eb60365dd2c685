# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CoopOrderWindowProducerPayout(models.AbstractModel):
    _name = "coop.order.window.producer.payout"
    _description = "Order Window: Paying Producers"

    def action_view_payouts(self):
        """What each producer of these windows delivered, billed and was paid."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_logistics.coop_producer_payout_action"
        )
        action["domain"] = [("window_id", "in", self.ids)]
        action["context"] = {}
        return action
