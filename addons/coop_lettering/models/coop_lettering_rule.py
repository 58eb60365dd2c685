# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import lettering

CODES = [
    ("linked", "Linked documents"),
    ("number", "Bill number in the label"),
    ("numbers", "Several bill numbers in the label"),
    ("reference", "Same reference"),
    ("amount", "Exact amount, unique"),
    ("gap", "Small difference"),
    ("subset", "Unique set of bills"),
    ("balance", "Running balance at zero"),
    ("fifo", "First in, first out"),
]


class CoopLetteringRule(models.Model):
    """Which rules letter by themselves, which only suggest, which are off."""

    _name = "coop.lettering.rule"
    _description = "Lettering Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    code = fields.Selection(CODES, string="Rule", required=True)
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", help="Empty: for every company."
    )
    mode = fields.Selection(
        [("automatic", "Automatic"), ("suggest", "Suggest only"), ("off", "Off")],
        required=True,
        default="suggest",
    )
    days = fields.Integer(
        default=90, help="Largest number of days between the two sides."
    )
    explanation = fields.Text(translate=True)

    _code_company_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "This rule already exists for this company."
    )

    @api.constrains("mode", "code")
    def _check_mode(self):
        for rule in self:
            if rule.mode == "automatic" and rule.code not in lettering.AUTOMATIC:
                raise ValidationError(
                    self.env._(
                        "“%s” can only suggest: choose “Suggest only” or “Off”.",
                        rule.name,
                    )
                )

    @api.model
    def _get_modes(self, company):
        """``{code: rule}``; a company's own rule wins over the shared one."""
        rules = self.search([("company_id", "in", (False, company.id))])
        shared = {rule.code: rule for rule in rules if not rule.company_id}
        return shared | {rule.code: rule for rule in rules if rule.company_id}
