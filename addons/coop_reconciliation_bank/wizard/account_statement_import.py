# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.base.models.res_bank import sanitize_account_number

from ..tools import ofx, statement_file

_logger = logging.getLogger(__name__)

# What parsers let out of a file that is not what it says it is.
DAMAGED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


class AccountStatementImport(models.TransientModel):
    _inherit = "account.statement.import"

    journal_id = fields.Many2one(
        "account.journal",
        string="Bank Account",
        domain="[('type', '=', 'bank')]",
        default=lambda self: self._default_journal_id(),
        help="Empty: found by the account number that the file holds. A spreadsheet "
        "holds none.",
    )
    sheet_mapping_id = fields.Many2one(
        default=lambda self: self._default_journal_id().default_sheet_mapping_id
    )

    @api.model
    def _default_journal_id(self):
        journals = self.env["account.journal"]
        if journal_id := self.env.context.get("journal_id"):
            return journals.browse(journal_id)
        found = journals.search(
            [*journals._check_company_domain(self.env.company), ("type", "=", "bank")]
        )
        # Cards and cheques to cash have a journal, and no statement.
        found = found.filtered("bank_account_id") or found
        return found if len(found) == 1 else journals

    @api.onchange("journal_id")
    def _onchange_journal_id(self):
        self.sheet_mapping_id = self.journal_id.default_sheet_mapping_id

    # -------------------------------------------------------------------------
    # Reading
    # -------------------------------------------------------------------------

    def _import_file(self):
        journal_id = self.journal_id.id or self.env.context.get("journal_id")
        wizard = self.with_context(journal_id=journal_id)
        return super(AccountStatementImport, wizard)._import_file()

    def _parse_file(self, data_file):
        """Read OFX; say in one sentence what is wrong with a damaged file."""
        kind = statement_file.kind(data_file)
        if kind:
            # A layout is for spreadsheets, whatever the journal's usual file is.
            self.sheet_mapping_id = False
        elif self.sheet_mapping_id and not self.env.context.get("journal_id"):
            raise UserError(
                self.env._(
                    "Choose the bank account: a spreadsheet does not say which it is."
                )
            )
        try:
            statement_file.check_whole(data_file)
            if kind == "ofx":
                return self._coop_parse_ofx(data_file)
            if self.sheet_mapping_id:
                data_file = statement_file.to_utf8(
                    data_file, self.sheet_mapping_id.file_encoding
                )
            return super()._parse_file(data_file)
        except (UserError, *DAMAGED) as error:
            # What OCA's parsers say is where they stopped, not what to do.
            raise self._coop_damaged(kind, error) from error

    def _coop_damaged(self, kind, error):
        _logger.info("Bank statement %s: %r", self.statement_filename, error)
        name = self.statement_filename or ""
        if kind:
            return UserError(
                self.env._(
                    "The file “%(name)s” (%(format)s) is damaged or cut: nothing was "
                    "imported, download it again from your bank's site.",
                    name=name,
                    format=kind.upper(),
                )
            )
        if self.sheet_mapping_id:
            return UserError(
                self.env._(
                    "The file “%(name)s” does not have the layout “%(layout)s”: "
                    "nothing was imported, choose another layout or correct the names "
                    "of its columns, its separators and its date format.",
                    name=name,
                    layout=self.sheet_mapping_id.name,
                )
            )
        return UserError(
            self.env._(
                "The file “%s” cannot be read: nothing was imported, download it from "
                "your bank's site as CAMT.053, CFONB 120 or OFX, or choose the layout "
                "of its columns if it is a spreadsheet.",
                name,
            )
        )

    def _coop_parse_ofx(self, data_file):
        return [
            (
                statement.currency,
                statement.account,
                [self._coop_prepare_ofx(statement)],
            )
            for statement in ofx.read(data_file)
        ]

    @api.model
    def _coop_prepare_ofx(self, statement):
        transactions = [
            {
                "date": found.date,
                "amount": float(found.amount),
                "payment_ref": found.label or found.kind or "/",
                "transaction_type": found.kind,
                # Some banks use the same identifier again, another day.
                "unique_import_id": found.identifier
                and f"{found.identifier}-{found.date}-{found.amount}",
            }
            for found in statement.transactions
        ]
        last = max(found.date for found in statement.transactions)
        vals = {
            "name": f"{statement.account} {format_date(self.env, last)}",
            "date": last,
            "transactions": transactions,
        }
        if statement.balance is not None:
            total = sum(found.amount for found in statement.transactions)
            vals["balance_start"] = float(statement.balance - total)
            vals["balance_end_real"] = float(statement.balance)
        return vals

    def _complete_stmts_vals(self, stmts_vals, journal, account_number):
        """A transaction that its bank did not identify is not imported twice either."""
        statement_file.identify(
            [row for vals in stmts_vals for row in vals["transactions"]]
        )
        return super()._complete_stmts_vals(stmts_vals, journal, account_number)

    @api.model
    def _match_journal(self, account_number, currency):
        """The journal of this account; one sentence where there is none."""
        number = sanitize_account_number(account_number or "")
        if number and not self.env["account.journal"].search_count(
            [
                ("type", "=", "bank"),
                ("bank_account_id.sanitized_acc_number", "ilike", number),
            ],
            limit=1,
        ):
            raise UserError(
                self.env._(
                    "The file is of the bank account %s, which no bank journal has: "
                    "enter this number on the journal of this bank (Configuration, "
                    "Journals), then import the file again.",
                    account_number,
                )
            )
        return super()._match_journal(account_number, currency)

    # -------------------------------------------------------------------------
    # Afterwards
    # -------------------------------------------------------------------------

    def import_file_button(self):
        """Say what was lettered, and open what is left to a person."""
        action = super().import_file_button()
        params = action.get("params", {})
        domain = Domain(params.get("next", action)["domain"])
        statements = self.env["account.bank.statement"].search(domain)
        transactions = statements.line_ids
        left = transactions.filtered(lambda t: not t.is_reconciled)
        suggested = left.filtered("lettering_suggestion")
        texts = [
            self.env._(
                "%(count)s transactions imported: %(done)s lettered by themselves, "
                "%(suggested)s to confirm, %(others)s to complete.",
                count=len(transactions),
                done=len(transactions) - len(left),
                suggested=len(suggested),
                others=len(left) - len(suggested),
            )
        ]
        if params.get("message"):
            texts.append(params["message"])
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info" if left else "success",
                "sticky": True,
                "message": "\n".join(texts),
                "next": self._coop_open_transactions(transactions),
            },
        }

    @api.model
    def _coop_open_transactions(self, transactions):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_reconciliation_bank.coop_bank_transaction_action"
        )
        action["domain"] = [("statement_id", "in", transactions.statement_id.ids)]
        action["context"] = {
            "view_ref": "account_reconcile_oca.bank_statement_line_form_reconcile_view",
            "default_journal_id": transactions.journal_id[:1].id,
        }
        return action
