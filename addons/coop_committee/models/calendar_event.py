# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    coop_committee_id = fields.Many2one(
        "coop.committee",
        string="Committee",
        index="btree_not_null",
        ondelete="set null",
        help="All members of the cooperative read its meetings.",
    )
