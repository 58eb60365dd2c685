# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from odoo.addons.coop_lettering.models.coop_lettering_engine import WriteOff


class CoopLetteringEngine(models.AbstractModel):
    """The credit of a claim is linked to its bill; small differences are settled as the
    matching policy says."""

    _inherit = "coop.lettering.engine"

    @api.model
    def _get_linked_moves(self, move):
        return super()._get_linked_moves(move) | move.credited_claim_ids.bill_id

    @api.model
    def _get_write_off(self, company, partner):
        # sudo: the policy is read, not shown.
        policies = self.env["coop.match.policy"].sudo()
        policy = policies._get_policy(company, partner)
        return WriteOff(
            policy.write_off_amount,
            policy.write_off_loss_account_id,
            policy.write_off_gain_account_id,
        )
