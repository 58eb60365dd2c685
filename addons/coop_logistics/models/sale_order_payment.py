# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError

from .coop_distribution_prepare import QUIET

# Ways of paying that make a payment at once; the others leave the invoice open.
AT_ONCE = ("cash", "cheque", "card")


class CoopSaleOrderPayment(models.AbstractModel):
    """Taking the money for baskets that were handed over."""

    _name = "coop.sale.order.payment"
    _description = "Member's Order: Payment"

    def _coop_pay(self, payments):
        """Register how these orders are paid, in bulk; posted and lettered at once.

        Cash, cheques and cards make a payment in the journal of that kind, reconciled
        with the order's invoices. A transfer leaves them open, with the order's number
        as payment reference, until the bank line arrives; so does ``later``.

        :param payments: dict ``sale.order`` → ``{'kind': cash | cheque | card |
            transfer | later, 'amount': float (default: all that is due),
            'given': float, 'bank': str, 'number': str}``
        :return: the ``account.payment`` records, in sudo
        :raise UserError: nothing is due any more, or more than what is due
        """
        self._coop_check_can_serve()
        # sudo: checked above; the referent has no right on accounting.
        orders = self.sudo().with_context(**QUIET)
        orders._coop_lock_rows()
        by_kind, vals_list, paid = {}, [], []
        for order in orders:
            data = payments[order.with_env(self.env)]
            by_kind.setdefault(data["kind"], []).append(order.id)
            due = order._coop_check_to_pay(data)
            if data["kind"] in AT_ONCE and not order.currency_id.is_zero(due):
                vals_list.append(order._coop_prepare_payment_vals(data, due))
                paid.append(order)
        for kind, ids in by_kind.items():
            orders.browse(ids).write({"coop_payment_kind": kind})
        # sudo: payments taken at the table; referents do no accounts
        records = self.env["account.payment"].sudo().with_context(**QUIET)
        records = records.create(vals_list)
        records.action_post()
        plan = []
        for order, payment in zip(paid, records, strict=True):
            lines = (order._coop_get_open_invoices() | payment.move_id).line_ids
            plan.append(
                lines.filtered(
                    lambda line: (
                        line.account_type == "asset_receivable" and not line.reconciled
                    )
                )
            )
        if plan:
            # sudo: lettering of what was just paid
            self.env["account.move.line"].sudo()._reconcile_plan(plan)
        orders.invalidate_recordset(["coop_amount_due", "coop_payment_state"])
        return records

    def _coop_get_open_invoices(self):
        return self.invoice_ids.filtered(
            lambda m: (
                m.state == "posted" and not m.currency_id.is_zero(m.amount_residual)
            )
        )

    def _coop_check_to_pay(self, data):
        """The amount to take now.

        :raise UserError: paid already, or more than what is due
        """
        self.ensure_one()
        invoices = self._coop_get_open_invoices()
        due = sum(-m.direction_sign * m.amount_residual for m in invoices)
        amount = data.get("amount", due)
        if self.serve_state != "served":
            raise UserError(
                self.env._(
                    "Hand the basket of %(member)s over before taking the money.",
                    member=self.partner_id.name,
                )
            )
        if self.invoice_ids and not invoices and data["kind"] in AT_ONCE:
            raise UserError(
                self.env._(
                    "%(member)s has already paid: nothing was taken twice.",
                    member=self.partner_id.name,
                )
            )
        if self.currency_id.compare_amounts(amount, due) > 0:
            raise UserError(
                self.env._(
                    "%(member)s owes %(due)s, not %(amount)s.",
                    member=self.partner_id.name,
                    due=self.currency_id.format(due),
                    amount=self.currency_id.format(amount),
                )
            )
        return amount

    def _coop_prepare_payment_vals(self, data, amount):
        """Values of the payment of one order (hook)."""
        self.ensure_one()
        journal = self.env["account.journal"]._coop_get_payment_journal(
            self.company_id, data["kind"]
        )
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": self.partner_invoice_id.commercial_partner_id.id,
            "amount": amount,
            "currency_id": self.currency_id.id,
            "date": fields.Date.context_today(self),
            "journal_id": journal.id,
            "payment_method_line_id": journal._coop_get_payment_method_line().id,
            "memo": self.name,
            "coop_order_id": self.id,
            "coop_amount_given": data.get("given") or 0.0,
            "coop_cheque_bank": data.get("bank") or False,
            "coop_cheque_number": data.get("number") or False,
        }
