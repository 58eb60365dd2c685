from odoo.fields import Command

from .common import ReconciliationCommon


class LetteringCommon(ReconciliationCommon):
    """Bills, payments and bank transactions to letter."""

    def setUp(self):
        super().setUp()
        self.bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        self.payable = self.supplier.property_account_payable_id

    def _posted(self, amount, ref, move_type="in_invoice", date="2026-06-17", **vals):
        line = {"name": "x", "quantity": 1, "price_unit": amount, "tax_ids": False}
        bill = self._bill(
            [line], ref=ref, move_type=move_type, invoice_date=date, date=date, **vals
        )
        bill.action_post()
        return bill

    def _payable_line(self, move):
        return move.line_ids.filtered(lambda x: x.account_id == self.payable)

    def _entry(self, amount, label, date="2026-06-20", partner=None, foreign=None):
        """A payment written by hand in the general journal: debits the supplier.

        :param foreign: ``(currency, amount)`` where it was paid in another currency
        """
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
        )
        partner = partner or self.supplier

        def line(sign, **vals):
            if foreign:
                currency, paid = foreign
                vals |= {"currency_id": currency.id, "amount_currency": sign * paid}
            return Command.create({"name": label, "balance": sign * amount, **vals})

        move = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": date,
                "line_ids": [
                    line(1, account_id=self.payable.id, partner_id=partner.id),
                    line(-1, account_id=self.bank.default_account_id.id),
                ],
            }
        )
        move.action_post()
        return move

    def _statement_line(self, amount, label, partner=None, date="2026-07-02"):
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": date,
                "payment_ref": label,
                "amount": amount,
                "partner_id": partner.id if partner else False,
            }
        )

    def _run(self):
        return (
            self.env["coop.lettering.run"]
            .with_user(self.accountant)
            ._run(self.company, partners=self.supplier)
        )
