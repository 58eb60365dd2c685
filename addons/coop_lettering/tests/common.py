# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged


class LetteringDocuments:
    """Bills, payments and bank transactions to letter, in any world that has a company,
    a supplier, an accountant and ``_bill``."""

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


@tagged("post_install", "-at_install")
class LetteringCommon(LetteringDocuments, TransactionCase):
    """A company, a supplier and one user per role; nothing but accounting is needed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env["base"].with_context(tracking_disable=True).env
        cls.company = cls.env.company
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", cls.company, install_demo=False
            )
        cls.env["res.groups"]._offer_accounting(True)
        cls.company.autopost_bills = False
        cls.env.ref("base.EUR").active = True
        cls.accountant = new_test_user(
            cls.env,
            "reco_accountant",
            "account.group_account_invoice,account.group_account_readonly,"
            "base.group_partner_manager",
        )
        # Two of the house who have nothing to do with the accounts.
        cls.buyer = new_test_user(
            cls.env, "reco_buyer", "base.group_user", email="achats@example.org"
        )
        cls.warehouse = new_test_user(cls.env, "reco_warehouse", "base.group_user")
        cls.taxes = {
            20.0: cls.env["account.tax"].create(
                {
                    "name": "20 %",
                    "amount": 20.0,
                    "type_tax_use": "purchase",
                    "price_include_override": "tax_excluded",
                }
            )
        }
        cls.supplier = cls.env["res.partner"].create(
            {
                "name": "Au bon moulin",
                "is_company": True,
                "country_id": cls.env.ref("base.fr").id,
                "email": "commercial@aubonmoulin.example.org",
            }
        )

    def _bill(self, lines, ref="FA-1", move_type="in_invoice", **vals):
        """A keyed bill, in draft, by the accountant; lines are dicts of values."""
        return (
            self.env["account.move"]
            .with_user(self.accountant)
            .create(
                {
                    "move_type": move_type,
                    "partner_id": self.supplier.id,
                    "ref": ref,
                    "invoice_date": "2026-06-17",
                    "invoice_line_ids": [Command.create(line) for line in lines],
                    **vals,
                }
            )
        )

    # -------------------------------------------------------------------------
    # Writes
    # -------------------------------------------------------------------------

    def _written_rows(self):
        """Rows written by this transaction so far, by PostgreSQL's own count."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del)"
            " FROM pg_stat_xact_user_tables"
        )
        return int(self.env.cr.fetchone()[0] or 0)

    @contextmanager
    def _assert_writes_nothing(self):
        before = self._written_rows()
        yield
        self.assertEqual(self._written_rows() - before, 0, "rows were written")
