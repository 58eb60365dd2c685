# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.weekdays import WEEKDAYS


class CoopOrderWindowTemplatePoint(models.Model):
    """Where, when and how one collection point hands the baskets over."""

    _name = "coop.order.window.template.point"
    _description = "Distribution of an Order Window Template"
    _inherit = [
        "coop.order.window.template.point.make",
    ]
    _order = "template_id, sequence, id"
    _rec_name = "collection_point_id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    template_id = fields.Many2one(
        "coop.order.window.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id")
    collection_point_id = fields.Many2one(
        "coop.collection.point",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    distribution_weekday = fields.Selection(
        WEEKDAYS, string="Day", help="Empty: the day of the template."
    )
    distribution_hour = fields.Float(
        string="From",
        compute="_compute_hours",
        store=True,
        readonly=False,
        precompute=True,
    )
    distribution_duration = fields.Float(
        string="Duration",
        compute="_compute_hours",
        store=True,
        readonly=False,
        precompute=True,
    )
    slot_minutes = fields.Integer(
        string="A Slot Every (minutes)", help="0: members come when they like."
    )
    slot_capacity = fields.Integer(
        string="Members per Slot",
        compute="_compute_slot_capacity",
        store=True,
        readonly=False,
        precompute=True,
        help="How many members can collect in one slot. 0: no limit.",
    )
    referent_id = fields.Many2one(
        "res.partner",
        compute="_compute_referent_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="set null",
        check_company=True,
    )

    _point_unique = models.Constraint(
        "UNIQUE (template_id, collection_point_id)",
        "This collection point is already in the template.",
    )

    @api.depends("template_id")
    def _compute_hours(self):
        for line in self:
            template = line.template_id
            line.distribution_hour = (
                line.distribution_hour or template.distribution_hour
            )
            line.distribution_duration = (
                line.distribution_duration or template.distribution_duration
            )

    @api.depends("collection_point_id")
    def _compute_slot_capacity(self):
        for line in self:
            line.slot_capacity = (
                line.slot_capacity or line.collection_point_id.slot_capacity
            )

    @api.depends("collection_point_id")
    def _compute_referent_id(self):
        for line in self:
            line.referent_id = (
                line.referent_id or line.collection_point_id.referent_ids[:1]
            )

    @api.constrains(
        "distribution_hour", "distribution_duration", "slot_minutes", "slot_capacity"
    )
    def _check_hours(self):
        for line in self:
            point = line.collection_point_id.name
            if not 0 <= line.distribution_hour < 24 or line.distribution_duration <= 0:
                raise ValidationError(
                    self.env._(
                        "%(point)s: give an hour between 0 and 24, and how long it"
                        " lasts.",
                        point=point,
                    )
                )
            if (
                line.slot_capacity < 0
                or line.slot_minutes < 0
                or 0 < line.slot_minutes < 5
            ):
                raise ValidationError(
                    self.env._(
                        "%(point)s: a slot lasts five minutes at least.", point=point
                    )
                )
