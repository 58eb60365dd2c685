# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.coop_logistics.models.coop_distribution_prepare import QUIET
from odoo.addons.coop_logistics.models.sale_order_payment import AT_ONCE
from odoo.addons.coop_tools.tools.number_text import read_number


class SaleOrder(models.Model):
    """A basket at the till: who came, mixed payments, corrections in the open."""

    _name = "sale.order"
    _inherit = [
        "coop.sale.order.till.read",
        "coop.sale.order.receipt",
        "coop.sale.order.return",
        "coop.sale.order.return.undo",
        "coop.sale.order.credit",
        "sale.order",
    ]

    arrived_at = fields.Datetime(
        string="Here since", copy=False, readonly=True, tracking=True
    )
    collected_by = fields.Char(
        string="Collected by",
        copy=False,
        readonly=True,
        tracking=True,
        help="Who came for this member, when somebody else did.",
    )
    coop_payment_kind = fields.Selection(
        selection_add=[("mixed", "Several Ways")], ondelete={"mixed": "set null"}
    )
    cash_session_id = fields.Many2one(
        "coop.cash.session",
        string="Till",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
    )
    coop_promised_kind = fields.Selection(
        [("transfer", "Bank Transfer"), ("later", "Later")],
        string="Rest Paid by",
        copy=False,
        readonly=True,
    )
    coop_promised_amount = fields.Monetary(
        string="Rest Promised", copy=False, readonly=True
    )

    # ------------------------------------------------------------------
    # At the door
    # ------------------------------------------------------------------

    def coop_till_check_in(self, here=True):
        """The member is in the room, or was ticked by mistake."""
        self._coop_check_can_serve()
        # sudo: checked above.
        orders = self.sudo().filtered(lambda o: o.serve_state != "served")
        if here:
            missed = orders.filtered(lambda o: o.serve_state == "no_show")
            missed.with_env(self.env).action_coop_expect_again()
            orders.filtered(
                lambda o: not o.arrived_at
            ).arrived_at = fields.Datetime.now()
        else:
            orders.arrived_at = False
        return True

    # ------------------------------------------------------------------
    # Serving and taking the money, all or nothing
    # ------------------------------------------------------------------

    def coop_till_serve(self, values):
        """Hand a basket over and take the money: all or nothing, and never twice.

        :param values: ``{'quantities': {line id: quantity in the line's unit},
            'extras': [{'offer_id', 'quantity'}], 'payments': [{'kind', 'amount',
            'given', 'bank', 'number'}], 'collected_by': str}``; what the payments
            leave open stays due, as ``later`` or ``transfer`` say; also ``receipt``:
            the member wants it by mail, now and from now on
        :return: the amount paid, and what is still due
        :raise UserError: served already, paid already, too much, no till open
        """
        self.ensure_one()
        self._coop_check_can_serve()
        session = self._coop_get_till()
        payments = self._coop_read_payments(values.get("payments") or [])
        if self.serve_state != "served":
            self._coop_till_apply(values)
            self.action_coop_serve()
            # sudo: checked above.
            self.sudo().write(
                {
                    "cash_session_id": session.id,
                    "collected_by": (values.get("collected_by") or "").strip(),
                    "arrived_at": self.arrived_at or fields.Datetime.now(),
                }
            )
            self._coop_use_credits()
        elif values.get("extras") or values.get("quantities"):
            # Somebody else was quicker: nothing of this screen may be half done.
            self.sudo()._coop_check_to_serve()
        paid = self._coop_till_take_payments(payments, session)
        result = {"paid": paid, "due": self.coop_amount_due}
        if values.get("receipt") is not None:
            self._coop_choose_receipt(bool(values["receipt"]))
        return result

    def _coop_get_till(self):
        """The till of the connected user, held until the end of the transaction.

        :raise UserError: none is open
        """
        self.ensure_one()
        session = self.env["coop.cash.session"]._find_open(self.distribution_id)
        if not session:
            raise UserError(self.env._("Open your till first: count its float."))
        # Not closed meanwhile: PostgreSQL has the transaction run again if it was.
        self.env.execute_query(
            SQL("SELECT id FROM coop_cash_session WHERE id = %s FOR SHARE", session.id)
        )
        return session

    def _coop_read_payments(self, payments):
        """Payments as given by the screen, checked.

        :raise UserError: one sentence that says what to key in
        """
        result = []
        kinds = dict(self._fields["coop_payment_kind"]._description_selection(self.env))
        for row in payments:
            kind = row.get("kind")
            if kind not in kinds or kind == "mixed":
                raise UserError(self.env._("Choose how the member pays."))
            amount, given = (
                self.currency_id.round(read_number(self.env, row.get(key), kinds[kind]))
                for key in ("amount", "given")
            )
            if amount < 0 or given < 0:
                raise UserError(self.env._("An amount paid cannot be negative."))
            if kind == "cash" and given and given < amount:
                raise UserError(
                    self.env._(
                        "%(given)s is not enough for %(due)s.",
                        given=self.currency_id.format(given),
                        due=self.currency_id.format(amount),
                    )
                )
            number = (row.get("number") or "").strip()
            if kind == "cheque" and amount and not number:
                raise UserError(self.env._("Copy the number of the cheque first."))
            result.append(
                {
                    "kind": kind,
                    "amount": amount,
                    "given": given if kind == "cash" else 0.0,
                    "bank": (row.get("bank") or "").strip() if number else False,
                    "number": number if kind == "cheque" else False,
                }
            )
        return result

    def _coop_till_take_payments(self, payments, session):
        """One payment after the other; the rest is promised.

        :param payments: as ``_coop_read_payments`` gives them
        :param session: the till that takes them
        :return: what was paid
        """
        self.ensure_one()
        at_once = [p for p in payments if p["kind"] in AT_ONCE and p["amount"]]
        promised = next((p for p in payments if p["kind"] not in AT_ONCE), None)
        paid = 0.0
        for payment in at_once:
            self._coop_pay({self: {**payment, "cash_session_id": session.id}})
            paid += payment["amount"]
        due = self.coop_amount_due
        owes = self.currency_id.compare_amounts(due, 0.0) > 0
        if owes and not promised:
            raise UserError(
                self.env._(
                    "%(due)s are still to pay: take them, or say that they are paid"
                    " later.",
                    due=self.currency_id.format(due),
                )
            )
        kinds = {payment["kind"] for payment in at_once}
        if owes:
            kinds.add(promised["kind"])
        # sudo: callers have checked who serves.
        order = self.sudo().with_context(**QUIET)
        order.write(
            {
                "coop_promised_kind": promised["kind"] if owes else False,
                "coop_promised_amount": due if owes else 0.0,
                "coop_payment_kind": "mixed"
                if len(kinds) > 1
                else next(iter(kinds), False),
            }
        )
        return paid

    def _coop_prepare_payment_vals(self, data, amount):
        vals = super()._coop_prepare_payment_vals(data, amount)
        session_id = data.get("cash_session_id")
        if not session_id:
            session_id = (
                self.env["coop.cash.session"]._find_open(self.distribution_id).id
            )
        return {**vals, "cash_session_id": session_id}

    def _coop_till_apply(self, values):
        """Write what was weighed, removed or added on the basket."""
        extras = self._coop_till_add_extras(values.get("extras") or [])
        wizard = (
            self.env["coop.distribution.payment"]
            .with_context(default_order_id=self.id)
            .create({})
        )
        wanted = {int(k): v for k, v in (values.get("quantities") or {}).items()}
        for row in wizard.line_ids:
            line = row.sale_line_id
            if line.id in wanted:
                row.quantity = read_number(
                    self.env, wanted[line.id], line.product_id.display_name
                )
            row.quantity += extras.get(line, 0.0)
        wizard.line_ids._apply_quantities()

    def _coop_till_add_extras(self, extras):
        """``{line: quantity added}``; lines are made for what was not ordered.

        Nothing was ordered on them: the ordered quantity is 0, what is handed over is
        the extra.
        """
        if not extras:
            return {}
        # sudo: callers have checked who serves; offers of the order's own window only.
        order = self.sudo().with_context(**QUIET)
        offers = order.order_window_id.offer_ids
        added, vals_list = {}, []
        lines = order.order_line.grouped("offer_id")
        for extra in extras:
            offer = offers.filtered(lambda o, e=extra: o.id == int(e["offer_id"]))
            quantity = read_number(
                self.env, extra["quantity"], offer.product_id.display_name
            )
            if not offer:
                raise UserError(
                    self.env._("This product is not sold at this distribution.")
                )
            self._coop_check_extra(offer, quantity)
            added[offer] = added.get(offer, 0.0) + quantity
            if offer not in lines:
                lines[offer] = None
                vals_list.append(
                    {
                        "order_id": order.id,
                        "offer_id": offer.id,
                        "product_uom_qty": 0.0,
                        "is_coop_extra": True,
                        "allocation_locked": True,
                    }
                )
        order.env["sale.order.line"].create(vals_list)
        lines = order.order_line.grouped("offer_id")
        return {
            lines[offer].with_env(self.env): quantity
            for offer, quantity in added.items()
        }

    def _coop_check_extra(self, offer, quantity):
        """:raise UserError: nothing, or so much that it must be a slip of the hand"""
        kilogram = self.env.ref("uom.product_uom_kgm")
        is_weighed = offer.product_uom_id._has_common_reference(kilogram)
        if not 0 < quantity <= (100.0 if is_weighed else 500.0):
            raise UserError(
                self.env._(
                    "%(quantity)s of %(product)s: check the unit.",
                    quantity=offer._format_quantity(quantity, offer.product_uom_id),
                    product=offer.product_id.display_name,
                )
            )

    # ------------------------------------------------------------------
    # Corrections
    # ------------------------------------------------------------------

    def coop_till_correct(self, payment_id, reason):
        """A payment keyed in wrongly: it is undone in the open and due again.

        :raise UserError: no reason, or its till is closed
        """
        self.ensure_one()
        self._coop_check_can_serve()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say in a few words what was wrong."))
        # sudo: checked above; the order's own payments only.
        order = self.sudo().with_context(**QUIET)
        order._coop_lock_rows()
        payment = order._coop_get_payments().filtered(
            lambda p: p.id == int(payment_id) and not p.coop_corrected_at
        )
        if not payment:
            raise UserError(
                self.env._(
                    "This payment was corrected already: nothing was done twice."
                )
            )
        session = payment.cash_session_id
        if session:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM coop_cash_session WHERE id = %s FOR SHARE",
                    session.id,
                )
            )
        if session.state != "open":
            raise UserError(
                self.env._(
                    "The till of this payment is closed: the accountant corrects it."
                )
            )
        payment._coop_correct(reason)
        order.invalidate_recordset(["coop_amount_due", "coop_payment_state"])
        order.message_post(
            body=self.env._(
                "Payment of %(amount)s (%(kind)s) corrected by %(user)s: %(reason)s",
                amount=payment.currency_id.format(payment.amount),
                kind=payment.journal_id.name,
                user=self.env.user.name,
                reason=reason,
            ),
            author_id=self.env.user.partner_id.id,
        )
        return True

    def _coop_get_payments(self):
        return self.env["account.payment"].search(
            [("coop_order_id", "in", self.ids)], order="id"
        )
