# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    bill_line_kind = fields.Selection(
        [
            ("goods", "Goods or service"),
            ("freight", "Carriage"),
            ("deposit", "Deposit"),
            ("discount", "Discount"),
            ("charge", "Other charge"),
            ("rounding", "Rounding"),
            ("tax", "Tax to check"),
            ("adjustment", "Amount to check"),
        ],
        string="Nature",
        help="Empty: goods or service.",
    )
    bill_reference_ids = fields.One2many(
        "coop.bill.reference", "bill_line_id", string="References"
    )
