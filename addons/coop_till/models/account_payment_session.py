# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopAccountMoveAccountPaymentSession(models.AbstractModel):
    _name = "coop.account.move.account.payment.session"
    _description = "Invoice: Till"

    cash_session_id = fields.Many2one(
        "coop.cash.session",
        string="Till",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
