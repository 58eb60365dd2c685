# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """The code of a line, and many reconciliations at once, with the result of
    `reconcile()` one by one.

    Odoo looks, for each group of lines, for taxes due on payment, balances and the
    dynamic lines of every move, and writes a message on each bill paid. Here the groups
    that need none of it are told apart by a few queries and go through the same
    `_reconcile_plan_with_sync`, all together; the others take Odoo's whole way.
    """

    _inherit = "account.move.line"

    lettering_code = fields.Char(
        string="Lettering",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="AAA, AAB… per account and partner: lines with the same code settle each "
        "other.",
    )
    lettering_date = fields.Date(readonly=True, copy=False)

    @api.model
    def _coop_reconcile_groups(self, groups):
        """Reconcile each recordset of `groups`, none of which share a line."""
        everything = self.browse(line_id for group in groups for line_id in group.ids)
        moves = everything.move_id
        by_tax = moves._coop_with_cash_basis()
        followed = moves._coop_with_paid_followers()
        quiet, told, others = [], [], []
        for group in groups:
            if not group._coop_is_plain() or group.move_id & by_tax:
                others.append(group)
            elif group.move_id & followed:
                told.append(group)
            else:
                quiet.append(group)
        # Nobody asked to be told: the lettering run says who lettered what.
        self.with_context(mail_notrack=True)._coop_reconcile_plain(quiet)
        self._coop_reconcile_plain(told)
        if others:
            self._reconcile_plan(others)

    def _coop_is_plain(self):
        """No entry but the reconciliation itself can come out of it."""
        return all(
            line.parent_state == "posted"
            and line.currency_id == line.company_currency_id
            for line in self
        )

    @api.model
    def _coop_reconcile_plain(self, groups):
        if not groups:
            return
        model = self.with_context(no_cash_basis=True)
        plan, lines = model._optimize_reconciliation_plan(
            [model.browse(group.ids) for group in groups]
        )
        # Without exchange difference and cash basis no move changes, so that there is
        # no balance to check and no dynamic line to compute again.
        model._reconcile_plan_with_sync(plan, lines)
        # Here, where the context says whether to track.
        model.env.flush_all()
