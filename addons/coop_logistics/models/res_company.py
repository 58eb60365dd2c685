from odoo import models
from odoo.fields import Command


class ResCompany(models.Model):
    _inherit = "res.company"

    def _coop_create_payment_journals(self):
        """A journal for each way of paying at a distribution; existing ones stay.

        Cash goes to the company's cash journal. Cheques and cards get a journal whose
        money stays on an account of its own until it reaches the bank (French chart:
        5112 and 5115).
        """
        Journal = self.env["account.journal"]
        for company in self:
            journals = Journal.search([("company_id", "=", company.id)])
            known = set(journals.mapped("coop_payment_kind"))
            cash = journals.filtered(lambda j: j.type == "cash")[:1]
            if "cash" not in known and cash:
                cash.coop_payment_kind = "cash"
            bank = journals.filtered(lambda j: j.type == "bank")[:1]
            if "transfer" not in known and bank:
                bank.coop_payment_kind = "transfer"
            for kind, code, prefix, name in (
                ("cheque", "CHQ", "5112", self.env._("Cheques to Deposit")),
                ("card", "CB", "5115", self.env._("Cards")),
            ):
                if kind not in known:
                    company._coop_create_waiting_journal(kind, code, prefix, name)

    def _coop_create_waiting_journal(self, kind, code, prefix, name):
        """A journal whose receipts wait on an account of their own."""
        self.ensure_one()
        Account = self.env["account.account"].with_company(self)
        account = Account.search(
            [
                ("company_ids", "=", self.id),
                ("code", "=like", prefix + "%"),
                ("account_type", "in", ("asset_current", "asset_cash")),
            ],
            limit=1,
        )
        if not account:
            account = Account.create(
                {
                    "name": name,
                    "code": Account._search_new_account_code(prefix.ljust(6, "0")),
                    "account_type": "asset_current",
                    "reconcile": True,
                    "company_ids": [Command.link(self.id)],
                }
            )
        journal = self.env["account.journal"].create(
            {
                "name": name,
                "code": code,
                "type": "bank",
                "company_id": self.id,
                "coop_payment_kind": kind,
                "show_on_dashboard": False,
            }
        )
        journal.inbound_payment_method_line_ids.payment_account_id = account
        return journal
