# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


# A further file for account.move: which claim a credit note answers.
# pylint: disable=consider-merging-classes-inherited
class AccountMove(models.Model):
    _inherit = "account.move"

    possible_claim_ids = fields.Many2many(
        "coop.supplier.claim",
        string="Claims It May Answer",
        compute="_compute_possible_claim_ids",
        help="Several claims have this amount: choose the one that it settles.",
    )

    @api.depends(
        "credited_claim_ids", "amount_total", "commercial_partner_id", "move_type"
    )
    def _compute_possible_claim_ids(self):
        matcher = self.env["coop.credit.matcher"]
        claims = self.env["coop.supplier.claim"]
        for move in self:
            move.possible_claim_ids = claims
            if (
                move.move_type == "in_refund"
                and move.state != "cancel"
                and move.commercial_partner_id
                and not move.credited_claim_ids
            ):
                bills = matcher._cited_bills(move)
                move.possible_claim_ids = matcher._find_claims(move, bills)[1]
