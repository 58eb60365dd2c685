# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    bill_match_ids = fields.One2many("coop.bill.match", "bill_line_id")
    matched_purchase_line_id = fields.Many2one(
        "purchase.order.line",
        string="Order Line Found",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The order line that the matching linked, as opposed to one chosen by a"
        " person: the next matching may find a better one.",
    )
    bill_exception_ids = fields.One2many("coop.bill.exception", "bill_line_id")
