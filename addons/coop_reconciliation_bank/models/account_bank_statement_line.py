# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

WAITING = ("suggested", "refused")


class AccountBankStatementLine(models.Model):
    """A new transaction is lettered by the lettering rules; what they only suggest is
    what the bank's screen proposes.

    OCA's own search is not used: it takes the bill whose reference contains the label,
    whatever its amount.
    """

    _inherit = "account.bank.statement.line"

    lettering_suggestion = fields.Char(compute="_compute_lettering_suggestion")

    @api.depends("is_reconciled")
    @api.depends_context("lang")
    def _compute_lettering_suggestion(self):
        suggestions = self._coop_waiting_suggestions()
        for transaction in self:
            suggestion = suggestions.get(transaction._origin.id)
            transaction.lettering_suggestion = suggestion and suggestion.reason

    # -------------------------------------------------------------------------
    # By itself, when it is created
    # -------------------------------------------------------------------------

    def _auto_reconcile(self):
        self._coop_letter()
        return super()._auto_reconcile()

    def _coop_letter(self):
        """Letter what is safe; what is not is suggested."""
        runs = self.env["coop.lettering.run"]
        if not runs.has_access("create"):
            # A cashier's transactions wait for the run of the night.
            return runs
        new = self.filtered(
            lambda t: t.journal_id.type == "bank" and not t.is_reconciled
        )
        for company, transactions in new.grouped("company_id").items():
            runs |= runs._run(company, transactions=transactions)
        return runs

    # -------------------------------------------------------------------------
    # What the bank's screen proposes
    # -------------------------------------------------------------------------

    def _do_auto_reconcile_invoices(self):
        """Prepare the screen: nothing here is reconciled by itself."""
        proposed = self._coop_proposed_items()
        waiting = self.browse()
        for transaction in self:
            if items := proposed.get(transaction._origin.id):
                transaction.reconcile_data_info = transaction._coop_reconcile_data(
                    items
                )
                waiting |= transaction
        return self - waiting, self.browse()

    def _coop_waiting_suggestions(self):
        """``{id of the transaction: the last suggestion that waits}``."""
        # sudo: who works on the bank need not read the log of the lettering.
        found = self.env["coop.lettering.run.line"].sudo()
        if self.ids:
            found = found.search(
                [
                    ("statement_line_ids", "in", self.ids),
                    ("state", "in", WAITING),
                ],
                order="id",
            )
        return {
            transaction_id: suggestion
            for suggestion in found
            for transaction_id in suggestion.statement_line_ids.ids
        }

    def _coop_proposed_items(self):
        """``{id of the transaction: open items that would settle it}``.

        Those of the suggestion that waits; else the bills cited, when their sum is
        exact: they may be of several partners, whom only a person puts together.
        """
        proposed = {}
        for transaction_id, suggestion in self._coop_waiting_suggestions().items():
            items = suggestion.move_line_ids
            if items and not any(items.mapped("reconciled")):
                proposed[transaction_id] = items.sudo(False)
        rest = self._origin.filtered(
            lambda t: t.id not in proposed and not t.is_reconciled
        )
        engine = self.env["coop.lettering.engine"]
        for company, transactions in rest.grouped("company_id").items():
            cited = engine._get_cited_items(company, transactions)
            for transaction in transactions:
                __, suspense, __ = transaction._seek_for_lines()
                rows = cited[transaction]
                if rows and engine._settles(rows, suspense):
                    proposed[transaction.id] = self.env["account.move.line"].browse(
                        row["id"] for row in rows
                    )
        return proposed

    def _coop_reconcile_data(self, items):
        """What the bank's screen shows: the bank's item and these open items.

        Credit notes first: what they add to the amount, the bills use up.
        """
        self.ensure_one()
        data, auxiliary = [], 1
        for line in self._seek_for_lines()[0]:
            auxiliary, lines = self._get_reconcile_line(
                line, "liquidity", reconcile_auxiliary_id=auxiliary, move=True
            )
            data += lines
        currency = self._get_reconcile_currency()
        pending = sum(self._get_amount_currency(line, currency) for line in data)
        items = items.sorted(lambda x: (x.amount_residual * pending > 0, x.date, x.id))
        for item in items:
            if currency.is_zero(pending):
                break
            auxiliary, lines = self._get_reconcile_line(
                item,
                "other",
                is_counterpart=True,
                max_amount=currency.round(pending),
                reconcile_auxiliary_id=auxiliary,
                move=True,
            )
            data += lines
            pending += sum(self._get_amount_currency(line, currency) for line in lines)
        return self._recompute_suspense_line(data, auxiliary, self.manual_reference)

    def _coop_forget_proposal(self, touched=False):
        """The screen proposes anew; what a person has begun to prepare stays.

        :param touched: but forget it, too: the books are not what they were
        """
        forgotten = self.filtered(
            lambda t: (
                touched
                or not any(
                    line["kind"] == "other"
                    for line in (t.reconcile_data or {}).get("data", ())
                )
            )
        )
        # sudo: a draft of the screen, which who letters need not open.
        forgotten.sudo().reconcile_data = False

    # -------------------------------------------------------------------------
    # A person decides
    # -------------------------------------------------------------------------

    def reconcile_bank_line(self):
        suggestion = self._coop_waiting_suggestions().get(self.id)
        chosen = {
            item_id
            for line in self.reconcile_data_info["data"]
            for item_id in line.get("counterpart_line_ids") or ()
        }
        result = super().reconcile_bank_line()
        partners = self._seek_for_lines()[2].partner_id
        if not self.partner_id and len(partners) == 1:
            self.partner_id = partners
        if suggestion:
            suggestion._coop_answer(self, chosen)
        return result

    def unreconcile_bank_line(self):
        """OCA shows again what was settled, but as amounts that settle nothing: look
        for the open items anew."""
        result = super().unreconcile_bank_line()
        self._coop_forget_proposal(touched=True)
        return result

    # -------------------------------------------------------------------------
    # Whose transaction it is
    # -------------------------------------------------------------------------

    def _get_retrieve_partner_account_query(self):
        """One partner only, and a whole account number."""
        query = super()._get_retrieve_partner_account_query()
        account = SQL.identifier(self._table, "account_number")
        query.add_where(SQL("LENGTH(%s) >= 10", account))
        return self._coop_only_one(query)

    def _get_retrieve_partner_name_query(self):
        """One partner only, and its whole name: “MARTIN” is not the first of them."""
        query = super()._get_retrieve_partner_name_query()
        query.add_where(
            SQL(
                "LOWER(TRIM(%s)) = LOWER(TRIM(%s))",
                SQL.identifier(self.env["res.partner"]._table, "complete_name"),
                SQL.identifier(self._table, "partner_name"),
            )
        )
        return self._coop_only_one(query)

    def _coop_only_one(self, query):
        query.having = SQL(
            "COUNT(DISTINCT %s) = 1",
            SQL.identifier(self.env["res.partner"]._table, "commercial_partner_id"),
        )
        return query
