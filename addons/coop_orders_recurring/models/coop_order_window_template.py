# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..tools.weekdays import WEEKDAYS


class CoopOrderWindowTemplate(models.Model):
    """What comes back every week or every month."""

    _name = "coop.order.window.template"
    _description = "Order Window Template"
    _inherit = [
        "coop.order.window.template.make",
        "coop.order.window.template.producers",
        "coop.order.window.template.catalogue",
        "coop.order.window.settings",
    ]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    group_ids = fields.Many2many(
        "coop.group", string="Local Groups", check_company=True
    )

    # Calendar
    recurrence = fields.Selection(
        [("weekly", "Weekly"), ("monthly", "Monthly")],
        default="monthly",
        required=True,
    )
    interval = fields.Integer(default=1, help="Every so many weeks or months.")
    weekday = fields.Selection(
        WEEKDAYS, string="Closing Day", default="1", required=True
    )
    rank = fields.Selection(
        [
            ("1", "First"),
            ("2", "Second"),
            ("3", "Third"),
            ("4", "Fourth"),
            ("-1", "Last"),
        ],
        string="In the Month",
        default="-1",
        required=True,
    )
    first_date = fields.Date(
        string="Starting on",
        help="No window closes before this day; every second week or month is counted"
        " from it. Empty: from the last window on.",
    )
    closing_hour = fields.Float(
        default=20.0, help="In the cooperative's time, 20.5 for half past eight."
    )
    open_days = fields.Integer(
        string="Open for (days)", default=7, help="How long members can order."
    )
    opening_hour = fields.Float(
        compute="_compute_opening_hour",
        store=True,
        readonly=False,
        precompute=True,
        help="In the cooperative's time; by default the hour at which it closes.",
    )
    ahead_number = fields.Integer(
        string="Prepared Ahead",
        default=1,
        help="How many of the next windows are prepared by themselves, or how many"
        " days before they open. 0: by hand.",
    )
    ahead_unit = fields.Selection(
        [("windows", "windows"), ("days", "days before opening")],
        default="windows",
        required=True,
    )

    # Distribution
    distribution_delay = fields.Integer(
        string="Distribution after (days)",
        default=7,
        help="Days from the closing to the distribution.",
    )
    distribution_weekday = fields.Selection(
        WEEKDAYS,
        string="On the Next",
        help="The distribution is on the first such day once these days have passed.",
    )
    distribution_hour = fields.Float(default=17.5)
    distribution_duration = fields.Float(string="Duration (hours)", default=1.5)
    point_ids = fields.One2many(
        "coop.order.window.template.point",
        "template_id",
        string="Distributions",
        copy=True,
    )
    collection_point_ids = fields.Many2many(
        "coop.collection.point",
        string="Collection Points",
        compute="_compute_collection_point_ids",
        inverse="_inverse_collection_point_ids",
        check_company=True,
    )

    # Rules
    allocation_rule = fields.Selection(
        lambda self: self._get_window_selection("allocation_rule"),
        string="When Goods Are Short",
        default="first_come",
        required=True,
    )
    flow = fields.Selection(
        lambda self: self._get_window_selection("flow"),
        string="Goods Are",
        default="cross_dock",
        required=True,
    )
    basket_policy = fields.Selection(
        lambda self: self._get_window_selection("basket_policy"),
        string="Unconfirmed Baskets Are",
        default="drop",
        required=True,
    )
    minimum_order_amount = fields.Monetary(string="Minimum per Order")
    member_note = fields.Html(
        string="Note to Members", translate=True, help="Shown above the products."
    )
    window_ids = fields.One2many("coop.order.window", "template_id")
    date_ids = fields.One2many("coop.order.window.template.date", "template_id")

    @api.model
    def _get_window_selection(self, name):
        window = self.env["coop.order.window"]
        return window._fields[name]._description_selection(self.env)

    @api.depends("closing_hour")
    def _compute_opening_hour(self):
        for template in self:
            template.opening_hour = template.opening_hour or template.closing_hour

    @api.depends("point_ids.collection_point_id")
    def _compute_collection_point_ids(self):
        for template in self:
            template.collection_point_ids = template.point_ids.collection_point_id

    def _inverse_collection_point_ids(self):
        for template in self:
            wanted, lines = template.collection_point_ids, template.point_ids
            gone = lines.filtered(
                lambda line, wanted=wanted: line.collection_point_id not in wanted
            )
            missing = wanted - lines.collection_point_id
            template.point_ids = [Command.delete(line.id) for line in gone] + [
                Command.create({"collection_point_id": point.id}) for point in missing
            ]

    @api.constrains(
        "interval",
        "open_days",
        "distribution_delay",
        "closing_hour",
        "opening_hour",
        "distribution_hour",
        "distribution_duration",
        "ahead_number",
    )
    def _check_numbers(self):
        for template in self:
            if template.interval < 1 or template.open_days < 1:
                raise ValidationError(
                    self.env._("A window comes back and stays open one day at least.")
                )
            hours = (
                template.closing_hour,
                template.opening_hour,
                template.distribution_hour,
            )
            if (
                template.distribution_delay < 0
                or template.distribution_duration <= 0
                or not all(0 <= hour < 24 for hour in hours)
            ):
                raise ValidationError(
                    self.env._("Give hours between 0 and 24, and days from 0 on.")
                )
            if not 0 <= template.ahead_number <= 60:
                raise ValidationError(
                    self.env._("Prepare between 0 and 60 windows or days ahead.")
                )
