# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CoopOrderWindowDecisionAttention(models.AbstractModel):
    """What the buyer has to decide, among what there is to look at."""

    _name = "coop.order.window.decision.attention"
    _description = "Order Window: Decisions to Look At"

    def _get_minimum_attention(self):
        items = []
        for row in self.supplier_ids:
            if row._is_waiting_for_minimum():
                items.append(
                    (
                        "fa-balance-scale text-warning",
                        self.env._(
                            "%(producer)s is under the minimum: %(missing)s missing",
                            producer=row.partner_id.name,
                            missing=row._format_missing(*row._get_missing()),
                        ),
                    )
                )
        return items

    def _get_given_up_attention(self):
        return [
            (
                "fa-ban text-danger",
                self.env._("Nothing comes from %s", row.partner_id.name),
            )
            for row in self.supplier_ids.filtered("given_up_at")
        ]
