# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    coop_order_id = fields.Many2one(
        "sale.order",
        string="Basket",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    distribution_id = fields.Many2one(
        related="coop_order_id.distribution_id", store=True, index="btree_not_null"
    )
    coop_payment_kind = fields.Selection(
        related="journal_id.coop_payment_kind", store=True
    )
    coop_amount_given = fields.Monetary(
        string="Given",
        copy=False,
        readonly=True,
        help="Cash handed over; the change is what exceeds the amount.",
    )
    coop_cheque_bank = fields.Char(string="Cheque Bank", copy=False)
    coop_cheque_number = fields.Char(string="Cheque Number", copy=False)
