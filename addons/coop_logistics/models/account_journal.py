# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountJournal(models.Model):
    _inherit = "account.journal"

    coop_payment_kind = fields.Selection(
        [
            ("cash", "Cash"),
            ("cheque", "Cheque"),
            ("transfer", "Bank Transfer"),
            ("card", "Card"),
        ],
        string="Payments at Distributions",
        copy=False,
        help="What members pay this way when they collect is recorded here.",
    )

    _coop_payment_kind_unique = models.UniqueIndex(
        "(company_id, coop_payment_kind) WHERE coop_payment_kind IS NOT NULL",
        "Another journal of this company already takes these payments.",
    )

    @api.model
    def _coop_get_payment_journal(self, company, kind):
        """The journal of a way of paying.

        :raise UserError: none is set, in one sentence
        """
        journal = self.search(
            [
                ("company_id", "parent_of", company.id),
                ("coop_payment_kind", "=", kind),
            ],
            limit=1,
        )
        if not journal:
            labels = dict(
                self._fields["coop_payment_kind"]._description_selection(self.env)
            )
            raise UserError(
                self.env._(
                    'No journal takes payments by "%(kind)s": ask the accountant to'
                    " choose one in the accounting settings.",
                    kind=labels[kind],
                )
            )
        return journal

    def _coop_get_payment_method_line(self):
        """How money comes in here: to an account, so that entries are made at once."""
        self.ensure_one()
        lines = self.inbound_payment_method_line_ids
        line = lines.filtered("payment_account_id")[:1] or lines[:1]
        if line and not line.payment_account_id:
            # What is in the till is in the till: no account in between.
            line.payment_account_id = self.default_account_id
        return line
