# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CoopDistributionPayment(models.TransientModel):
    """One screen to hand a basket over and be paid."""

    _name = "coop.distribution.payment"
    _description = "Hand Over and Payment"

    order_id = fields.Many2one(
        "sale.order", string="Basket", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="order_id.partner_id", string="Member")
    serve_state = fields.Selection(related="order_id.serve_state")
    distribution_id = fields.Many2one(related="order_id.distribution_id")
    company_id = fields.Many2one(related="order_id.company_id")
    currency_id = fields.Many2one(related="order_id.currency_id")
    line_ids = fields.One2many(
        "coop.distribution.payment.line", "wizard_id", string="Basket Lines"
    )
    amount_due = fields.Monetary(string="To Pay", compute="_compute_amount_due")
    method = fields.Selection(
        [
            ("cash", "Cash"),
            ("cheque", "Cheque"),
            ("card", "Card"),
            ("transfer", "Bank Transfer"),
            ("later", "Later"),
        ],
        string="Paid by",
        required=True,
        default="cash",
    )
    amount_given = fields.Monetary(string="Given")
    amount_change = fields.Monetary(
        string="Change to Give Back", compute="_compute_amount_change"
    )
    is_short = fields.Boolean(compute="_compute_amount_change")
    cheque_bank = fields.Char(string="Bank")
    cheque_number = fields.Char()

    @api.model
    def default_get(self, fields_list):
        vals = super().default_get(fields_list)
        order_id = vals.get("order_id") or self.env.context.get("default_order_id")
        if order_id and "line_ids" in fields_list:
            order = self.env["sale.order"].browse(order_id)
            vals["line_ids"] = self._prepare_line_commands(order)
        return vals

    @api.model
    def _prepare_line_commands(self, order):
        # sudo: quantities of the order that the user reads anyway.
        return [
            Command.create(
                {
                    "sale_line_id": line.id,
                    "quantity": line.sudo()._coop_get_quantity_in_basket(),
                }
            )
            for line in order.order_line.filtered("product_id")
        ]

    @api.depends("line_ids.quantity", "order_id")
    def _compute_amount_due(self):
        for wizard in self:
            order = wizard.order_id
            if not order or order.serve_state == "served":
                wizard.amount_due = order.coop_amount_due
                continue
            # sudo: amounts of the order that the user reads anyway.
            wizard.amount_due = order.sudo()._coop_compute_amount(
                {line.sale_line_id.sudo(): line.quantity for line in wizard.line_ids}
            )

    @api.depends("amount_given", "amount_due", "method")
    def _compute_amount_change(self):
        for wizard in self:
            given = wizard.amount_given if wizard.method == "cash" else 0.0
            currency = wizard.currency_id
            wizard.amount_change = max(given - wizard.amount_due, 0.0) if given else 0.0
            wizard.is_short = bool(
                given
                and currency
                and currency.compare_amounts(given, wizard.amount_due) < 0
            )

    def action_confirm(self):
        """Hand over, invoice, take the money: all or nothing, and never twice."""
        self.ensure_one()
        order = self.order_id
        order._coop_check_can_serve()
        self._check_input()
        if order.serve_state != "served":
            self.line_ids._apply_quantities()
            order.action_coop_serve()
        order._coop_pay(
            {
                order: {
                    "kind": self.method,
                    "given": self.amount_given if self.method == "cash" else 0.0,
                    "bank": self.cheque_bank if self.method == "cheque" else False,
                    "number": self.cheque_number if self.method == "cheque" else False,
                }
            }
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_input(self):
        """:raise UserError: one sentence that says what to key in"""
        if self.is_short:
            raise UserError(
                self.env._(
                    "%(given)s is not enough for %(due)s.",
                    given=self.currency_id.format(self.amount_given),
                    due=self.currency_id.format(self.amount_due),
                )
            )
        if (
            self.method == "cheque"
            and not self.cheque_number
            and not self.currency_id.is_zero(self.amount_due)
        ):
            raise UserError(self.env._("Copy the number of the cheque first."))
