# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ..tools.reference import normalise


class CoopBillReference(models.Model):
    """A reference read from an e-invoice, kept as the supplier wrote it."""

    _name = "coop.bill.reference"
    _description = "Bill Reference"
    _order = "bill_id, id"

    bill_id = fields.Many2one(
        "account.move",
        compute="_compute_bill_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="cascade",
        index=True,
    )
    bill_line_id = fields.Many2one(
        "account.move.line",
        ondelete="cascade",
        index="btree_not_null",
        help="Empty: the reference is about the whole bill.",
    )
    kind = fields.Selection(
        [
            ("bt13", "Purchase order (BT-13)"),
            ("bt15", "Receiving advice (BT-15)"),
            ("bt16", "Delivery note (BT-16)"),
            ("bt25", "Preceding invoice (BT-25)"),
            ("bt132", "Order line (BT-132)"),
            ("order", "Purchase order of the line"),
            ("despatch", "Delivery note of the line"),
        ],
        required=True,
    )
    value = fields.Char(string="Reference", required=True)
    normalised = fields.Char(
        compute="_compute_normalised",
        store=True,
        index=True,
        help="The reference without spaces, dots and case.",
    )

    @api.depends("bill_line_id")
    def _compute_bill_id(self):
        for reference in self:
            reference.bill_id = reference.bill_line_id.move_id or reference.bill_id

    @api.depends("value")
    def _compute_normalised(self):
        for reference in self:
            reference.normalised = normalise(reference.value)
