# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

from ..tools import lettering
from ..tools.statement_label import references

OPEN_TYPES = ("asset_receivable", "liability_payable")
PREFIX = "statement:"


class CoopLetteringBank(models.AbstractModel):
    """Bank transactions: whose they are, and their item put on the account of their
    partner in place of the suspense account."""

    _name = "coop.lettering.bank"
    _description = "Lettering of Bank Transactions"

    @api.model
    def _statement_key(self, transaction):
        return f"{PREFIX}{transaction.id}"

    @api.model
    def _statement_ids(self, keys):
        """The bank transactions among the keys of a proposal."""
        return [int(k.removeprefix(PREFIX)) for k in keys if isinstance(k, str)]

    # -------------------------------------------------------------------------
    # Reading
    # -------------------------------------------------------------------------

    @api.model
    def _transactions_domain(self, company):
        """Bank transactions that wait for their counterpart."""
        return (
            Domain("company_id", "=", company.id)
            & Domain("is_reconciled", "=", False)
            & Domain("state", "=", "posted")
            & Domain("checked", "=", True)
        )

    @api.model
    def _plain_statement_lines(self, company):
        """Bank transactions not reconciled yet, as if on the account of their partner.

        Their partner is the one that they name, else the one whose open bill they cite,
        if only one does. Where the two disagree, or where several partners have a bill
        of this number, it is a guess, which a person confirms.
        """
        transactions = self.env["account.bank.statement.line"].search(
            self._transactions_domain(company), order="date, id"
        )
        if not transactions:
            return []
        cited = self._get_cited_items(company, transactions)
        result = []
        for transaction in transactions:
            __, suspense, __ = transaction._seek_for_lines()
            if len(suspense) != 1:
                continue
            partner_id, account_id, doubtful = self._find_owner(
                transaction, suspense, cited[transaction]
            )
            if not partner_id:
                continue
            result.append(
                lettering.Line(
                    key=self._statement_key(transaction),
                    balance=Decimal(str(suspense.amount_currency)),
                    account=account_id,
                    partner=partner_id,
                    currency=suspense.currency_id.id,
                    date=transaction.date,
                    label=self._get_statement_label(transaction),
                    doubtful=doubtful,
                )
            )
        return result

    @api.model
    def _get_statement_label(self, transaction):
        """All that the bank wrote in which a bill may be cited."""
        narration = transaction.narration
        return references(
            transaction.payment_ref,
            transaction.ref,
            html2plaintext(narration) if narration else "",
        )

    @api.model
    def _find_owner(self, transaction, suspense, items):
        """``(partner, account, is it a guess)``; no partner where nobody can know.

        :param items: open items of the bills cited, as ``_get_cited_items`` gives them
        """
        partner = transaction.partner_id.commercial_partner_id
        owned = defaultdict(list)
        for item in items:
            owned[item["partner_id"], item["account_id"]].append(item)
        owners = set(owned)
        own = {owner for owner in owners if owner[0] == partner.id}
        if len(own) == 1:
            return (*own.pop(), False)
        if partner:
            account = (
                partner.property_account_payable_id
                if transaction.amount < 0
                else partner.property_account_receivable_id
            )
            # Somebody else's bill is cited, or bills on two accounts: a guess.
            return partner.id, account.id, bool(owners)
        if len(owners) == 1:
            return (*owners.pop(), False)
        exact = [owner for owner in owners if self._settles(owned[owner], suspense)]
        if len(exact) == 1:
            return (*exact[0], True)
        return None, None, False

    @api.model
    def _settles(self, items, suspense):
        """Do these open items make exactly the amount that waits?"""
        return {item["currency_id"] for item in items} == set(
            suspense.currency_id.ids
        ) and not sum(
            (item["residual"] for item in items),
            Decimal(str(sum(suspense.mapped("amount_currency")))),
        )

    @api.model
    def _get_cited_items(self, company, transactions):
        """``{transaction: open items of the bills that its label cites}``.

        One query for all: an item is a dict of ids and its residual, and not a record,
        because all the open bills of the company are looked at.
        """
        by_number = defaultdict(list)
        for item in self._get_open_bill_items(company):
            for number in {lettering.squash(text) for text in item["numbers"]}:
                if len(number) > lettering.MINIMUM_NUMBER:
                    by_number[number].append(item)
        result = {}
        for transaction in transactions:
            label = self._get_statement_label(transaction)
            found = {}
            for number in lettering.cited(label) & by_number.keys():
                found |= {item["id"]: item for item in by_number[number]}
            result[transaction] = list(found.values())
        return result

    @api.model
    def _get_open_bill_items(self, company):
        items = self.env["account.move.line"]
        items.flush_model()
        self.env["account.move"].flush_model()
        companies = self.env["res.company"].search([("id", "child_of", company.ids)])
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT item.id, item.partner_id, item.account_id, item.currency_id,
                       item.amount_residual_currency AS residual,
                       ARRAY[move.ref, move.name, move.payment_reference] AS numbers
                  FROM account_move_line item
                  JOIN account_move move ON move.id = item.move_id
                  JOIN account_account account ON account.id = item.account_id
                 WHERE item.reconciled IS NOT TRUE
                   AND item.parent_state = 'posted'
                   AND item.partner_id IS NOT NULL
                   AND item.company_id IN %(companies)s
                   AND account.account_type IN %(types)s
                   AND move.move_type != 'entry'
              ORDER BY item.id
                """,
                companies=tuple(companies.ids),
                types=OPEN_TYPES,
            )
        )
        for row in rows:
            row["residual"] = Decimal(str(row["residual"] or 0))
        return rows

    # -------------------------------------------------------------------------
    # Writing
    # -------------------------------------------------------------------------

    @api.model
    def _post_transactions(self, proposals):
        """Put the bank transactions of these proposals on the account of their partner.

        :return: ``{proposal: items that stood on the suspense account}``
        """
        no_item = self.env["account.move.line"]
        result = dict.fromkeys(proposals, no_item)
        by_owner = defaultdict(lambda: no_item)
        for proposal in proposals:
            for transaction in proposal.statement_line_ids:
                __, suspense, __ = transaction._seek_for_lines()
                if len(suspense) != 1:
                    raise UserError(
                        self.env._(
                            "The bank transaction “%s” was changed meanwhile: letter "
                            "it by hand.",
                            transaction.payment_ref or transaction.name,
                        )
                    )
                result[proposal] |= suspense
                by_owner[proposal.partner_id, proposal.account_id] |= suspense
        everything = self.env["account.move.line"].union(*by_owner.values())
        # An item of a third party has no analytic distribution, an entry of the bank no
        # fiscal position: computed anew, they would cost queries a transaction.
        moves = everything.move_id
        protected = [
            ([everything._fields["analytic_distribution"]], moves.line_ids),
            ([moves._fields["fiscal_position_id"]], moves),
        ]
        with self.env.protecting(protected):
            for (partner, account), items in by_owner.items():
                self._post_items(items, partner, account)
        return result

    @api.model
    def _post_items(self, items, partner, account):
        moves = items.move_id.with_context(
            skip_invoice_sync=True,
            skip_account_move_synchronization=True,
            skip_readonly_check=True,
        )
        nameless = moves.statement_line_ids.filtered(lambda t: not t.partner_id)
        if nameless:
            named = nameless.move_id
            named.line_ids.write({"partner_id": partner.id})
            named.write({"partner_id": partner.id})
            # sudo: who may write the entry names its partner on the transaction.
            nameless.sudo().write({"partner_id": partner.id})
        moves.line_ids.browse(items.ids).write(
            {"account_id": account.id, "partner_id": partner.id}
        )
