# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = [
        "coop.account.payment.return.undo",
        "account.payment",
    ]

    cash_session_id = fields.Many2one(
        "coop.cash.session",
        string="Till",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
