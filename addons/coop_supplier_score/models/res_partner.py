# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_view_supplier_score(self):
        """The charts of this supplier."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id(
            "coop_supplier_score.coop_supplier_score_client_action"
        )
        action["context"] = {"active_model": "res.partner", "active_id": self.id}
        return action
