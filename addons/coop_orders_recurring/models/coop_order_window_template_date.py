# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CoopOrderWindowTemplateDate(models.Model):
    """A date of a template that was dealt with: its window made, or skipped.

    What keeps windows from being made twice, also by two processes at once, and what
    remembers those that somebody deleted or cancelled.
    """

    _name = "coop.order.window.template.date"
    _description = "Date of an Order Window Template"
    _order = "date desc, id desc"
    _rec_name = "date"

    template_id = fields.Many2one(
        "coop.order.window.template", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(string="Closing on", required=True)
    window_id = fields.Many2one(
        "coop.order.window",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    state = fields.Selection(
        [("made", "Prepared"), ("cancelled", "Cancelled"), ("skipped", "No window")],
        compute="_compute_state",
    )

    _date_unique = models.Constraint(
        "UNIQUE (template_id, date)",
        "This date is already in the list.",
    )

    @api.depends("window_id.state")
    def _compute_state(self):
        for row in self:
            if not row.window_id:
                row.state = "skipped"
            else:
                cancelled = row.window_id.state == "cancelled"
                row.state = "cancelled" if cancelled else "made"
