# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.coop_tools.tools.number_text import read_number

from ..tools.denominations import DENOMINATIONS


class CoopCashSessionClose(models.AbstractModel):
    """Counting, handing over, checking: what was counted meets the accounts."""

    _name = "coop.cash.session.close"
    _description = "Till: Closing"

    def close_with_count(self, values):
        """Close a till with what was counted; the accounts follow to the cent.

        :param values: ``{'counts': {denomination as text: how many}, 'cheque': float,
            'card': float, 'float_left': float, 'reason': str, 'envelope': str,
            'handed_to': str}``
        :raise UserError: a difference without explanation, more float than cash
        """
        self.ensure_one()
        self._check_holds()
        # sudo: checked above; a referent has no right on accounting.
        session = self.sudo()
        session._lock()
        if session.state != "open":
            raise UserError(
                self.env._("%s is closed already: nothing was done twice.", self.name)
            )
        counts = session._read_counts(values.get("counts") or {})
        money = session.currency_id
        cash = money.round(sum(value * n for value, n in counts.items()))
        labels = {
            "cheque": self.env._("Cheques"),
            "card": self.env._("Cards"),
            "float_left": self.env._("Float Left in the Box"),
        }
        cheque, card, left = (
            money.round(read_number(self.env, values.get(key), label))
            for key, label in labels.items()
        )
        if left < 0 or money.compare_amounts(left, cash) > 0:
            raise UserError(
                self.env._(
                    "%(left)s cannot stay in the box: there are %(cash)s in it.",
                    left=money.format(left),
                    cash=money.format(cash),
                )
            )
        differences = (
            cash - session.expected_cash,
            cheque - session.amount_cheque,
            card - session.amount_card,
        )
        reason = (values.get("reason") or "").strip()
        if any(not money.is_zero(value) for value in differences) and not reason:
            raise UserError(
                self.env._(
                    "%(difference)s Count again, or say in a few words what may have"
                    " happened.",
                    difference=session._say_difference(*differences),
                )
            )
        session.write(
            {
                "state": "closed",
                "closed_at": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
                "counted_cash": cash,
                "counted_cheque": cheque,
                "counted_card": card,
                "float_left": left,
                "difference_reason": reason,
                "envelope_number": (values.get("envelope") or "").strip(),
                "handed_to": (values.get("handed_to") or "").strip(),
                "handed_at": fields.Datetime.now()
                if values.get("handed_to")
                else False,
                "count_ids": [
                    Command.clear(),
                    *(
                        Command.create({"value": value, "quantity": n})
                        for value, n in counts.items()
                    ),
                ],
            }
        )
        session._post_difference()
        return True

    def _read_counts(self, counts):
        """``{denomination: how many}``; refuses what is no note, coin nor number."""
        result = {}
        for key, quantity in counts.items():
            try:
                value, number = float(key), int(quantity or 0)
            except (TypeError, ValueError):
                value, number = 0.0, -1
            if value not in DENOMINATIONS or not 0 <= number <= 100000:
                raise UserError(
                    self.env._(
                        "%(quantity)s × %(value)s: count notes and coins in whole"
                        " numbers.",
                        quantity=quantity,
                        value=key,
                    )
                )
            if number:
                result[value] = number
        return result

    def _lock(self):
        """Wait for a payment that is being taken, and keep others out.

        :raise UserError: somebody works on this till right now
        """
        if not self.try_lock_for_update():
            raise UserError(
                self.env._(
                    "A payment is being taken at this till: try again in a moment."
                )
            )
        self.invalidate_recordset()

    def _check_holds(self):
        """Whoever holds the distribution takes and counts the driver's purse.

        :raise AccessError: neither one's own till nor a coordinator's eye on it
        """
        self.check_access("read")
        self.distribution_id._check_can_run()
        user = self.env.user
        own = self.filtered(lambda session: session.is_purse or session.user_id == user)
        if self - own and not user.has_group("coop_base.coop_base_group_coordinator"):
            raise AccessError(
                self.env._("%s holds this till: only they close it.", self.user_id.name)
            )

    def action_reopen(self):
        """A mistake in the count: the difference is undone, the till open again."""
        self._check_holds()
        # sudo: checked by _check_holds
        for session in self.sudo():
            session._lock()
            if session.state == "checked":
                raise UserError(
                    self.env._("%s was checked by the office already.", session.name)
                )
            if session.state == "open":
                continue
            session._reverse_entries()
            session.write({"state": "open", "closed_at": False})
        return True

    def action_hand_over(self, envelope, handed_to):
        """Write who took the envelope."""
        self._check_holds()
        if not (envelope or "").strip() or not (handed_to or "").strip():
            raise UserError(
                self.env._("Write the number of the envelope and who takes it.")
            )
        # sudo: checked above.
        self.sudo().write(
            {
                "envelope_number": envelope.strip(),
                "handed_to": handed_to.strip(),
                "handed_at": fields.Datetime.now(),
            }
        )
        return True

    # ------------------------------------------------------------------
    # The office
    # ------------------------------------------------------------------

    def action_check(self):
        """The envelope was counted at the office and goes to the bank.

        Cash and cheques move to the transfer account, one entry a journal, where the
        bank's lines will find them; cheques are lettered.
        """
        user = self.env.user
        if not (
            user.has_group("coop_base.coop_base_group_coordinator")
            or user.has_group("account.group_account_invoice")
        ):
            raise AccessError(
                self.env._("Coordinators and accountants check the envelopes.")
            )
        self.check_access("read")
        for session in self:
            if session.state != "closed":
                raise UserError(
                    self.env._(
                        "%(session)s cannot be checked: it is not closed, or was"
                        " checked.",
                        session=session.name,
                    )
                )
        # sudo: checked above; coordinators have no right on accounting.
        for session in self.sudo():
            session._lock()
            session._post_deposits()
        self.sudo().write(
            {
                "state": "checked",
                "checked_at": fields.Datetime.now(),
                "checked_by_id": self.env.uid,
            }
        )
        return True

    def action_view_moves(self):
        """The entries of this till: payments, difference, deposits."""
        self.ensure_one()
        moves = self.payment_ids.move_id | self.move_ids
        moves |= self.payment_ids.coop_correction_move_id
        return moves._get_records_action(name=self.env._("Entries"))

    # ------------------------------------------------------------------
    # Accounting
    # ------------------------------------------------------------------

    def _get_journal(self, kind):
        return self.env["account.journal"]._coop_get_payment_journal(
            self.company_id, kind
        )

    def _get_liquidity_account(self, kind):
        journal = self._get_journal(kind)
        line = journal._coop_get_payment_method_line()
        return line.payment_account_id or journal.default_account_id

    def _post_difference(self):
        """Cash that is missing or too much, in the till's journal."""
        self.ensure_one()
        difference = self.difference_cash
        if self.currency_id.is_zero(difference):
            return self.env["account.move"]
        journal = self._get_journal("cash")
        company = self.company_id
        other = (
            journal.loss_account_id
            or company.default_cash_difference_expense_account_id
            if difference < 0
            else journal.profit_account_id
            or company.default_cash_difference_income_account_id
        )
        if not other:
            raise UserError(
                self.env._(
                    "No account takes the differences of the till: ask the accountant"
                    ' to set them on the journal "%s".',
                    journal.name,
                )
            )
        return self._post_entry(
            journal,
            self.env._("Difference: %s", self.difference_reason),
            [(self._get_liquidity_account("cash"), difference), (other, -difference)],
        )

    def _post_deposits(self):
        """From the till and the cheques to the transfer account."""
        self.ensure_one()
        transfer = self.company_id.transfer_account_id
        for kind, amount in (
            ("cash", self.deposit_cash),
            ("cheque", self.counted_cheque),
        ):
            if self.currency_id.is_zero(amount):
                continue
            account = self._get_liquidity_account(kind)
            move = self._post_entry(
                self._get_journal(kind),
                self.env._("Deposit of %s", self.envelope_number or self.name),
                [(account, -amount), (transfer, amount)],
            )
            if account.reconcile:
                payments = self.payment_ids.filtered(
                    lambda p, kind=kind: (
                        p.coop_payment_kind == kind and not p.coop_corrected_at
                    )
                )
                lines = (payments.move_id | move).line_ids.filtered(
                    lambda line, account=account: (
                        line.account_id == account and not line.reconciled
                    )
                )
                lines.reconcile()

    def _post_entry(self, journal, label, rows):
        """A posted entry of this till.

        :param rows: ``[(account, amount)]``, debits positive, of sum 0
        """
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": fields.Date.context_today(self),
                "ref": f"{self.name} - {label}",
                "cash_session_id": self.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "name": label,
                            "debit": max(amount, 0.0),
                            "credit": max(-amount, 0.0),
                        }
                    )
                    for account, amount in rows
                ],
            }
        )
        move._post(soft=False)
        return move

    def _reverse_entries(self):
        """Undo the difference, in the open."""
        moves = self.move_ids.filtered(
            lambda m: (
                m.state == "posted"
                and not m.reversed_entry_id
                and not m.reversal_move_ids
            )
        )
        if moves:
            moves._reverse_moves(
                [{"ref": self.env._("Counted again: %s", move.ref)} for move in moves],
                cancel=True,
            ).cash_session_id = self.id
