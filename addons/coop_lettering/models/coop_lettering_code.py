# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import lettering


class CoopLetteringCode(models.Model):
    """Every code ever given, AAA, AAB…, per account and partner.

    A code is never given twice: undoing a lettering retires its code, and this row says
    who undid it and when.
    """

    _name = "coop.lettering.code"
    _description = "Lettering Code"
    _order = "date desc, id desc"

    name = fields.Char(string="Code", required=True, readonly=True)
    number = fields.Integer(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    account_id = fields.Many2one(
        "account.account", required=True, readonly=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(
        "res.partner", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    date = fields.Date(required=True, readonly=True)
    # The reconciliation disappears when it is undone; the log stays.
    full_reconcile_id = fields.Many2one(
        "account.full.reconcile", readonly=True, ondelete="set null", index=True
    )
    move_line_ids = fields.One2many(
        related="full_reconcile_id.reconciled_line_ids", string="Journal Items"
    )
    content = fields.Char(string="Lettered", readonly=True)
    amount = fields.Monetary(currency_field="currency_id", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    state = fields.Selection(
        [("active", "Active"), ("retired", "Undone")],
        required=True,
        readonly=True,
        default="active",
        index=True,
    )
    retired_on = fields.Datetime(string="Undone On", readonly=True)
    retired_by_id = fields.Many2one(
        "res.users", string="Undone By", readonly=True, ondelete="set null"
    )

    _number_unique = models.UniqueIndex(
        "(company_id, account_id, COALESCE(partner_id, 0), number)",
        "This lettering code was already given.",
    )

    def action_undo(self):
        """Undo the lettering, as Odoo's own “Unreconcile” does."""
        lines = self.filtered(lambda c: c.state == "active").move_line_ids
        lines.check_access("write")
        lines.remove_move_reconcile()

    @api.model
    def _next_numbers(self, wanted):
        """Take numbers: ``{(company, account, partner): count}`` → the last one before.

        The counter is a row that PostgreSQL serialises: of two runs at once, one is
        replayed by Odoo instead of giving a code twice.
        """
        last = {}
        for (company, account, partner), count in sorted(wanted.items()):
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO coop_lettering_counter
                                (company_id, account_id, partner_key, last)
                         VALUES (%(company)s, %(account)s, %(partner)s, %(count)s)
                    ON CONFLICT (company_id, account_id, partner_key)
                      DO UPDATE SET last = coop_lettering_counter.last + %(count)s
                      RETURNING last
                    """,
                    company=company,
                    account=account,
                    partner=partner,
                    count=count,
                )
            )
            last[company, account, partner] = self.env.cr.fetchone()[0] - count
        return last

    @api.model
    def _assign(self, fulls):
        """Give a code to each new full reconciliation and write it on its lines."""
        lines = fulls.reconciled_line_ids
        lines.fetch(["account_id", "partner_id", "company_id", "balance", "move_name"])
        keyed = []
        wanted = defaultdict(int)
        for full in fulls:
            members = full.reconciled_line_ids
            if not members:
                continue
            key = (
                members.company_id[:1].root_id.id,
                members[0].account_id.id,
                members.partner_id[:1].id or 0,
            )
            wanted[key] += 1
            keyed.append((key, full, members))
        if not keyed:
            return self.browse()
        numbers = self._next_numbers(wanted)
        vals_list, updates = [], []
        for key, full, members in keyed:
            numbers[key] += 1
            company, account, partner = key
            code = lettering.code(numbers[key])
            day = fields.Datetime.context_timestamp(self, full.create_date).date()
            vals_list.append(
                {
                    "name": code,
                    "number": numbers[key],
                    "company_id": company,
                    "account_id": account,
                    "partner_id": partner,
                    "date": day,
                    "full_reconcile_id": full.id,
                    # A draft can be lettered before it has a number.
                    "content": ", ".join(
                        line.move_name or line.move_id.display_name for line in members
                    ),
                    "amount": sum(m.balance for m in members if m.balance > 0),
                    "user_id": self.env.uid,
                }
            )
            updates += [(line_id, code, day) for line_id in members.ids]
        # Raw: a lettering must pass on posted entries of a closed period, as Odoo's own
        # full_reconcile_id does.
        self.env.cr.execute_values(
            """
            UPDATE account_move_line line
               SET lettering_code = source.code, lettering_date = source.day
              FROM (VALUES %s) AS source(id, code, day)
             WHERE line.id = source.id
            """,
            updates,
            page_size=1000,
        )
        lines.invalidate_recordset(["lettering_code", "lettering_date"], flush=False)
        return self.create(vals_list)

    @api.model
    def _retire(self, fulls):
        """The reconciliations are about to go: clear the lines, keep the log."""
        lines = fulls.reconciled_line_ids
        if lines:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE account_move_line
                       SET lettering_code = NULL, lettering_date = NULL
                     WHERE id IN %s
                    """,
                    tuple(lines.ids),
                )
            )
            lines.invalidate_recordset(
                ["lettering_code", "lettering_date"], flush=False
            )
        codes = self.search(
            [("full_reconcile_id", "in", fulls.ids), ("state", "=", "active")]
        )
        codes.write(
            {
                "state": "retired",
                "retired_on": fields.Datetime.now(),
                "retired_by_id": self.env.uid,
            }
        )
        return codes
