# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.fields import Command


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = [
        "coop.res.company.stock.move.reception",
        "coop.res.company.prepare",
        "res.company",
    ]

    def _coop_get_journal_names(self):
        """Names in the language of the context."""
        return {
            "cash": self.env._("Till"),
            "cheque": self.env._("Cheques to Deposit"),
            "card": self.env._("Cards"),
        }

    def _coop_create_payment_journals(self):
        """A journal for each way of paying at a distribution; existing ones stay.

        Cash goes to the company's cash journal, transfers to its bank. Cheques and
        cards get a journal whose money stays on an account of its own until it reaches
        the bank (French chart: 5112 and 5115). A branch has the journals of the company
        that it belongs to, as in Odoo: none of its own.
        """
        Journal = self.env["account.journal"]
        for company in self.filtered(lambda company: not company.parent_id):
            journals = Journal.search([("company_id", "=", company.id)])
            known = set(journals.mapped("coop_payment_kind"))
            for kind, journal_type in (("cash", "cash"), ("transfer", "bank")):
                journal = journals.filtered(
                    lambda j, journal_type=journal_type: (
                        j.type == journal_type and not j.coop_payment_kind
                    )
                )[:1]
                if kind not in known and journal:
                    journal.coop_payment_kind = kind
                    known.add(kind)
            for kind, journal_type, code, prefix in (
                ("cash", "cash", "CAI", False),
                ("cheque", "bank", "CHQ", "5112"),
                ("card", "bank", "CB", "5115"),
            ):
                if kind not in known:
                    company._coop_create_payment_journal(
                        kind, journal_type, code, prefix
                    )

    def _coop_create_payment_journal(self, kind, journal_type, code, prefix):
        """A journal for one way of paying.

        :param prefix: of the account on which receipts wait, False for none
        """
        self.ensure_one()
        journal = self.env["account.journal"].create(
            {
                "name": self._coop_get_journal_names()[kind],
                "code": code,
                "type": journal_type,
                "company_id": self.id,
                "coop_payment_kind": kind,
                "show_on_dashboard": kind == "cash",
            }
        )
        if prefix:
            account = self._coop_get_waiting_account(kind, prefix)
            journal.inbound_payment_method_line_ids.payment_account_id = account
        for lang, _label in self.env["res.lang"].get_installed():
            names = self.with_context(lang=lang)._coop_get_journal_names()
            journal.with_context(lang=lang).name = names[kind]
        return journal

    def _coop_get_waiting_account(self, kind, prefix):
        """The account on which receipts wait until they reach the bank."""
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
        if account:
            return account
        return Account.create(
            {
                "name": self._coop_get_journal_names()[kind],
                "code": Account._search_new_account_code(prefix.ljust(6, "0")),
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": [Command.link(self.id)],
            }
        )
