# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import fields, models
from odoo.fields import Command

from ..tools import accrual


class AccountMove(models.Model):
    _inherit = "account.move"

    accrual_picking_id = fields.Many2one(
        "stock.picking",
        string="Accrued Receipt",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="set null",
    )
    accrual_until_billed = fields.Boolean(copy=False, readonly=True)

    def _post(self, soft=True):
        posted = super()._post(soft)
        bills = posted.filtered(lambda m: m.move_type in ("in_invoice", "in_refund"))
        if bills:
            bills._coop_reverse_billed_accruals()
        return posted

    def _coop_reverse_billed_accruals(self):
        # sudo: accountants have no right on orders and receipts.
        order_lines = self.sudo().invoice_line_ids.purchase_line_id
        if order_lines.move_ids:
            self.env["coop.accrual"].sudo()._reverse_billed(
                order_lines.move_ids, max(self.mapped("date"))
            )

    def _coop_reverse_accruals(self, date, quantities=None):
        """Post the reversal of these accruals at a date and letter both.

        :param quantities: ``{receipt move id: quantity to take off}``; none: all
        """
        quantities = dict(quantities or {})
        values, sources = [], []
        for entry in self.sorted(lambda m: (m.date, m.id)):
            commands = entry._coop_prepare_reversal_lines(quantities)
            if commands:
                sources.append(entry)
                values.append(
                    {
                        "move_type": "entry",
                        "company_id": entry.company_id.id,
                        "journal_id": entry.journal_id.id,
                        "date": date,
                        "partner_id": entry.partner_id.id,
                        "ref": self.env._("Reversal of: %s", entry.ref),
                        "accrual_picking_id": entry.accrual_picking_id.id,
                        "reversed_entry_id": entry.id,
                        "line_ids": commands,
                    }
                )
        reversals = self.create(values)
        reversals._post(soft=False)
        plan = []
        for entry, reversal in zip(sources, reversals, strict=True):
            lines = (entry | reversal).line_ids.filtered(
                lambda line: line.account_id.reconcile and not line.reconciled
            )
            plan += list(lines.grouped("account_id").values())
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)
        return reversals

    def _coop_prepare_reversal_lines(self, quantities):
        """The opposite of what is still accrued, wholly or for some quantities."""
        self.ensure_one()
        commands = []
        originals = self.line_ids.filtered("accrual_stock_move_id")
        done = self.env["account.move.line"].search(
            [
                ("accrual_line_id", "in", originals.ids),
                ("parent_state", "=", "posted"),
            ]
        )
        done = done.grouped("accrual_line_id")
        nothing = self.env["account.move.line"]
        for move, lines in originals.grouped("accrual_stock_move_id").items():
            whole = sum(lines.mapped("accrual_quantity"))
            before = sum(
                sum(done.get(line, nothing).mapped("accrual_quantity"))
                for line in lines
            )
            left = whole + before
            wanted = left
            if quantities:
                wanted = min(left, quantities.get(move.id, 0.0))
                quantities[move.id] = quantities.get(move.id, 0.0) - wanted
            if wanted <= 0.00001:
                continue
            is_last = left - wanted <= 0.00001
            for line in lines:
                earlier = -sum(done.get(line, nothing).mapped("balance"))
                amount = accrual.part(
                    Decimal(str(line.balance)),
                    Decimal(str(wanted)),
                    Decimal(str(whole)),
                    Decimal(str(round(earlier, 2))),
                    is_last,
                )
                commands.append(
                    Command.create(
                        {
                            "name": line.name,
                            "account_id": line.account_id.id,
                            "partner_id": line.partner_id.id,
                            "balance": -float(amount),
                            "analytic_distribution": line.analytic_distribution,
                            "accrual_stock_move_id": move.id,
                            "accrual_quantity": -wanted if line.accrual_quantity else 0,
                            "accrual_line_id": line.id,
                        }
                    )
                )
        return commands
