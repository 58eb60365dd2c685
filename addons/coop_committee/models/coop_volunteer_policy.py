# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopVolunteerPolicy(models.Model):
    _inherit = "coop.volunteer.policy"

    committee_hours = fields.Float(
        string="Committee hours for a shift",
        default=3.0,
        help="So many hours declared in a committee are worth one shift.",
    )

    _committee_hours = models.Constraint(
        "CHECK (committee_hours > 0)", "Hours for a shift are more than zero."
    )
