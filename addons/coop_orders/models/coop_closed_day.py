# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from odoo.addons.coop_base.tools.localtime import to_local


class CoopClosedDay(models.Model):
    """Days on which nothing can be handed over."""

    _inherit = "coop.closed.day"

    no_distribution = fields.Boolean(
        string="No distribution",
        default=True,
        help="A distribution that falls on these days is shown with a warning, and"
        " nothing is expected to be sold.",
    )


class CoopDistributionClosedDay(models.AbstractModel):
    _name = "coop.distribution.closed.day"
    _description = "Distribution: Closed Days"

    closed_day_warning = fields.Char(
        string="Closed",
        compute="_compute_closed_day_warning",
        help="The closed day on which this distribution falls.",
    )

    @api.depends("date_start", "collection_point_id", "company_id")
    def _compute_closed_day_warning(self):
        self.closed_day_warning = False
        dated = self.filtered("date_start")
        for company, distributions in dated.grouped("company_id").items():
            days = {
                distribution: to_local(distribution.date_start, company.coop_tz).date()
                for distribution in distributions
            }
            closures = (
                self.env["coop.closed.day"]
                ._get_closures(company, list(days.values()))
                .filtered("no_distribution")
            )
            for distribution, day in days.items():
                point = distribution.collection_point_id._origin
                names = [c.name for c in closures if c._covers(day, point)]
                distribution.closed_day_warning = ", ".join(names)


class CoopOrderWindowClosedDay(models.AbstractModel):
    _name = "coop.order.window.closed.day"
    _description = "Order Window: Closed Days"

    closed_day_warning = fields.Char(compute="_compute_closed_day_warning")

    @api.depends(
        "distribution_ids.date_start", "distribution_ids.collection_point_id", "state"
    )
    def _compute_closed_day_warning(self):
        for window in self:
            texts = [
                self.env._(
                    "%(point)s (%(closure)s)",
                    point=distribution.collection_point_id.name,
                    closure=distribution.closed_day_warning,
                )
                for distribution in window.distribution_ids
                if distribution.closed_day_warning and distribution.state == "planned"
            ]
            window.closed_day_warning = ", ".join(texts)
