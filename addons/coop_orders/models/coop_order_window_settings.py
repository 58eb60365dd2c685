# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CoopOrderWindowSettings(models.AbstractModel):
    """What a window and its template both say about messages and early orders."""

    _name = "coop.order.window.settings"
    _description = "Messages of an Order Window"

    tell_opening = fields.Boolean(
        string="When It Opens",
        default=True,
        help="To all members who may order, except those who do not want it.",
    )
    tell_reminder = fields.Boolean(
        string="Before It Closes",
        default=True,
        help="To members whose basket is not confirmed, and to those who asked to be"
        " reminded and have not ordered.",
    )
    reminder_hours = fields.Integer(string="Hours before Closing", default=24)
    tell_closing = fields.Boolean(
        string="Once Closed",
        default=True,
        help="What is ordered, where and when it is collected.",
    )
    tell_collection = fields.Boolean(
        string="Before the Collection",
        default=True,
        help="The day before: where, when, the amount and what to bring.",
    )
    collection_hour = fields.Float(
        string="The Day before, at",
        default=18.0,
        help="In the cooperative's time, 18.5 for half past six.",
    )
    collection_note = fields.Char(
        string="What to Bring",
        translate=True,
        help="As members read it, for instance bags, a cool box, egg boxes.",
    )

    @api.constrains("reminder_hours", "collection_hour")
    def _check_message_hours(self):
        for settings in self:
            if not 1 <= settings.reminder_hours <= 336:
                raise ValidationError(
                    self.env._("Remind members between 1 and 336 hours before closing.")
                )
            if not 0 <= settings.collection_hour < 24:
                raise ValidationError(self.env._("Give an hour between 0 and 24."))

    def _get_settings_fields(self):
        """Fields that a template hands to its windows (hook)."""
        return [
            "tell_opening",
            "tell_reminder",
            "reminder_hours",
            "tell_closing",
            "tell_collection",
            "collection_hour",
            "collection_note",
        ]
