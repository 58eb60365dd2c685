# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError

from odoo.addons.coop_base.tools.localtime import format_local
from odoo.addons.coop_tools.tools.number_text import read_number


class CoopDistribution(models.Model):
    """The one screen of a distribution day: who is expected, and the tills."""

    _inherit = "coop.distribution"

    def action_close(self):
        """Its tills are counted first: once it is closed nobody gets at them."""
        # sudo: tills of all who held one; callers are checked by the closing itself.
        sessions = self.env["coop.cash.session"].sudo()
        open_ = sessions.search(
            [("distribution_id", "in", self.ids), ("state", "=", "open")]
        )
        if open_:
            raise UserError(
                self.env._(
                    "Count these tills before closing: %(tills)s.",
                    tills=", ".join(
                        self.env._(
                            "%(till)s, held by %(user)s",
                            till=session.name,
                            user=session.user_id.name,
                        )
                        for session in open_
                    ),
                )
            )
        return super().action_close()

    def action_open_till(self):
        """Open the screen of the day."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "coop_till.till",
            "name": self.collection_point_id.name,
            "params": {"distribution_id": self.id},
            "context": {"active_id": self.id},
        }

    def coop_till_load(self):
        """All that the screen of the day shows, in few queries.

        :return: ``{'name', 'day', 'state', 'slots', 'orders', 'session', 'tills',
            'currency_id', 'can_open', 'suggested_float'}``
        """
        self.ensure_one()
        self._check_can_run()
        # sudo: checked above: the distribution's own baskets and tills.
        distribution = self.sudo()
        company = distribution.company_id
        orders = (
            self.env["sale.order"]
            .sudo()
            .search_fetch([("distribution_id", "=", self.id), ("state", "=", "sale")])
        )
        orders._coop_preload_baskets()
        # sudo: tills of the day, for who may run it
        Session = self.env["coop.cash.session"].sudo()
        sessions = Session.search(
            [("distribution_id", "=", self.id)], order="opened_at, id"
        )
        own = sessions.filtered(
            lambda s: s.state == "open" and s.user_id == self.env.user
        )[:1]
        return {
            "id": self.id,
            "name": distribution.collection_point_id.name,
            "window": distribution.window_id.name,
            "day": distribution._format_day(),
            "state": distribution.state,
            "currency_id": distribution.currency_id.id,
            "slots": [
                {
                    "id": slot.id,
                    "name": "–".join(
                        format_local(self.env, moment, company, "HH:mm")
                        for moment in (slot.date_start, slot.date_end)
                    ),
                }
                for slot in distribution.slot_ids.sorted("date_start")
            ],
            "orders": sorted(
                (order._coop_till_head() for order in orders),
                key=lambda row: (row["partner"] or "").lower(),
            ),
            "session": own._till_summary() if own else False,
            "tills": [session._till_summary() for session in sessions],
            "suggested_float": Session._get_suggested_float(distribution),
        }

    def coop_till_poll(self):
        """States only, to see what the other tills did: a few bytes a basket."""
        self.ensure_one()
        self._check_can_run()
        # sudo: checked above.
        orders = (
            self.env["sale.order"]
            .sudo()
            .search_read(
                [("distribution_id", "=", self.id), ("state", "=", "sale")],
                ["serve_state", "arrived_at"],
            )
        )
        own = self.env["coop.cash.session"]._find_open(self)
        return {
            "state": self.state,
            "states": {
                row["id"]: "here"
                if row["serve_state"] == "expected" and row["arrived_at"]
                else row["serve_state"]
                for row in orders
            },
            "session": own._till_summary() if own else False,
        }

    def coop_till_open(self, opening_float):
        """Open one's till, with what is in the box; the doors open with it."""
        self.ensure_one()
        opening_float = read_number(self.env, opening_float, self.env._("Float"))
        session = self.env["coop.cash.session"]._open(self, opening_float)
        if self.state == "prepared":
            self.action_open()
        return session._till_summary()

    def coop_till_extras(self):
        """What can be sold besides: what is left over first, then all of the window.

        :return: ``[{'offer_id', 'product', 'unit', 'is_weighed', 'price', 'left',
            'left_text', 'step'}]``; ``left`` counts what was allocated here and not
            taken, and what nobody was allocated
        """
        self.ensure_one()
        self._check_can_run()
        # sudo: checked above; names and prices that members read.
        distribution = self.sudo()
        left = distribution._get_left_overs()
        kilogram = self.env.ref("uom.product_uom_kgm")
        rows = []
        for offer in distribution.window_id.offer_ids:
            quantity = left.get(offer, 0.0)
            rows.append(
                {
                    "offer_id": offer.id,
                    "product": offer._get_entry_name(),
                    "unit": ""
                    if offer.product_uom_id == self.env.ref("uom.product_uom_unit")
                    else offer.product_uom_id.name,
                    "is_weighed": offer.product_uom_id == kilogram,
                    "price": offer.price_unit,
                    "step": offer._get_step() or 1.0,
                    "left": quantity,
                    "left_text": offer._format_quantity(quantity)
                    if quantity > 0
                    else "",
                }
            )
        return sorted(rows, key=lambda row: (row["left"] <= 0, row["product"].lower()))


class CoopCashSessionTill(models.AbstractModel):
    _name = "coop.cash.session.till"
    _description = "Till: Till"

    def _till_summary(self):
        """The till in the corner of the screen."""
        self.ensure_one()
        # sudo: the name of who holds the till
        return {
            "id": self.id,
            "name": self.name,
            "holder": self.user_id.sudo().name,
            "state": self.state,
            "float": self.opening_float,
            "cash": self.amount_cash,
            "cheque": self.amount_cheque,
            "cheque_count": self.cheque_count,
            "card": self.amount_card,
            "transfer": self.amount_transfer,
            "later": self.amount_later,
            "total": self.amount_total,
            "expected_cash": self.expected_cash,
            "served": self.served_count,
            "difference": self.difference_text or "",
            "is_purse": self.is_purse,
        }

    def coop_till_cheques(self):
        """Cheques in the till, to compare with the pile."""
        self.ensure_one()
        self.distribution_id._check_can_run()
        # sudo: checked above.
        payments = self.sudo()._get_cheques()
        return [
            {
                "id": payment.id,
                "partner": payment.partner_id.name,
                "bank": payment.coop_cheque_bank or "",
                "number": payment.coop_cheque_number or "",
                "amount": payment.amount,
            }
            for payment in payments
        ]

    def _get_cheques(self):
        """Payments by cheque, in the order of the deposit slip (called by reports)."""
        # sudo: cheques of the deposit slip, for who runs the day
        return (
            self.env["account.payment"]
            .sudo()
            .search(
                [*self._get_payment_domain(), ("coop_payment_kind", "=", "cheque")],
                order="id",
            )
        )

    def _get_bank_text(self):
        """The bank account that the cheques go to, on the deposit slip."""
        self.ensure_one()
        # sudo: an account number that is on every invoice.
        journal = self.env["account.journal"].sudo()
        bank = journal.search(
            [
                ("company_id", "=", self.company_id.id),
                ("coop_payment_kind", "=", "transfer"),
            ],
            limit=1,
        ).bank_account_id
        return bank.acc_number or ""
