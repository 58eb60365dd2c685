# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.coop_logistics.models.coop_distribution_prepare import QUIET
from odoo.addons.coop_tools.tools.number_text import read_number


class CoopSaleOrderReturn(models.AbstractModel):
    """A member brings something back after paying: stock, credit note and money."""

    _name = "coop.sale.order.return"
    _description = "Member's Order: Returns"

    def coop_till_return(self, values):
        """Take back what is spoilt or wrong, all or nothing, in the open.

        The goods come back into stock, or are scrapped at once; a credit note says what
        they were worth, pays what is still due first, and the rest is given back in
        cash from the user's till or stays the member's credit.

        :param values: ``{'line_id', 'quantity', 'delivered': what the screen said was
            handed over, 'reason': str, 'is_spoilt': bool, 'in_cash': bool}``
        :return: ``{'amount', 'refunded', 'due'}``
        :raise UserError: nothing to take back, no reason, not enough in the till
        """
        self.ensure_one()
        self._coop_check_can_serve()
        in_cash = bool(values.get("in_cash"))
        session = self._coop_get_till() if in_cash else None
        # sudo: checked above; a referent has no right on stock nor accounting.
        order = self.sudo().with_context(**QUIET)
        order._coop_lock_rows()
        line, quantity = order._coop_check_return(values)
        reason = values["reason"].strip()[:200]
        moves = order._coop_take_back(
            line, quantity, reason, bool(values.get("is_spoilt"))
        )
        credit = order._create_invoices(final=True)
        moves.coop_return_credit_id = credit
        credit.ref = self.env._("Brought back: %s", reason)
        credit._post(soft=False)
        order._coop_reconcile_credit(credit)
        refunded = 0.0
        if (
            in_cash
            and order.currency_id.compare_amounts(credit.amount_residual, 0.0) > 0
        ):
            refunded = credit.amount_residual
            # sudo: the till that pays it back; checked by the caller
            order._coop_refund_in_cash(credit, session.sudo())
        order.message_post(
            body=self.env._(
                "%(quantity)s of %(product)s brought back: %(reason)s. Credit note of"
                " %(amount)s, %(refunded)s given back in cash by %(user)s.",
                quantity=line.offer_id._format_quantity(quantity, line.product_uom_id)
                if line.offer_id
                else quantity,
                product=line.product_id.display_name,
                reason=reason,
                amount=order.currency_id.format(credit.amount_total),
                refunded=order.currency_id.format(refunded),
                user=self.env.user.name,
            ),
            author_id=self.env.user.partner_id.id,
        )
        order.invalidate_recordset(["coop_amount_due", "coop_payment_state"])
        return {
            "amount": credit.amount_total,
            "refunded": refunded,
            "due": order.coop_amount_due,
        }

    def _coop_check_return(self, values):
        """``(line, quantity)`` to take back.

        :raise UserError: one sentence that says what to key in
        """
        self.ensure_one()
        if self.serve_state != "served":
            raise UserError(self.env._("This basket was not handed over yet."))
        line = self.order_line.filtered(lambda x: x.id == int(values["line_id"]))
        if not line:
            raise UserError(self.env._("This product is not in this basket."))
        uom = line.product_uom_id
        quantity = uom.round(
            read_number(self.env, values.get("quantity"), line.product_id.display_name)
        )
        seen = values.get("delivered")
        if seen is not None and uom.compare(
            read_number(self.env, seen, line.product_id.display_name),
            line.qty_delivered,
        ):
            raise UserError(
                self.env._("This basket was changed meanwhile: nothing was done twice.")
            )
        if (
            uom.compare(quantity, 0.0) <= 0
            or uom.compare(quantity, line.qty_delivered) > 0
        ):
            raise UserError(
                self.env._(
                    "At most %(quantity)s %(unit)s can be brought back.",
                    quantity=line.qty_delivered,
                    unit=uom.name,
                )
            )
        if not (values.get("reason") or "").strip():
            raise UserError(self.env._("Say in a few words what was wrong."))
        return line, quantity

    def _coop_take_back(self, line, quantity, reason, is_spoilt):
        """The goods come back; spoilt ones are scrapped at once.

        :return: the stock moves
        """
        done = line.move_ids.filtered(
            lambda m: m.state == "done" and m.location_dest_id.usage == "customer"
        )[:1]
        warehouse = self.company_id._coop_get_warehouses()[self.company_id]
        location = done.location_id or warehouse.lot_stock_id
        source = done.location_dest_id or self.env.ref("stock.stock_location_customers")
        uom, lot = line.product_uom_id, done.move_line_ids.lot_id[:1]
        places = {"location_id": source.id, "location_dest_id": location.id}
        move = self.env["stock.move"].create(
            {
                "product_id": line.product_id.id,
                "product_uom": uom.id,
                "product_uom_qty": quantity,
                "company_id": self.company_id.id,
                "sale_line_id": line.id,
                "to_refund": True,
                "origin": self.name,
                "origin_returned_move_id": done.id,
                "picked": True,
                **places,
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_uom_id": uom.id,
                            "quantity": quantity,
                            "lot_id": lot.id,
                            **places,
                        }
                    )
                ],
            }
        )
        move._action_done()
        if is_spoilt and line.product_id.is_storable:
            scrap = self.env["stock.scrap"].create(
                {
                    "product_id": line.product_id.id,
                    "product_uom_id": uom.id,
                    "scrap_qty": quantity,
                    "lot_id": lot.id,
                    "company_id": self.company_id.id,
                    "location_id": location.id,
                    "origin": f"{self.name} - {reason}",
                    "scrap_reason_tag_ids": [
                        Command.set(
                            self.env.ref("coop_logistics.scrap_reason_spoilt").ids
                        )
                    ],
                }
            )
            scrap.do_scrap()
            move |= scrap.move_ids
        return move

    def _coop_reconcile_credit(self, credit):
        """What is still due is paid by the credit note first."""
        lines = (self._coop_get_open_invoices() | credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        if lines.filtered("debit") and lines.filtered("credit"):
            lines.reconcile()

    def _coop_refund_in_cash(self, credit, session):
        """Money out of the user's till, lettered with the credit note.

        :raise UserError: the till does not hold as much
        """
        amount = credit.amount_residual
        currency = self.currency_id
        if currency.compare_amounts(amount, session.expected_cash) > 0:
            raise UserError(
                self.env._(
                    "Your till holds %(cash)s, not %(amount)s: leave it as a credit.",
                    cash=currency.format(session.expected_cash),
                    amount=currency.format(amount),
                )
            )
        vals = self._coop_prepare_payment_vals({"kind": "cash"}, amount)
        journal = self.env["account.journal"].browse(vals["journal_id"])
        method = journal.outbound_payment_method_line_ids[:1]
        if not method.payment_account_id:
            # What leaves the till leaves it at once, as it comes in.
            method.payment_account_id = journal.default_account_id
        payment = (
            self.env["account.payment"]
            .with_context(**QUIET)
            .create(
                {
                    **vals,
                    "payment_type": "outbound",
                    "payment_method_line_id": method.id,
                    "cash_session_id": session.id,
                    "coop_credit_id": credit.id,
                    "memo": credit.ref,
                }
            )
        )
        payment.action_post()
        (payment.move_id | credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()
