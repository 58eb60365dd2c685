# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.coop_base.tools.localtime import format_local, to_local, to_utc

from ..tools.recurrence import next_weekday
from ..tools.weekdays import WEEKDAYS

SHORT = "EEE d MMM HH:mm"


class CoopOrderWindowTemplateSupplier(models.Model):
    """When one producer needs the orders, and when the goods come.

    In the cooperative's own time: each window made from the template turns it into
    moments, on the nights on which the clock changes too.
    """

    _name = "coop.order.window.template.supplier"
    _description = "Producer of an Order Window Template"
    _order = "template_id, sequence, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    template_id = fields.Many2one(
        "coop.order.window.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Producer",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    closing_weekday = fields.Selection(
        WEEKDAYS,
        string="Closes Earlier on",
        help="The last such day before the window closes. Empty: with the window, or so"
        " many days before as the producer needs to prepare.",
    )
    closing_hour = fields.Float(
        string="At", default=18.0, help="In the cooperative's time."
    )
    delivery_day = fields.Selection(
        [
            ("0", "The day of the distribution"),
            ("1", "The day before"),
            ("2", "2 days before"),
            ("3", "3 days before"),
            ("4", "4 days before"),
            ("5", "5 days before"),
            ("6", "6 days before"),
            ("7", "A week before"),
        ],
        string="Delivered",
        help="Counted from the first distribution of the window. Empty: on the last day"
        " before it on which the producer says to deliver.",
    )
    delivery_hour = fields.Float(
        string="Delivered at", default=8.0, help="In the cooperative's time."
    )
    next_moments = fields.Char(
        string="Next Time",
        compute="_compute_next_moments",
        help="For the next window that is not prepared yet.",
    )

    _partner_unique = models.Constraint(
        "UNIQUE (template_id, partner_id)",
        "This producer is already in the template.",
    )

    @api.constrains("closing_hour", "delivery_hour")
    def _check_hours(self):
        for rule in self:
            if not (0 <= rule.closing_hour < 24 and 0 <= rule.delivery_hour < 24):
                raise ValidationError(
                    self.env._(
                        "%(producer)s: give hours between 0 and 24.",
                        producer=rule.partner_id.name,
                    )
                )

    @api.depends(
        "closing_weekday",
        "closing_hour",
        "delivery_day",
        "delivery_hour",
        "template_id.next_dates",
        "template_id.point_ids.distribution_weekday",
        "template_id.distribution_delay",
        "template_id.distribution_weekday",
    )
    def _compute_next_moments(self):
        for rule in self:
            template, zone = rule.template_id, rule.company_id.coop_tz
            days = (day for day, known in template._iter_dates() if not known)
            day = next(days, None) if template.weekday else None
            texts = []
            if day and rule.closing_weekday:
                deadline = to_utc(rule._get_closing(day), zone)
                texts.append(format_local(self.env, deadline, rule.company_id, SHORT))
            start = day and rule.delivery_day and template._get_first_distribution(day)
            if start:
                delivery = to_utc(rule._get_delivery(start.date()), zone)
                texts.append(format_local(self.env, delivery, rule.company_id, SHORT))
            rule.next_moments = " → ".join(texts)

    def _get_closing(self, day):
        """This producer's deadline for a window that closes on a day, by the clock."""
        self.ensure_one()
        ahead = (day.weekday() - int(self.closing_weekday)) % 7
        return _at(day - timedelta(days=ahead), self.closing_hour)

    def _get_delivery(self, first_day):
        """The delivery before a distribution on a day, by the clock."""
        self.ensure_one()
        return _at(
            first_day - timedelta(days=int(self.delivery_day)), self.delivery_hour
        )

    def _get_problem(self):
        """Why no window can follow this rule: a sentence, or an empty text.

        Days between opening, deadlines and distribution are the same for all windows
        of a template: one is enough to know.
        """
        self.ensure_one()
        template = self.template_id
        day = next_weekday(date(2024, 1, 1), int(template.weekday))
        closing = _at(day, template.closing_hour)
        if self.closing_weekday:
            deadline = self._get_closing(day)
            opening = _at(
                day - timedelta(days=template.open_days), template.opening_hour
            )
            if deadline >= closing:
                return self.env._(
                    "%(producer)s closes when the window is closed already: choose an"
                    " earlier hour, or leave the day empty.",
                    producer=self.partner_id.name,
                )
            if deadline <= opening:
                return self.env._(
                    "%(producer)s closes before the window opens: choose a later day,"
                    " or open the window for longer.",
                    producer=self.partner_id.name,
                )
            closing = deadline
        start = template._get_first_distribution(day)
        if self.delivery_day and start:
            delivery = self._get_delivery(start.date())
            if delivery <= closing:
                return self.env._(
                    "%(producer)s would deliver before the orders are known: choose a"
                    " later delivery, or an earlier closing.",
                    producer=self.partner_id.name,
                )
        return ""


