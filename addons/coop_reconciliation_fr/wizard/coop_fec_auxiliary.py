# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import api, models
from odoo.tools import SQL

JOURNAL_CODE, NUMBER, ACCOUNT = 0, 2, 4
AUX_NUMBER, AUX_LABEL = 6, 7
LABEL, DEBIT, CREDIT = 10, 11, 12
OPENING = "OUV"


class CoopFecAuxiliary(models.AbstractModel):
    """CompAuxNum and CompAuxLib of the other accounts that are kept by third party.

    Article A47 A-1 leaves them blank "si non utilisé". Core fills them on receivables
    and payables only. The accounts of class 4 that are lettered (408, 418, 467…) are
    kept by third party as well: their lettering codes are counted by account and
    partner, and code AAA of 408100 would otherwise name as many sets as there are
    suppliers. Their opening balance is split accordingly.
    """

    _name = "coop.fec.auxiliary"
    _description = "Third Parties in the FEC"

    @api.model
    def _get_auxiliary_accounts(self):
        """Accounts of class 4 that are lettered and that core leaves without."""
        accounts = self.env["account.account"].search(
            [
                *self.env["account.account"]._check_company_domain(self.env.company),
                ("reconcile", "=", True),
                ("code", "=like", "4%"),
                ("account_type", "not in", ("asset_receivable", "liability_payable")),
            ]
        )
        return {account.code: account for account in accounts}

    def _write_auxiliary(self, rows):
        """The rows of the file with their third parties; amounts stay as they are."""
        accounts = self._get_auxiliary_accounts()
        if not accounts:
            return rows
        keys = self._get_auxiliary_keys(accounts)
        openings = self._get_auxiliary_openings(accounts)
        result = []
        for row in rows:
            if len(row) <= CREDIT or row[ACCOUNT] not in accounts:
                result.append(row)
            elif row[JOURNAL_CODE] == OPENING:
                result += self._split_opening(row, openings.get(row[ACCOUNT]))
            else:
                # One entry may hold several partners on one account: the amounts and
                # the label tell its lines apart, in the file's own order.
                waiting = keys.get(self._line_key(row))
                if waiting:
                    row[AUX_NUMBER], row[AUX_LABEL] = waiting.pop(0)
                result.append(row)
        return result

    def _line_key(self, row):
        return (
            row[NUMBER],
            row[ACCOUNT],
            self._cents(row[DEBIT]),
            self._cents(row[CREDIT]),
            row[LABEL],
        )

    @api.model
    def _cents(self, amount):
        """The file's `0001,50` or a number of the database, as whole cents."""
        if isinstance(amount, str):
            amount = float(amount.strip().replace(",", "."))
        return round(amount * 100)

    def _get_auxiliary_keys(self, accounts):
        """``{line of the file: [(number, label)]}`` for lines that have a partner or
        share their key with one that has; one query."""
        self.env.flush_all()
        ids = [account.id for account in accounts.values()]
        codes = {account.id: code for code, account in accounts.items()}
        query = self.env["account.move.line"]._search(
            self._get_base_domain()
            + [
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
                ("account_id", "in", ids),
            ],
            order="date, move_name, id",
        )
        table = SQL.identifier("account_move_line")
        move = query.left_join(
            "account_move_line", "move_id", "account_move", "id", "m"
        )
        partner = query.left_join(
            "account_move_line", "partner_id", "res_partner", "id", "p"
        )
        rows = self.env.execute_query(
            query.select(
                SQL("%s.name", SQL.identifier(move)),
                SQL("%s.account_id", table),
                SQL("%s.debit", table),
                SQL("%s.credit", table),
                SQL("%s.name", table),
                SQL("%s.id", SQL.identifier(partner)),
                SQL("%s.ref", SQL.identifier(partner)),
                SQL("%s.name", SQL.identifier(partner)),
            )
        )
        keys = {}
        for number, account, debit, credit, label, *third in rows:
            key = (
                self._clean(number),
                codes[account],
                self._cents(float(debit)),
                self._cents(float(credit)),
                self._clean(label) if (label or "").strip() else "/",
            )
            keys.setdefault(key, []).append(self._third_party(*third))
        return keys

    @api.model
    def _clean(self, text):
        """As core writes a text: no separator, no line break."""
        text = (text or "").replace("|", "/")
        return re.sub(r"[\t\r\n]", " ", text)

    @api.model
    def _third_party(self, partner_id, reference, name):
        """(CompAuxNum, CompAuxLib), as core has them on payables."""
        if not partner_id:
            return "", ""
        number = (reference or "").replace("|", "/") or str(partner_id)
        return number, self._clean(name)

    def _get_auxiliary_openings(self, accounts):
        """``{account code: [((number, label), balance)]}`` before the period."""
        groups = self.env["account.move.line"]._read_group(
            self._get_base_domain()
            + [
                ("date", "<", self.date_from),
                ("account_id", "in", [a.id for a in accounts.values()]),
            ],
            ["account_id", "partner_id"],
            ["balance:sum"],
        )
        openings = {}
        currency = self.env.company.currency_id
        for account, partner, balance in groups:
            if not currency.is_zero(balance):
                third = self._third_party(partner.id, partner.ref, partner.name)
                openings.setdefault(account.code, []).append((third, balance))
        return openings

    @api.model
    def _split_opening(self, row, parts):
        """One opening line a third party; their sum is the line's."""
        if not parts:
            return [row]
        lines = []
        for (number, label), balance in parts:
            line = list(row)
            line[AUX_NUMBER], line[AUX_LABEL] = number, label
            amount = f"{abs(balance):.2f}".replace(".", ",")
            line[DEBIT], line[CREDIT] = (
                (amount, "0,00") if balance > 0 else ("0,00", amount)
            )
            lines.append(line)
        return lines
