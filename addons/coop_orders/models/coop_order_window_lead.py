# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from odoo import fields, models

from odoo.addons.coop_base.tools.localtime import to_local, to_utc


class CoopOrderWindowLead(models.AbstractModel):
    """Deadlines of the producers who need the orders before the others."""

    _name = "coop.order.window.lead"
    _description = "Order Window: Deadlines"

    def _apply_lead_days(self):
        """Give each producer without a deadline the one that the lead time makes.

        At the window's own hour, so many days before the first distribution; only
        where that is while the window is open.
        """
        for window in self:
            zone = window.company_id.coop_tz
            start = min(window.distribution_ids.mapped("date_start"), default=None)
            if not start or not window.closes_at:
                continue
            hour = to_local(window.closes_at, zone).time()
            for row in window.supplier_ids.filtered(lambda r: not r.closes_at):
                # sudo: a number of days; who prepares windows reads producers anyway.
                days = row.partner_id.sudo().coop_lead_days
                if not days:
                    continue
                day = to_local(start, zone).date() - timedelta(days=days)
                deadline = to_utc(datetime.combine(day, hour), zone)
                opens_at = window.opens_at or fields.Datetime.now()
                if opens_at < deadline < window.closes_at:
                    row.closes_at = deadline
