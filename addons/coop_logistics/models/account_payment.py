# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    coop_order_id = fields.Many2one(
        "sale.order",
        string="Basket",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    distribution_id = fields.Many2one(
        related="coop_order_id.distribution_id", store=True, index="btree_not_null"
    )
    coop_payment_kind = fields.Selection(
        related="journal_id.coop_payment_kind", store=True
    )
    coop_amount_given = fields.Monetary(
        string="Given",
        copy=False,
        readonly=True,
        help="Cash handed over; the change is what exceeds the amount.",
    )
    coop_cheque_bank = fields.Char(string="Cheque Bank", copy=False)
    coop_cheque_number = fields.Char(string="Cheque Number", copy=False)
    coop_corrected_at = fields.Datetime(
        string="Corrected on", copy=False, readonly=True
    )
    coop_corrected_by_id = fields.Many2one(
        "res.users",
        string="Corrected by",
        copy=False,
        readonly=True,
        ondelete="set null",
    )
    coop_correction_reason = fields.Char(copy=False, readonly=True)
    coop_correction_move_id = fields.Many2one(
        "account.move",
        copy=False,
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )

    def _coop_correct(self, reason):
        """Undo payments by a reversal entry in the same journal; what they paid is due.

        :return: the reversal entries
        """
        moves = self.move_id
        moves.line_ids.remove_move_reconcile()
        reversals = moves._reverse_moves(
            [
                {
                    "date": fields.Date.context_today(self),
                    "ref": self.env._(
                        "Correction of %(payment)s: %(reason)s",
                        payment=move.name,
                        reason=reason,
                    ),
                }
                for move in moves
            ],
            cancel=True,
        )
        by_origin = {reversal.reversed_entry_id: reversal for reversal in reversals}
        for payment in self:
            payment.write(
                {
                    "coop_corrected_at": fields.Datetime.now(),
                    "coop_corrected_by_id": self.env.uid,
                    "coop_correction_reason": reason,
                    "coop_correction_move_id": by_origin[payment.move_id].id,
                }
            )
        return reversals
