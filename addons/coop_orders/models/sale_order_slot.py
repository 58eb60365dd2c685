# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import SQL

from odoo.addons.coop_base.tools.localtime import format_local


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _coop_restore(self):
        """A slot that filled up meanwhile is not taken back."""
        slot = self.slot_id
        if slot.capacity:
            # Same care as for choosing one: see _coop_check_slot.
            self.env.execute_query(
                SQL(
                    "UPDATE coop_distribution_slot SET capacity = capacity"
                    " WHERE id = %s RETURNING id",
                    slot.id,
                )
            )
            slot.invalidate_recordset(["booked_count"])
            if slot.booked_count >= slot.capacity:
                self.slot_id = False
        return super()._coop_restore()


class CoopDistributionSlot(models.Model):
    _inherit = "coop.distribution.slot"

    def _coop_get_hours(self):
        """The slot's hours, where the day is already said."""
        self.ensure_one()
        company = self.distribution_id.company_id
        return " – ".join(
            format_local(self.env, moment, company, "HH:mm")
            for moment in (self.date_start, self.date_end)
        )
