# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class CoopRoundStopHome(models.AbstractModel):
    """A home basket is handed over, invoiced and settled where the driver stands."""

    _name = "coop.round.stop.home"
    _description = "Stop of a Round: At Home"

    def _set_home_done(self, values):
        """A basket brought home is served, or put back, with its stop.

        :param values: also ``'payment': {'kind', 'amount', 'bank', 'number'}``
        """
        self.ensure_one()
        self.round_id._check_can_drive()
        # sudo: checked above; drivers are members without rights on orders.
        order = self.sudo().order_id
        order._coop_lock_rows()
        self.invalidate_recordset(["state", "done_by_id"])
        if self._is_repeated(values.get("state")):
            return True
        # All or nothing, though the route tells the driver of what was refused.
        with self.env.cr.savepoint():
            before = self.state
            res = self._note_done(values)
            self._settle_home(before, values)
        return res

    def _is_repeated(self, state):
        """Whether this answer was given already, and only its echo got lost.

        :raise UserError: somebody else on the round was quicker
        """
        self.ensure_one()
        if self.state == "to_do" or self.state != state:
            return False
        if self.done_by_id == self.env.user:
            return True
        # sudo: a name, in the sentence
        raise UserError(
            self.env._(
                "%(member)s was already written as done by %(user)s: nothing was done"
                " twice.",
                member=self.name,
                user=self.sudo().done_by_id.name,
            )
        )

    def _settle_home(self, before, values):
        """What the answer means for the basket.

        :param before: the state of the stop before it
        """
        self.ensure_one()
        # sudo: the order that this stop delivers; checked by the caller
        order = self.sudo().order_id.with_env(self.env)
        state = self.state
        if before != "to_do" and state != "to_do":
            # Another answer than before: the first one is taken back.
            order._coop_home_again()
        if state == "done":
            order._coop_home_hand_over(
                self, values.get("payment") or {}, self.signed_by or ""
            )
        elif state == "to_do":
            order._coop_home_again()
        else:
            order._coop_home_missed(state, self.note or "")

    def _get_home_values(self):
        """What the driver sees of a basket and of its money.

        :return: ``{'state', 'due', 'due_text', 'is_ready', 'kinds': [(key, label)],
            'paid_text', 'contact', 'contact_phone', 'kept_text'}``
        """
        self.ensure_one()
        # sudo: the driver hands this very basket over.
        order = self.sudo().order_id
        labels = dict(
            order._fields["coop_payment_kind"]._description_selection(self.env)
        )
        labels["transfer"] = self.env._("By bank transfer, or paid already")
        labels["later"] = self.env._("Later, with the next basket")
        due = order.coop_amount_due
        if order.serve_state == "expected":
            due = max(due - order._coop_get_credit(), 0.0)
        contact = order._coop_get_home_contact()
        return {
            "state": order.serve_state,
            "due": order.currency_id.round(due),
            "due_text": order.currency_id.format(due),
            "has_due": order.currency_id.compare_amounts(due, 0.0) > 0,
            "is_ready": bool(order.home_ready_at),
            "kinds": [(kind, labels[kind]) for kind in order._coop_home_get_kinds()],
            "paid_text": order._describe_home_payment(),
            "contact": contact.name or "",
            "contact_phone": (contact.phone or "").replace(" ", ""),
            "kept_text": order._format_kept_until() if order.home_kept_until else "",
        }


class CoopSaleOrderRoundStopHome(models.AbstractModel):
    _name = "coop.sale.order.round.stop.home"
    _description = "Member's Order: At Home"

    def _describe_home_payment(self):
        """In words, how a basket was settled: "Cash 12.50 €. To pay later: 3.20 €."."""
        self.ensure_one()
        if self.serve_state != "served":
            return ""
        kinds = dict(self._fields["coop_payment_kind"]._description_selection(self.env))
        money = self.currency_id
        texts = [
            f"{kinds[payment.coop_payment_kind]} {money.format(payment.amount)}"
            for payment in self._coop_get_payments().filtered(
                lambda p: not p.coop_corrected_at and p.payment_type == "inbound"
            )
        ]
        if self.currency_id.compare_amounts(self.coop_amount_due, 0.0) > 0:
            texts.append(
                self.env._(
                    "%(amount)s still to pay",
                    amount=self.currency_id.format(self.coop_amount_due),
                )
            )
        return ", ".join(texts) or self.env._("Nothing to pay")


class CoopDistributionRoundStopHome(models.AbstractModel):
    _name = "coop.distribution.round.stop.home"
    _description = "Distribution: At Home"

    home_count = fields.Integer(
        string="To Bring Home", compute="_compute_home_count", compute_sudo=True
    )

    def _compute_home_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [
                    ("distribution_id", "in", self.ids),
                    ("state", "=", "sale"),
                    ("coop_home_delivery", "=", True),
                    ("serve_state", "=", "expected"),
                ],
                ["distribution_id"],
                ["__count"],
            )
        )
        for distribution in self:
            distribution.home_count = counts.get(distribution, 0)
