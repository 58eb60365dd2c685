# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import ormcache

DEBT_RULES = [
    ("none", "Not looked at"),
    ("due", "What is due and not paid"),
    ("orders", "What is due, and the orders under way"),
]


class ResCompany(models.Model):
    """Who may order, in this cooperative; each window may say otherwise."""

    _inherit = "res.company"

    coop_order_fee_required = fields.Boolean(
        string="Fee Needed to Order",
        help="Only members whose membership fee is up to date may order.",
    )
    coop_order_charter_required = fields.Boolean(
        string="Charter Needed to Order",
        help="Only members who signed the charter may order.",
    )
    coop_order_debt_rule = fields.Selection(
        DEBT_RULES, string="Debts and Orders", default="none", required=True
    )
    coop_order_debt_max = fields.Monetary(
        string="Most a Member May Owe",
        help="Who owes more may not order before paying. With the orders under way, an"
        " order that would go beyond is refused too.",
    )

    _coop_order_debt_positive = models.Constraint(
        "CHECK (coop_order_debt_max >= 0)",
        "What a member may owe cannot be negative.",
    )

    @ormcache("self.id")
    def _coop_get_order_rules(self):
        """``{'fee': , 'charter': , 'debt': (rule, limit)}``: read at each tap."""
        self.ensure_one()
        return {
            "fee": self.coop_order_fee_required,
            "charter": self.coop_order_charter_required,
            "debt": (self.coop_order_debt_rule or "none", self.coop_order_debt_max),
        }

    def write(self, vals):
        res = super().write(vals)
        if any(name.startswith("coop_order_") for name in vals):
            self.env.registry.clear_cache()
        return res
