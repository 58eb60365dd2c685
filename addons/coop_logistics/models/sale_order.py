# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from odoo.addons.coop_base.tools.localtime import format_local


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = [
        "coop.sale.order.serve",
        "coop.sale.order.payment",
        "coop.sale.order.prepare",
        "coop.sale.order.invoice",
        "coop.sale.order.background",
        "sale.order",
    ]

    serve_state = fields.Selection(
        [
            ("expected", "Expected"),
            ("served", "Served"),
            ("no_show", "Did Not Come"),
        ],
        string="Collection",
        default="expected",
        required=True,
        copy=False,
        readonly=True,
        tracking=True,
        index=True,
    )
    served_at = fields.Datetime(copy=False, readonly=True)
    served_by_id = fields.Many2one(
        "res.users", copy=False, readonly=True, ondelete="set null"
    )
    coop_payment_kind = fields.Selection(
        [
            ("cash", "Cash"),
            ("cheque", "Cheque"),
            ("transfer", "Bank Transfer"),
            ("card", "Card"),
            ("later", "Later"),
        ],
        string="Paid by",
        copy=False,
        readonly=True,
    )
    coop_amount_due = fields.Monetary(
        string="To Pay",
        compute="_compute_coop_amount_due",
        compute_sudo=True,
        help="What is left to pay; before the basket is handed over, the amount of"
        " what is in it.",
    )
    coop_payment_state = fields.Selection(
        [("to_pay", "To pay"), ("paid", "Paid"), ("nothing", "Nothing to pay")],
        string="Payment",
        compute="_compute_coop_amount_due",
        compute_sudo=True,
    )
    coop_member_number = fields.Char(
        related="partner_id.coop_number", string="Member No."
    )
    coop_member_phone = fields.Char(related="partner_id.phone", string="Phone")

    @api.depends(
        "amount_total",
        "serve_state",
        "order_line.quantity_allocated",
        "order_line.qty_delivered",
        "invoice_ids.amount_residual",
        "invoice_ids.state",
    )
    def _compute_coop_amount_due(self):
        for order in self:
            if not order.order_window_id:
                order.coop_amount_due = 0.0
                order.coop_payment_state = False
                continue
            invoices = order.invoice_ids.filtered(lambda m: m.state == "posted")
            if order.serve_state == "served":
                due = sum(-m.direction_sign * m.amount_residual for m in invoices)
                total = sum(-m.direction_sign * m.amount_total for m in invoices)
            elif order.serve_state == "no_show" or order.state != "sale":
                due = total = order.amount_total if order.state == "sent" else 0.0
            else:
                due = total = order._coop_compute_amount(
                    {
                        line: line._coop_get_quantity_in_basket()
                        for line in order.order_line
                    }
                )
            currency = order.currency_id
            order.coop_amount_due = due
            if currency.is_zero(total):
                order.coop_payment_state = "nothing"
            elif currency.compare_amounts(due, 0.0) > 0:
                order.coop_payment_state = "to_pay"
            else:
                order.coop_payment_state = "paid"

    def _coop_compute_amount(self, quantities):
        """What these quantities cost, to the cent as the invoice will say.

        :param quantities: dict ``sale.order.line`` → quantity in the line's unit
        """
        self.ensure_one()
        if all(
            not line.product_uom_id.compare(quantity, line.product_uom_qty)
            for line, quantity in quantities.items()
        ) and set(quantities) >= set(self.order_line):
            return self.amount_total
        AccountTax = self.env["account.tax"]
        base_lines = [
            line._prepare_base_line_for_taxes_computation(quantity=quantity)
            for line, quantity in quantities.items()
            if not line.product_uom_id.is_zero(quantity)
        ]
        if not base_lines:
            return 0.0
        AccountTax._add_tax_details_in_base_lines(base_lines, self.company_id)
        AccountTax._round_base_lines_tax_details(base_lines, self.company_id)
        return AccountTax._get_tax_totals_summary(
            base_lines, self.currency_id, self.company_id
        )["total_amount_currency"]

    def _get_slip_lines(self):
        """What to put into the basket, for the slips, in the order of the room.

        :return: list of ``{'line', 'ordered', 'to_give', 'is_short'}``, as text
        """
        self.ensure_one()
        rows = []
        goods = self.order_line.filtered(lambda x: not x.coop_donation)
        for line in goods.sorted(
            lambda x: (x.product_id.categ_id.complete_name, x.product_id.name or "")
        ):
            quantity = line._coop_get_quantity_on_slip()
            uom = line.product_uom_id
            if uom.is_zero(quantity) and uom.is_zero(line.product_uom_qty):
                continue
            rows.append(
                {
                    "line": line,
                    "ordered": line._coop_format_pieces(line.product_uom_qty),
                    "to_give": line._coop_format_pieces(quantity),
                    "is_short": uom.compare(quantity, line.product_uom_qty) < 0,
                }
            )
        return rows

    def _format_slot(self):
        """Hours of the slot, as printed."""
        self.ensure_one()
        slot, company = self.slot_id, self.company_id
        return "–".join(
            format_local(self.env, moment, company, "HH:mm")
            for moment in (slot.date_start, slot.date_end)
        )

    def action_view_distribution(self):
        """Where this order is collected."""
        self.ensure_one()
        return self.distribution_id._get_records_action()

    def action_coop_open_payment(self):
        """The one screen to hand over and be paid."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.partner_id.display_name,
            "res_model": "coop.distribution.payment",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id, "dialog_size": "large"},
        }