class CoopOrderWindowTemplateSupplierMixinMixin(models.AbstractModel):
    _name = "coop.order.window.template.producers"
    _description = "Recurring Window: Producers"

    supplier_ids = fields.One2many(
        "coop.order.window.template.supplier",
        "template_id",
        string="Producers",
        copy=True,
    )

    @api.constrains(
        "supplier_ids",
        "weekday",
        "closing_hour",
        "open_days",
        "opening_hour",
        "distribution_delay",
        "distribution_weekday",
        "point_ids",
    )
    def _check_suppliers(self):
        for rule in self.supplier_ids:
            problem = rule._get_problem()
            if problem:
                raise ValidationError(problem)

    def _get_first_distribution(self, day):
        """The first distribution of a window closing on a day, by the clock.

        None where there is no point yet.
        """
        self.ensure_one()
        starts = [
            _at(
                self._get_distribution_day(
                    day, point.distribution_weekday or self.distribution_weekday
                ),
                point.distribution_hour,
            )
            for point in self.point_ids
        ]
        return min(starts, default=None)


class CoopOrderWindowSupplier(models.Model):
    _inherit = "coop.order.window.supplier"

    @api.model_create_multi
    def create(self, vals_list):
        """The template's deadline, unless there is one already."""
        rows = super().create(vals_list)
        self.browse(
            [
                row.id
                for row, vals in zip(rows, vals_list, strict=True)
                if not vals.get("closes_at")
            ]
        )._follow_template()
        return rows

    def _get_template_rule(self):
        """What the template says of this producer."""
        self.ensure_one()
        return self.window_id.template_id.supplier_ids.filtered(
            lambda rule: rule.partner_id == self.partner_id
        )

    def _follow_template(self):
        """This producer's deadline in this window; who is closed already is told."""
        closed = self.browse()
        for row in self:
            rule = row._get_template_rule()
            if not rule.closing_weekday:
                continue
            window, zone = row.window_id, row.company_id.coop_tz
            day = to_local(window.closes_at, zone).date()
            deadline = to_utc(rule._get_closing(day), zone)
            if deadline < window.closes_at:
                row.closes_at = deadline
                if deadline <= fields.Datetime.now():
                    closed += row
        for window, rows in closed.grouped("window_id").items():
            window.message_post(
                body=self.env._(
                    "Closed already, by the rhythm of the template: %(producers)s."
                    " Nobody can order their products; change their deadline in the"
                    " window if they still take orders.",
                    producers=", ".join(rows.partner_id.mapped("name")),
                ),
                subtype_xmlid="mail.mt_note",
            )

    def _get_planned_delivery(self, before):
        """First what the template says, then the producer's own days."""
        rule = self._get_template_rule()
        if not rule.delivery_day:
            return super()._get_planned_delivery(before)
        zone = self.company_id.coop_tz
        return to_utc(rule._get_delivery(to_local(before, zone).date()), zone)


class CoopOrderWindowTemplateSupplierMixin(models.AbstractModel):
    _name = "coop.order.window.made"
    _description = "Order Window: Made Ahead"

    @api.model_create_multi
    def create(self, vals_list):
        """Producers are there before the distributions are."""
        windows = super().create(vals_list)
        windows.supplier_ids._coop_plan_delivery()
        return windows


def _at(day, hour):
    """Wall clock datetime of an hour, 18.5 for half past six."""
    return datetime.combine(day, time()) + timedelta(minutes=round(hour * 60))
