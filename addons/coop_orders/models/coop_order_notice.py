# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopOrderNotice(models.Model):
    """A member was told of something in a window: what makes each mail go out once."""

    _name = "coop.order.notice"
    _description = "Message to a Member about an Order Window"
    _inherit = ["coop.notice.mixin"]
    _order = "window_id desc, kind, id"

    window_id = fields.Many2one(
        "coop.order.window", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="window_id.company_id")
    kind = fields.Selection(
        [
            ("opening", "It opens"),
            ("reminder", "It closes soon"),
            ("closing", "The order is confirmed"),
            ("collection", "Collection tomorrow"),
        ],
        string="About",
        required=True,
    )

    _once = models.Constraint(
        "UNIQUE (window_id, partner_id, kind)",
        "This member was already told.",
    )
    _to_call_index = models.Index("(window_id) WHERE channel = 'call'")
