# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.fields import Domain


class CoopOrderWindowOffers(models.AbstractModel):
    """Where the offers of a window come from."""

    _name = "coop.order.window.offers"
    _description = "Order Window: Offers"

    def action_prefill_offers(self):
        """Choose among last time's offers, at the prices producers ask now."""
        return self._open_offer_wizard(
            "coop.offer.prefill", self.env._("Take Last Time's Offers")
        )

    def action_add_catalogue(self):
        """Choose among what producers have in their catalogue."""
        return self._open_offer_wizard(
            "coop.offer.prefill",
            self.env._("Add a Producer's Catalogue"),
            {"source": "supplier", "source_window_id": False},
        )

    def _open_offer_wizard(self, model, name, values=None):
        self.ensure_one()
        self.check_access("write")
        wizard = self.env[model].create({"window_id": self.id, **(values or {})})
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _coop_find_last_window(self):
        """Last time's window: of the same template, else of the same groups.

        :return: a window with offers, or an empty recordset
        """
        self.ensure_one()
        before = (
            Domain("id", "!=", self._origin.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("state", "!=", "cancelled")
            & Domain("offer_ids", "!=", False)
        )
        if self.closes_at:
            before &= Domain("closes_at", "<=", self.closes_at)
        last = self._find_earlier_of_same_model(before)
        if last:
            return last
        if self.group_ids:
            same = Domain("group_ids", "in", self.group_ids.ids)
        else:
            same = Domain("group_ids", "=", False)
        return self.search(before & same, limit=1)

    def _find_earlier_of_same_model(self, domain):
        """The last window of ``domain`` that was made as this one (hook)."""
        return self.browse()
