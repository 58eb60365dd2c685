# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ..tools import matcher


class CoopMatchPolicy(models.Model):
    """What may pass by itself when a bill is matched: one per company, and one for each
    supplier that needs its own."""

    _name = "coop.match.policy"
    _description = "Bill Matching Policy"
    _order = "company_id, partner_id, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        domain="[('parent_id', '=', False)]",
        ondelete="cascade",
        index="btree_not_null",
        help="Leave empty for the policy of all the other suppliers.",
    )
    price_percent_over = fields.Float(
        string="Price Too High (%)",
        help="A higher price passes when it is within this percentage and within the "
        "amount a line.",
    )
    price_amount_over = fields.Monetary(
        string="Price Too High (per line)", currency_field="currency_id"
    )
    price_percent_under = fields.Float(
        string="Price Too Low (%)",
        default=100.0,
        help="A lower price is in your favour: it passes up to this percentage.",
    )
    weighed_percent = fields.Float(
        string="Weighed Goods (%)",
        default=3.0,
        help="Difference of quantity that passes for what is sold by weight or volume.",
    )
    quantity_percent = fields.Float(
        string="Other Goods (%)",
        help="Difference of quantity that passes for what is counted.",
    )
    bill_amount = fields.Monetary(
        string="Tolerance per Bill",
        default=0.05,
        currency_field="currency_id",
        help="Differences of price and rounding that pass when they stay, together, "
        "under this amount.",
    )
    freight_amount = fields.Monetary(
        string="Carriage",
        default=15.0,
        currency_field="currency_id",
        help="Carriage and other charges that pass without an order line.",
    )
    deposit_amount = fields.Monetary(string="Deposits", currency_field="currency_id")
    auto_post = fields.Boolean(
        string="Post Matched Bills",
        help="A bill without open difference is posted by itself.",
    )
    auto_claim = fields.Boolean(
        string="Draft Claims",
        default=True,
        help="What is billed and was not received drafts a claim by itself.",
    )
    suspense_account_id = fields.Many2one(
        "account.account",
        string="Account of Amounts to Check",
        check_company=True,
        ondelete="restrict",
        help="Where an amount of the e-invoice goes that no tax or product explains, "
        "for instance a VAT rate that the company does not have. Empty: the expense "
        "account of the purchase journal.",
    )
    write_off_amount = fields.Monetary(
        string="Lettering Difference",
        currency_field="currency_id",
        help="Largest difference written off by the lettering. 0: never.",
    )
    write_off_loss_account_id = fields.Many2one(
        "account.account",
        string="Differences Paid",
        check_company=True,
        ondelete="restrict",
        help="For instance 658000.",
    )
    write_off_gain_account_id = fields.Many2one(
        "account.account",
        string="Differences Received",
        check_company=True,
        ondelete="restrict",
        help="For instance 758000.",
    )

    claim_auto_send = fields.Boolean(
        string="Send Claims by Itself",
        help="A claim drafted by itself is sent to the supplier after the delay, "
        "unless somebody stops it.",
    )
    claim_send_hours = fields.Float(
        string="Delay before Sending (hours)",
        default=24.0,
        help="Time in which a person can read the claim and stop it.",
    )
    claim_remind_days = fields.Integer(
        string="Remind after (days)",
        default=7,
        help="Days without a credit note after which the supplier is reminded. "
        "0: never.",
    )
    claim_remind_max = fields.Integer(
        string="Reminders at Most",
        default=2,
        help="After so many reminders the buyer is asked to call the supplier.",
    )
    minutes_per_bill = fields.Float(
        string="Minutes to Check a Bill by Hand",
        default=8.0,
        help="What a bill that passes by itself saves, on the dashboard.",
    )

    _claim_delays_positive = models.Constraint(
        "CHECK(claim_send_hours >= 0 AND claim_remind_days >= 0 "
        "AND claim_remind_max >= 0)",
        "A delay or a number of reminders cannot be negative.",
    )
    _company_partner_unique = models.UniqueIndex(
        "(company_id, COALESCE(partner_id, 0))",
        "There is already a matching policy for this supplier.",
    )

    @api.depends("company_id", "partner_id")
    def _compute_name(self):
        for policy in self:
            policy.name = policy.partner_id.display_name or self.env._("All suppliers")

    @api.model
    def _get_policy(self, company, partner):
        """The policy of a supplier, else of its company, else the defaults."""
        return self._get_policies(company, partner)[partner.id]

    @api.model
    def _get_policies(self, company, partners):
        """``{partner id: policy}``, one query for all of them."""
        found = self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", [False, *partners.ids]),
            ]
        )
        by_partner = {policy.partner_id.id: policy for policy in found}
        default = by_partner.get(False) or self.new({"company_id": company.id})
        policies = {False: default}
        for partner in partners:
            policies[partner.id] = by_partner.get(partner.id, default)
        return policies

    def _to_matcher(self):
        self.ensure_one()

        def number(name):
            # repr of the float: 0.1 stays 0.1
            return Decimal(str(self[name] or 0))

        return matcher.Policy(
            price_percent_over=number("price_percent_over"),
            price_amount_over=number("price_amount_over"),
            price_percent_under=number("price_percent_under"),
            weighed_percent=number("weighed_percent"),
            quantity_percent=number("quantity_percent"),
            bill_amount=number("bill_amount"),
            freight_amount=number("freight_amount"),
            deposit_amount=number("deposit_amount"),
        )

    # -------------------------------------------------------------------------
    # Claims
    # -------------------------------------------------------------------------

    @api.model
    def _get_claim_policies(self, claims):
        """``{claim: policy}``, one query a company."""
        policies = {}
        # sudo: whoever receives goods or claims them need not read the policy.
        model = self.sudo()
        for company, group in claims.grouped("company_id").items():
            partners = group.partner_id.commercial_partner_id
            by_partner = model._get_policies(company, partners)
            for claim in group:
                policies[claim] = by_partner[claim.partner_id.commercial_partner_id.id]
        return policies

    def _get_claim_send_at(self):
        """When a claim drafted now leaves; nothing where a person sends it."""
        self.ensure_one()
        if not self.claim_auto_send:
            return False
        return fields.Datetime.now() + timedelta(hours=self.claim_send_hours)

    def _get_claim_remind_on(self, today):
        """The day of the next reminder; nothing where there is none."""
        self.ensure_one()
        if not self.claim_remind_days:
            return False
        return today + timedelta(days=self.claim_remind_days)
