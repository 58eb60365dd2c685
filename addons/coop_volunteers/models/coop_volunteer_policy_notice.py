from odoo import fields, models


class CoopVolunteerPolicy(models.Model):
    """What members are told, and when."""

    # One file a subject; a thousand lines in one would not be read.
    _inherit = "coop.volunteer.policy"  # pylint: disable=consider-merging-classes-inherited

    reminder_hours = fields.Integer(
        string="Reminded hours before",
        default=48,
        help="Of the shifts to come. 0: no reminder.",
    )
    tell_status = fields.Boolean(
        string="Told of alerts",
        default=True,
        help="A message when an alert or a suspension starts or ends.",
    )
    tell_cycle = fields.Boolean(
        string="Summary of each cycle",
        default=True,
        help="Where the member stands and the shifts to come, when a cycle starts.",
    )
    call_hours = fields.Integer(
        string="Called hours before",
        default=72,
        help="Where people are missing, those who could come are asked. 0: never.",
    )
    call_members = fields.Integer(
        string="Members called a day",
        default=30,
        help="For one shift; those who owe a shift first.",
    )
    call_shifts = fields.Integer(
        string="Shifts in one call",
        default=3,
        help="A member gets one call a day, of this many shifts at most.",
    )

    _notices = models.Constraint(
        "CHECK (reminder_hours >= 0 AND call_hours >= 0 AND call_members >= 0"
        " AND call_shifts >= 0)",
        "Hours before a message and numbers of members are not negative.",
    )
