# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    accrual_stock_move_id = fields.Many2one(
        "stock.move",
        string="Receipt Not Billed",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="set null",
    )
    accrual_quantity = fields.Float(
        digits="Product Unit",
        copy=False,
        readonly=True,
        help="On 408, in the product's unit; negative when it is reversed.",
    )
    accrual_line_id = fields.Many2one(
        "account.move.line",
        string="Reversed Accrual",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="set null",
    )
