# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.coop_logistics.models.coop_distribution_prepare import QUIET


class StockMove(models.Model):
    _inherit = "stock.move"

    coop_return_credit_id = fields.Many2one(
        "account.move",
        string="Credit Note of the Return",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
    )

    def _coop_give_again(self):
        """Move what was brought back the other way, the last move first."""
        vals_list = []
        for move in self.sorted("id", reverse=True):
            places = {
                "location_id": move.location_dest_id.id,
                "location_dest_id": move.location_id.id,
            }
            vals_list.append(
                {
                    "product_id": move.product_id.id,
                    "product_uom": move.product_uom.id,
                    "product_uom_qty": move.quantity,
                    "company_id": move.company_id.id,
                    "sale_line_id": move.sale_line_id.id,
                    "to_refund": bool(move.sale_line_id),
                    "is_inventory": not move.sale_line_id,
                    "origin": self.env._("Return undone: %s", move.origin),
                    "origin_returned_move_id": move.id,
                    "picked": True,
                    **places,
                    "move_line_ids": [
                        Command.create(
                            {
                                "product_id": line.product_id.id,
                                "product_uom_id": line.product_uom_id.id,
                                "quantity": line.quantity,
                                "lot_id": line.lot_id.id,
                                **places,
                            }
                        )
                        for line in move.move_line_ids
                    ],
                }
            )
        for vals in vals_list:
            # What was scrapped is back in stock before it is given again.
            self.create(vals)._action_done()


class CoopAccountPaymentReturnUndo(models.AbstractModel):
    _name = "coop.account.payment.return.undo"
    _description = "Payment: Returns Undone"

    coop_credit_id = fields.Many2one(
        "account.move",
        string="Credit Note Paid Back",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )


class CoopSaleOrderReturnUndo(models.AbstractModel):
    """A return that was a mistake is undone in the open, as a payment is."""

    _name = "coop.sale.order.return.undo"
    _description = "Member's Order: Returns Undone"

    def coop_till_undo_return(self, credit_id, reason):
        """The member keeps the goods after all: goods, credit note and money.

        Nothing that is posted is rewritten: the money given back has a reversal entry,
        the credit note is lettered with a new invoice of the same amount.

        :raise UserError: undone already, its till is closed, or the credit was used
        """
        self.ensure_one()
        self._coop_check_can_serve()
        reason = (reason or "").strip()[:200]
        if not reason:
            raise UserError(self.env._("Say in a few words what was wrong."))
        # sudo: checked above; the order's own credit notes only.
        order = self.sudo().with_context(**QUIET)
        order._coop_lock_rows()
        credit = order._coop_get_returns().filtered(
            lambda m: m.id == int(credit_id) and not m.coop_undone_at
        )
        if not credit:
            raise UserError(
                self.env._("This return was undone already: nothing was done twice.")
            )
        payments = order._coop_get_payments().filtered(
            lambda p: p.coop_credit_id == credit and not p.coop_corrected_at
        )
        order._coop_check_undo(credit, payments)
        payments._coop_correct(reason)
        credit.line_ids.remove_move_reconcile()
        credit.coop_return_move_ids._coop_give_again()
        invoice = order._coop_create_invoices()
        invoice.ref = self.env._("Return undone: %s", reason)
        invoice._post(soft=False)
        (invoice | credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        credit.write(
            {
                "coop_undone_at": fields.Datetime.now(),
                "coop_undone_by_id": self.env.uid,
                "coop_undo_reason": reason,
            }
        )
        order.invalidate_recordset(["coop_amount_due", "coop_payment_state"])
        order.message_post(
            body=self.env._(
                "Return of %(amount)s (%(credit)s) undone by %(user)s: %(reason)s",
                amount=order.currency_id.format(credit.amount_total),
                credit=credit.name,
                user=self.env.user.name,
                reason=reason,
            ),
            author_id=self.env.user.partner_id.id,
        )
        return True

    def _coop_get_returns(self):
        """Credit notes of what was brought back to the till."""
        return self.invoice_ids.filtered(
            lambda m: (
                m.move_type == "out_refund"
                and m.state == "posted"
                and m.coop_return_move_ids
            )
        ).sorted("id")

    def _coop_check_undo(self, credit, payments):
        """:raise UserError: the till is closed, or another basket used the credit"""
        sessions = payments.cash_session_id
        if sessions:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM coop_cash_session WHERE id IN %s FOR SHARE",
                    tuple(sessions.ids),
                )
            )
        if any(session.state != "open" for session in sessions):
            raise UserError(
                self.env._(
                    "The till of this payment is closed: the accountant corrects it."
                )
            )
        lines = credit.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        matched = lines.matched_debit_ids.debit_move_id.move_id
        if matched - self.invoice_ids - payments.move_id:
            raise UserError(
                self.env._(
                    "This credit has paid another basket already: the accountant"
                    " corrects it."
                )
            )

    def _coop_till_return_rows(self):
        """What was brought back, among the payments of a basket."""
        rows = []
        payments = self._coop_get_payments()
        for credit in self._coop_get_returns():
            paid = payments.filtered(
                lambda p, credit=credit: (
                    p.coop_credit_id == credit and not p.coop_corrected_at
                )
            )
            rows.append(
                {
                    "key": f"return_{credit.id}",
                    "id": 0,
                    "return_id": credit.id,
                    "kind": "return",
                    "label": credit.ref or self.env._("Brought back"),
                    "amount": -credit.amount_total,
                    "given": 0.0,
                    "number": "",
                    "corrected": credit.coop_undo_reason or "",
                    "can_correct": not credit.coop_undone_at
                    and all(
                        session.state == "open" for session in paid.cash_session_id
                    ),
                }
            )
        return rows
