# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from odoo.addons.coop_base.tools.localtime import format_local


class CoopDistributionSlot(models.Model):
    """A part of a distribution, for so many members."""

    _name = "coop.distribution.slot"
    _description = "Slot of a Distribution"
    _order = "date_start, id"

    distribution_id = fields.Many2one(
        "coop.distribution", required=True, index=True, ondelete="cascade"
    )
    date_start = fields.Datetime(string="From", required=True)
    date_end = fields.Datetime(string="To", required=True)
    capacity = fields.Integer(help="How many members can collect. 0: no limit.")
    order_ids = fields.One2many("sale.order", "slot_id", string="Orders")
    booked_count = fields.Integer(string="Booked", compute="_compute_booked_count")

    _dates = models.Constraint(
        "CHECK (date_start < date_end)", "A slot must end after it starts."
    )
    _capacity_positive = models.Constraint(
        "CHECK (capacity >= 0)", "The capacity of a slot cannot be negative."
    )

    @api.depends("order_ids.state")
    def _compute_booked_count(self):
        # sudo: a number, nobody's own order.
        counts = dict(
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [
                    ("slot_id", "in", self.ids),
                    ("state", "in", ("draft", "sent", "sale")),
                ],
                ["slot_id"],
                ["__count"],
            )
        )
        for slot in self:
            slot.booked_count = counts.get(slot, 0)

    @api.depends("date_start", "date_end")
    def _compute_display_name(self):
        for slot in self:
            company = slot.distribution_id.company_id
            slot.display_name = self.env._(
                "%(start)s to %(end)s",
                start=format_local(self.env, slot.date_start, company),
                end=format_local(self.env, slot.date_end, company, "HH:mm"),
            )

    def _coop_get_hours(self):
        """The slot's hours, where the day is already said."""
        self.ensure_one()
        company = self.distribution_id.company_id
        return " – ".join(
            format_local(self.env, moment, company, "HH:mm")
            for moment in (self.date_start, self.date_end)
        )
