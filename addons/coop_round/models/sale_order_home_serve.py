# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.coop_base.tools.localtime import format_local, to_local
from odoo.addons.coop_logistics.models.coop_distribution_prepare import QUIET
from odoo.addons.coop_logistics.models.sale_order_payment import AT_ONCE


class SaleOrder(models.Model):
    """A basket that is brought home: closed at the point, handed over at the door."""

    _name = "sale.order"
    _inherit = [
        "coop.sale.order.round.load",
        "coop.sale.order.home",
        "coop.sale.order.round.stop.home",
        "sale.order",
    ]

    home_ready_at = fields.Datetime(
        string="Ready for the Round",
        copy=False,
        readonly=True,
        help="Weighed and closed at the collection point.",
    )
    home_kept_until = fields.Date(
        string="Kept Until",
        copy=False,
        readonly=True,
        tracking=True,
        help="Nobody was at home: it waits at the collection point until then.",
    )

    # ------------------------------------------------------------------
    # At the point
    # ------------------------------------------------------------------

    def coop_till_ready(self, values):
        """Weighed and closed: what is in the bag is what will be paid at the door.

        :param values: ``{'quantities', 'extras'}`` as for :meth:`coop_till_serve`
        :return: the amount to pay at the door
        :raise UserError: not brought home, or handed over already
        """
        self.ensure_one()
        self._coop_check_can_serve()
        # sudo: checked above.
        order = self.sudo().with_context(**QUIET)
        order._coop_lock_rows()
        order._coop_check_to_serve()
        if not order.coop_home_delivery:
            raise UserError(
                self.env._("This basket is collected here: hand it over instead.")
            )
        self._coop_till_apply(values)
        order.home_ready_at = fields.Datetime.now()
        return order.coop_amount_due

    def _coop_is_on_the_way(self):
        """Whether the basket is expected after everybody has left the room."""
        self.ensure_one()
        if not self.coop_home_delivery:
            return super()._coop_is_on_the_way()
        if self.home_kept_until:
            return self.home_kept_until >= self._coop_get_today()
        return bool(
            self.round_stop_ids.filtered(
                lambda s: (
                    s.state == "to_do" and s.round_id.state in ("planned", "loaded")
                )
            )
        )

    def _coop_get_today(self):
        self.ensure_one()
        now = fields.Datetime.now()
        return to_local(now, self.company_id.coop_tz).date()

    def action_coop_serve(self):
        invoices = super().action_coop_serve()
        # sudo: the callers may serve; stops of these very baskets.
        orders = self.sudo().filtered("coop_home_delivery")
        orders.filtered("home_kept_until").home_kept_until = False
        orders._coop_close_stops()
        return invoices

    def _coop_close_stops(self):
        """Fetched at the point after all: nothing is left to bring to their home.

        A stop that hands its basket over is done already when it does.
        """
        stops = self.round_stop_ids.filtered(
            lambda s: s.state == "to_do" and s.round_id.state != "cancelled"
        )
        for stop in stops:
            stop._coop_enter_state(
                {
                    "state": "done",
                    "counted": 0,
                    "signed_by": stop.name,
                    "note": self.env._("Fetched at the collection point."),
                    "done_at": fields.Datetime.now(),
                    "done_by_id": self.env.uid,
                }
            )
        for trip in stops.round_id:
            if all(stop.state != "to_do" for stop in trip.stop_ids):
                trip._coop_enter_state({"state": "done"})

    def _coop_till_head(self):
        head = super()._coop_till_head()
        if not self.coop_home_delivery:
            return head
        return {
            **head,
            "home": True,
            "wish": self.coop_delivery_wish or "",
            "ready": bool(self.home_ready_at),
            "kept": self._format_kept_until() if self.home_kept_until else "",
        }

    # ------------------------------------------------------------------
    # At the door
    # ------------------------------------------------------------------

    def _coop_home_get_kinds(self):
        """How this basket may be paid at the door, the usual way first."""
        self.ensure_one()
        kinds = ["later", "transfer"]
        if self.company_id.coop_home_cheque:
            kinds.insert(0, "cheque")
        if self.company_id.coop_home_cash:
            kinds.insert(0, "cash")
        return kinds

    def _coop_home_hand_over(self, stop, payment, signed_by):
        """Deliver what was weighed, invoice it and settle it, from the door.

        Called by the stop of a round, which knows that the user drives it.

        :param payment: ``{'kind', 'amount', 'bank', 'number'}``
        :raise UserError: handed over meanwhile, or a way of paying that is not taken
        """
        self.ensure_one()
        # sudo: checked by the stop; drivers are members without any other right.
        order = self.sudo().with_context(**QUIET)
        order._coop_lock_rows()
        order._coop_check_to_serve()
        kind = payment.get("kind") or "later"
        if kind not in order._coop_home_get_kinds():
            raise UserError(
                self.env._("Drivers do not take this here: choose another way to pay.")
            )
        order.action_coop_serve()
        order._coop_use_credits()
        due = order.coop_amount_due
        amount = payment.get("amount")
        amount = due if amount is None else amount
        payments = order._coop_read_payments(
            [{**payment, "kind": kind, "amount": amount if kind in AT_ONCE else 0.0}]
            if order.currency_id.compare_amounts(due, 0.0) > 0
            else []
        )
        if kind in AT_ONCE:
            # What is not paid at the door is paid later.
            payments.append({"kind": "later", "amount": 0.0})
        session = self.env["coop.cash.session"].sudo()
        if any(p["kind"] in AT_ONCE and p["amount"] for p in payments):
            session = session._get_purse(order.distribution_id)
        order.write(
            {
                "cash_session_id": session.id,
                "collected_by": signed_by if signed_by != stop.name else False,
            }
        )
        order._coop_till_take_payments(payments, session)
        order.message_post(
            body=self.env._(
                "Brought home by %(driver)s, received by %(who)s: %(payment)s.",
                driver=self.env.user.name,
                who=signed_by,
                payment=order._describe_home_payment(),
            ),
            author_id=self.env.user.partner_id.id,
        )
        # No paper at the door.
        if order.partner_id.email_normalized:
            order._coop_send_receipt()

    def _coop_home_missed(self, state, note):
        """Nobody there, or not wanted: kept at the point, or left over.

        The referent has a call to make, the member a mail.
        """
        self.ensure_one()
        # sudo: checked by the stop.
        order = self.sudo().with_context(**QUIET)
        order._coop_lock_rows()
        order._coop_check_to_serve()
        days = order.company_id.coop_home_keep_days
        if state == "absent" and days:
            order.home_kept_until = fields.Date.add(order._coop_get_today(), days=days)
            what = self.env._(
                "nobody at home; the basket is kept until %s",
                order._format_kept_until(),
            )
        else:
            order.home_kept_until = False
            order._coop_mark_no_show()
            what = (
                self.env._("nobody at home; the basket is left over")
                if state == "absent"
                else self.env._("the basket was refused at the door and is left over")
            )
        order._coop_home_call(f"{what}. {note}" if note else f"{what}.")
        if state == "absent":
            order.partner_id._coop_tell(
                order, "coop_round.mail_template_home_missed", what, call=False
            )

    def _coop_home_call(self, what):
        """An activity "to call" for who holds the collection point."""
        self.ensure_one()
        partner = self.partner_id
        self.activity_schedule(
            "mail.mail_activity_data_call",
            user_id=self._coop_get_home_caller().id,
            summary=self.env._(
                "Call %(name)s, %(phone)s: %(what)s",
                name=partner.name,
                phone=partner.phone or self.env._("no phone number"),
                what=what,
            ),
        )

    def _coop_get_home_caller(self):
        """The user who calls: the day's referent, the point's, or the coordinator."""
        self.ensure_one()
        distribution = self.distribution_id
        point = distribution.collection_point_id
        partners = (
            distribution.referent_id | point.referent_ids | point.group_ids.referent_ids
        )
        users = partners.user_ids.filtered(lambda u: not u.share)
        return users[:1] or self.env["res.partner"]._coop_fallback_caller()

    def _coop_get_home_contact(self):
        """Whom the driver and the member call: a name and a phone number."""
        self.ensure_one()
        # sudo: the person of the point, whose number members have anyway.
        distribution = self.sudo().distribution_id
        point = distribution.collection_point_id
        partners = (
            distribution.referent_id | point.referent_ids | point.group_ids.referent_ids
        )
        return partners.filtered("phone")[:1] or partners[:1]

    def _coop_home_again(self):
        """The driver corrects "absent" or "refused": the basket is expected again.

        :raise UserError: it was handed over, which is not undone from the road
        """
        self.ensure_one()
        # sudo: checked by the stop; drivers have no other right
        order = self.sudo()
        order._coop_lock_rows()
        if order.serve_state == "served":
            raise UserError(
                self.env._(
                    "This basket is handed over and settled. Something wrong? Call the"
                    " coordinator: the payment is corrected at the till."
                )
            )
        if order.serve_state == "no_show":
            order.action_coop_expect_again()
        order.home_kept_until = False
        order.activity_unlink(["mail.mail_activity_data_call"])

    def _format_kept_until(self):
        self.ensure_one()
        return format_local(
            self.env,
            fields.Datetime.to_datetime(self.home_kept_until).replace(hour=12),
            self.company_id,
            "EEEE d MMMM",
        )

    @api.model
    def _cron_free_kept(self):
        """Baskets that nobody has fetched: their goods are left over."""
        orders = self.search(
            Domain("home_kept_until", "!=", False)
            & Domain("serve_state", "=", "expected")
            & Domain("state", "=", "sale"),
            order="id",
        )
        for order in orders.filtered(
            lambda o: o.home_kept_until < o._coop_get_today()
        ).with_context(**QUIET):
            order._coop_lock_rows()
            order._coop_mark_no_show()
            order._coop_home_call(
                self.env._(
                    "the basket was kept until %s and is left over now.",
                    order._format_kept_until(),
                )
            )
