# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from .coop_lettering_rule import CODES


class CoopLetteringRunLine(models.Model):
    _name = "coop.lettering.run.line"
    _inherit = ["coop.lettering.work"]
    _description = "Lettering Proposal"
    _order = "run_id desc, state desc, id"

    run_id = fields.Many2one(
        "coop.lettering.run", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    currency_id = fields.Many2one("res.currency", ondelete="restrict")
    rule = fields.Selection(CODES, required=True, readonly=True)
    account_id = fields.Many2one("account.account", readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    move_line_ids = fields.Many2many(
        "account.move.line", string="Journal Items", readonly=True
    )
    statement_line_ids = fields.Many2many(
        "account.bank.statement.line", string="Bank Transactions", readonly=True
    )
    amount = fields.Monetary(readonly=True)
    gap = fields.Monetary(string="Difference", readonly=True)
    state = fields.Selection(
        [
            ("done", "Lettered"),
            ("suggested", "Suggested"),
            ("confirmed", "Confirmed"),
            ("dismissed", "Dismissed"),
            ("refused", "Refused"),
            ("undone", "Undone"),
        ],
        required=True,
        default="suggested",
        index=True,
    )
    code = fields.Char(readonly=True)
    message = fields.Char(string="Why Not", readonly=True)
    reason = fields.Char(compute="_compute_reason")
    is_guess = fields.Boolean(compute="_compute_is_guess")

    @api.depends("rule")
    def _compute_is_guess(self):
        for line in self:
            line.is_guess = line.rule == "fifo"

    @api.depends(
        "rule",
        "move_line_ids",
        "statement_line_ids",
        "amount",
        "gap",
        "state",
        "message",
    )
    @api.depends_context("lang")
    def _compute_reason(self):
        for line in self:
            items = [
                (
                    move_line.move_id.ref
                    if move_line.move_id.is_invoice(include_receipts=True)
                    else move_line.name
                )
                or move_line.move_name
                or ""
                for move_line in line.move_line_ids
            ]
            if line.state not in ("done", "confirmed", "undone"):
                # Once lettered, the transaction is one of the journal items.
                items += line.statement_line_ids.mapped("payment_ref")
            values = {
                "documents": ", ".join(item for item in items if item),
                "amount": formatLang(
                    self.env, line.amount, currency_obj=line.currency_id
                ),
                "gap": formatLang(
                    self.env, abs(line.gap), currency_obj=line.currency_id
                ),
            }
            line.reason = line._get_reason(values)
            if line.state == "refused" and line.message:
                line.reason = f"{line.reason}. {line.message}"

    def _get_reason(self, values):
        env = self.env
        if self.rule == "linked":
            return env._("Linked documents: %(documents)s", **values)
        if self.rule == "number":
            return env._("The label cites the bill: %(documents)s", **values)
        if self.rule == "numbers":
            return env._("The label cites the bills: %(documents)s", **values)
        if self.rule == "reference":
            return env._("Same reference: %(documents)s", **values)
        if self.rule == "amount":
            return env._("%(amount)s occurs once on each side: %(documents)s", **values)
        if self.rule == "gap":
            return env._("Cited, but for %(gap)s: %(documents)s", **values)
        if self.rule == "subset":
            return env._("Only these make %(amount)s: %(documents)s", **values)
        if self.rule == "balance":
            return env._("The running balance is zero: %(documents)s", **values)
        return env._("Oldest first, may be partial: %(documents)s", **values)

    # -------------------------------------------------------------------------
    # Actions
    # -------------------------------------------------------------------------

    def action_confirm(self):
        """A person accepts the suggestions: they are lettered."""
        waiting = self.filtered(lambda x: x.state in ("suggested", "refused"))
        self.env["coop.lettering.engine"]._execute(waiting, "confirmed")
        return True

    def action_dismiss(self):
        """Never propose exactly this again."""
        self.filtered(lambda x: x.state in ("suggested", "refused")).write(
            {"state": "dismissed"}
        )
        return True

    def action_undo(self):
        """Undo the lettering. The code is retired, and it is written down.

        A bank transaction goes back to its suspense account, where it waits again.
        """
        for line in self:
            if line.state not in ("done", "confirmed"):
                raise UserError(
                    self.env._(
                        "Only what was lettered can be undone: “%s”", line.reason
                    )
                )
        self.move_line_ids.check_access("write")
        self.move_line_ids.remove_move_reconcile()
        # sudo: as for the lettering, the right to write the entries is what counts.
        self.statement_line_ids.sudo().action_undo_reconciliation()
        self.write({"state": "undone"})
        return True

    def action_open_items(self):
        self.ensure_one()
        items = self.move_line_ids
        for transaction in self.statement_line_ids:
            # Not an item of the third party yet.
            items |= transaction._seek_for_lines()[1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Items"),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [("id", "in", items.ids)],
        }
