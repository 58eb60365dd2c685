from odoo import api, fields, models

from odoo.addons.coop_base.tools.localtime import to_local


class CoopClosedDay(models.Model):
    """Days on which nothing can be handed over: public holidays, a hall that is let."""

    _name = "coop.closed.day"
    _description = "Closed Day"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    date_from = fields.Date(string="From", required=True, index=True)
    date_to = fields.Date(
        string="To",
        compute="_compute_date_to",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    collection_point_ids = fields.Many2many(
        "coop.collection.point",
        string="Collection Points",
        check_company=True,
        help="Empty: all of them.",
    )

    _dates = models.Constraint(
        "CHECK (date_from <= date_to)", "A closure must end after it starts."
    )

    @api.depends("date_from")
    def _compute_date_to(self):
        for closed in self:
            if not closed.date_to or (
                closed.date_from and closed.date_to < closed.date_from
            ):
                closed.date_to = closed.date_from

    @api.model
    def _get_closures(self, company, days):
        """Closed days of a company around these dates, to be asked in memory."""
        if not days:
            return self.browse()
        # sudo: public facts, shown to whoever sees the distribution.
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("date_from", "<=", max(days)),
                ("date_to", ">=", min(days)),
            ]
        )

    def _covers(self, day, point):
        self.ensure_one()
        return self.date_from <= day <= self.date_to and (
            not self.collection_point_ids or point in self.collection_point_ids
        )


class CoopDistribution(models.Model):
    _inherit = "coop.distribution"

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
            closures = self.env["coop.closed.day"]._get_closures(
                company, list(days.values())
            )
            for distribution, day in days.items():
                point = distribution.collection_point_id._origin
                names = [c.name for c in closures if c._covers(day, point)]
                distribution.closed_day_warning = ", ".join(names)


class CoopOrderWindow(models.Model):
    _inherit = "coop.order.window"

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
