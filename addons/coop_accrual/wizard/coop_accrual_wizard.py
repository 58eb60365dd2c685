# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import contextlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date


class CoopAccrualWizard(models.TransientModel):
    """Goods received and not invoiced at a date: see them, book them."""

    _name = "coop.accrual.wizard"
    _description = "Goods Received Not Invoiced at a Date"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        string="At the End Of", required=True, default=fields.Date.context_today
    )
    partner_ids = fields.Many2many("res.partner", string="Suppliers")
    reversal = fields.Selection(
        [
            ("next_day", "The next day"),
            ("billed", "When the bill comes"),
        ],
        string="Reversed",
        required=True,
        default="next_day",
        help="Either way the accrual and its reversal letter each other.",
    )
    payable_account_id = fields.Many2one(
        "account.account",
        string="Account (408)",
        compute="_compute_accounts",
        store=True,
        readonly=False,
    )
    tax_account_id = fields.Many2one(
        "account.account",
        string="VAT (445860)",
        compute="_compute_accounts",
        store=True,
        readonly=False,
    )
    journal_id = fields.Many2one(
        "account.journal",
        compute="_compute_accounts",
        store=True,
        readonly=False,
        domain="[('type', '=', 'general')]",
    )
    line_ids = fields.One2many("coop.accrual.line", "wizard_id")

    @api.depends("company_id")
    def _compute_accounts(self):
        for wizard in self:
            found = {}
            if wizard.company_id:
                with contextlib.suppress(UserError):
                    found = wizard.company_id._get_accrual_accounts()
            wizard.payable_account_id = found.get("payable")
            wizard.tax_account_id = found.get("tax")
            wizard.journal_id = found.get("journal")

    def _fill(self):
        self.ensure_one()
        # sudo: the accountant has no right on orders and receipts; read within the
        # companies of the user only.
        self.company_id.check_access("read")
        rows = (
            self.env["coop.accrual"]
            .sudo()
            ._get_rows(self.company_id, self.date, self.partner_ids)
        )
        self.line_ids = [Command.clear()] + [
            Command.create({k: v for k, v in row.items() if k != "amount_to_accrue"})
            for row in rows
        ]

    def action_show(self):
        """The quantities and their value, by supplier."""
        self._fill()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Received and not invoiced on %s", format_date(self.env, self.date)
            ),
            "res_model": "coop.accrual.line",
            "view_mode": "list,pivot",
            "domain": [("wizard_id", "=", self.id)],
            "context": {"search_default_group_partner": 1},
        }

    def action_post(self):
        """Book one entry per receipt; opens them."""
        self.ensure_one()
        self.env["account.move"].check_access("create")
        # sudo: as in _get_accrual_accounts.
        self.company_id.sudo().write(
            {
                "accrual_payable_account_id": self.payable_account_id.id,
                "accrual_tax_account_id": self.tax_account_id.id,
                "accrual_journal_id": self.journal_id.id,
            }
        )
        reverse_on = self.date + timedelta(days=1)
        # sudo: orders and receipts are read; the right to book was checked above.
        entries = (
            self.env["coop.accrual"]
            .sudo()
            ._post(
                self.company_id,
                self.date,
                self.partner_ids,
                reverse_on if self.reversal == "next_day" else None,
            )
        )
        if not entries:
            raise UserError(
                self.env._(
                    "Nothing to book: all that was received until %s is invoiced or "
                    "booked already.",
                    format_date(self.env, self.date),
                )
            )
        entries = (entries | entries.reversal_move_ids).sudo(False)
        return entries._get_records_action(
            name=self.env._("Invoices not received"),
            views=[(False, "list"), (False, "form")],
        )


class CoopAccrualLine(models.TransientModel):
    _name = "coop.accrual.line"
    _description = "Received and Not Invoiced"
    _order = "partner_id, purchase_order_id, id"

    wizard_id = fields.Many2one(
        "coop.accrual.wizard", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="wizard_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Supplier", readonly=True)
    purchase_line_id = fields.Many2one("purchase.order.line", readonly=True)
    purchase_order_id = fields.Many2one(
        related="purchase_line_id.order_id", store=True, string="Order"
    )
    stock_move_id = fields.Many2one("stock.move", readonly=True)
    picking_id = fields.Many2one(
        related="stock_move_id.picking_id", store=True, string="Receipt"
    )
    received_on = fields.Datetime(
        related="stock_move_id.date",
        store=True,
        string="Received On",
        help="Day of the receipt.",
    )
    product_id = fields.Many2one("product.product", readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    quantity = fields.Float(
        string="Not Invoiced",
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="Received less returned less invoiced; negative: invoiced and not "
        "received, a credit note is due.",
    )
    accrued_quantity = fields.Float(
        string="Booked on 408",
        digits="Product Unit",
        readonly=True,
        aggregator=None,
    )
    amount = fields.Monetary(string="Without VAT", readonly=True)
    amount_tax = fields.Monetary(string="VAT", readonly=True)
