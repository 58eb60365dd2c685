# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopLetteringCounter(models.Model):
    """The last number given, one row per account and partner (0: no partner)."""

    _name = "coop.lettering.counter"
    _description = "Last Lettering Code"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    account_id = fields.Many2one("account.account", required=True, ondelete="cascade")
    partner_key = fields.Integer(required=True)
    last = fields.Integer(required=True)

    _key_unique = models.Constraint(
        "UNIQUE(company_id, account_id, partner_key)",
        "There is one counter per account and partner.",
    )
