# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_base.tools.localtime import format_local


class ResPartner(models.Model):
    _inherit = "res.partner"

    coop_receipt_by_mail = fields.Boolean(
        string="Receipts by E-mail",
        help="After each basket, what was taken and paid is sent by e-mail.",
    )


class CoopSaleOrderReceipt(models.AbstractModel):
    """What a member took and paid, by mail or on paper."""

    _name = "coop.sale.order.receipt"
    _description = "Member's Order: Receipt"

    def _coop_choose_receipt(self, wanted):
        """The member wants receipts by mail from now on, or none any more."""
        # sudo: the caller serves this member; a preference and their own mail.
        partner = self.sudo().partner_id
        if partner.coop_receipt_by_mail != wanted:
            partner.coop_receipt_by_mail = wanted
        if wanted and partner.email_normalized:
            self._coop_send_receipt()

    def coop_till_receipt(self):
        """Send the receipt by mail.

        :return: the address it goes to
        :raise UserError: not handed over yet, or no address
        """
        self.ensure_one()
        self._coop_check_can_serve()
        # sudo: checked above.
        partner = self.sudo().partner_id
        if self.serve_state != "served":
            raise UserError(self.env._("This basket was not handed over yet."))
        if not partner.email_normalized:
            raise UserError(
                self.env._("%s has no e-mail: print the receipt.", partner.name)
            )
        self._coop_send_receipt()
        return partner.email_normalized

    def _coop_send_receipt(self):
        """Queue the mail: the payment does not wait for it."""
        # sudo: callers have checked who serves.
        order = self.sudo()
        order.partner_id._coop_tell(
            order,
            "coop_till.mail_template_receipt",
            self.env._("receipt"),
            call=False,
        )

    def _get_receipt_values(self):
        """What the receipt says, as text (called by the report and the mail).

        :return: ``{'day', 'lines': [{'product', 'quantity', 'price', 'amount'}],
            'total', 'taxes', 'payments': [(label, amount)], 'credit', 'due', 'by'}``
        """
        self.ensure_one()
        # sudo: the own basket's invoices and payments, whoever prints it.
        order = self.sudo()
        money = order.currency_id
        Offer = order.env["coop.order.offer"]
        invoices = order.invoice_ids.filtered(lambda m: m.state == "posted")
        lines = []
        for line in order.order_line.filtered("product_id").sorted(
            lambda x: (x.product_id.categ_id.complete_name, x.product_id.name or "")
        ):
            uom = line.product_uom_id
            # A donation is due and there is nothing to hand over.
            quantity = line.qty_invoiced if line.coop_donation else line.qty_delivered
            if uom.is_zero(quantity):
                continue
            lines.append(
                {
                    "product": line.product_id.with_context(
                        display_default_code=False
                    ).display_name,
                    "quantity": Offer._format_quantity(quantity, uom),
                    "price": money.format(line.price_unit),
                    "amount": money.format(
                        order._coop_compute_amount({line: quantity})
                    ),
                }
            )
        total = sum(-m.direction_sign * m.amount_total for m in invoices)
        taxes = sum(-m.direction_sign * m.amount_tax for m in invoices)
        payments, paid = [], 0.0
        for row in order._coop_till_payment_rows():
            if row["kind"] == "return" or row["corrected"] or not row["id"]:
                continue
            label = row["label"]
            if row["number"]:
                label = self.env._(
                    "%(kind)s no. %(number)s", kind=label, number=row["number"]
                )
            payments.append((label, money.format(row["amount"])))
            paid += row["amount"]
            if money.compare_amounts(row["given"], row["amount"]) > 0:
                payments.append(
                    (
                        self.env._("given %s", money.format(row["given"])),
                        self.env._(
                            "change %s", money.format(row["given"] - row["amount"])
                        ),
                    )
                )
        due = order.coop_amount_due
        credit = money.round(total - paid - due)
        return {
            "day": format_local(self.env, order.served_at, order.company_id)
            if order.served_at
            else "",
            "lines": lines,
            "total": money.format(total),
            "taxes": money.format(taxes),
            "payments": payments,
            "credit": money.format(credit)
            if money.compare_amounts(credit, 0) > 0
            else "",
            "due": money.format(due) if money.compare_amounts(due, 0.0) > 0 else "",
            "owed": money.format(-due) if money.compare_amounts(due, 0.0) < 0 else "",
            "by": order.collected_by or "",
            "invoices": ", ".join(invoices.mapped("name")),
        }
