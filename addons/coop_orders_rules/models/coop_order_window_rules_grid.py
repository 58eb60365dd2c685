# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from .coop_order_window_rules import PERMITTED


class CoopOrderWindowRulesGrid(models.AbstractModel):
    """The entry grid says who may not order; a coordinator decides otherwise."""

    _name = "coop.order.window.rules.grid"
    _description = "Order Window: Rules in the Grid"

    def get_entry_grid(self, group_id=None, point_id=None):
        grid = super().get_entry_grid(group_id, point_id)
        members = self.env["res.partner"].browse([row["id"] for row in grid["members"]])
        refusals = self._get_refusals(members)
        for member, row in zip(members, grid["members"], strict=True):
            row.update(self._prepare_entry_refusal(member, refusals.get(member)))
        grid["may_permit"] = self._may_permit()
        return grid

    def _prepare_entry_member(self, member, order):
        return {
            **self._prepare_entry_refusal(member, None),
            **super()._prepare_entry_member(member, order),
        }

    @api.model
    def _prepare_entry_refusal(self, member, found):
        return {
            "refusal": self._get_refusal_label(member, *found) if found else "",
            "can_permit": bool(found) and found[0] in PERMITTED,
        }

    def set_entry_quantities(self, partner_id, changes, channel="paper"):
        """A refused member's row says so and nothing is saved."""
        self.ensure_one()
        member = self._check_entry_member(partner_id)
        found = self._is_taking_orders() and self._get_refusals(member).get(member)
        if not found:
            return super().set_entry_quantities(partner_id, changes, channel)
        refusal = self._prepare_entry_refusal(member, found)
        sentence = self.env._(
            "%(refusal)s: nothing was saved.", refusal=refusal["refusal"]
        )
        order = self._get_entry_orders(member).get(member)
        return {
            **self._prepare_entry_member(member, order),
            **refusal,
            "refused": {change["offer_id"]: sentence for change in changes},
            "message": sentence,
        }
