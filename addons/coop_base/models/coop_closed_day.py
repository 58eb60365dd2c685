# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CoopClosedDay(models.Model):
    """Days on which the cooperative is closed: public holidays, a hall that is let.

    Entered once; each add-on says what it does not do on these days, and asks here.
    """

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
        # sudo: public facts, shown to whoever sees what is closed.
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
