from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.coop_base.tools.localtime import format_local, to_local, to_utc

from ..tools.recurrence import next_occurrence


class CoopOrderWindowTemplate(models.Model):
    """What comes back every week or every month."""

    _name = "coop.order.window.template"
    _description = "Order Window Template"
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
    collection_point_ids = fields.Many2many(
        "coop.collection.point", string="Collection Points", check_company=True
    )
    recurrence = fields.Selection(
        [("weekly", "Weekly"), ("monthly", "Monthly")],
        default="monthly",
        required=True,
    )
    interval = fields.Integer(default=1, help="Every so many weeks or months.")
    weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        string="Closing Day",
        default="1",
        required=True,
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
    closing_hour = fields.Float(
        default=20.0, help="In the cooperative's time, 20.5 for half past eight."
    )
    open_days = fields.Integer(
        string="Open for (days)", default=7, help="How long members can order."
    )
    distribution_delay = fields.Integer(
        string="Distribution after (days)",
        default=7,
        help="Days from the closing to the distribution.",
    )
    distribution_hour = fields.Float(default=17.5)
    distribution_duration = fields.Float(string="Duration (hours)", default=1.5)
    allocation_rule = fields.Selection(
        lambda self: (
            self.env["coop.order.window"]
            ._fields["allocation_rule"]
            ._description_selection(self.env)
        ),
        default="first_come",
        required=True,
    )
    minimum_order_amount = fields.Monetary(string="Minimum per Order")
    window_ids = fields.One2many("coop.order.window", "template_id")

    @api.constrains("interval", "open_days", "distribution_delay", "closing_hour")
    def _check_numbers(self):
        for template in self:
            if template.interval < 1 or template.open_days < 1:
                raise ValidationError(
                    self.env._("A window comes back and stays open one day at least.")
                )
            if template.distribution_delay < 0 or not 0 <= template.closing_hour < 24:
                raise ValidationError(
                    self.env._("Give hours between 0 and 24, and days from 0 on.")
                )

    def action_create_window(self):
        """Prepare the next window of each template, with the last one's offers."""
        windows = self.env["coop.order.window"]
        for template in self:
            windows |= template._create_next_window()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_orders.coop_order_window_action"
        )
        if len(windows) == 1:
            action.update(view_mode="form", views=[(False, "form")], res_id=windows.id)
        else:
            action["domain"] = [("id", "in", windows.ids)]
        return action

    def _create_next_window(self):
        self.ensure_one()
        zone = self.company_id.coop_tz
        last = self.window_ids.sorted("closes_at")[-1:]
        start = max(last.closes_at or datetime.min, fields.Datetime.now())
        day = next_occurrence(
            to_local(start, zone).date(),
            self.recurrence,
            weekday=int(self.weekday),
            rank=int(self.rank),
            interval=self.interval,
        )

        def moment(date, hour):
            wall = datetime.combine(date, time()) + timedelta(minutes=round(hour * 60))
            return to_utc(wall, zone)

        closes_at = moment(day, self.closing_hour)
        values = {
            "name": self.env._(
                "%(template)s – %(date)s",
                template=self.name,
                date=format_local(self.env, closes_at, self.company_id, "d MMMM y"),
            ),
            "template_id": self.id,
            "company_id": self.company_id.id,
            "group_ids": [(6, 0, self.group_ids.ids)],
            "closes_at": closes_at,
            "opens_at": max(
                moment(day - timedelta(days=self.open_days), self.closing_hour),
                fields.Datetime.now(),
            ),
            "allocation_rule": self.allocation_rule,
            "minimum_order_amount": self.minimum_order_amount,
        }
        shared_on = day + timedelta(days=self.distribution_delay)
        values["distribution_ids"] = [
            (
                0,
                0,
                {
                    "collection_point_id": point.id,
                    "date_start": moment(shared_on, self.distribution_hour),
                    "date_end": moment(
                        shared_on, self.distribution_hour + self.distribution_duration
                    ),
                    "referent_id": point.referent_ids[:1].id,
                },
            )
            for point in self.collection_point_ids
        ]
        if last:
            values["offer_ids"] = [(0, 0, vals) for vals in last.offer_ids.copy_data()]
            values["supplier_ids"] = [
                (0, 0, vals) for vals in last.supplier_ids.copy_data()
            ]
        return self.env["coop.order.window"].create(values)
