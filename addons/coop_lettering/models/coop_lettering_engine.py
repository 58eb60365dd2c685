# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools import lettering
from .coop_lettering_bank import OPEN_TYPES

LIQUID_TYPES = ("asset_cash", "liability_credit_card")
# Payments that their bank has not shown yet, by their names in charts of accounts.
TRANSIT = (
    "account_journal_payment_debit_account_id",
    "account_journal_payment_credit_account_id",
)
# Written and reconciled in chunks, so that memory stays in proportion.
CHUNK = 500
# What the rules read: an item has a hundred fields more.
LINE_FIELDS = (
    "move_id",
    "account_id",
    "partner_id",
    "currency_id",
    "amount_residual_currency",
    "date",
    "name",
    "ref",
)
MOVE_FIELDS = (
    "move_type",
    "ref",
    "name",
    "payment_reference",
    "reversed_entry_id",
    "origin_payment_id",
)


class WriteOff(NamedTuple):
    """A small difference: how much at most, on which accounts."""

    amount: float = 0.0
    loss: Any = None
    gain: Any = None


class CoopLetteringEngine(models.AbstractModel):
    """Feed :mod:`..tools.lettering` with open journal items and bank transactions,
    carry out what is automatic, write down what is only suggested."""

    _name = "coop.lettering.engine"
    _inherit = ["coop.lettering.bank"]
    _description = "Lettering Engine"

    @api.model
    def _letter(self, company, accounts=None, partners=None, transactions=None):
        """Letter what is open; of these bank transactions only, if some are given.

        Then the items of their partners are looked at, and the other transactions of
        these: what occurs once must occur once among all of them.
        """
        # sudo: who letters need not read how.
        rules = self.env["coop.lettering.rule"].sudo()._get_modes(company)
        active = {code: rule for code, rule in rules.items() if rule.mode != "off"}
        if not active:
            return self.env["coop.lettering.run"]
        statements = self._plain_statement_lines(company)
        if transactions is not None:
            new = {self._statement_key(t) for t in transactions}
            found = {line.partner for line in statements if line.key in new}
            if not found:
                return self.env["coop.lettering.run"]
            partners = self.env["res.partner"].browse(found)
        if partners:
            statements = [x for x in statements if x.partner in partners._ids]
        lines = self._open_lines(company, accounts, partners)
        plain = self._plain_lines(lines) + statements
        write_off = self._get_write_off(company, self.env["res.partner"])
        proposals = lettering.propose(
            plain,
            lettering.Policy(
                rules=frozenset(active),
                gap=Decimal(str(write_off.amount or 0)),
                days_of={code: rule.days for code, rule in active.items()},
            ),
        )
        return self._record(company, proposals, active, {p.key: p for p in plain})

    # -------------------------------------------------------------------------
    # Reading
    # -------------------------------------------------------------------------

    @api.model
    def _open_lines(self, company, accounts=None, partners=None):
        domain = (
            Domain("company_id", "child_of", company.ids)
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
            & Domain("partner_id", "!=", False)
            & Domain("account_id.reconcile", "=", True)
        )
        # A line of zero is Odoo's to close.
        domain &= Domain("amount_residual", "!=", 0) | Domain(
            "amount_residual_currency", "!=", 0
        )
        if accounts:
            domain &= Domain("account_id", "in", accounts.ids)
        if partners:
            domain &= Domain("partner_id", "in", partners.ids)
        domain &= Domain("account_id.account_type", "in", OPEN_TYPES) | (
            Domain("account_id.account_type", "not in", LIQUID_TYPES)
            & Domain("account_id", "not in", self._other_processes(company).ids)
        )
        return self.env["account.move.line"].search_fetch(
            domain, LINE_FIELDS, order="date, id"
        )

    @api.model
    def _other_processes(self, company):
        """Accounts that are not third parties': money in transit waits for its bank
        statement, VAT due on payment for its bill."""
        # sudo: settings are read, not shown.
        env = self.sudo().with_context(active_test=False).env
        companies = env["res.company"].search([("id", "child_of", company.ids)])
        own = Domain("company_id", "in", (companies | company.parent_ids).ids)
        accounts = env["account.journal"].search(own).suspense_account_id
        accounts |= env["account.payment.method.line"].search(own).payment_account_id
        accounts |= env["account.tax"].search(own).cash_basis_transition_account_id
        chart = env["account.chart.template"]
        for each in companies | company.parent_ids:
            accounts |= each.transfer_account_id
            accounts |= each.account_journal_suspense_account_id
            for name in TRANSIT:
                found = chart.with_company(each).ref(name, raise_if_not_found=False)
                accounts |= found or env["account.account"]
        return accounts

    @api.model
    def _plain_lines(self, lines):
        moves = lines.move_id
        moves.fetch(MOVE_FIELDS)
        links = self._links(lines)
        result = []
        for line in lines:
            move = line.move_id
            is_bill = move.is_invoice(include_receipts=True)
            # What others cite: the number that the other side knows.
            number = move.ref if move.is_purchase_document() else move.name
            known = [move.name, move.payment_reference] if is_bill else [move.name]
            label = ""
            if not is_bill:
                label = " ".join(
                    text
                    for text in (line.name, move.ref, move.origin_payment_id.memo)
                    if text
                )
            reference = "" if is_bill else (move.ref or line.ref or "")
            result.append(
                lettering.Line(
                    key=line.id,
                    balance=Decimal(str(line.amount_residual_currency)),
                    account=line.account_id.id,
                    partner=line.partner_id.id,
                    currency=line.currency_id.id,
                    date=line.date,
                    number=(number or "") if is_bill else "",
                    numbers=tuple(text for text in known if text) if is_bill else (),
                    label=label,
                    reference=reference,
                    links=links.get(line.id, frozenset()),
                )
            )
        return result

    @api.model
    def _get_linked_moves(self, move):
        """The documents that one is linked to by the database, whatever is written."""
        return move.reversed_entry_id | move.origin_payment_id.invoice_ids

    @api.model
    def _get_write_off(self, company, partner):
        """The largest difference that is written off, and where to.

        Nothing here: what stays open is settled by hand. An add-on that knows better
        extends this.
        """
        return WriteOff()

    @api.model
    def _links(self, lines):
        """``{line id: ids of the lines of the documents it is linked to}``."""
        by_move = defaultdict(set)
        for line in lines:
            by_move[line.move_id.id].add(line.id)
        linked = defaultdict(set)
        for move in lines.move_id:
            for other in self._get_linked_moves(move):
                linked[move.id].add(other.id)
        result = {}
        for line in lines:
            keys = set()
            for other in linked.get(line.move_id.id, ()):
                keys |= by_move.get(other, set())
            if keys:
                result[line.id] = frozenset(keys)
        return result

    # -------------------------------------------------------------------------
    # Writing
    # -------------------------------------------------------------------------

    @api.model
    def _record(self, company, proposals, rules, plain):
        """Write the run; nothing at all when nothing is new."""
        known = self._known(company, proposals)
        vals_list, automatic = [], []
        for proposal in proposals:
            lines = [k for k in proposal.keys if isinstance(k, int)]
            statements = self._statement_ids(proposal.keys)
            if (frozenset(lines), frozenset(statements)) in known:
                continue
            first = plain[proposal.keys[0]]
            vals_list.append(
                {
                    "rule": proposal.rule,
                    "account_id": first.account,
                    "partner_id": first.partner,
                    "currency_id": first.currency,
                    "move_line_ids": [Command.set(lines)],
                    "statement_line_ids": [Command.set(statements)],
                    "amount": float(proposal.amount),
                    "gap": float(proposal.gap),
                    "state": "suggested",
                }
            )
            rule = rules[proposal.rule]
            automatic.append(proposal.automatic and rule.mode == "automatic")
        if not vals_list:
            return self.env["coop.lettering.run"]
        run = self.env["coop.lettering.run"].create({"company_id": company.id})
        to_do = self.env["coop.lettering.run.line"]
        for start in range(0, len(vals_list), CHUNK):
            lines = to_do.create(
                [{**v, "run_id": run.id} for v in vals_list[start : start + CHUNK]]
            )
            chosen = automatic[start : start + CHUNK]
            to_do += lines.browse(
                line.id for line, auto in zip(lines, chosen, strict=True) if auto
            )
        self._execute(to_do, "done")
        return run

    @api.model
    def _known(self, company, proposals):
        """Suggestions that wait, or that someone dismissed or undid."""
        ids = [k for p in proposals for k in p.keys if isinstance(k, int)]
        found = self.env["coop.lettering.run.line"].search(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("suggested", "dismissed", "undone", "refused")),
                ("move_line_ids", "in", ids),
            ]
        )
        return {
            (frozenset(p.move_line_ids.ids), frozenset(p.statement_line_ids.ids))
            for p in found
        }

    @api.model
    def _execute(self, proposals, state):
        """Letter proposals; one that Odoo refuses keeps its suggestion and says why."""
        for start in range(0, len(proposals), CHUNK):
            if start:
                # What the chunk before filled the cache with is not read again.
                self.env.flush_all()
                self.env.invalidate_all(flush=False)
            chunk = proposals.browse(proposals.ids[start : start + CHUNK])
            try:
                with self.env.cr.savepoint():
                    self._execute_chunk(chunk, state)
            except UserError:
                # One by one: only the wrong one stays.
                for proposal in chunk:
                    try:
                        with self.env.cr.savepoint():
                            self._execute_chunk(proposal, state)
                    except UserError as error:
                        proposal.invalidate_recordset()
                        proposal.write({"state": "refused", "message": str(error)})

    @api.model
    def _execute_chunk(self, proposals, state):
        plan, complete = [], []
        items = self._post_transactions(proposals)
        for proposal in proposals:
            lines = proposal.move_line_ids | items[proposal]
            if proposal.gap:
                lines |= self._write_off(proposal, lines)
            if lines != proposal.move_line_ids:
                complete.append((proposal, [Command.set(lines.ids)]))
            plan.append(lines)
        # All together: one by one is a query a proposal.
        proposals._fields["move_line_ids"].write_batch(complete)
        self.env["account.move.line"]._coop_reconcile_groups(plan)
        proposals.write({"state": state, "message": False})
        for proposal in proposals:
            codes = set(proposal.move_line_ids.mapped("lettering_code"))
            proposal.code = ", ".join(sorted(codes - {False}))

    @api.model
    def _write_off(self, proposal, lines):
        """An entry for the small difference, refused in a closed period."""
        company = proposal.company_id
        write_off = self._get_write_off(company, proposal.partner_id)
        account = write_off.loss if proposal.gap > 0 else write_off.gain
        date = max(lines.mapped("date"))
        # The policy says an amount of the company; another currency differs in its own.
        balance = proposal.currency_id._convert(
            proposal.gap, company.currency_id, company, date
        )
        if not account or abs(balance) > write_off.amount:
            raise UserError(
                self.env._(
                    "No account is set for a difference of this size: complete the "
                    "matching policy, or letter by hand."
                )
            )
        journal = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(company),
                ("type", "=", "general"),
            ],
            limit=1,
        )
        locks = company._get_violated_lock_dates(date, False, journal)
        if locks:
            raise UserError(
                self.env._(
                    "The difference of %(amount)s would be dated %(date)s, in a period "
                    "closed on %(lock)s: reopen the period, or letter the rest by hand "
                    "at a later date.",
                    amount=abs(proposal.gap),
                    date=fields.Date.to_string(date),
                    lock=fields.Date.to_string(locks[0][0]),
                )
            )
        label = self.env._("Lettering difference")
        move = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": date,
                "ref": label,
                "line_ids": [
                    Command.create(
                        {
                            "name": label,
                            "account_id": each.id,
                            "partner_id": proposal.partner_id.id,
                            "currency_id": proposal.currency_id.id,
                            "amount_currency": sign * proposal.gap,
                            "balance": sign * balance,
                        }
                    )
                    for each, sign in ((proposal.account_id, -1), (account, 1))
                ],
            }
        )
        move._post(soft=False)
        return move.line_ids.filtered(lambda x: x.account_id == proposal.account_id)
