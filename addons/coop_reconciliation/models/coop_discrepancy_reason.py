# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

CLAIM_REASONS = {
    "missing": "shortage",
    "damaged": "damaged",
    "wrong_item": "wrong_item",
    "quality": "quality",
}


class CoopDiscrepancyReason(models.Model):
    """Why what was counted differs from what was announced."""

    _name = "coop.discrepancy.reason"
    _description = "Discrepancy Reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_claimable = fields.Boolean(
        string="Claim to the Supplier",
        default=True,
        help="A difference with this reason is claimed to the supplier.",
    )

    _code_unique = models.Constraint(
        "UNIQUE(code)", "Another discrepancy reason already has this code."
    )

    def _get_claim_reason(self):
        """The reason of a claim, as its supplier reads it; missing if none is said."""
        if not self:
            return "shortage"
        return CLAIM_REASONS.get(self.code, "other")
