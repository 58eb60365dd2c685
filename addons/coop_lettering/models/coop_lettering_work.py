# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

LIMIT = 200


class CoopLetteringWork(models.AbstractModel):
    """The suggestions of all runs, one after the other: what the accountant reads of
    each, and the keys that decide."""

    _name = "coop.lettering.work"
    _description = "Lettering to Confirm"

    @api.model
    def coop_work_list(self):
        """The suggestions that wait, guesses last, the largest first of each kind. The
        same number of queries whatever their number."""
        domain = self._coop_work_domain()
        guesses = Domain("rule", "=", "fifo")
        lines = self.search(domain & ~guesses, order="amount desc, id", limit=LIMIT)
        if len(lines) < LIMIT:
            lines += self.search(
                domain & guesses, order="amount desc, id", limit=LIMIT - len(lines)
            )
        return {
            "rows": [line._coop_work_row() for line in lines],
            "count": self.search_count(domain),
            "guesses": self.search_count(domain & guesses),
            "can_decide": self.has_access("write"),
        }

    @api.model
    def _coop_work_domain(self):
        """Not those of which a part was lettered elsewhere meanwhile."""
        return (
            Domain("state", "in", ("suggested", "refused"))
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("move_line_ids", "not any", [("reconciled", "=", True)])
            & Domain("statement_line_ids", "not any", [("is_reconciled", "=", True)])
        )

    def _coop_work_row(self):
        self.ensure_one()
        return {
            "id": self.id,
            "partner": self.partner_id.display_name or "",
            "account": self.account_id.display_name or "",
            "rule": dict(self._fields["rule"]._description_selection(self.env))[
                self.rule
            ],
            "reason": self.reason,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "is_guess": self.is_guess,
        }

    def coop_work_detail(self):
        """The items on both sides of one suggestion, and what stays open after."""
        self.ensure_one()
        self.check_access("read")
        items = self._coop_work_items()
        sides = {
            side: {
                "items": [item for item in items if sign * item["amount"] > 0],
                "total": sum(max(sign * item["amount"], 0) for item in items),
            }
            for side, sign in (("debit", 1), ("credit", -1))
        }
        rest = sides["debit"]["total"] - sides["credit"]["total"]
        return {
            **self._coop_work_row(),
            **sides,
            "rest": self.currency_id.round(rest),
            "rest_words": self._coop_work_rest(rest),
        }

    def _coop_work_items(self):
        """Each with its sign: a debit is positive."""
        items = [
            {
                "id": f"item-{line.id}",
                "date": fields.Date.to_string(line.date),
                "document": line.move_id.ref
                if line.move_id.is_purchase_document()
                else line.move_name,
                "label": line.name or line.move_id.ref or "",
                "amount": line.amount_residual_currency,
            }
            for line in self.move_line_ids.sorted(lambda line: (line.date, line.id))
        ]
        for transaction in self.statement_line_ids.sorted("date"):
            __, suspense, __ = transaction._seek_for_lines()
            items.append(
                {
                    "id": f"bank-{transaction.id}",
                    "date": fields.Date.to_string(transaction.date),
                    "document": transaction.name,
                    "label": transaction.payment_ref or "",
                    "amount": sum(suspense.mapped("amount_currency")),
                }
            )
        return items

    def _coop_work_rest(self, rest):
        """What happens to the difference of both sides, in words."""
        currency = self.currency_id
        amount = formatLang(self.env, abs(rest), currency_obj=currency)
        if currency.is_zero(rest):
            return self.env._("Both sides are equal: nothing stays open.")
        if self.gap:
            return self.env._("%s is written off with an entry of its own.", amount)
        if rest > 0:
            return self.env._("%s stays open on the debit side.", amount)
        return self.env._("%s stays open on the credit side.", amount)

    # -------------------------------------------------------------------------
    # Keys
    # -------------------------------------------------------------------------

    def coop_work_act(self, name):
        """Key A or R on one suggestion.

        :param name: ``accept`` or ``dismiss``
        :return: ``state`` after it, ``message`` where Odoo refused, ``code`` where it
            was lettered, whether one key may ``undo`` it
        """
        self.ensure_one()
        self.check_access("write")
        if not self.filtered_domain(self._coop_work_domain()):
            raise UserError(
                self.env._("This suggestion was decided or lettered meanwhile.")
            )
        if name == "accept":
            self.action_confirm()
        elif name == "dismiss":
            self.action_dismiss()
        else:
            raise ValueError(name)
        return {
            "state": self.state,
            "message": self.message or "",
            "code": self.code or "",
            # An entry that was posted for a difference is not taken back by one key.
            "undo": self.state == "dismissed"
            or (self.state == "confirmed" and not self.gap),
        }

    def coop_work_undo(self):
        """Back in the list, as it was before the key."""
        self.ensure_one()
        self.check_access("write")
        if self.state == "confirmed" and not self.gap:
            self.action_undo()
        if self.state not in ("undone", "dismissed"):
            raise UserError(
                self.env._("Only what was lettered can be undone: “%s”", self.reason)
            )
        self.write({"state": "suggested", "code": False, "message": False})
        return True
