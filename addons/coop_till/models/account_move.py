# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = [
        "coop.account.move.account.payment.session",
        "account.move",
    ]

    coop_return_move_ids = fields.One2many(
        "stock.move",
        "coop_return_credit_id",
        string="Goods Brought Back",
        readonly=True,
        groups="stock.group_stock_user",
    )
    coop_undone_at = fields.Datetime(string="Undone on", copy=False, readonly=True)
    coop_undone_by_id = fields.Many2one(
        "res.users", string="Undone by", copy=False, readonly=True, ondelete="set null"
    )
    coop_undo_reason = fields.Char(string="Why Undone", copy=False, readonly=True)
