# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.coop_base.tools.localtime import to_local

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class CoopShiftTemplate(models.Model):
    """A shift that comes back, at the same hours of the wall clock."""

    _name = "coop.shift.template"
    _description = "Recurring Shift"
    _inherit = [
        "mail.thread",
        "coop.shift.template.generation",
    ]
    _order = "weekday, start_hour, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    collection_point_id = fields.Many2one(
        "coop.collection.point",
        string="Place",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    referent_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="set null",
        help="Fills in the sheet and is asked first.",
    )
    recurrence = fields.Selection(
        [
            ("weekly", "Every week"),
            ("letters", "Weeks by letter"),
            ("interval", "Every n weeks"),
        ],
        required=True,
        default="weekly",
    )
    weekday = fields.Selection(WEEKDAYS, required=True, default="0", index=True)
    letters = fields.Char(
        string="Weeks", help="Letters of the weeks of the cycle, such as A or BD."
    )
    interval = fields.Integer(string="Weeks between", required=True, default=2)
    start_hour = fields.Float(string="Starts at", required=True, default=9.0)
    duration = fields.Float(string="Hours", required=True, default=3.0)
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Until", help="Last day; empty: for good.")
    seat_ids = fields.One2many(
        "coop.shift.template.seat",
        "template_id",
        string="Seats",
        copy=True,
        default=lambda self: [Command.create({"seats_min": 1, "seats_max": 3})],
    )
    fixed_ids = fields.One2many(
        "coop.shift.template.fixed", "template_id", string="Fixed Members"
    )
    shift_ids = fields.One2many("coop.shift", "template_id", string="Shifts")
    capacity = fields.Integer(
        string="All Seats", compute="_compute_capacity", store=True
    )
    fixed_count = fields.Integer(compute="_compute_fixed_count")
    note = fields.Text(string="What to do", translate=True)

    _hours = models.Constraint(
        "CHECK (start_hour >= 0 AND start_hour < 24 AND duration > 0"
        " AND duration <= 24)",
        "A shift starts between 0:00 and 23:59 and lasts at most a day.",
    )
    _interval = models.Constraint(
        "CHECK (interval >= 1)", "Shifts come back at least every week."
    )
    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_from <= date_to)",
        "A recurring shift must end after it starts.",
    )

    @api.depends("seat_ids.seats_max")
    def _compute_capacity(self):
        for template in self:
            template.capacity = sum(template.seat_ids.mapped("seats_max"))

    @api.depends("fixed_ids.date_from", "fixed_ids.date_to")
    def _compute_fixed_count(self):
        today = fields.Date.context_today(self)
        for template in self:
            template.fixed_count = len(
                template.fixed_ids.filtered(
                    lambda line: not line.date_to or line.date_to >= today
                )
            )

    @api.depends("name", "weekday", "letters", "recurrence", "start_hour")
    def _compute_display_name(self):
        days = dict(self._fields["weekday"]._description_selection(self.env))
        for template in self:
            hour, minute = divmod(round((template.start_hour or 0.0) * 60), 60)
            letters = template.letters if template.recurrence == "letters" else ""
            parts = [
                template.name,
                days.get(template.weekday),
                letters,
                f"{hour:02d}:{minute:02d}",
            ]
            template.display_name = " ".join(part for part in parts if part)

    @api.constrains("recurrence", "letters", "company_id")
    def _check_letters(self):
        for template in self.filtered(lambda t: t.recurrence == "letters"):
            known = template.company_id._coop_volunteer_policy().cycle_letters
            wanted = template.letters or ""
            if not wanted or set(wanted) - set(known):
                raise ValidationError(
                    self.env._(
                        "Choose weeks among %(letters)s for %(shift)s.",
                        letters=known,
                        shift=template.name,
                    )
                )

    def _get_seat_limits(self):
        """``{role id or 0: seats}``."""
        self.ensure_one()
        return {seat.role_id.id or 0: seat.seats_max for seat in self.seat_ids}

    def write(self, vals):
        """A recurring shift that ends takes its later shifts with it."""
        res = super().write(vals)
        if "active" in vals or "date_to" in vals:
            self._cancel_beyond_end()
        return res

    def _cancel_beyond_end(self):
        """Shifts after the end do not take place; who was awaited is told."""
        now = fields.Datetime.now()
        # sudo: whoever ends a recurring shift ends all of it.
        for template in self.sudo():
            later = template.shift_ids.filtered(
                lambda shift: shift.state == "planned" and shift.start_at > now
            )
            if template.active:
                later = later.filtered(
                    lambda shift, template=template: (
                        template.date_to
                        and to_local(shift.start_at, template.company_id.coop_tz).date()
                        > template.date_to
                    )
                )
            later.action_cancel()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_shifts(self):
        # sudo: shifts that one may not see are shifts.
        if self.sudo().shift_ids:
            raise UserError(
                self.env._(
                    "This recurring shift has shifts: archive it, its past stays"
                    " readable."
                )
            )

    def action_open_shifts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_volunteers.coop_shift_action"
        )
        return {**action, "domain": [("template_id", "=", self.id)], "context": {}}
